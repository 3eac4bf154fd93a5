"""Prose cells -> slides."""

from __future__ import annotations

from dataclasses import replace

from abreast.errors import shown
from abreast.events import Sink, Warned, ignore
from abreast.model import Cell, Notebook, Prose, Slide
from abreast.slides.cells import origin as origin_of
from abreast.slides.cells import own_seconds, visible, with_attachments
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


def slides_section(title: str, notebook: Notebook, tell: Sink = ignore) -> list[Slide]:
    """Return the slides of a notebook of prose: a slide a cell, notes to the slide before."""
    slides: list[Slide] = []
    waiting = ""  # what is said before anything is shown
    for cell in notebook.cells:
        if cell.slide_type == "notes":
            said = cell.source.strip()
            if slides:
                slides[-1] = also_saying(slides[-1], said)
            else:
                waiting = joined(waiting, said)
        elif cell in visible([cell]) and cell.cell_type == "markdown":
            warn_of(notebook, cell, tell)
            where = origin_of(notebook, [cell])
            text = with_attachments(cell)
            own = own_seconds([cell], where, tell)
            slides += prose_slides(title, text, cell, notes=waiting, origin=where, seconds=own)
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
) -> list[Slide]:
    """Return a prose cell as one slide, or as several where it does not fit one.

    `seconds` is what the author gives it: several slides share it.
    """
    title, body = split_heading(text)
    opening = text.startswith("# ") and _fits_opening(title, body)
    parts = [_part(body.strip())] if opening else _fitted(title, body.strip())
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
            opening=opening,
        )
        for n, (part, name) in enumerate(zip(parts, part_titles(title, len(parts)), strict=True))
    ]
    return divided(slides)


def warn_of(notebook: Notebook, cell: Cell, tell: Sink) -> None:
    """Tell of a prose cell's pictures without alt text, and of its formulas with mistakes."""
    where = f"{shown(notebook.path)}, cell {cell.number}"
    for address in images_without_alt(cell.source):
        lack = f"the picture {address} has no alt text. Write ![what it shows](…)"
        tell(Warned(text=f"{where}: {lack}"))
    for formula in formulas(cell.source):
        if formula.problem:
            tell(Warned(text=f"{where}: a formula is shown as its source: {formula.problem}"))


def _part(markdown: str) -> Prose:
    return Prose(markdown=markdown, font_px=_OPENING_PX)


def _fits_opening(title: str, body: str) -> bool:
    height = prose_height(body.strip(), _OPENING_PX, WIDTH - 2 * MARGIN, image_px=160.0)
    return height <= room_of_opening(title)


def _fitted(title: str, body: str) -> list[Prose]:
    return fit_prose(body, room_of_part(title), room_below(title))
