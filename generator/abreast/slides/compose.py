"""Sections and executions -> slides that fit, in the deck's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from abreast.events import Sink, ignore
from abreast.model import AbreastSection, Deck, Execution, Notebook, Prose, Slide, SlidesSection
from abreast.slides.header import part_titles, room_of_part
from abreast.slides.rows import abreast_section
from abreast.slides.summary import fit_table
from abreast.slides.texts import slides_section
from abreast.timing.statistics import cost_table


def compose(
    deck: Deck,
    prose: Mapping[str, Notebook],
    executions: Sequence[Execution],
    tell: Sink = ignore,
) -> tuple[Slide, ...]:
    """Return the deck's slides in order.

    `prose` has the notebook of each slides section by title; `executions` those of the abreast
    sections, in the deck's order. What is wrong with pictures is told to `tell`.
    """
    slides: list[Slide] = []
    rest = iter(executions)
    for section in deck.sections:
        if isinstance(section, SlidesSection):
            own = slides_section(section.title, prose[section.title], tell)
        elif isinstance(section, AbreastSection):
            mine = [next(rest) for _ in section.notebooks]
            own = abreast_section(section.title, mine, deck.columns, tell)
        else:
            own = _timings_section(section.title, executions)
        slides += _paced(own, section.minutes)
    return tuple(slides)


def _paced(slides: Sequence[Slide], minutes: float | None) -> list[Slide]:
    """Share a section's minutes among its slides, in whole seconds that add up."""
    if minutes is None or not slides:
        return list(slides)
    total, count = round(minutes * 60), len(slides)
    marks = [total * n // count for n in range(count + 1)]
    return [
        replace(slide, seconds=after - before)
        for slide, before, after in zip(slides, marks[:-1], marks[1:], strict=True)
    ]


def _timings_section(title: str, executions: Sequence[Execution]) -> list[Slide]:
    table = cost_table(executions)
    if table is None:
        said = Prose(markdown="No notebook of this deck was timed.")
        return [Slide(section=title, title=title, blocks=(said,))]
    parts = fit_table(table, room_of_part(title))
    return [
        Slide(section=title, title=name, blocks=(part,), below=n > 0)
        for n, (part, name) in enumerate(zip(parts, part_titles(title, len(parts)), strict=True))
    ]
