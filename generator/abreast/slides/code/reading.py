"""Tokens -> rows and brackets: what stands where in an author's code."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from abreast.slides.code.tokens import PYTHON, Token, Tokens, tokens

OUTSIDE = -1
"""The number of no bracket."""
NO_OPERANDS = frozenset(
    {"and", "as", "assert", "await", "del", "elif", "else", "except", "for", "from", "if", "import"}
    | {"in", "is", "lambda", "not", "or", "raise", "return", "while", "with", "yield"}
)
"""Words of Python after which an operator has one operand only, and a bracket is no call."""
_HEADERS = frozenset(
    {"async", "case", "class", "def", "elif", "else", "except", "finally", "for", "if", "match"}
    | {"try", "while", "with"}
)


@dataclass(slots=True)
class Bracket:
    """A pair of brackets from row `row` to row `last`, inside the bracket number `parent`.

    `several`: it has more than one element. `content` are the columns before the first row that
    begins inside it. `block`: it begins at the end of a row and holds more than the next row, and
    `comma`: its last element ends with one. `literal`: it is neither a call nor a subscript.
    """

    sign: str
    parent: int
    row: int
    literal: bool
    last: int = 0
    commas: int = 0
    several: bool = False
    block: bool = False
    comma: bool = False
    content: int | None = None


@dataclass(slots=True)
class Row:
    """A physical line, its code and the comment after it.

    `after[n]` is the bracket that one stands in after `tokens[n]`; the row begins in the bracket
    `start` and ends in `end`. In a `raw` row nothing may move; `inside`: it begins in a string;
    `tied`: the next row goes on with its last token, or it ends with a backslash. `head` is the
    number of the row that its statement begins with, and `header`: the statement opens a block.
    """

    text: str
    indent: int
    tokens: list[Token] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    comment: Token | None = None
    start: int = OUTSIDE
    end: int = OUTSIDE
    raw: bool = False
    inside: bool = False
    tied: bool = False
    head: int = 0
    header: bool = False

    @property
    def code(self) -> str:
        """The row without its indent and its comment."""
        end = self.comment.column if self.comment else len(self.text)
        return self.text[self.indent : end].rstrip()

    @property
    def closers(self) -> int:
        """How many closing brackets the row begins with."""
        count = 0
        while count < len(self.tokens) and self.tokens[count].kind == "close":
            count += 1
        return count

    @property
    def home(self) -> int:
        """The bracket that the row stands in, once those that it begins with are closed."""
        return self.after[self.closers - 1] if self.closers else self.start


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a source; `rows[n]` is row n, from 1 on."""

    language: str
    rows: list[Row]
    brackets: list[Bracket]

    @property
    def python(self) -> bool:
        """Say whether this is Python, where brackets of all kinds let a line go on."""
        return self.language in PYTHON


@lru_cache(maxsize=256)
def read(text: str, language: str) -> Reading | None:
    """Return what stands where in a text, None if it cannot be read: brackets that do not match.

    Tabs must be expanded already.
    """
    texts = text.split("\n")
    found = tokens(texts, language)
    rows = [Row(text=line, indent=len(line) - len(line.lstrip(" "))) for line in ("", *texts)]
    if found is None:
        return None
    reader = _Reader(Reading(language=language, rows=rows, brackets=[]))
    for number in found.raw:
        rows[number].raw = True
    for number in found.inside:
        rows[number].inside = rows[number - 1].tied = True
    return reader.reading if reader.take(found) else None


