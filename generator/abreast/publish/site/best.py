"""Which slide stands for a deck: the fullest one that shows what a deck of columns is."""

from __future__ import annotations

from statistics import mean
from typing import TypeAlias

from abreast.model import (
    Band,
    CodeColumn,
    CodeRow,
    Display,
    ImageDisplay,
    Presentation,
    Slide,
    TableDisplay,
    TextDisplay,
)
from abreast.slides.metrics import LINE

Worth: TypeAlias = tuple[int, float]
"""The kind of slide, then how much there is to see; more is better."""

_OPENING, _PROSE, _DRAWN, _ROW, _ROW_WITH_OUTPUT = range(5)
_ROOM_PX = 540.0  # below a slide's title and its columns' heads
_PICTURE = 0.25  # of a slide's room: a picture is told from afar, text is not
_ALIKE = 0.4  # of a row's worth is left where all columns say the same
_TABLE_LINE = 1.8
_COMPLAINTS = ("error", "stderr")


def best_slide(presentation: Presentation) -> int:
    """Return the slide, counted from 0, that shows most of what a deck is.

    Before all others a row with code in every column and something below it, then such a row
    alone, then charts, then prose, then an opening slide. Of rows the one whose columns are
    fullest, where a picture counts for more than text, and bands that differ for more than those
    that are the same; of equals the first.
    """
    worths = [_worth(slide, len(presentation.heads)) for slide in presentation.slides]
    return worths.index(max(worths))


def _worth(slide: Slide, columns: int) -> Worth:
    if slide.opening:
        return _OPENING, 0.0
    rows = [block for block in slide.blocks if isinstance(block, CodeRow)]
    if rows:
        return max(_worth_of_row(row, columns) for row in rows)
    drawn = any(block.kind in {"bars", "plots"} for block in slide.blocks)
    return (_DRAWN if drawn else _PROSE), 0.0


def _worth_of_row(row: CodeRow, columns: int) -> Worth:
    if len(row.columns) < columns or not all(column.lines for column in row.columns):
        return _DRAWN, 0.0
    code = mean(len(column.lines) for column in row.columns) * row.font_px * LINE
    below = mean(_below(column, row.outputs_px) for column in row.columns)
    pictures = mean(
        any(isinstance(one, ImageDisplay) for one in column.outputs) for column in row.columns
    )
    seen = min(1.0, (code + below) / _ROOM_PX) + _PICTURE * pictures
    kind = _ROW_WITH_OUTPUT if below else _ROW
    return kind, seen * (_ALIKE + (1 - _ALIKE) * _differing(row))


def _differing(row: CodeRow) -> float:
    """Return the share of a row's bands in which columns differ; 1 where there is one column."""
    if len(row.columns) < 2 or not row.bands:
        return 1.0
    return sum(_differs(row, band) for band in row.bands) / len(row.bands)


def _differs(row: CodeRow, band: Band) -> bool:
    texts = {
        "".join("".join(c.lines[n - 1].text.split()) for n in band.lines.get(c.framework, ()))
        for c in row.columns
    }
    return len(texts) > 1


def _below(column: CodeColumn, px: float) -> float:
    return sum(_height(display, px) for display in column.outputs)


def _height(display: Display, px: float) -> float:
    """Return about how high (px) an output is; errors and warnings advertise nothing."""
    if isinstance(display, TextDisplay):
        return 0.0 if display.stream in _COMPLAINTS else len(display.lines) * px * LINE
    if isinstance(display, TableDisplay):
        return (len(display.head) + len(display.rows)) * display.font_px * _TABLE_LINE
    return display.height_px
