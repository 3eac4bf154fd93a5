"""A plain table across the slide, at the largest type at which it fits."""

from __future__ import annotations

from dataclasses import replace

from abreast.model import Table
from abreast.slides.metrics import MARGIN, WIDTH, floor_px, prose_lines, prose_width

ROW_Y = 18.0
"""Above and below a row's words, px."""
CELL_X = 34.0
"""Between two columns, px."""
TABLE_LINE = 1.4
CAPTION_PX, CAPTION_Y = 16.0, 18.0
_LARGEST, _STEP = 22.0, 0.5


def table_height(table: Table) -> float:
    """Return a table's height with its caption, px."""
    rows = (len(table.rows) + 1) * (table.font_px * TABLE_LINE + ROW_Y)
    return rows + _caption(table)


def fit_table(table: Table, room: float) -> list[Table]:
    """Return the table at the largest type that fits, else at the floor and cut between rows.

    Each part repeats the head; `room` is px below the slide's title.
    """
    size = _LARGEST
    while size > floor_px(1) and not _fits(replace(table, font_px=size), room):
        size = max(floor_px(1), size - _STEP)
    sized = replace(table, font_px=size)
    most = int((room - _caption(table)) / (size * TABLE_LINE + ROW_Y)) - 1
    return [
        replace(sized, rows=table.rows[at : at + most]) for at in range(0, len(table.rows), most)
    ]


def _fits(table: Table, room: float) -> bool:
    widths = [
        max(prose_width(text, table.font_px) for text in column)
        for column in zip(table.head, *table.rows, strict=True)
    ]
    wide = sum(widths) + CELL_X * len(widths)
    return table_height(table) <= room and wide <= WIDTH - 2 * MARGIN


def _caption(table: Table) -> float:
    if not table.caption:
        return 0.0
    lines = prose_lines(table.caption, WIDTH - 2 * MARGIN, CAPTION_PX)
    return lines * CAPTION_PX * TABLE_LINE + CAPTION_Y