class _Reader:
    """A pass over the tokens, with a stack of open brackets."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.stack: list[int] = []
        self.binding: set[int] = set()
        self.before: Token | None = None

    @property
    def top(self) -> int:
        return self.stack[-1] if self.stack else OUTSIDE

    def take(self, found: Tokens) -> bool:
        row = 0
        for token in found.tokens:
            self._rows(row, token.row, token.kind != "close")
            row = token.row
            if token.kind == "comment":
                self.reading.rows[row].comment = token
            elif not self._token(token, self.reading.rows[row]):
                return False
        self._rows(row, len(self.reading.rows) - 1, content=False)
        for line in self.reading.rows:
            line.raw = line.raw or not _is_covered(line)
        self._statements()
        return not self.stack

    def _rows(self, done: int, row: int, content: bool) -> None:
        """Close the rows up to the one that begins now, with `content` of its bracket or not."""
        rows = self.reading.rows
        if done == row:
            return
        rows[done].end = self.top
        for number in range(done + 1, row + 1):
            rows[number].start = rows[number].end = self.top
        opener = self.stack and rows[done].tokens and rows[done].tokens[-1].kind == "open"
        if self.stack:
            bracket = self.reading.brackets[self.top]
            bracket.block = bracket.block or bool(opener and bracket.row == done)
            if content and bracket.content is None and not rows[row].raw:
                bracket.content = rows[row].indent

    def _token(self, token: Token, row: Row) -> bool:
        brackets = self.reading.brackets
        if token.kind == "open":
            literal = not _is_operand(self.before)
            brackets.append(Bracket(token.text, self.top, token.row, literal))
            self.stack.append(len(brackets) - 1)
        elif token.kind == "close":
            if not self.stack or brackets[self.top].sign + token.text not in {"()", "[]", "{}"}:
                return False
            self._close(brackets[self.stack.pop()], token.row)
        elif self.reading.python:
            token = self._bound(token)
        if token.kind == "comma" and self.stack:
            brackets[self.top].commas += 1
        row.tokens.append(token)
        row.after.append(self.top)
        self.before = token
        return True

    def _close(self, bracket: Bracket, row: int) -> None:
        alone = not self.reading.rows[row].tokens
        bracket.block = bracket.block and (alone or bracket.row + 1 < row)
        bracket.last = row
        bracket.comma = self.before is not None and self.before.kind == "comma"
        bracket.several = bracket.commas > bracket.comma

    def _bound(self, token: Token) -> Token:
        """Tell the commas between the names that `for` and `lambda` bind from those of elements."""
        if token.kind == "word" and token.text in {"for", "lambda"}:
            self.binding.add(self.top)
        elif token.text in {"in", ":"}:
            self.binding.discard(self.top)
        elif token.kind == "comma" and self.top in self.binding:
            return token._replace(kind="operator")
        return token

    def _statements(self) -> None:
        rows, brackets = self.reading.rows, self.reading.brackets
        head, going_on = 0, False
        for number, row in enumerate(rows[1:], 1):
            if self.reading.python and not row.raw and row.tokens and not row.comment:
                column = row.tokens[-1].column + len(row.tokens[-1].text)
                if not row.tied and row.text.endswith("\\") and len(row.text) > column:
                    row.tokens.append(Token("\\", "backslash", number, len(row.text) - 1))
                    row.after.append(row.end)
                    row.tied = True
            block = row.start == OUTSIDE or (
                not self.reading.python and brackets[row.start].sign == "{"
            )
            if block and not going_on:
                self._header(head, number)
                head = number
            going_on = row.tied
            row.head = head
        self._header(head, len(rows))

    def _header(self, head: int, after: int) -> None:
        """Say whether the statement of these rows opens a block."""
        rows = self.reading.rows
        last = next((rows[n] for n in range(after - 1, head - 1, -1) if rows[n].tokens), None)
        if not head or last is None:
            return
        first = rows[head].tokens[0].text if rows[head].tokens else ""
        end = last.tokens[-1].text
        opens = (first in _HEADERS and end == ":") if self.reading.python else end == "{"
        for number in range(head, after):
            rows[number].header = opens


def _is_covered(row: Row) -> bool:
    """Say whether the tokens are all that is in a row, but for a backslash at its end."""
    parts = [token.text for token in row.tokens]
    if row.comment:
        parts.append(row.comment.text)
    found, whole = ("".join("".join(text).split()) for text in (parts, row.text))
    return whole in {found, found + "\\"}


def _is_operand(token: Token | None) -> bool:
    if token is None:
        return False
    if token.kind == "word":
        return token.text not in NO_OPERANDS
    return token.kind in {"close", "string"}
