"""Rows that are set together -> lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from abreast.model.displays import Line
from abreast.slides.code.breaking import LINE, SOFT, Breaks, Word, best_breaks, lines_of
from abreast.slides.code.indents import NARROW, STEP, Indents
from abreast.slides.code.reading import OUTSIDE, Reading
from abreast.slides.code.words import Gap, Text

_BETTER = LINE // 3
"""What another way to indent must save."""


class Hang(NamedTuple):
    """A way to indent: by `step` columns for each bracket, each of several elements, or one in all.

    `deeper`: one more in brackets, where lines outside them hang too.
    """

    step: int
    levels: Literal["several", "each", "one"]
    deeper: bool = False


_HANGS = (Hang(STEP, "several"), Hang(STEP, "each"), Hang(STEP, "one"))
_NARROW_HANGS = tuple(hang._replace(step=STEP // 2) for hang in _HANGS)


def set_flow(
    reading: Reading, numbers: Sequence[int], indents: Indents, width: int, *, comment: bool
) -> list[Line]:
    """Return consecutive rows as the fewest lines, and of those breakings the least ugly.

    `comment` says that the one after the last row stays at the end.
    """
    text = Text(reading, numbers)
    words, gaps = text.words(comment=comment)
    base = _Base(text, numbers[0], indents)

    def tried(hang: Hang) -> tuple[Breaks, list[Word]]:
        hanging = base.indented(words, gaps, hang)
        return best_breaks(hanging, width), hanging

    best = _HANGS[0]
    least, hanging = tried(best)
    narrow = width - base.first < NARROW or least.cost >= SOFT
    for hang in (*_HANGS[1:], *(_NARROW_HANGS if narrow else ())):
        if least.cost < 2 * LINE + _BETTER:
            break
        breaks, other = tried(hang)
        if breaks.cost + _BETTER < least.cost:
            best, least, hanging = hang, breaks, other
    outside = {gaps[start - 1].bracket == OUTSIDE for start in least.starts[1:]}
    if len(outside) > 1:
        breaks, other = tried(best._replace(deeper=True))
        if breaks.cost < least.cost + _BETTER:
            least, hanging = breaks, other
    return lines_of(hanging, least.starts)


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

    def indented(self, words: Sequence[Word], gaps: Sequence[Gap], hang: Hang) -> list[Word]:
        """Return the words with the indents of the lines that would begin with them."""
        first = words[0]._replace(indent=self.first)
        pairs = zip(words[1:], gaps, strict=True)
        return [first, *(word._replace(indent=self._indent(gap, hang)) for word, gap in pairs)]

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
            levels += hang.levels == "each" or self.brackets[number].several
            number = self.brackets[number].parent
        levels = 1 if hang.levels == "one" else levels
        return self._content(number, hang) + hang.step * (levels + hang.deeper)

    def _content(self, number: int, hang: Hang) -> int:
        """Return the columns before what a bracket around the flow holds."""
        if number == OUTSIDE or self.brackets[number].row < self.head:
            return self.first + hang.step * self.header
        return self.indents.bracket(number)
