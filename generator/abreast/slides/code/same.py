"""Whether code that was set anew is still the same program."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache

from abreast.slides.code.reading import Reading, read
from abreast.slides.code.tokens import MARKER, PYTHON


def is_same(before: str, after: str, language: str) -> bool:
    """Say whether two texts are the same program with the same comments.

    Python is compared by its syntax tree, what does not parse and other languages by tokens;
    comments by their words. Tabs must be expanded already.
    """
    tree = _tree(before) if language in PYTHON else None
    if tree is not None and tree != _tree(after):
        return False
    if tree is not None and "#" not in before:
        return "#" not in after
    one, two = read(before, language), read(after, language)
    if one is None or two is None:
        return False
    code = tree is not None or _code(one) == _code(two)
    return code and _comments(one) == _comments(two)


@lru_cache(maxsize=256)
def _tree(text: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes, say: the author's, not ours
            return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _code(reading: Reading) -> list[str]:
    words: list[str] = []
    for row in reading.rows:
        if row.raw:
            words.append(row.text.strip())
        else:
            words += (token.text for token in row.tokens if token.kind != "backslash")
    return [word for word in words if word]


def _comments(reading: Reading) -> str:
    texts = [row.comment.text for row in reading.rows if row.comment and not row.raw]
    return "".join("".join(MARKER.sub("", text, count=1).split()) for text in texts)
