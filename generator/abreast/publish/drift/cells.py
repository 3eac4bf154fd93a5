"""Which code cell of an executed notebook was which in the build before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from abreast.model import Cell


def cell_pairs(before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Yield the cells that correspond: of one source, else of one id, else in one place.

    A place is a stretch between cells of one source that has as many cells in both notebooks. What
    is new, or gone, corresponds to nothing.
    """
    sources = [cell.source for cell in before], [cell.source for cell in after]
    matcher = SequenceMatcher(None, *sources, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag in {"equal", "replace"}:
            yield from _between(before[i1:i2], after[j1:j2])


def _between(before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    if len(before) == len(after):
        yield from zip(before, after, strict=True)
        return
    named = {cell.id: cell for cell in before if cell.id}
    yield from ((named[cell.id], cell) for cell in after if cell.id in named)
