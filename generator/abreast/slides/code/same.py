"""Whether code that was set anew is still the same program."""

from __future__ import annotations

import ast
import io
import tokenize
from functools import lru_cache

from pygments.token import Comment, String, is_token_subtype

from abreast.align import lexer
from abreast.slides.code.tokens import MARKER, PYTHON, parsed


def is_same(before: str, after: str, language: str) -> bool:
    """Say whether two texts are the same program with the same comments.

    Python is compared by its syntax tree; what does not parse, as with magics, and other languages
    by their tokens; comments by their words. Tabs must be expanded already.
    """
    tree = _tree(before) if language in PYTHON else None
    if tree is None:
        return _lexed(before, language) == _lexed(after, language)
    return tree == _tree(after) and _comments(before) == _comments(after)


@lru_cache(maxsize=256)
def _tree(text: str) -> str | None:
    tree = parsed(text)
    try:
        return ast.dump(tree) if tree else None
    except RecursionError:
        return None


def _comments(text: str) -> str:
    """Return the comments of Python that parses."""
    if "#" not in text:
        return ""
    found = tokenize.generate_tokens(io.StringIO(text).readline)
    return "".join(_said(token.string) for token in found if token.type == tokenize.COMMENT)


@lru_cache(maxsize=256)
def _lexed(text: str, language: str) -> tuple[str, str]:
    """Return the code and the comments without the whitespace between tokens."""
    code: list[str] = []
    comments: list[str] = []
    for token, value in lexer(language).get_tokens(text.replace("\\\n", " ")):
        if is_token_subtype(token, Comment):
            comments.append(_said(value))
        else:
            code.append(value if is_token_subtype(token, String) else "".join(value.split()))
    return "".join(code), "".join(comments)


def _said(comment: str) -> str:
    return "".join(MARKER.sub("", comment, count=1).split())
