"""Sections and executions -> slides that fit, in the deck's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from abreast.events import Sink, ignore
from abreast.fragments import Fragments
from abreast.model import (
    AbreastSection,
    Costs,
    Deck,
    Execution,
    Framework,
    Notebook,
    Section,
    Slide,
    SlidesSection,
    Sweep,
    TimingsSection,
)
from abreast.slides.notes import spoken_to
from abreast.slides.rows import SectionOfRows, abreast_section
from abreast.slides.syllabus import with_syllabus
from abreast.slides.texts import slides_section
from abreast.timing.costs import deck_costs
from abreast.timing.pacing import pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A deck's slides in order, and what its steps cost."""

    slides: tuple[Slide, ...]
    costs: Costs


def compose(
    deck: Deck,
    prose: Mapping[str, Notebook],
    executions: Sequence[Execution],
    tell: Sink = ignore,
    fragments: Fragments | None = None,
) -> Composition:
    """Return the deck's slides in order, with the speaker's time for each.

    `prose` has the notebook of each slides section by title; `executions` are those of the abreast
    sections, each with its section's title. What is wrong with pictures and with published metrics
    is told to `tell`. What `fragments` has is not composed again.

    Raises UsageError where slides are given more time than there is.
    """
    fragments = fragments or Fragments()
    rows = {
        section.title: _rows(section, deck, executions, tell, fragments)
        for section in deck.sections
        if isinstance(section, AbreastSection)
    }
    steps = {title: of_rows.steps for title, of_rows in rows.items()}
    costs = deck_costs(deck, steps, executions, tell)
    sections = [
        _slides(section, deck, prose, rows, costs, tell, fragments) for section in deck.sections
    ]
    return Composition(slides=pace(deck, with_syllabus(deck, sections), tell), costs=costs)


def _rows(
    section: AbreastSection,
    deck: Deck,
    executions: Sequence[Execution],
    tell: Sink,
    fragments: Fragments,
) -> SectionOfRows:
    mine = [e for e in executions if e.section == section.title and not e.swept]
    return abreast_section(section.title, mine, deck.columns, tell, fragments)


def _slides(
    section: Section,
    deck: Deck,
    prose: Mapping[str, Notebook],
    rows: Mapping[str, SectionOfRows],
    costs: Costs,
    tell: Sink,
    fragments: Fragments,
) -> list[Slide]:
    frameworks = [column.framework for column in deck.columns]
    if isinstance(section, SlidesSection):
        return slides_section(section.title, prose[section.title], tell, fragments)
    if isinstance(section, AbreastSection):
        mine = [sweep for sweep in costs.sweeps if sweep.section == section.title]
        swept = _sweep_slides(section.title, mine, frameworks)
        return [*rows[section.title].slides, *spoken_to(swept, section.notes)]
    if isinstance(section, TimingsSection):
        from abreast.slides.charts.sections import timings_section  # noqa: PLC0415 - few have any

        return spoken_to(timings_section(section.title, costs, frameworks), section.notes)
    return []  # the syllabus, which needs the others


def _sweep_slides(
    title: str, sweeps: Sequence[Sweep], frameworks: Sequence[Framework]
) -> list[Slide]:
    if not sweeps:
        return []
    from abreast.slides.charts.sections import sweep_slides  # noqa: PLC0415 - few have any

    return sweep_slides(title, sweeps, frameworks)
