"""Tables in prose: their columns' widths as browsers share them out, and their heights.

Lengths are em of the table's own type unless they are called px.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from abreast.slides.imagesizes import Size
from abreast.slides.markdown import TALLEST_PX
from abreast.slides.metrics import MARGIN, WIDTH, floor_px
from abreast.slides.prose.blocks import (
    CELL_X,
    CELL_Y,
    GAP,
    SMALL,
    TABLE,
    TABLE_LINE,
    Flow,
    Paragraph,
    Place,
    Small,
    strut,
)
from abreast.slides.prose.inline import Run

FLOOR_PX = floor_px(1)
"""The smallest type of a table, px."""

_SHORT = 0.965
"""Of a column, to count lines with: browsers share out the room by kerned widths."""

Cell = tuple[Flow, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table's rows, the head first. One wider than its place takes smaller type, then wraps."""

    rows: tuple[tuple[Cell, ...], ...]
    lead: float = 0.0
    gap: float = GAP

    @cached_property
    def widest(self) -> tuple[float, ...]:
        """Return the columns' widths without any but forced breaks."""
        return tuple(max(map(_widest, column)) + CELL_X for column in self._columns)

    @cached_property
    def narrowest(self) -> tuple[float, ...]:
        """Return the columns' widths where only words stay whole."""
        return tuple(max(map(_narrowest, column)) + CELL_X for column in self._columns)

    @property
    def crowded(self) -> bool:
        """Say whether even the words are too wide for a slide: then they break anywhere."""
        return sum(self.narrowest) * FLOOR_PX > WIDTH - 2 * MARGIN

    def font_px(self, place: Place) -> float:
        """Return the type that the table is set in, px."""
        fitting = place.whole / sum(self.widest)
        return max(min(place.px, FLOOR_PX), min(TABLE * place.px, fitting))

    def height(self, place: Place) -> float:
        """Return the height without margins, px."""
        px = self.font_px(place)
        widths = self._shared(place.width / px)
        words = (0.0,) * len(widths) if self.crowded else self.narrowest
        room = replace(place, px=px)
        return sum(_row_height(row, widths, words, room) for row in self.rows) + 1

    @property
    def _columns(self) -> Sequence[tuple[Cell, ...]]:
        return tuple(zip(*self.rows, strict=True))

    def _shared(self, room: float) -> tuple[float, ...]:
        """Return the columns' widths in a room, as CSS's automatic table layout has them."""
        most, least = sum(self.widest), sum(self.narrowest)
        if most <= room + 1e-6:
            return self.widest
        if self.crowded:
            return (room / len(self.widest),) * len(self.widest)
        share = max(0.0, room - least) / (most - least)
        pairs = zip(self.narrowest, self.widest, strict=True)
        return tuple(_SHORT * (low + (high - low) * share) for low, high in pairs)


def _row_height(
    row: Sequence[Cell], widths: Sequence[float], words: Sequence[float], room: Place
) -> float:
    """Return the height of a row, px: its cells' first lines share a baseline."""
    above, below = (room.px * reach for reach in strut(TABLE_LINE))
    for cell, width, word in zip(row, widths, words, strict=True):
        inner = replace(
            room, width=(width - CELL_X) * room.px + 0.01, word=(word - CELL_X) * room.px + 0.01
        )
        paragraph = Paragraph(flows=cell, line=TABLE_LINE)
        first = paragraph.first_above(inner)
        above = max(above, first)
        below = max(below, paragraph.height(inner) - first)
    return above + below + 2 * CELL_Y * room.px + 1


def _widest(cell: Cell) -> float:
    return max((_width(flow, lambda run: run.widest(_drawn)) for flow in cell), default=0)


def _narrowest(cell: Cell) -> float:
    return max((_width(flow, lambda run: run.narrowest(_pressed)) for flow in cell), default=0)


def _width(flow: Flow, measure: Callable[[Run], float]) -> float:
    if isinstance(flow, Small):
        return SMALL * max((_width(inner, measure) for inner in flow.flows), default=0)
    return measure(flow) if isinstance(flow, Run) else flow.width


def _drawn(size: Size) -> Size:
    width, height = size
    scale = min(1.0, TALLEST_PX / height) / FLOOR_PX
    return width * scale, height * scale


def _pressed(size: Size) -> Size:
    # max-width: 100% lets a column be narrower than its pictures.
    return 0.0, _drawn(size)[1]
