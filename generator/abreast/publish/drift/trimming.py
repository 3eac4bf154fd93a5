"""Merged notebooks without the cells that are the same in both: reading all of them takes longest.

By the text, for abreast writes a cell from the third column on: what is no such text stays whole.
"""

from __future__ import annotations

from itertools import takewhile

_HEAD, _TAIL = '{\n "cells": [', "\n ],\n"
_FIRST, _NEXT = "\n  {", ",\n  {"


def without_same_cells(before: str, after: str) -> tuple[str, str, int]:
    """Return two notebooks without the cells that they begin and end with, and how many begin."""
    first, second = _parts(before), _parts(after)
    if first is None or second is None:
        return before, after, 0
    (old, old_tail), (new, new_tail) = first, second
    start = _same(old, new)
    end = _same(old[start:][::-1], new[start:][::-1])
    return (
        _whole(old[start : len(old) - end], old_tail),
        _whole(new[start : len(new) - end], new_tail),
        start,
    )


def _parts(text: str) -> tuple[list[str], str] | None:
    """Return a notebook's cells and what follows them."""
    end = text.rfind(_TAIL)
    if not text.startswith(_HEAD + _FIRST) or end < 0:
        return None
    return text[len(_HEAD + _FIRST) : end].split(_NEXT), text[end:]


def _same(one: list[str], other: list[str]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _whole(cells: list[str], tail: str) -> str:
    return _HEAD + (_FIRST + _NEXT.join(cells) if cells else "") + tail
