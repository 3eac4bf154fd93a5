"""Rows -> bands: which statements of the frameworks' code correspond."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Literal

from pygments.token import Comment, Punctuation, String, is_token_subtype

from abreast.align import weights
from abreast.align.blocks import align_in_blocks
from abreast.align.features import Vocabulary, code_features
from abreast.align.lexers import lexer, physical_lines
from abreast.align.pieces import Piece
from abreast.events import ignore
from abreast.model import Band

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SPREAD = 4
"""A bracketed statement of at least this many lines is taken apart into its elements."""


def align_statements(
    code: Mapping[str, str],
    languages: Mapping[str, str] | None = None,
    vocabularies: Mapping[str, Vocabulary] | None = None,
) -> list[Band]:
    """Return bands in order; each line of each framework's code is in exactly one.

    The unit is a statement, a comment, or an element of a bracketed statement that spreads over
    several lines; a band may hold several units of one framework. The method is that of the cells:
    see `sequences.py`. Time is proportional to the product of two statement counts, for each two
    frameworks.
    """
    names = sorted(code)
    units = [statement_lines(code[name], (languages or {}).get(name, "python")) for name in names]
    pieces = [
        [_piece(code[name], lines, (vocabularies or {}).get(name, {})) for lines in mine]
        for name, mine in zip(names, units, strict=True)
    ]
    column = {name: names.index(name) for name in code}
    return [
        Band(
            lines={
                name: tuple(n for place in row.group[f] for n in units[f][place])
                for name, f in column.items()
                if f in row.group
            }
        )
        for row in align_in_blocks(pieces, weights.statements, (), ignore)
    ]


def _piece(source: str, lines: Sequence[int], vocabulary: Vocabulary) -> Piece:
    whole = physical_lines(source)
    text = dedent("\n".join(whole[n - 1] for n in lines))
    return Piece(text=text, features=code_features(text, vocabulary=vocabulary))


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
    for token, text in lexer(language).get_tokens(source):
        comment, punctuation = (
            is_token_subtype(token, Comment),
            is_token_subtype(token, Punctuation),
        )
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
                inside = is_token_subtype(token, String) and not text.endswith(part)
                result.append(_Line(start, depth + inside, closes, kind))
                kind, start, closes = "blank", depth, False
    wanted = len(physical_lines(source))
    return (result + [_Line(0, 0, False, "blank")] * wanted)[:wanted]
