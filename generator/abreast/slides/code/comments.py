"""Comments that are too wide, wrapped at words as their authors would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from abreast.model.displays import Line
from abreast.slides.code.tokens import MARKER, Token
from abreast.slides.metrics import mono_width

_PRAGMA = re.compile(
    r"""\#[!|] | \#\s*(?: %% | -\*- | In\[ | @\w | (?:noqa|nosec|pragma|flake8)\b
    | (?:type|pylint|mypy|ruff|fmt|isort|yapf|pyright|cython|coding|doctest)\s*[:=] )""",
    re.VERBOSE | re.IGNORECASE,
)
_BULLET = re.compile(r"(?:[-*+•·\u2013]|\(?(?:\d{1,2}|[a-zA-Z])[.)])\s+")
_CODE = re.compile(
    r"""[\w.]+(?:\[[^\]]*\])?\s*(?:[-+*/|&]?=(?!=)|<-)\s*\S | [\w.]+\(.*\)[\s:;,{]*$
    | (?:from\s+\S+\s+)?import\s+[\w.*]+(?:$|[.,]|\s+as\b) | (?:def|class)\s+\w+\s*[(:]
    | >>> | [$%@!]\s?\w | [)\]}] | .*[;{\\]$""",
    re.VERBOSE,
)
_SENTENCE = re.compile(r"""[.!?:;][)"'`]*$""")
_FULL = 68
"""A comment line of at least so many columns was probably wrapped by its author."""


def is_movable(comment: str) -> bool:
    """Say whether a comment means the same on a line of its own."""
    return not _PRAGMA.match(comment)


def wrapped(comments: Sequence[Token], width: int) -> list[Line]:
    """Return the comments of a paragraph as lines of at most `width` columns, with one mark.

    What is no prose stays one line, and so does a word that is too wide.
    """
    first = comments[0]
    found = MARKER.match(first.text)
    if found is None or _PRAGMA.match(first.text) or _is_verbatim(first.text[found.end() :]):
        return [Line(text=comment.text, number=comment.row) for comment in comments]
    bullet = _BULLET.match(first.text, found.end())
    prefix = found["mark"] + (found["gap"] or " ") + " " * len(bullet[0] if bullet else "")
    lines, text, number = list[Line](), found[0], 0
    for glue, word, row in _words(comments):
        if number and mono_width(text + glue + word) > width:
            lines.append(Line(text=text, number=number))
            text, number = prefix + word, row
        else:
            text += glue + word if number else word
            number = number or row
    return [*lines, Line(text=text, number=number)]


def _is_verbatim(text: str) -> bool:
    """Say whether the text of a comment is code or a drawing, where lines have a meaning."""
    return bool(_CODE.match(text)) or not any(map(str.isalnum, text)) or "   " in text.strip()


def goes_on(line: Token, following: Token) -> bool:
    """Say whether a comment line goes on with the sentence of the one before it."""
    one, two = MARKER.match(line.text), MARKER.match(following.text)
    if (line.row + 1, line.column) != (following.row, following.column):
        return False
    if one is None or two is None or one[0] != two[0] or _PRAGMA.match(following.text):
        return False
    later = following.text[two.end() :]
    if not later or _BULLET.match(later) or _is_verbatim(later):
        return False
    full = line.column + mono_width(line.text) >= _FULL
    return full or not later[0].isupper() or bool(_SENTENCE.search(line.text))


def _words(comments: Sequence[Token]) -> Iterator[tuple[str, str, int]]:
    """Yield words with the space before each and its row; none is between CJK characters."""
    before = ""
    for comment in comments:
        for word in MARKER.sub("", comment.text, count=1).split():
            glue = "" if before and _is_cjk(before) and _is_cjk(word[0]) else " "
            for unit in [word] if word.isascii() else _units(word):
                yield glue, unit, comment.row
                glue = ""
            before = word[-1]


def _units(word: str) -> Iterator[str]:
    """Cut a word before and after wide characters, but not before what ends a clause."""
    start = 0
    for at in range(1, len(word)):
        if _is_cjk(word[at]) or (_is_cjk(word[at - 1]) and word[at].isalnum()):
            yield word[start:at]
            start = at
    yield word[start:]


def _is_cjk(char: str) -> bool:
    return char.isalpha() and east_asian_width(char) in {"W", "F"}
