"""HTML that holds one plain table -> a grid of its cells' texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from abreast.slides.outputs.tags import read_tags

Cells = tuple[tuple[str, ...], ...]

_TIMES = "[\u00d7x]"
_DIMENSIONS = re.compile(
    rf"\s*(?:[\d,]+ rows? {_TIMES} [\d,]+ columns?|shape: \([\d,_ ]+\)"
    rf"|A [\w. ]+: [\d,]+ {_TIMES} [\d,]+)?\s*"
)
_CELLS = frozenset({"td", "th"})
_IGNORED = frozenset({"style", "script", "template", "button"})
# What stands in a cell and is more than text; a table inside a table is one of them.
_RICH = frozenset(
    {"img", "svg", "canvas", "ul", "ol", "pre", "table", "input", "progress", "video"}
)
_MOST_SPANNED = 1000
_TINTED = re.compile(r"background|color", re.IGNORECASE)
# A Styler's rules name its cells; those of a page that once held the table name classes.
_TINTED_RULE = re.compile(r"#[A-Za-z][\w-]*[\s,:>][^{}]*\{[^}]*(?:background|color)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table's cells; each row has as many. The first `row_heads` of a body's row are heads.

    Of a cell that spans several places the first has the text; `under_head` and `under_rows` have
    it in all of them. `size` is how many rows and columns the data has, where the table says it:
    pandas and polars leave out what is in the middle themselves.
    """

    head: Cells
    rows: Cells
    under_head: Cells
    under_rows: Cells
    row_heads: int = 0
    size: tuple[int, int] | None = None


@dataclass(slots=True, kw_only=True)
class _Cell:
    head: bool
    rows: int
    columns: int
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


@lru_cache(maxsize=128)
def grid_of(html: str) -> Grid | None:
    """Return the one table of an output's HTML.

    None where there is no table, several, one with more than text in its cells, colours that say
    something, or text around it, other than how many rows and columns it has.
    """
    if "<table" not in html.lower():
        return None
    reader = _Reader()
    read_tags(html, reader)
    note = _DIMENSIONS.fullmatch("".join(reader.around))
    if reader.tables != 1 or reader.rich or not note:
        return None
    head = [row for row, is_head in reader.rows if is_head]
    body = [row for row, is_head in reader.rows if not is_head]
    if not head and len(body) > 1 and all(cell.head for cell in body[0]):
        head, body = body[:1], body[1:]
    return _grid(_spread(head), _spread(body), _size(note))


class _Reader:
    """Collects rows of cells, and what is around and inside them that is no plain text."""

    def __init__(self) -> None:
        self.tables = 0
        self.rich = False
        self.around: list[str] = []
        self.rows: list[tuple[list[_Cell], bool]] = []
        self._head = False
        self._ignored = 0
        self._cell: _Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _IGNORED or self._ignored:
            self._ignored += tag in _IGNORED
            return
        if tag == "table":
            self.tables += 1
        elif tag == "thead":
            self._head = True
        elif tag in {"tbody", "tfoot"}:
            self._head = False
        elif tag == "tr":
            self._cell = None
            self.rows.append(([], self._head))
        elif tag in _CELLS and self.rows:
            self._cell = _Cell(
                head=tag == "th",
                rows=_span(given.get("rowspan", "")),
                columns=_span(given.get("colspan", "")),
            )
            self.rows[-1][0].append(self._cell)
        elif tag == "br" and self._cell:
            self._cell.parts.append(" ")
        self.rich |= self._is_rich(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _IGNORED:
            self._ignored = max(0, self._ignored - 1)
        elif tag in _CELLS or tag in {"tr", "table"}:
            self._cell = None
        elif tag == "thead":
            self._head = False

    def handle_data(self, data: str) -> None:
        if self._ignored:
            self.rich |= bool(_TINTED_RULE.search(data))
        elif self._cell is not None:
            self._cell.parts.append(data)
        else:
            self.around.append(data)

    def _is_rich(self, tag: str, given: dict[str, str]) -> bool:
        inside = self._cell is not None and tag in _RICH
        outside = not self.tables and tag in _RICH - {"table"}
        return inside or outside or bool(_TINTED.search(given.get("style", "")))


def _span(value: str) -> int:
    return max(1, min(int(value), _MOST_SPANNED)) if value.strip().isdecimal() else 1


_Place = tuple[str, str, bool]
"""The text at a place, the text of the cell that covers it, and whether that is a head."""
_Waiting = dict[int, tuple[int, _Place]]
"""Columns, the rows that a cell above still takes of them, and what it leaves there."""


def _spread(rows: Sequence[Sequence[_Cell]]) -> list[list[_Place]]:
    """Give each place of the grid its text: a cell that spans places has it in the first."""
    result: list[list[_Place]] = []
    waiting: _Waiting = {}
    for row in rows:
        places: list[_Place] = []
        begun: _Waiting = {}
        for cell in row:
            _go_on(places, waiting)
            for n in range(cell.columns):
                if cell.rows > 1:
                    begun[len(places)] = (cell.rows - 1, ("", cell.text, cell.head))
                places.append(("" if n else cell.text, cell.text, cell.head))
        _go_on(places, waiting)
        waiting |= begun
        result.append(places)
    return result


def _go_on(places: list[_Place], waiting: _Waiting) -> None:
    """Leave the next places to the cells above that span rows."""
    while (column := len(places)) in waiting:
        left, place = waiting.pop(column)
        if left > 1:
            waiting[column] = (left - 1, place)
        places.append(place)


def _size(note: re.Match[str]) -> tuple[int, int] | None:
    numbers = [int(re.sub(r"\D", "", n)) for n in re.findall(r"\d[\d,_]*\d|\d", note[0])]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None


def _grid(
    head: list[list[_Place]], body: list[list[_Place]], size: tuple[int, int] | None
) -> Grid | None:
    width = max((len(row) for row in (*head, *body)), default=0)
    if not width:
        return None
    heads = 0
    while heads < width and body and all(len(r) > heads and r[heads][2] for r in body):
        heads += 1
    return Grid(
        head=_cells(head, 0, width),
        rows=_cells(body, 0, width),
        row_heads=heads if heads < width else 0,
        under_head=_cells(head, 1, width),
        under_rows=_cells(body, 1, width),
        size=size,
    )


def _cells(rows: list[list[_Place]], part: Literal[0, 1], width: int) -> Cells:
    padding = [""] * width
    return tuple(tuple([*(place[part] for place in row), *padding][:width]) for row in rows)
