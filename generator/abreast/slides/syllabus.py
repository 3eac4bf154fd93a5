"""The deck's sections on a slide: what there is, how many minutes each has, a link to each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from abreast.model import Deck, Section, Slide, SyllabusSection
from abreast.slides.addresses import slide_addresses
from abreast.slides.header import part_titles, room_of_part
from abreast.slides.notes import spoken_to
from abreast.slides.prose import fit_prose

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~&])")


def with_syllabus(deck: Deck, sections: Sequence[Sequence[Slide]]) -> list[list[Slide]]:
    """Return the slides of each section, those of syllabus sections drawn.

    `sections` are the slides of each section of the deck, in its order; those of a syllabus, which
    needs the places of all others, are not looked at.
    """
    places = _places(
        [
            [_placeholder(section)] if isinstance(section, SyllabusSection) else slides
            for section, slides in zip(deck.sections, sections, strict=True)
        ]
    )
    others = [
        (section, place)
        for section, place in zip(deck.sections, places, strict=True)
        if not isinstance(section, SyllabusSection)
    ]
    return [
        _syllabus(section, others) if isinstance(section, SyllabusSection) else list(slides)
        for section, slides in zip(deck.sections, sections, strict=True)
    ]


def _placeholder(section: Section) -> Slide:
    """Return a slide in the place of a syllabus: further ones would stand below it."""
    return Slide(section=section.title, blocks=())


def _places(sections: Sequence[Sequence[Slide]]) -> Iterator[str]:
    """Yield a link to each section's first slide; "" where it has none."""
    addresses = slide_addresses(chain.from_iterable(sections))
    for slides in sections:
        own = [f"#{next(addresses)}" for _ in slides]
        yield own[0] if own else ""


def _syllabus(syllabus: SyllabusSection, others: Sequence[tuple[Section, str]]) -> list[Slide]:
    rows = [(_linked(section.title, place), section.minutes) for section, place in others]
    parts = fit_prose(_table(rows), room_of_part(syllabus.title))
    titles = part_titles(syllabus.title, len(parts))
    slides = [
        Slide(section=syllabus.title, title=title, blocks=(part,), below=n > 0)
        for n, (part, title) in enumerate(zip(parts, titles, strict=True))
    ]
    return spoken_to(slides, syllabus.notes)


def _table(rows: Sequence[tuple[str, float | None]]) -> str:
    if all(minutes is None for _, minutes in rows):
        return "\n".join(f"- {name}" for name, _ in rows)
    head = "| Section | Minutes |\n|:--|--:|\n"
    return head + "\n".join(
        f"| {name} | {'' if minutes is None else f'{minutes:g}'} |" for name, minutes in rows
    )


def _linked(title: str, place: str) -> str:
    words = _MARKS.sub(r"\\\1", " ".join(title.split()))
    return f"[{words}]({place})" if place else words
