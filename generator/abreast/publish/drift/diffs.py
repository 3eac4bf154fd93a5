"""Texts -> diffs: by lines, with what is noise looked through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from abreast.publish.drift.changes import Diff, DiffLine
from abreast.publish.drift.embedded import shortened

CONTEXT = 2
"""How many lines that stayed are shown around a change."""
_MOST_LINES = 160  # of a diff
_MOST_COMPARED = 2000  # lines of a side, after what both begin and end with
_MOST_CHARACTERS = 300


def line_diff(before: str, after: str, reading: Callable[[str], str] = str) -> Diff:
    """Return what changed from one text to the other; empty where they read the same.

    `reading` says what of a line counts: lines of one reading are the same line, shown as it is
    now.
    """
    old, new = before.splitlines(), after.splitlines()
    lines = list(_lines(old, new, [reading(line) for line in old], [reading(t) for t in new]))
    if len(lines) <= _MOST_LINES:
        return tuple(lines)
    rest = len(lines) - _MOST_LINES
    return (*lines[:_MOST_LINES], DiffLine(sign="@", text=f"{rest} more lines of this diff"))


def _lines(
    old: Sequence[str], new: Sequence[str], read_old: Sequence[str], read_new: Sequence[str]
) -> Iterator[DiffLine]:
    if read_old == read_new:
        return
    start, end = _same_ends(read_old, read_new)
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(old), len(new)) > _MOST_COMPARED:
        yield _line("-", f"{len(old)} lines")
        yield _line("+", f"{len(new)} lines")
        return
    read_old = read_old[start : len(read_old) - end]
    read_new = read_new[start : len(read_new) - end]
    matcher = SequenceMatcher(None, read_old, read_new, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(CONTEXT)):
        if number:
            yield DiffLine(sign="@", text="")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (_line(" ", text) for text in new[j1:j2])
            else:
                yield from (_line("-", text) for text in old[i1:i2])
                yield from (_line("+", text) for text in new[j1:j2])


def _same_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how many lines both begin with and end with, but for those that are shown."""
    shorter = min(len(old), len(new))
    start = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - start
    end = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return max(0, start - CONTEXT), max(0, end - CONTEXT)


def _line(sign: str, text: str) -> DiffLine:
    short = shortened(text)
    if len(short) > _MOST_CHARACTERS:
        short = f"{short[:_MOST_CHARACTERS]}… ({len(short)} characters)"
    return DiffLine(sign=sign, text=short)  # type: ignore[arg-type]  # one of four
