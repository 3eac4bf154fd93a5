"""Code -> the units that bands are made of: runs of its physical lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pygments.token import Comment, Punctuation, String

from abreast.align.lexers import is_a, lexed, physical_lines

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SPREAD = 4
"""A bracketed statement of at least this many lines is taken apart into its elements."""


def statement_lines(source: str, language: str = "python") -> list[tuple[int, ...]]:
    """Cut code into units, as runs of 1-based physical lines that cover it all.

    A unit is a statement, a block of comments, or an element of a long bracketed statement.
    Brackets are counted over Pygments tokens, so any language works, and so do magics and syntax
    errors. A blank line ends what stands before it.
    """
    lines = _lines(source, language)
    units: list[list[int]] = []
    open_: list[int] = []
    comment = False
    for number, line in enumerate(lines, 1):
        if open_:
            open_.append(number)
        elif (line.kind == "blank" and units) or (line.kind == "comment" and comment):
            units[-1].append(number)
            continue
        else:
            open_ = [number]
        comment = line.kind == "comment" and len(open_) == 1
        if comment or (line.end == 0 and line.kind == "code"):
            units += _taken_apart(open_, lines)
            open_ = []
    if open_:
        units.append(open_)
    return [tuple(unit) for unit in units]


@dataclass(frozen=True, slots=True)
class _Line:
    """A physical line: the bracket depths it starts and ends at, and what it is.

    `closes` says that it begins with a closing bracket.
    """

    start: int
    end: int
    closes: bool
    kind: Literal["code", "comment", "blank"]


def _taken_apart(numbers: Sequence[int], lines: Sequence[_Line]) -> list[list[int]]:
    """Split a long bracketed statement at the elements of its outermost open bracket."""
    code = [n for n in numbers if lines[n - 1].kind == "code"]
    if len(code) < _SPREAD:
        return [list(numbers)]
    level = lines[code[0] - 1].end
    units = [[n for n in numbers if n <= code[0]]]
    before = "code"
    for number in (n for n in numbers if n > code[0]):
        line = lines[number - 1]
        element = line.start == level and not line.closes and line.kind != "blank"
        if element and not line.kind == before == "comment":
            units.append([number])
        else:
            units[-1].append(number)
        before = line.kind
    return units


def _lines(source: str, language: str) -> list[_Line]:
    start = depth = 0
    closes = False
    kind: Literal["code", "comment", "blank"] = "blank"
    result: list[_Line] = []
    for token, text in lexed(source, language):
        comment, punctuation = is_a(token, Comment), is_a(token, Punctuation)
        for part in _LINE.findall(text):
            word = part.strip()
            if word and not comment:
                closes = closes or (kind != "code" and word[0] in ")]}")
                kind = "code"
            elif word and kind == "blank":
                kind = "comment"
            for character in word if punctuation else "":
                depth = max(depth + (character in "([{") - (character in ")]}"), 0)
            if part.endswith("\n"):
                # Inside a string of several lines the statement goes on.
                inside = is_a(token, String) and not text.endswith(part)
                result.append(_Line(start, depth + inside, closes, kind))
                kind, start, closes = "blank", depth, False
    wanted = len(physical_lines(source))
    return (result + [_Line(0, 0, False, "blank")] * wanted)[:wanted]
