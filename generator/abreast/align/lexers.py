"""How code is read, for the units of bands and for its colours alike."""

from __future__ import annotations

from functools import cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound


@cache
def lexer(language: str) -> Lexer:
    """Return Pygments' lexer for a language, plain text for one that it does not know."""
    options = {"stripnl": False, "ensurenl": True}
    try:
        return get_lexer_by_name(language, **options)
    except ClassNotFound:
        return get_lexer_by_name("text", **options)


def physical_lines(source: str) -> list[str]:
    """Return the lines as editors count them: a newline ends one, and nothing else does."""
    return source.removesuffix("\n").split("\n") if source else []
