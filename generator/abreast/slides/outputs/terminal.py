"""Text as a terminal leaves it: what was written over is gone, only styles stay as sequences.

A progress bar rewrites its line with carriage returns, backspaces and cursor movements; what
counts is its last state.
"""

from __future__ import annotations

import re
from functools import lru_cache

from wcwidth import iter_graphemes

from abreast.slides.metrics import mono_width
from abreast.slides.outputs.sgr import PLAIN, SEQUENCE, Style

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_TOKEN = re.compile(
    r"(?P<csi>\x1b\[(?P<numbers>[0-?]*)[ -/]*(?P<final>[@-~]))"
    r"|(?P<string>\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?)"
    r"|(?P<escape>\x1b[ -/]*[0-~]?)"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f])"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
)
_TAB = 8
_FARTHEST = 2000  # no output moves the cursor farther on purpose

_Cell = tuple[Style, str]
_BLANK: _Cell = (PLAIN, " ")


@lru_cache(maxsize=256)
def as_shown(text: str) -> str:
    """Return text as a terminal shows it, without blank lines around it.

    Tabs are spaces; styles are sequences as `sgr` writes them, complete in each line.
    """
    if _CONTROL.search(text):
        screen = _Screen()
        for token in _TOKEN.finditer(text.replace("\u2028", " ").replace("\u2029", " ")):
            screen.take(token)
        text = "\n".join(map(_written, screen.rows))
    lines = text.split("\n")
    while lines and not SEQUENCE.sub("", lines[-1]).strip():
        lines.pop()
    while lines and not SEQUENCE.sub("", lines[0]).strip():
        lines.pop(0)
    return "\n".join(lines)


class _Screen:
    """Rows of cells, endlessly wide and high, and a cursor. A wide character has an empty cell."""

    def __init__(self) -> None:
        self.rows: list[list[_Cell]] = [[]]
        self.row = self.column = 0
        self.style = PLAIN

    def take(self, token: re.Match[str]) -> None:
        if token["text"]:
            for grapheme in iter_graphemes(token["text"]):
                self._put(grapheme)
        elif token["control"]:
            self._control(token["control"])
        elif token["final"] == "m":
            if not token["numbers"].strip("0123456789;:"):
                self.style = self.style.then(token["numbers"])
        elif token["csi"]:
            self._move(token["final"], token["numbers"])

    def _put(self, grapheme: str) -> None:
        cells, width = self.rows[self.row], mono_width(grapheme)
        if not width:
            if 0 < self.column <= len(cells):
                style, before = cells[self.column - 1]
                cells[self.column - 1] = (style, before + grapheme)
            return
        end = self.column + width
        cells += [_BLANK] * (end - len(cells))
        if not cells[self.column][1] and self.column:
            cells[self.column - 1] = _BLANK
        if end < len(cells) and not cells[end][1]:
            cells[end] = _BLANK
        cells[self.column] = (self.style, grapheme)
        if width == 2:
            cells[self.column + 1] = (self.style, "")
        self.column = end

    def _control(self, control: str) -> None:
        if control == "\n":
            self._down(1)
            self.column = 0
        elif control == "\r":
            self.column = 0
        elif control == "\b":
            self.column = max(0, self.column - 1)
        elif control == "\t":
            self.column = (self.column // _TAB + 1) * _TAB

    def _move(self, final: str, numbers: str) -> None:
        first = numbers.partition(";")[0]
        given = min(int(first), _FARTHEST) if first.isdigit() else 0
        count = max(1, given)
        if final == "A":
            self.row = max(0, self.row - count)
        elif final == "B":
            self._down(count)
        elif final == "C":
            self.column += count
        elif final == "D":
            self.column = max(0, self.column - count)
        elif final == "G":
            self.column = count - 1
        elif final == "K":
            self._erase(given)

    def _down(self, count: int) -> None:
        self.row += count
        self.rows += [[] for _ in range(self.row + 1 - len(self.rows))]

    def _erase(self, part: int) -> None:
        cells = self.rows[self.row]
        if part == 0:
            del cells[self.column :]
        elif part == 1:
            cells[: self.column + 1] = [_BLANK] * min(len(cells), self.column + 1)
        else:
            cells.clear()


def _written(cells: list[_Cell]) -> str:
    end = len(cells)
    while end and cells[end - 1] == _BLANK:
        end -= 1
    parts, style = [], PLAIN
    for own, grapheme in cells[:end]:
        if own != style:
            parts.append(own.sequence())
            style = own
        parts.append(grapheme)
    if style != PLAIN:
        parts.append(PLAIN.sequence())
    return "".join(parts)
