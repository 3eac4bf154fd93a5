"""Code to a column's width: broken where its author would break it, and still the same program."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from abreast.align import physical_lines
from abreast.model.displays import Line
from abreast.slides.code.breaking import soft_lines
from abreast.slides.code.joining import spread_brackets
from abreast.slides.code.reading import read
from abreast.slides.code.same import is_same
from abreast.slides.code.setting import set_pieces
from abreast.slides.code.tokens import PYTHON, is_breakable
from abreast.slides.metrics import mono_width

_TAB = 4
_SPREAD = re.compile(r"[,(\[{]\s*$")
_SPANNING = re.compile(r"\"\"\"|'''|\\$")


def set_code(
    source: str, language: str, pieces: Sequence[Sequence[int]], width: int, *, pack: bool = False
) -> list[tuple[Line, ...]]:
    """Return for each piece of an author's code its lines, none wider than `width` columns.

    A piece has the 1-based numbers of its lines. A line that is too wide is broken where brackets
    allow it, in Python with backslashes too, and in comments between words; the rest of its
    bracket is set anew with it. `pack` fills the lines of brackets that have one element a line,
    where that saves lines. What cannot be broken so, or would be another program then, goes on in
    soft lines: their indent and mark stand inside `width`, which is at least 8.
    """
    written = _as_written(source, language, tuple(map(tuple, pieces)))
    rows, shown, texts = written.rows, written.shown, written.lines
    pack = pack and written.spread
    if written.widest <= width and not pack:
        return texts
    reading = read("\n".join(rows), language) if is_breakable(language) else None
    if reading is None:
        return _softened(texts, width)
    found = _checked(texts, set_pieces(reading, shown, width), width, language)
    spread = [spread_brackets(reading, piece) for piece in shown] if pack else []
    if any(spread):
        packed = set_pieces(reading, shown, width, spread)
        shorter = [min(two, key=len) for two in zip(found, packed, strict=True)]
        found = shorter if _is_same(texts, shorter, language) else found
    return found


def is_packable(source: str) -> bool:
    """Say whether `set_code` might find anything to pack in an author's code."""
    return any(_SPREAD.search(line) for line in physical_lines(source))


class _Written(NamedTuple):
    """Code as its author wrote it: its rows, and of each piece the rows that are shown."""

    rows: list[str]
    shown: list[list[int]]
    lines: list[tuple[Line, ...]]
    widest: int
    spread: bool


# A row is set at one size of type after the other.
@lru_cache(maxsize=16)
def _as_written(source: str, language: str, pieces: tuple[tuple[int, ...], ...]) -> _Written:
    rows = [line.expandtabs(_TAB).rstrip() for line in physical_lines(source)]
    shown = _shown(rows, language, pieces)
    texts = [rows[n - 1] for piece in shown for n in piece]
    return _Written(
        rows=rows,
        shown=shown,
        lines=[tuple(Line(text=rows[n - 1], number=n) for n in piece) for piece in shown],
        widest=max(map(mono_width, texts), default=0),
        spread=any(map(_SPREAD.search, texts)),
    )


def _softened(pieces: Sequence[Sequence[Line]], width: int) -> list[tuple[Line, ...]]:
    return [tuple(soft for line in piece for soft in soft_lines(line, width)) for piece in pieces]


def _shown(rows: Sequence[str], language: str, pieces: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the pieces without blank lines at their edges, and with one in a row inside."""
    shown = [_without_blanks(rows, piece, ()) for piece in pieces]
    dropped = sum(map(len, shown)) < sum(map(len, pieces))
    if not dropped or not is_breakable(language):
        return shown
    if language in PYTHON and not any(_SPANNING.search(row) for row in rows):
        return shown
    reading = read("\n".join(rows), language)
    inside = [n for n, row in enumerate(reading.rows) if row.inside] if reading else []
    return [_without_blanks(rows, piece, inside) for piece in pieces]


def _without_blanks(
    rows: Sequence[str], piece: Sequence[int], inside: Collection[int]
) -> list[int]:
    kept: list[int] = []
    for number in piece:
        blank = not rows[number - 1] and number not in inside
        if not blank or (kept and rows[kept[-1] - 1]):
            kept.append(number)
    if kept and not rows[kept[-1] - 1] and kept[-1] not in inside:
        kept.pop()
    return kept


def _checked(
    texts: Sequence[Sequence[Line]],
    found: Sequence[tuple[Line, ...]],
    width: int,
    language: str,
) -> list[tuple[Line, ...]]:
    """Return what was found, but for pieces that would make it another program."""
    if _is_same(texts, found, language):
        return list(found)
    result = _softened(texts, width)
    for at, lines in enumerate(found):
        trial = [*result[:at], lines, *result[at + 1 :]]
        if lines != result[at] and _is_same(texts, trial, language):
            result = trial
    return result


def _is_same(one: Sequence[Sequence[Line]], two: Sequence[Sequence[Line]], language: str) -> bool:
    before, after = _text(one), _text(two)
    return before == after or is_same(before, after, language)


def _text(pieces: Sequence[Sequence[Line]]) -> str:
    return "".join(_parts(pieces)).removeprefix("\n")


def _parts(pieces: Sequence[Sequence[Line]]) -> Iterator[str]:
    for lines in pieces:
        for line in lines:
            yield line.text if line.soft else "\n" + line.text
