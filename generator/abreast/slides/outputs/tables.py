"""Tables -> displays: at the type that fits, else with what is in the middle left out."""

from __future__ import annotations

from dataclasses import dataclass

from abreast.model import TableDisplay
from abreast.slides.metrics import floor_px
from abreast.slides.outputs.grids import Cells, Grid
from abreast.slides.outputs.narrowing import CUT, narrowed, table_width
from abreast.slides.outputs.pieces import Frame

ROW = 1.6
"""The height of a row, in its type's size."""

_LEAST_ROWS = 4  # three and the one that says how many are left out


def table_height(display: TableDisplay) -> float:
    """Return the height of a table, px, with the mark that opens the whole."""
    mark = bool(display.full) and not display.hidden_rows
    return (len(display.head) + len(display.rows) + mark) * ROW * display.font_px


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePiece:
    """A table; `html` is the whole of it, harmless."""

    grid: Grid
    html: str
    frame: Frame

    @property
    def least(self) -> float:
        """Return the height of its head and of what is left of its rows at the least, px."""
        setting = self._smallest
        return min(setting.lines, len(setting.grid.head) + _LEAST_ROWS) * ROW * setting.font_px

    @property
    def wanted(self) -> float:
        """Return the height of all its rows at the largest type that the width allows, px."""
        return self._largest.lines * ROW * self._largest.font_px

    def fitted(self, room: float) -> TableDisplay:
        """Return the table in `room` px: smaller where that shows all of it, else cut."""
        largest, smallest = self._largest, self._smallest
        size = min(largest.font_px, room / (largest.lines * ROW))
        if size >= smallest.font_px - 1e-9:
            return self._display(largest, max(size, smallest.font_px))
        high = max(int(room / (ROW * smallest.font_px) + 1e-6), 0) - len(smallest.grid.head)
        return self._cut(smallest, max(high, _LEAST_ROWS))

    @property
    def _largest(self) -> _Setting:
        width = table_width(self.grid)
        size = min(self.frame.font_px, self.frame.width / width if width else self.frame.font_px)
        return self._smallest if size < self._floor else _Setting(grid=self.grid, font_px=size)

    @property
    def _smallest(self) -> _Setting:
        width = self.frame.width / self._floor
        if table_width(self.grid) <= width + 1e-6:
            return _Setting(grid=self.grid, font_px=self._floor)
        grid, hidden = narrowed(self.grid, width)
        return _Setting(grid=grid, font_px=self._floor, hidden=hidden, narrow=True)

    @property
    def _floor(self) -> float:
        return min(self.frame.font_px, floor_px(self.frame.columns))

    def _display(self, setting: _Setting, font_px: float) -> TableDisplay:
        return TableDisplay(
            head=setting.grid.head,
            rows=setting.grid.rows,
            font_px=font_px,
            row_heads=setting.grid.row_heads,
            hidden_columns=setting.hidden,
            full=self.html if setting.narrow else "",
        )

    def _cut(self, setting: _Setting, count: int) -> TableDisplay:
        """Leave rows out so that `count` stay, the one that says so among them."""
        rows = setting.grid.rows
        above = count // 2
        after = len(rows) - (count - 1 - above)
        return TableDisplay(
            head=setting.grid.head,
            rows=(*rows[:above], (CUT,) * len(rows[0]), *_tail(setting.grid, after)),
            font_px=setting.font_px,
            row_heads=setting.grid.row_heads,
            hidden_rows=_hidden(setting.grid, count - 1, after - above),
            hidden_columns=setting.hidden,
            full=self.html,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """A table at a size of type, of all columns, or `narrow`: of fewer, or with shorter texts."""

    grid: Grid
    font_px: float
    hidden: int = 0
    narrow: bool = False

    @property
    def lines(self) -> int:
        """How many rows it takes, its head's and the mark that opens the whole among them."""
        return len(self.grid.head) + len(self.grid.rows) + self.narrow


def _hidden(grid: Grid, shown: int, left_out: int) -> int:
    """Return how many rows are hidden, with those that the table itself leaves out."""
    return max(left_out, grid.size[0] - shown) if grid.size else left_out


def _tail(grid: Grid, after: int) -> Cells:
    """Return the last rows; the first says what the cells say that cover it from above."""
    heads = zip(grid.rows[after], grid.under_rows[after][: grid.row_heads], strict=False)
    first = (*(text or under for text, under in heads), *grid.rows[after][grid.row_heads :])
    return (first, *grid.rows[after + 1 :])
