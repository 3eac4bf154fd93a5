"""Tables that are too wide: long texts are shortened, then columns in the middle left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from abreast.slides.metrics import prose_width
from abreast.slides.outputs.grids import Cells, Grid

CUT = "…"
"""Stands for what was left out."""
PAD = 0.98
"""Between the texts of two columns, in their type's size; .08 of it for the browser, which gives
columns whole pixels."""

_CAPS = (28.0, 22.0, 18.0, 14.0, 11.0, 8.0, 6.0, 4.0, 2.5)  # of a cell's text, em
_SHORT = 14.0  # a shorter text, em, says less
_WEIGHT = 0.7  # of what it says, against a column more
_SIGN = "[-+\u2212]"
_NUMBER = re.compile(
    rf"(?:{_SIGN}?[$€£]?(?:\d[\d,_ ]*\.?\d*|\.\d+)(?:[eE]{_SIGN}?\d+)?[%jx]?"
    rf"|{_SIGN}?(?:nan|inf)|null|nat|none|<na>|…|\.\.\.)?",
    re.IGNORECASE,
)
_SAYS = re.compile(r"\d|nan|inf", re.IGNORECASE)
# Figures of one width are wider than the face's own, as are the signs that stand with them.
_FIGURES = str.maketrans(dict.fromkeys("0123456789-+\u2212*=<>~", "4"))


def is_numeric(texts: Sequence[str]) -> bool:
    """Say whether a column's cells are numbers, set at the right with figures of one width."""
    said = any(_SAYS.search(text) for text in texts)
    return said and all(_NUMBER.fullmatch(text) for text in texts)


def table_width(grid: Grid) -> float:
    """Return a table's width, in its type's size."""
    widths = _widths(grid)
    return sum(widths) + PAD * len(widths)


@lru_cache(maxsize=128)
def narrowed(grid: Grid, width: float) -> tuple[Grid, int]:
    """Return a table that is `width` em wide at most, and how many columns were left out.

    Where they were left out stands a column of "…". Of the ways to do it the one is taken that
    shows the most columns, at texts that still say something.
    """
    best, most = None, 0.0
    for cap in _CAPS:
        shorter = _capped(grid, cap)
        kept = _kept(shorter, width)
        merit = len(kept) * min(1.0, cap / _SHORT) ** _WEIGHT
        if merit > most:
            best, most = (shorter, kept), merit
    if best is None:  # the heads of the rows alone are too wide
        headless = replace(_capped(grid, _CAPS[-1]), row_heads=0)
        best = headless, _kept(headless, width) or [0]
    return _without(*best, width)


@lru_cache(maxsize=512)
def _widths(grid: Grid) -> tuple[float, ...]:
    """Return the width of each column's widest text, em."""
    heads: Sequence[Sequence[str]] = list(zip(*grid.head, strict=True))
    bodies: Sequence[Sequence[str]] = list(zip(*grid.rows, strict=True))
    empty: list[Sequence[str]] = [()] * max(len(heads), len(bodies))
    return tuple(
        max((*(_width(text, strong=True) for text in head), *_body_widths(body)), default=0.0)
        for head, body in zip(heads or empty, bodies or empty, strict=True)
    )


def _body_widths(texts: Sequence[str]) -> list[float]:
    if is_numeric(texts):
        return [_width(text.translate(_FIGURES)) for text in texts]
    return [_width(text) for text in texts]


@lru_cache(maxsize=20_000)
def _width(text: str, *, strong: bool = False) -> float:
    return prose_width(text, 1.0, strong=strong)


def _capped(grid: Grid, cap: float) -> Grid:
    """Shorten texts that are wider than `cap` em; of numbers only their heads."""
    words = [not is_numeric(texts) for texts in zip(*grid.rows, strict=True)]
    everywhere = [True] * len(_widths(grid))

    def shortened(rows: Cells, where: Sequence[bool], *, strong: bool = False) -> Cells:
        return tuple(
            tuple(
                _shortened(text, cap, strong=strong) if may else text
                for text, may in zip(row, where, strict=True)
            )
            for row in rows
        )

    return replace(
        grid,
        head=shortened(grid.head, everywhere, strong=True),
        rows=shortened(grid.rows, words),
        under_head=shortened(grid.under_head, everywhere, strong=True),
        under_rows=shortened(grid.under_rows, words),
    )


def _shortened(text: str, cap: float, *, strong: bool) -> str:
    if _width(text, strong=strong) <= cap:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = _width(text[:middle].rstrip() + CUT, strong=strong) <= cap
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip() + CUT


def _kept(grid: Grid, width: float) -> list[int]:
    """Return the columns that stay, outermost first chosen; none where not one would fit."""
    widths = [own + PAD for own in _widths(grid)]
    if sum(widths) <= width:
        return list(range(len(widths)))
    left = width - sum(widths[: grid.row_heads]) - (_width(CUT, strong=True) + PAD)
    chosen: list[int] = []
    low, high = grid.row_heads, len(widths) - 1
    while low <= high:
        at = low if len(chosen) % 2 == 0 else high
        left -= widths[at]
        if left < -1e-9:
            break
        chosen.append(at)
        low, high = (low + 1, high) if at == low else (low, high - 1)
    return [*range(grid.row_heads), *sorted(chosen)] if chosen else []


def _without(grid: Grid, kept: Sequence[int], width: float) -> tuple[Grid, int]:
    """Return these columns; the first after the gap says whose group it is, if there is room."""
    hidden = len(_widths(grid)) - len(kept)
    if not hidden:
        return grid, 0
    if grid.size:  # the table itself may leave columns out
        hidden = max(hidden, grid.size[1] - (len(kept) - grid.row_heads))
    named = _picked(grid, kept, grid.under_head)
    return (named if table_width(named) <= width else _picked(grid, kept, grid.head)), hidden


def _picked(grid: Grid, kept: Sequence[int], names: Cells) -> Grid:
    gap = next((n for n, at in enumerate(kept) if n != at), len(kept))

    def picked(rows: Cells, names: Cells) -> Cells:
        return tuple(
            (
                *(row[at] for at in kept[:gap]),
                CUT,
                *(row[at] or name[at] for at in kept[gap : gap + 1]),
                *(row[at] for at in kept[gap + 1 :]),
            )
            for row, name in zip(rows, names, strict=True)
        )

    return replace(
        grid,
        head=picked(grid.head, names),
        rows=picked(grid.rows, grid.rows),
        under_head=picked(grid.under_head, grid.under_head),
        under_rows=picked(grid.under_rows, grid.under_rows),
    )
