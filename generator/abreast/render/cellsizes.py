"""How large code and outputs are in the merged notebook, so that slides of it hold what they say.

Stock nbconvert leaves a Markdown cell 795 by 640 px of a slide of 960 by 700, and cuts what is
below: it has no other sizes, and nothing of its own can be scrolled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from abreast.model import CodeRow, Display, ImageDisplay, Line, Prose, TableDisplay, TextDisplay
from abreast.render.prose import markdown_html
from abreast.slides.metrics import column_width, mono_width
from abreast.slides.outputs import displays_height

CELL_GAP_PX = 12
"""Between columns."""
CELL_LINE = 1.6
"""Height of a line of code in em: bands have no room of their own above and below."""
CELL_RULE_PX = 1
"""Of the line below a band."""
_WIDTH, _HEIGHT = 795, 640
_AROUND = 165  # title, two lines of lede, heads of columns, times
_ADVANCE = 0.62  # of the widest face that a system may have for code: the deck's own is not there
_LARGEST = {1: 16.0, 2: 14.0}
_SMALLEST, _TINIEST = 7.5, 5.0
_SOFT = 2  # the mark of a line that goes on
_PROSE = 20.0
_PER_EM = 1.35  # of a table: faces and gaps between columns that may be wider than the deck's
_TABLE = re.compile(r'style="--wide:(?P<ems>[\d.]+)"')
_DRAWING = re.compile(r"var\(--image,440px\)")
_PICTURE = re.compile(r"<img (?![^>]*\bstyle=)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Of the type in a row, in px of a slide of 960 by 700."""

    code_px: float
    outputs_px: float


def cell_sizes(row: CodeRow) -> Sizes:
    """Return the largest sizes at which a row's code is whole and the row is not too high.

    For its height no type is made smaller than 7.5 px. Code that would be too wide at 5 px is
    scrolled: nobody could read it otherwise.
    """
    columns = len(row.columns)
    width, most = (_WIDTH + CELL_GAP_PX) / columns - CELL_GAP_PX, _LARGEST.get(columns, 12.5)
    outputs = [column.outputs for column in row.columns]
    displays = [display for own in outputs for display in own]
    printed = [line for d in displays if isinstance(d, TextDisplay) for line in d.lines]
    drawn = [d.font_px for d in displays if isinstance(d, TableDisplay)]
    tables = [px * width / column_width(columns) for px in drawn]
    code_px = min(most, _across(width, [line for c in row.columns for line in c.lines]))
    outputs_px = min(most, _across(width, printed), *tables)
    lines = sum(max(map(len, band.lines.values()), default=1) for band in row.bands)
    code = lines * CELL_LINE * code_px + len(row.bands) * CELL_RULE_PX
    below = max(sum(_height(d, outputs_px, width) for d in own) for own in outputs)
    held = min(1.0, (_HEIGHT - _AROUND) / max(1.0, code + below))
    return Sizes(
        code_px=_held(code_px, held),
        outputs_px=round(max(_SMALLEST, outputs_px * held), 2),
    )


def _held(px: float, share: float) -> float:
    return round(max(_TINIEST, min(px, _SMALLEST), px * share), 2)


def cell_prose(prose: Prose) -> str:
    """Return prose as HTML for a Markdown cell, as large as the deck has it, and at most 20 px.

    Tables are drawn as wide as there is room for, pictures at most as high.
    """
    scale = _WIDTH / column_width(1)
    px = min(_PROSE, prose.font_px * scale)

    def table(found: re.Match[str]) -> str:
        held = min(px, _WIDTH / (float(found["ems"]) * _PER_EM))
        return f'style="margin:8px 0;font-size:{held:.4g}px;overflow-wrap:anywhere"'

    html = _TABLE.sub(table, markdown_html(prose.markdown, tex=True))
    high = f"{prose.image_px * scale:.4g}px"
    html = _PICTURE.sub(f'<img style="max-width:100%;max-height:{high}" ', _DRAWING.sub(high, html))
    return f'<div style="font-size:{px:.4g}px">{html}</div>'


def _across(width: float, lines: Sequence[Line]) -> float:
    """Return the size at which the longest of these lines is as wide as that."""
    longest = max((mono_width(n.text) + (n.indent + _SOFT) * n.soft for n in lines), default=1)
    return (width - 2) / (max(1, longest) * _ADVANCE)


def _height(display: Display, font_px: float, width: float) -> float:
    height = displays_height([display], font_px)
    if isinstance(display, ImageDisplay):
        return height * min(1.0, width / display.width_px)
    return height * font_px / display.font_px if isinstance(display, TableDisplay) else height
