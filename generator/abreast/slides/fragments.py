"""Cells of the slide type "fragment": they come onto the slide before them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from abreast.model import BarChart, Block, CodeRow, PlotRow, Prose, Slide, Table
from abreast.slides.fit import row_height
from abreast.slides.header import BELOW, room_below, room_of_opening
from abreast.slides.metrics import MARGIN, WIDTH
from abreast.slides.notes import also_saying
from abreast.slides.prose import prose_height
from abreast.slides.tables import table_height


def attach_fragments(slides: Iterable[Slide]) -> list[Slide]:
    """Put each slide whose blocks are all fragments onto the slide before it, where it fits.

    One that does not fit there is a slide like others: it shows what it has at once.
    """
    result: list[Slide] = []
    for slide in slides:
        is_fragment = bool(slide.blocks) and all(block.fragment for block in slide.blocks)
        if result and is_fragment and slide.title in {"", result[-1].title}:
            both = also_saying(result[-1], slide.notes)
            seconds = _together(both.seconds, slide.seconds)
            both = replace(both, blocks=(*both.blocks, *slide.blocks), seconds=seconds)
            if content_height(both) <= room_of(both):
                result[-1] = both
                continue
        shown = tuple(replace(block, fragment=False) for block in slide.blocks)
        result.append(replace(slide, blocks=shown) if is_fragment else slide)
    return result


def room_of(slide: Slide) -> float:
    """Return the height (px) that a slide has for its blocks."""
    if slide.opening:
        return room_of_opening(slide.title)
    return room_below(slide.title, slide.lede)


def content_height(slide: Slide) -> float:
    """Return the height of a slide's blocks, px, with what stands between them."""
    return sum(map(_height, slide.blocks)) + BELOW * (len(slide.blocks) - 1)


def _together(first: int | None, then: int | None) -> int | None:
    return None if first is None and then is None else (first or 0) + (then or 0)


def _height(block: Block) -> float:
    if isinstance(block, CodeRow):
        return row_height(block)
    if isinstance(block, Table):
        return table_height(block)
    if isinstance(block, BarChart | PlotRow):
        return block.height_px
    width = WIDTH - 2 * MARGIN
    assert isinstance(block, Prose)  # noqa: S101 - the only one left
    return prose_height(block.markdown, block.font_px, width, image_px=block.image_px)
