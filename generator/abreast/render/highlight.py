"""Code -> HTML, a string for each line, so that lines can stand in bands."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple

from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    _TokenType,
    is_token_subtype,
)

from abreast.align import lexed, physical_lines
from abreast.model import Line
from abreast.render.boxes import boxed

_PLAIN = "p"  # no colour, and no word
# Few colours: the eye should find what differs. The first that holds a token's type wins.
_CLASSES = (
    (Comment, "c"),
    (Keyword.Constant, "n"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (String, "s"),
    (Number, "n"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "f"),
    (Punctuation, _PLAIN),
    (Operator, _PLAIN),
)
_COLOURS = {
    "c": "#646b75",
    "k": "#7a3e9d",
    "s": "#1f6b40",
    "n": "#1b5fa8",
    "f": "#101722",
}
_WORDS = frozenset({"", "f", "n", "s"})


class Token(NamedTuple):
    """A piece of a line in one colour; `css` is "" for plain text."""

    text: str
    css: str

    @property
    def is_word(self) -> bool:
        """Say whether it is a name, a number or a string: what can differ between frameworks."""
        return self.css in _WORDS and self.text.strip() not in {"", "\\"}


def highlight_lines(source: str, language: str) -> list[str]:
    """Return each line of `source` as HTML."""
    lines = [Line(text=text, number=n) for n, text in enumerate(physical_lines(source), 1)]
    return [line_html(tokens) for tokens in line_tokens(tuple(lines), language)]


@lru_cache(maxsize=64)
def line_tokens(lines: tuple[Line, ...], language: str) -> tuple[tuple[Token, ...], ...]:
    """Return the tokens of each line of a column; soft lines go on with the line before them."""
    text = "".join(line.text if line.soft else f"\n{line.text}" for line in lines)
    tokens = _tokens(text.removeprefix("\n"), language)
    return tuple(tuple(_take(tokens, len(line.text))) for line in lines)


def _tokens(text: str, language: str) -> deque[Token]:
    """Return the tokens of a program, none longer than a line, without the newlines."""
    result: deque[Token] = deque()
    for kind, value in lexed(text, language):
        css = _class_of(kind)
        if "\n" in value:
            result.extend(Token(part, css) for part in value.split("\n") if part)
        elif value:
            result.append(Token(value, css))
    return result


@cache
def _class_of(kind: _TokenType) -> str:
    return next((name for known, name in _CLASSES if is_token_subtype(kind, known)), "")


def _take(tokens: deque[Token], length: int) -> list[Token]:
    """Take tokens of so many characters from the left, cutting the last where it must be."""
    taken = []
    while length and tokens:
        token = tokens.popleft()
        taken.append(Token(token.text[:length], token.css))
        if len(token.text) > length:
            tokens.appendleft(Token(token.text[length:], token.css))
        length -= len(taken[-1].text)
    return taken


def line_html(
    tokens: Sequence[Token], strong: frozenset[int] = frozenset(), *, inline: bool = False
) -> str:
    """Return a line as HTML; `strong` has the indices of the tokens to emphasise.

    `inline` writes colours where no stylesheet is. Neighbours that look the same are one span.
    """
    looks = groupby(enumerate(tokens), key=lambda one: (one[1].css, one[0] in strong))
    return "".join(
        _span(Token("".join(token.text for _, token in run), css), strong=bold, inline=inline)
        for (css, bold), run in looks
    )


@lru_cache(maxsize=1 << 13)
def _span(token: Token, *, strong: bool, inline: bool) -> str:
    text = boxed(token.text)
    css = token.css if token.css != _PLAIN and token.text.strip() else ""
    if inline:
        shown = f'<span style="color:{_COLOURS[css]}">{text}</span>' if css else text
        return f"<b>{shown}</b>" if strong else shown
    names = " ".join(filter(None, [css, "d" if strong else ""]))
    return f'<span class="{names}">{text}</span>' if names else text
