"""Outputs of cells -> displays that fit their column: chosen, folded, measured and cut.

All lengths are pixels of a slide of 1280 by 720.
"""

from __future__ import annotations

from collections.abc import Sequence

from abreast.model import Display, Output, TableDisplay, TextDisplay
from abreast.slides.outputs.forms import pieces_of
from abreast.slides.outputs.pictures import PicturePiece
from abreast.slides.outputs.pieces import GAP, Frame, Piece, share
from abreast.slides.outputs.printed import printed_height
from abreast.slides.outputs.rest import MOST, with_rest
from abreast.slides.outputs.tables import table_height


def least_height(outputs: Sequence[Output], columns: int, font_px: float) -> float:
    """Return the height that outputs need at the least, each in its smallest form, px.

    They stand in one of `columns` columns, printed text at a type of `font_px`. Of very many
    outputs only the first count: `fit_outputs` puts the others into a box that scrolls.
    """
    return min(_least(pieces_of(outputs, Frame(columns=columns, font_px=font_px))), MOST)


def fit_outputs(
    outputs: Sequence[Output], columns: int, font_px: float, room: float, *, alt: str = ""
) -> tuple[Display, ...]:
    """Return outputs as they are shown in `room` px of one of `columns` columns.

    Their height is at most `room` wherever that is not less than `least_height`. The room is
    shared: each gets what it needs up to a level that is the same for all, and pictures get what
    the rest left over. `alt` says what pictures show that do not say it themselves.
    """
    frame = Frame(columns=columns, font_px=font_px, alt=alt)
    pieces = pieces_of(outputs, frame)
    if _least(pieces) > max(room, MOST):
        pieces = with_rest(pieces, frame, room)
    room -= _gaps(pieces)
    displays: dict[int, Display] = {}
    pictures = [n for n, piece in enumerate(pieces) if isinstance(piece, PicturePiece)]
    for n, part in enumerate(share(pieces, room)):
        if n not in pictures:
            displays[n] = pieces[n].fitted(part)
    room -= sum(_height(display, font_px) for display in displays.values())
    parts = share([pieces[n] for n in pictures], room)
    displays |= {n: pieces[n].fitted(part) for n, part in zip(pictures, parts, strict=True)}
    return tuple(displays[n] for n in range(len(pieces)))


def _least(pieces: Sequence[Piece]) -> float:
    return sum(piece.least for piece in pieces) + _gaps(pieces)


def displays_height(displays: Sequence[Display], font_px: float) -> float:
    """Return the height of displays, one below the other, px; printed text is at `font_px`."""
    return sum(_height(display, font_px) for display in displays) + _gaps(displays)


def _height(display: Display, font_px: float) -> float:
    if isinstance(display, TextDisplay):
        return printed_height(display, font_px)
    if isinstance(display, TableDisplay):
        return table_height(display)
    return display.height_px


def _gaps(items: Sequence[Piece] | Sequence[Display]) -> float:
    return GAP * max(0, len(items) - 1)
