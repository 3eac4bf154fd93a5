"""Prose cells -> slides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from abreast.errors import shown
from abreast.events import Sink, Warned, ignore
from abreast.fragments import Fragments, digest
from abreast.model import Cell, Notebook, Prose, Slide
from abreast.slides.cells import is_spoken, own_seconds, visible, with_attachments
from abreast.slides.cells import origin as origin_of
from abreast.slides.fragments import attach_fragments
from abreast.slides.header import (
    part_titles,
    room_below,
    room_of_opening,
    room_of_part,
    split_heading,
)
from abreast.slides.markdown import formulas, images_without_alt
from abreast.slides.metrics import MARGIN, WIDTH
from abreast.slides.notes import also_saying, joined
from abreast.slides.prose import fit_prose, prose_height
from abreast.timing.pacing import divided

_OPENING_PX = 26.0


def slides_section(
    title: str,
    notebook: Notebook,
    tell: Sink = ignore,
    fragments: Fragments | None = None,
) -> list[Slide]:
    """Return the slides of a notebook of prose: a slide a cell, notes to the slide before."""
    fragments = fragments or Fragments()
    slides: list[Slide] = []
    waiting = ""  # what is said before anything is shown
    for cell in notebook.cells:
        if is_spoken(cell):
            said = cell.source.strip()
            if slides:
                slides[-1] = also_saying(slides[-1], said)
            else:
                waiting = joined(waiting, said)
        elif cell in visible([cell]) and cell.cell_type == "markdown":
            warn_of(notebook, cell, tell, fragments)
            where = origin_of(notebook, [cell])
            text = with_attachments(cell)
            own = own_seconds([cell], where, tell)
            slides += prose_slides(
                title, text, cell, notes=waiting, origin=where, seconds=own, fragments=fragments
            )
            slides, waiting = attach_fragments(slides), ""
        elif cell in visible([cell]):
            where = f"{shown(notebook.path)}, cell {cell.number}"
            lack = (
                "a section of prose shows no code. Make the section abreast, or use a code fence."
            )
            tell(Warned(text=f"{where}: {lack}"))
    return slides


def prose_slides(
    section: str,
    text: str,
    cell: Cell,
    *,
    notes: str = "",
    origin: str = "",
    seconds: int | None = None,
    fragments: Fragments,
) -> list[Slide]:
    """Return a prose cell as one slide, or as several where it does not fit one.

    `seconds` is what the author gives it: several slides share it.
    """
    title, body = split_heading(text)
    body = body.strip()
    # Whether a text fits the slide that opens a part is what "yes" says.
    opening = text.startswith("# ") and fragments.text(
        digest("opening", title, body), lambda: "yes" * _fits_opening(title, body)
    )
    parts = fragments.records(
        digest("prose", title, body, bool(opening)),
        Prose,
        lambda: [_part(body)] if opening else _fitted(title, body),
    )
    fragment = cell.slide_type == "fragment"
    slides = [
        Slide(
            section=section,
            title=name,
            blocks=(replace(part, fragment=fragment),),
            notes=notes,
            origin=origin,
            seconds=seconds,
            below=cell.slide_type == "subslide" or n > 0,
            opening=bool(opening),
        )
        for n, (part, name) in enumerate(zip(parts, part_titles(title, len(parts)), strict=True))
    ]
    return divided(slides)


def warn_of(notebook: Notebook, cell: Cell, tell: Sink, fragments: Fragments) -> None:
    """Tell of a prose cell's pictures without alt text, and of its formulas with mistakes."""
    source = cell.source
    found = fragments.text(digest("lacks", source), lambda: json.dumps(list(_lacks(source))))
    for lack in json.loads(found):
        tell(Warned(text=f"{shown(notebook.path)}, cell {cell.number}: {lack}"))


def _lacks(source: str) -> Iterator[str]:
    """Yield what is wrong with a text."""
    for address in images_without_alt(source):
        yield f"the picture {address} has no alt text. Write ![what it shows](…)"
    for formula in formulas(source):
        if formula.problem:
            yield f"a formula is shown as its source: {formula.problem}"


def _part(markdown: str) -> Prose:
    return Prose(markdown=markdown, font_px=_OPENING_PX)


def _fits_opening(title: str, body: str) -> bool:
    height = prose_height(body.strip(), _OPENING_PX, WIDTH - 2 * MARGIN, image_px=160.0)
    return height <= room_of_opening(title)


def _fitted(title: str, body: str) -> list[Prose]:
    return fit_prose(body, room_of_part(title), room_below(title))
