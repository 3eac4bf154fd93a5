"""How code is read, for the units of bands and for its colours alike."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import cache, lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import _TokenType, is_token_subtype
from pygments.util import ClassNotFound


@cache
def lexer(language: str) -> Lexer:
    """Return Pygments' lexer for a language, plain text for one that it does not know."""
    options = {"stripnl": False, "ensurenl": True}
    try:
        return get_lexer_by_name(language, **options)
    except ClassNotFound:
        return get_lexer_by_name("text", **options)


def lexed(source: str, language: str) -> Iterator[tuple[_TokenType, str]]:
    """Yield the tokens of a program in order; it ends in a newline, if it did not."""
    text, kinds, lengths = _lexed(source, language)
    at = 0
    for kind, length in zip(kinds, lengths, strict=True):
        yield kind, text[at : at + length]
        at += length


@cache
def is_a(kind: _TokenType, of: _TokenType) -> bool:
    """Say whether a kind of tokens is another, or a part of it."""
    return is_token_subtype(kind, of)


# A program is cut into statements when its slide is composed and coloured when that is drawn, with
# all the others of the deck between; its tokens would take far more room than their lengths.
@lru_cache(maxsize=8192)
def _lexed(source: str, language: str) -> tuple[str, tuple[_TokenType, ...], array[int]]:
    kinds, texts = zip(*lexer(language).get_tokens(source), strict=True)
    return "".join(texts), kinds, array("I", map(len, texts))


def physical_lines(source: str) -> list[str]:
    """Return the lines as editors count them: a newline ends one, and nothing else does."""
    return source.removesuffix("\n").split("\n") if source else []
