"""Tables of outputs -> HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from abreast.model import TableDisplay
from abreast.render.printed import opener
from abreast.slides.outputs.narrowing import is_numeric

_TABLE = "border-collapse:collapse;margin:0;font:1em/1.5 system-ui,sans-serif;color:#1b2330"
_CELL = "padding:1px 10px 1px 0;border:0;border-bottom:1px solid #e4e1d9;background:none"
_NUMBER = "text-align:right;font-variant-numeric:tabular-nums"


def table_html(display: TableDisplay, framework_title: str, *, inline: bool) -> str:
    """Return a table, numbers at the right; what was left out opens from the cut."""
    style = _Style(display, inline=inline)
    mark = _opener(display, framework_title, inline=inline) if display.full else ""
    head = "".join(f"<tr>{style.head(row)}</tr>" for row in display.head)
    # Rows were left out in the middle, those above not fewer than those below.
    cut = len(display.rows) // 2 if display.hidden_rows else -1
    rows = "".join(
        f"<tr>{style.cut(mark) if n == cut and not inline else style.row(row)}</tr>"
        for n, row in enumerate(display.rows)
    )
    table = f"<table{style.table}><thead>{head}</thead><tbody>{rows}</tbody></table>"
    below = "" if display.hidden_rows and not inline else mark
    if inline:
        return f'<div style="overflow-x:auto">{table}{below}</div>'
    size = f"font-size:{display.font_px:g}px"
    return f'<div class="output table" style="{size}">{table}{below}</div>'


class _Style:
    """The cells of a table, aligned by what stands in their columns."""

    def __init__(self, display: TableDisplay, *, inline: bool) -> None:
        self._inline = inline
        self._row_heads = display.row_heads
        self._width = len((*display.head, *display.rows)[0])
        self._numeric = _numeric(display)
        self.table = f' style="{_TABLE}"' if inline else ""

    def head(self, texts: Sequence[str]) -> str:
        return "".join(self._cell("th", "col", n, text) for n, text in enumerate(texts))

    def row(self, texts: Sequence[str]) -> str:
        return "".join(
            self._cell("th", "row", n, text)
            if n < self._row_heads
            else self._cell("td", "", n, text)
            for n, text in enumerate(texts)
        )

    def cut(self, mark: str) -> str:
        return f'<td colspan="{self._width}" class="cut">{mark}</td>'

    def _cell(self, tag: str, scope: str, column: int, text: str) -> str:
        # A header that says nothing heads nothing.
        tag = tag if text or scope == "row" else "td"
        attributes = f' scope="{scope}"' if tag == "th" else ""
        number = self._numeric[column]
        if self._inline:
            aligned = _NUMBER if number else "text-align:left"
            strong = ";font-weight:600" if scope else ""
            attributes += f' style="{_CELL};{aligned}{strong}"'
        elif number:
            attributes += ' class="number"'
        return f"<{tag}{attributes}>{escape(text, quote=False)}</{tag}>"


def _numeric(display: TableDisplay) -> list[bool]:
    columns = zip(*display.rows, strict=True) if display.rows else [()] * len(display.head[0])
    return [n >= display.row_heads and is_numeric(texts) for n, texts in enumerate(columns)]


def _opener(display: TableDisplay, title: str, *, inline: bool) -> str:
    left_out = [
        f"{count:,} more {noun}{'s' * (count > 1)}"
        for count, noun in ((display.hidden_rows, "row"), (display.hidden_columns, "column"))
        if count
    ]
    said = "… " + (", ".join(left_out) or "whole table")
    return opener(said, f"Show the whole table of {title}", display.full, inline=inline)
