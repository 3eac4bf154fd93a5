"""Outputs before they are fitted, each with the heights it can have, and how they share a room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from abreast.model import Display
from abreast.slides.metrics import ADVANCE, column_width

LINE = 1.35
"""The height of a line of monospaced output, in its type's size."""
GAP = 6.0
"""Between outputs, px."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where outputs stand: one of so many columns, at a type of `font_px`."""

    columns: int
    font_px: float
    alt: str = ""

    @property
    def width(self) -> float:
        """The column's width, px."""
        return column_width(self.columns)

    @property
    def wide(self) -> int:
        """How many monospaced characters a line holds."""
        return int(self.width / (self.font_px * ADVANCE) + 1e-6)


class Piece(Protocol):
    """An output that is not fitted yet."""

    @property
    def least(self) -> float:
        """Return the height of its smallest form, px."""

    @property
    def wanted(self) -> float:
        """Return the height at which nothing more is gained, px."""

    def fitted(self, room: float) -> Display:
        """Return its best form that is at most `room` px high, or its smallest."""


def share(pieces: Sequence[Piece], room: float) -> list[float]:
    """Return each piece's part of `room` px: what it wants, up to a level that is the same for all.

    No piece gets less than its smallest form, even where the room is too small for all of them.
    """
    parts = [piece.least for piece in pieces]
    rest = room - sum(parts)
    open_ = [i for i, piece in enumerate(pieces) if piece.wanted > piece.least]
    while open_ and rest > 1e-6:
        # Raise the lowest to the next height at which a piece joins them or has all it wants.
        level = min(parts[i] for i in open_)
        lowest = [i for i in open_ if parts[i] <= level + 1e-9]
        above = [parts[i] for i in open_ if i not in lowest]
        full = min(pieces[i].wanted for i in lowest)
        step = min(min([full, *above]) - level, rest / len(lowest))
        for i in lowest:
            parts[i] += step
        rest -= step * len(lowest)
        open_ = [i for i in open_ if parts[i] < pieces[i].wanted - 1e-9]
    return parts
