"""What fits a slide, by arithmetic: the size of monospaced type is known before any browser.

All lengths are pixels of a slide of 1280 by 720; the page scales as a whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from abreast.align import physical_lines
from abreast.model import Band, CodeColumn, CodeRow, Output

WIDTH, HEIGHT = 1280, 720
MARGIN = 48
COLUMN_GAP = 22
_PADDING = 20  # left and right of the code in a band
_BODY = 532  # from below the title and the column heads to above the footer
_BADGE = 40
_ADVANCE = 0.605  # of a monospaced face, per em; DejaVu Sans Mono has the widest common one
_LINE = 1.45
_BAND_PADDING = 9
_IMAGE = 230
_TALL = 14  # lines of a text output that are shown without scrolling
_LARGEST = {1: 22.0, 2: 20.0}
# Of the slide's height: 2.8% with one column, 2.4% with two, 1.8% with three or four.
_FLOORS = {1: 20.2, 2: 17.3}
_STEP = 0.5


def floor_px(columns: int) -> float:
    """Return the smallest type allowed for this many columns, in px of a 720 px high slide."""
    return _FLOORS.get(columns, 13.0)


def characters(columns: int, font_px: float) -> int:
    """Return how many monospaced characters a column of code holds in a line."""
    width = (WIDTH - 2 * MARGIN - COLUMN_GAP * (columns - 1)) / columns
    return max(8, int((width - _PADDING) / (font_px * _ADVANCE)))


def fit_row(row: CodeRow) -> list[CodeRow]:
    """Return the row at the largest type that fits one slide, else cut into several.

    Outputs move to a slide of their own before code is cut; code is cut between bands.
    """
    count = len(row.columns)
    for size in _sizes(count):
        if _code_height(row, row.bands, size) + _output_height(row, size) <= _BODY:
            return [replace(row, font_px=size)]
    parts = list(_code_parts(replace(row, show_outputs=False)))
    if not any(column.outputs for column in row.columns):
        parts[-1] = replace(parts[-1], show_outputs=True)
    else:
        size = next((s for s in _sizes(count) if _output_height(row, s) <= _BODY), floor_px(count))
        parts.append(replace(row, show_code=False, bands=(), font_px=size))
    return parts


def _sizes(columns: int) -> Iterator[float]:
    size, floor = _LARGEST.get(columns, 18.0), floor_px(columns)
    while size > floor:
        yield size
        size -= _STEP
    yield floor


def _code_parts(row: CodeRow) -> Iterator[CodeRow]:
    count = len(row.columns)
    for size in _sizes(count):
        if _code_height(row, row.bands, size) + _BADGE <= _BODY:
            yield replace(row, font_px=size)
            return
    size = floor_px(count)
    part: list[Band] = []
    for band in row.bands:
        if part and _code_height(row, (*part, band), size) + _BADGE > _BODY:
            yield replace(row, bands=tuple(part), font_px=size)
            part = []
        part.append(band)
    yield replace(row, bands=tuple(part), font_px=size)


def _code_height(row: CodeRow, bands: tuple[Band, ...], size: float) -> float:
    wide = characters(len(row.columns), size)
    sources = {column.framework: physical_lines(column.source) for column in row.columns}
    height = 0.0
    for band in bands:
        lines = max(
            sum(max(1, math.ceil(len(sources[name][n - 1]) / wide)) for n in numbers)
            for name, numbers in band.lines.items()
        )
        height += lines * size * _LINE + _BAND_PADDING
    return height


def _output_height(row: CodeRow, size: float) -> float:
    wide = characters(len(row.columns), size)
    heights = [_column_output_height(column, size, wide) for column in row.columns]
    return _BADGE + max(heights, default=0.0)


def _column_output_height(column: CodeColumn, size: float, wide: int) -> float:
    notice = 2 * size * _LINE if column.problem else 0.0
    return notice + sum(_one_output(output, size, wide) for output in column.outputs)


def _one_output(output: Output, size: float, wide: int) -> float:
    data = output.get("data", {})
    if any(mime.startswith("image/") for mime in data):
        return _IMAGE
    if "text/html" in data:
        return float(min(data["text/html"].count("<tr"), _TALL) * size * 1.7 + size)
    text = output.get("text") or data.get("text/plain") or output.get("evalue", "")
    lines = sum(max(1, math.ceil(len(line) / wide)) for line in str(text).splitlines())
    return min(lines, _TALL) * size * 1.35 + 10
