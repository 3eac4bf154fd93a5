"""Lines of text -> lines that a column holds; what is too long goes on in soft lines."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from wcwidth import iter_graphemes

from abreast.model import Line
from abreast.slides.metrics import mono_width
from abreast.slides.outputs.sgr import PLAIN, SEQUENCE, stripped

MARK = 2
"""The columns of the mark that begins a soft line."""
_NARROWEST = 4


@lru_cache(maxsize=128)
def set_text(text: str, wide: int) -> tuple[Line, ...]:
    """Return text as lines of at most `wide` columns; soft lines count their mark.

    A line is broken after a space when there is one in its last third, else between graphemes,
    never inside a style's sequence. The lines of one number, joined, are the author's line.
    """
    result = []
    for number, line in enumerate(text.split("\n"), 1):
        first, *rest = _broken(line, max(wide, _NARROWEST))
        result.append(Line(text=first, number=number))
        result += [Line(text=part, number=number, soft=True) for part in rest]
    return tuple(result)


def open_style(lines: tuple[Line, ...]) -> str:
    """Return the sequence of the style that is open after these lines, or nothing."""
    for line in reversed(lines):
        found = list(SEQUENCE.finditer(line.text))
        if found:
            return "" if found[-1][0] == PLAIN.sequence() else found[-1][0]
    return ""


def _broken(line: str, wide: int) -> list[str]:
    if mono_width(stripped(line)) <= wide:
        return [line]
    tokens = list(_tokens(line))
    parts: list[str] = []
    start, capacity = 0, wide
    while True:
        end = _end(tokens, start, capacity)
        parts.append("".join(token for token, _ in tokens[start:end]))
        if end == len(tokens):
            return parts
        start, capacity = end, wide - MARK


def _end(tokens: list[tuple[str, int]], start: int, capacity: int) -> int:
    """Return the token before which the line from `start` ends."""
    used, space = 0, 0
    for i in range(start, len(tokens)):
        text, width = tokens[i]
        if used + width > capacity:
            return space or i
        used += width
        if text == " " and used > capacity * 2 / 3:
            space = i + 1
    return len(tokens)


def _tokens(line: str) -> Iterator[tuple[str, int]]:
    """Yield style sequences and graphemes, each with its columns."""
    at = 0
    for found in SEQUENCE.finditer(line):
        yield from ((g, mono_width(g)) for g in iter_graphemes(line[at : found.start()]))
        yield found[0], 0
        at = found.end()
    yield from ((g, mono_width(g)) for g in iter_graphemes(line[at:]))
