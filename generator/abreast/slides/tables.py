"""A plain table across the slide: its lengths, px."""

from __future__ import annotations

from abreast.model import Table
from abreast.slides.metrics import MARGIN, WIDTH, prose_lines

ROW_Y = 18.0
"""Above and below a row's words, px."""
CELL_X = 34.0
"""Between two columns, px."""
TABLE_LINE = 1.4
CAPTION_PX, CAPTION_Y = 16.0, 18.0


def table_height(table: Table) -> float:
    """Return a table's height with its caption, px."""
    rows = (len(table.rows) + 1) * (table.font_px * TABLE_LINE + ROW_Y)
    return rows + _caption(table)


def _caption(table: Table) -> float:
    if not table.caption:
        return 0.0
    lines = prose_lines(table.caption, WIDTH - 2 * MARGIN, CAPTION_PX)
    return lines * CAPTION_PX * TABLE_LINE + CAPTION_Y
