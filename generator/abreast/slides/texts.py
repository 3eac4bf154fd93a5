"""Prose cells -> slides."""

from __future__ import annotations

from dataclasses import replace

from abreast.errors import shown
from abreast.events import Sink, Warned, ignore
from abreast.model import Cell, Notebook, Prose, Slide
from abreast.slides.cells import origin as origin_of
from abreast.slides.cells import visible, with_attachments
from abreast.slides.fragments import attach_fragments
from abreast.slides.header import (
    part_titles,
    room_below,
    room_of_opening,
    room_of_part,
    split_heading,
)
from abreast.slides.markdown import images_without_alt
from abreast.slides.metrics import MARGIN, WIDTH
from abreast.slides.prose import fit_prose, prose_height

_OPENING_PX = 26.0


def slides_section(title: str, notebook: Notebook, tell: Sink = ignore) -> list[Slide]:
    """Return the slides of a notebook of prose: a slide a cell, notes to the slide before."""
    slides: list[Slide] = []
    for cell in notebook.cells:
        if cell.slide_type == "notes" and cell.source.strip() and slides:
            said = "\n\n".join(filter(None, [slides[-1].notes, cell.source.strip()]))
            slides[-1] = replace(slides[-1], notes=said)
        elif cell in visible([cell]) and cell.cell_type == "markdown":
            warn_of_alt(notebook, cell, tell)
            where = origin_of(notebook, [cell])
            slides += prose_slides(title, with_attachments(cell), cell, origin=where)
            slides = attach_fragments(slides)
    return slides


def prose_slides(
    section: str, text: str, cell: Cell, *, notes: str = "", origin: str = ""
) -> list[Slide]:
    """Return a prose cell as one slide, or as several where it does not fit one."""
    title, body = split_heading(text)
    opening = text.startswith("# ") and _fits_opening(title, body)
    parts = [_part(body.strip())] if opening else _fitted(title, body.strip())
    fragment = cell.slide_type == "fragment"
    return [
        Slide(
            section=section,
            title=name,
            blocks=(replace(part, fragment=fragment),),
            notes=notes,
            origin=origin,
            below=cell.slide_type == "subslide" or n > 0,
            opening=opening,
        )
        for n, (part, name) in enumerate(zip(parts, part_titles(title, len(parts)), strict=True))
    ]


def warn_of_alt(notebook: Notebook, cell: Cell, tell: Sink) -> None:
    """Tell of each picture in a prose cell that those who cannot see it are told nothing of."""
    for address in images_without_alt(cell.source):
        where = f"{shown(notebook.path)}, cell {cell.number}"
        tell(
            Warned(
                text=f"{where}: the picture {address} has no alt text. Write ![what it shows](…)"
            )
        )


def _part(markdown: str) -> Prose:
    return Prose(markdown=markdown, font_px=_OPENING_PX)


def _fits_opening(title: str, body: str) -> bool:
    height = prose_height(body.strip(), _OPENING_PX, WIDTH - 2 * MARGIN, image_px=160.0)
    return height <= room_of_opening(title)


def _fitted(title: str, body: str) -> list[Prose]:
    return fit_prose(body, room_of_part(title), room_below(title))
