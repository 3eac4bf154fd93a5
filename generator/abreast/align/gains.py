"""What rows gain: the numbers that consensus.py and insertion.py raise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from abreast.align.similarity import Matrix

Group: TypeAlias = dict[int, list[int]]
"""A row: the pieces' places, by the place of their sequence."""

_SIDE_BY_SIDE = 0.3
"""Two cells of one notebook against two of another are one row only on stronger posteriors."""


@dataclass(frozen=True, slots=True)
class Gains:
    """What each pair of pieces gains in one row, for sequences f < g, and what may stand together.

    `continues[f][i]` says that piece i of sequence f may stand in the row of piece i - 1.
    """

    lengths: tuple[int, ...]
    pairs: Mapping[tuple[int, int], Matrix]
    continues: tuple[tuple[bool, ...], ...]

    def between(self, f: int, g: int) -> Matrix:
        """Return the gains of f's pieces (rows) with g's (columns)."""
        return self.pairs[f, g] if f < g else self.pairs[g, f].T


class Tables:
    """The gains as plain lists: single look-ups in them are faster than in arrays."""

    def __init__(self, gains: Gains) -> None:
        self.continues = gains.continues
        self._pairs = {pair: matrix.tolist() for pair, matrix in gains.pairs.items()}

    def gain(self, above: Group, below: Group) -> float:
        """Return the sum over all pairs of a piece of the one and a piece of the other."""
        total = 0.0
        for f, ps in above.items():
            for g, qs in below.items():
                if f < g:
                    table = self._pairs[f, g]
                    total += sum(table[p][q] for p in ps for q in qs)
                elif g < f:
                    table = self._pairs[g, f]
                    total += sum(table[q][p] for p in ps for q in qs)
        return total

    def merging(self, above: Group, below: Group) -> float:
        """Return what merging two rows gains; rows that match side by side seldom are one."""
        both = len(above.keys() & below.keys())
        return self.gain(above, below) - _SIDE_BY_SIDE * both * (both - 1)

    def may_join(self, above: Group, below: Group) -> bool:
        """Say whether an author lets two neighbouring rows be one."""
        return all(self.continues[f][ps[0]] for f, ps in below.items() if f in above)
