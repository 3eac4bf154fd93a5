"""Rows that are set together -> lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from abreast.model.displays import Line
from abreast.slides.code.breaking import LINE, SOFT, Breaks, Word, best_breaks, lines_of
from abreast.slides.code.indents import NARROW, STEP, Indents
from abreast.slides.code.reading import OUTSIDE, Reading
from abreast.slides.code.words import Gap, Text

_BETTER = LINE // 3
"""What another way to indent must save."""


class Hang(NamedTuple):
    """A way to indent: `step` columns for each bracket around, by what `counts`.

    That is each, each of several elements, none but the innermost, or those of these numbers.
    `deeper`: one more in brackets, where lines outside them hang too.
    """

    step: int
    counts: Literal["several", "each", "one"] | frozenset[int]
    deeper: bool = False


_HANGS = (Hang(STEP, "several"), Hang(STEP, "each"))
_NARROW_HANGS = tuple(hang._replace(step=STEP // 2) for hang in _HANGS)
# Without a step for each bracket it is hard to see what belongs to which: the last resort.
_FLAT_HANGS = (Hang(STEP, "one"), Hang(STEP // 2, "one"))


def set_flow(
    reading: Reading, numbers: Sequence[int], indents: Indents, width: int, *, comment: bool
) -> list[Line]:
    """Return consecutive rows as the fewest lines, and of those breakings the least ugly.

    `comment` says that the one after the last row stays at the end.
    """
    text = Text(reading, numbers)
    words, gaps = text.words(comment=comment)
    base = _Base(text, numbers[0], indents)

    known: dict[tuple[int, ...], tuple[Breaks, list[Word]]] = {}

    def tried(hang: Hang) -> _Set:
        columns = base.columns(gaps, hang)
        if columns not in known:
            pairs = zip(words, columns, strict=True)
            hanging = [word._replace(indent=indent) for word, indent in pairs]
            known[columns] = best_breaks(hanging, width), hanging
        breaks, hanging = known[columns]
        used = frozenset(gaps[start - 1].bracket for start in breaks.starts[1:])
        return _Set(breaks, hanging, hang, used)

    found = tried(_HANGS[0])
    if not base.is_shallow(found.used):
        found = _tightened(found, tried)
    narrow = width - base.first < NARROW or found.breaks.cost >= SOFT
    for hang in (*_HANGS[1:], *((*_NARROW_HANGS, *_FLAT_HANGS) if narrow else ())):
        if found.breaks.cost < (SOFT if hang in _FLAT_HANGS else 2 * LINE + _BETTER):
            break
        other = _tightened(tried(hang), tried)
        found = other if other.breaks.cost + _BETTER < found.breaks.cost else found
    if OUTSIDE in found.used and len(found.used) > 1:
        other = tried(found.hang._replace(deeper=True))
        found = other if other.breaks.cost < found.breaks.cost + _BETTER else found
    return lines_of(found.words, found.breaks.starts)


class _Set(NamedTuple):
    """A flow, set with a hang; lines begin in the brackets that are `used`."""

    breaks: Breaks
    words: list[Word]
    hang: Hang
    used: frozenset[int]


def _tightened(found: _Set, tried: Callable[[Hang], _Set]) -> _Set:
    """Return the flow without steps for brackets in which no line begins, if it is no worse.

    The outermost in which lines begin is tried without, too: they may not have to.
    """
    inside = found.used - {OUTSIDE}
    for used in (inside, inside - {min(inside, default=OUTSIDE)}):
        if used and used != found.hang.counts:
            other = tried(found.hang._replace(counts=used))
            good = other.used <= used | {OUTSIDE} and other.breaks.cost <= found.breaks.cost
            found = other if good else found
    return found


class _Base:
    """What the lines of a flow hang from."""

    def __init__(self, text: Text, number: int, indents: Indents) -> None:
        self.brackets = text.brackets
        self.around = text.around
        self.indents = indents
        self.first = indents.row(number)
        row = text.reading.rows[number]
        self.head = row.head
        self.begins = number == row.head
        self.header = self.begins and row.header

    def columns(self, gaps: Sequence[Gap], hang: Hang) -> tuple[int, ...]:
        """Return the indents of the lines that would begin with each word."""
        return (self.first, *(self._indent(gap, hang) for gap in gaps))

    def is_shallow(self, brackets: Iterable[int]) -> bool:
        """Say whether these are not inside others that begin in the flow."""
        return all(
            number == OUTSIDE or self.brackets[number].parent in {OUTSIDE, *self.around}
            for number in brackets
        )

    def _indent(self, gap: Gap, hang: Hang) -> int:
        number = gap.bracket
        if number == OUTSIDE:
            return self.first + hang.step * (self.begins + self.header)
        inner = gap.inner and self.brackets[number].several
        if number in self.around:
            return self.indents.bracket(number) + hang.step * inner
        levels = 1 + inner
        number = self.brackets[number].parent
        while number != OUTSIDE and number not in self.around:
            levels += self._counts(number, hang)
            number = self.brackets[number].parent
        levels = 1 if hang.counts == "one" else levels
        indent = self._content(number, hang) + hang.step * (levels + hang.deeper)
        authors = self.indents.bracket(gap.bracket)
        return authors if authors < self.first + hang.step else indent

    def _counts(self, number: int, hang: Hang) -> bool:
        if isinstance(hang.counts, frozenset):
            return number in hang.counts
        return hang.counts == "each" or self.brackets[number].several

    def _content(self, number: int, hang: Hang) -> int:
        """Return the columns before what a bracket around the flow holds."""
        if number == OUTSIDE or self.brackets[number].row < self.head:
            return self.first + hang.step * self.header
        return self.indents.bracket(number)
