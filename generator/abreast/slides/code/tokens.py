"""Source -> tokens: where a line may be broken is a question of the language's grammar.

Python is read by its own tokenizer, other languages by Pygments.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple, TypeAlias

from pygments.token import Comment, Error, Name, Number, String, _TokenType, is_token_subtype

from abreast.align import lexer

Kind: TypeAlias = Literal[
    "word", "operator", "comma", "open", "close", "string", "comment", "backslash"
]

PYTHON = frozenset({"python", "python3", "py", "ipython", "ipython3"})
BRACKETS = frozenset(
    {"C", "C#", "C++", "Go", "Java", "JavaScript", "Julia", "Kotlin", "Lua", "Ruby", "Rust"}
    | {"S", "SQL", "Scala", "Swift", "TypeScript"}
)
"""Names of Pygments' lexers for languages in which a newline inside ( and [ means nothing."""
MARKER = re.compile(r"(?P<mark>#+['|]?|//+[/!]?|--+)(?P<gap>[ \t]*)")
"""What begins a comment that ends with its line."""

_MAGIC = re.compile(
    r"[ \t]*(?:!(?!=)|%{1,2}[A-Za-z]|\?+[\w.]|[\w.*]+\?+$|[\w., \t]+=[ \t]*(?:!|%[A-Za-z]))"
)
_CELL_MAGIC = re.compile(r"%%(?!(?:capture|debug|prun|python3?|tab|time|timeit)\b)[A-Za-z]")
_SIGNS = re.compile(r"[()\[\]{},]|[^()\[\]{},\s]+")
_SILENT = frozenset(
    {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)
_STARTS, _ENDS = (
    frozenset(kind for kind, name in tokenize.tok_name.items() if name.endswith(end))
    for end in ("STRING_START", "STRING_END")
)


class Token(NamedTuple):
    """A token, or the part of a string of several lines that stands in one of them.

    `row` counts from 1, `column` characters from 0.
    """

    text: str
    kind: Kind
    row: int
    column: int


class Tokens(NamedTuple):
    """The tokens of a source. In `raw` rows nothing may move.

    `inside` are those raw rows that begin in a string.
    """

    tokens: list[Token]
    raw: frozenset[int]
    inside: frozenset[int]


def is_breakable(language: str) -> bool:
    """Say whether a newline inside brackets means nothing in a language."""
    return language in PYTHON or lexer(language).name in BRACKETS


def tokens(rows: Sequence[str], language: str) -> Tokens | None:
    """Return the tokens of a source, None where its language cannot be read so."""
    if any("\r" in row for row in rows):
        return None
    return _python(rows) if language in PYTHON else _pygments(rows, language)


def parsed(text: str) -> ast.Module | None:
    """Return the syntax tree of Python, None for what does not parse, as with magics."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes, say: the author's, not ours
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _python(rows: Sequence[str]) -> Tokens | None:
    magics = _magics(rows)
    if magics and parsed("\n".join(rows)):
        magics = set()
    text = "".join(("" if n in magics else row) + "\n" for n, row in enumerate(rows, 1))
    found: list[Token] = []
    inside: set[int] = set()
    try:
        for kind, start, end in _spans(tokenize.generate_tokens(io.StringIO(text).readline)):
            found += _parts(rows, kind, start, end)
            if start[0] < end[0]:
                inside.update(range(start[0] + 1, end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        return None
    return Tokens(found, frozenset(magics | inside), frozenset(inside))


def _spans(
    found: Iterable[tokenize.TokenInfo],
) -> Iterator[tuple[Kind, tuple[int, int], tuple[int, int]]]:
    """Yield kinds, beginnings and ends; from Python 3.12 on f-strings come in pieces."""
    nested, begin = 0, (0, 0)
    for kind, text, start, end, _ in found:
        if kind in _STARTS:
            begin = begin if nested else start
            nested += 1
        elif kind in _ENDS:
            nested -= 1
            if not nested:
                yield "string", begin, end
        elif kind == tokenize.ERRORTOKEN:
            raise SyntaxError(text)
        elif not nested and kind not in _SILENT:
            yield _python_kind(kind, text), start, end


def _python_kind(kind: int, text: str) -> Kind:
    if kind == tokenize.STRING:
        return "string"
    if kind == tokenize.COMMENT:
        return "comment"
    return "word" if kind != tokenize.OP or text == "..." else _sign(text)


def _sign(text: str) -> Kind:
    if text in {"(", "[", "{"}:
        return "open"
    if text in {")", "]", "}"}:
        return "close"
    return "comma" if text == "," else "operator"


def _parts(
    rows: Sequence[str], kind: Kind, start: tuple[int, int], end: tuple[int, int]
) -> Iterator[Token]:
    if start[0] == end[0]:
        yield Token(rows[start[0] - 1][start[1] : end[1]], kind, *start)
        return
    for row in range(start[0], end[0] + 1):
        text = rows[row - 1]
        first = start[1] if row == start[0] else 0
        yield Token(text[first : end[1] if row == end[0] else None], kind, row, first)


def _magics(rows: Sequence[str]) -> set[int]:
    """Return the rows that IPython reads, not Python; after %%bash and the like all."""
    for number, row in enumerate(rows, 1):
        if _CELL_MAGIC.match(row):
            return _magics(rows[: number - 1]) | set(range(number, len(rows) + 1))
    return {number for number, row in enumerate(rows, 1) if _MAGIC.match(row)}


def _pygments(rows: Sequence[str], language: str) -> Tokens:
    starts = [0, *accumulate(len(row) + 1 for row in rows)]
    found: list[Token] = []
    inside: set[int] = set()
    raw: set[int] = set()

    def place(index: int) -> tuple[int, int]:
        row = bisect_right(starts, index)
        return row, index - starts[row - 1]

    for kind, begin, text in _pieces("\n".join(rows) + "\n", language):
        start, end = place(begin), place(begin + len(text))
        found += _parts(rows, kind or "word", start, end)
        if start[0] < end[0]:
            inside.update(range(start[0] + 1, end[0] + 1))
        if kind is None or (start[0] < end[0] and kind != "string"):
            raw.update(range(start[0], end[0] + 1))
    return Tokens(found, frozenset(raw | inside), frozenset(inside))


def _pieces(text: str, language: str) -> Iterator[tuple[Kind | None, int, str]]:
    """Yield kinds, beginnings and texts; None for what no one may touch."""
    string, end = -1, 0
    nested = _Nested()
    for index, token, value in lexer(language).get_tokens_unprocessed(text):
        quoted = is_token_subtype(token, String)
        if string >= 0 and not quoted and not nested.takes(value):
            yield "string", string, text[string:end]
            string = -1
        if quoted or string >= 0:
            string = index if string < 0 else string
            end = index + len(value)
            nested.step(token, value)
        elif is_token_subtype(token, Comment):
            kind: Kind | None = "comment" if _ends_with_line(token, value) else None
            yield kind, index, value.rstrip()
        elif value.strip():
            yield from _words(token, index, value)
    if string >= 0:
        yield "string", string, text[string:end].removesuffix("\n")


class _Nested:
    """How deep one is in code inside a string, as in `${f(x)}` or Julia's `$(f(x))`."""

    def __init__(self) -> None:
        self.depth = 0
        self.closing = "}"
        self.dollar = False

    def takes(self, value: str) -> bool:
        """Say whether what is no string by itself belongs to the one before it."""
        return self.depth > 0 or (self.dollar and value == "(")

    def step(self, token: _TokenType, value: str) -> None:
        if self.dollar and value == "(" and not self.depth:
            self.depth, self.closing = 1, ")"
        elif self.depth and value in {"(", ")"} and self.closing == ")":
            self.depth += 1 if value == "(" else -1
        elif is_token_subtype(token, String.Interpol) and self.closing == "}":
            self.depth += value in {"{", "${", "#{"}
            self.depth -= value == "}" and self.depth > 0
        if not self.depth:
            self.closing = "}"
        self.dollar = value == "$"


def _ends_with_line(token: _TokenType, value: str) -> bool:
    preprocessor = is_token_subtype(token, Comment.Preproc) or is_token_subtype(
        token, Comment.Hashbang
    )
    return not preprocessor and "\n" not in value.rstrip() and bool(MARKER.match(value))


def _words(token: _TokenType, index: int, value: str) -> Iterator[tuple[Kind | None, int, str]]:
    if is_token_subtype(token, Error):
        yield None, index, value.rstrip()
    elif is_token_subtype(token, Name) or is_token_subtype(token, Number):
        yield "word", index, value.rstrip()
    else:
        for part in _SIGNS.finditer(value):
            word = part[0][0].isalnum() or part[0][0] == "_"
            yield "word" if word else _sign(part[0]), index + part.start(), part[0]
