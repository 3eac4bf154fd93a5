"""A row of a table too high for a slide -> two rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from abreast.slides.dollars import bars_kept
from abreast.slides.prose.paragraphs import cut_paragraph

_BAR = re.compile(r"(?<!\\)\|")
_SHARES = 64


def cut_row(row: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    """Return a row of its cells' beginnings that fits, "" where none does, and one of the rest."""
    cells = _cells(row)
    for share in range(_SHARES - 1, 0, -1):
        pairs = [_cut_cell(cell, share / _SHARES) for cell in cells]
        begin, rest = (_row([pair[side] for pair in pairs]) for side in (0, 1))
        if any(pair[1] for pair in pairs) and fits(begin):
            return begin, rest
    return "", row


def _cut_cell(cell: str, share: float) -> tuple[str, str]:
    """Return a cell's share and the rest; a short cell stays whole, in the first row."""
    if len(cell) < _SHARES:
        return cell, ""
    head, tail = cut_paragraph(cell, lambda text: len(text) <= share * len(cell))
    return (head, tail) if head else (cell, "")


def _cells(row: str) -> list[str]:
    inner = row.strip().removeprefix("|")
    parts = _BAR.split(bars_kept(inner))
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    return [bars_kept(part.strip(), back=True) for part in parts]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
