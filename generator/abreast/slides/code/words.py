"""Rows that are set together -> what stays together on a line, and what breaks between cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from abreast.slides.code.breaking import LINE, Word
from abreast.slides.code.places import ASSIGNMENTS, Place, Spot, other_place, python_place
from abreast.slides.code.reading import OUTSIDE, Reading
from abreast.slides.code.tokens import Token
from abreast.slides.metrics import mono_width

_DEEPER = 60
"""The price of a break in a bracket inside another: the outermost break first."""
_JOINT = 40
"""The price of joining what the author has put on two lines."""
_SMALL = 22
"""Columns; the less of them a bracket holds, the less gladly it is broken."""
_FILLED, _MOSTLY = LINE // 4, 80
"""The price of parting two brackets, the inner all or most of what the outer holds."""
_WHOLE, _LITTLE = LINE // 2, 32
"""The price of breaking a tuple or the like, of less columns, inside a bracket of several."""


class Gap(NamedTuple):
    """Where a line may be broken: in a bracket, by its number, `inner` to one of its elements."""

    bracket: int
    inner: bool


class Text:
    """The code of rows as one line.

    `around` are the brackets that it begins in, by their numbers, the innermost first.
    """

    def __init__(self, reading: Reading, numbers: Sequence[int]) -> None:
        rows = [reading.rows[number] for number in numbers]
        self.reading = reading
        self.brackets = reading.brackets
        self.around = _around(reading, rows[0].home)
        self.tokens = [token for row in rows for token in row.tokens]
        self.after = [self._effective(bracket) for row in rows for bracket in row.after]
        self.glues = ["", *(_glue(reading, one, two) for one, two in pairwise(self.tokens))]
        self.end = rows[-1]
        head = reading.rows[rows[0].head].tokens
        self.statement = head[0] if head else None
        self.value = self._value()
        self.chains = Counter(
            self.after[at - 1]
            for at, token in enumerate(self.tokens)
            if token.text == "." and at and self.tokens[at - 1].kind == "close"
        )
        self.sizes, self.last = self._sizes()

    def words(self, *, comment: bool) -> tuple[list[Word], list[Gap]]:
        """Return what stays together, without indents, and the gaps between.

        `comment` says that the one after the last row belongs to the last word.
        """
        texts = [[self.tokens[0].text]]
        words = [Word("", self.tokens[0].row)]
        gaps: list[Gap] = []
        for at in range(1, len(self.tokens)):
            place = self._place(at)
            if place is None:
                texts[-1] += (self.glues[at], self.tokens[at].text)
            else:
                texts.append([self.tokens[at].text])
                words.append(self._word(at, place))
                gaps.append(Gap(self.after[at - 1], place.inner))
        if comment and self.end.comment:
            glue = _glue(self.reading, self.tokens[-1], self.end.comment)
            texts[-1] += (glue, self.end.comment.text)
        pairs = zip(words, texts, strict=True)
        return [word._replace(text="".join(text)) for word, text in pairs], gaps

    def _effective(self, bracket: int) -> int:
        """Return OUTSIDE for the body that a statement of another language stands in."""
        body = bracket in self.around and self.brackets[bracket].sign == "{"
        return OUTSIDE if body and not self.reading.python else bracket

    def _place(self, at: int) -> Place | None:
        number = self.after[at - 1]
        spot = Spot(
            earlier=self.tokens[at - 2] if at > 1 else None,
            before=self.tokens[at - 1],
            after=self.tokens[at],
            later=tuple(self.tokens[at + 1 : at + 3]),
            bracket=None if number == OUTSIDE else self.brackets[number],
            glue=self.glues[at],
            statement=self.statement,
            target=at < self.value,
            chained=self.chains[number] > 1,
        )
        if self.reading.python:
            return python_place(spot)
        return other_place(spot, self.reading.language)

    def _word(self, at: int, place: Place) -> Word:
        number = self.after[at - 1]
        several = place.inner and number != OUTSIDE and self.brackets[number].several
        return Word(
            text="",
            row=self.tokens[at].row,
            glue=self.glues[at],
            price=place.price + self._small(at, place) + self._nested(at),
            tail=place.tail,
            depth=len(_around(self.reading, number)) + several,
            parts=place.parts,
            opens=place.opens,
            joint=_JOINT * (self.tokens[at - 1].row < self.tokens[at].row),
        )

    def _small(self, at: int, place: Place) -> int:
        """Return the price of breaking a bracket that holds little."""
        number = self.after[at - 1]
        if number == OUTSIDE:
            return 0
        small = LINE * max(0, _SMALL - self.sizes.get(number, _SMALL)) // _SMALL
        last = number in self.last and not self.brackets[number].literal
        kept = place.opens or (last and self.tokens[at - 1].kind == "comma")
        return small if kept else 2 * small

    def _nested(self, at: int) -> int:
        """Return the price of breaking a bracket inside others, or one from one inside."""
        outer, inner = self.after[at - 1], self.after[at]
        price = _DEEPER * self._depth(outer)
        if self.tokens[at - 1].text == "(" and self.tokens[at].text in {"[", "{"}:
            within, around = self.sizes.get(inner, 0), self.sizes.get(outer, 0)
            price += _FILLED if within + 2 == around else _MOSTLY * (2 * within > around)
        return price + _WHOLE * self._is_whole(outer)

    def _is_whole(self, number: int) -> bool:
        if number == OUTSIDE or number in self.around:
            return False
        bracket = self.brackets[number]
        element = bracket.parent != OUTSIDE and self.brackets[bracket.parent].several
        small = self.sizes.get(number, _LITTLE) < _LITTLE
        return bracket.literal and bracket.several and element and small

    def _depth(self, number: int) -> int:
        """Count the brackets of several elements around one, as far as these rows go."""
        depth = 0
        while number != OUTSIDE and number not in self.around:
            number = self.brackets[number].parent
            depth += number != OUTSIDE and self.brackets[number].several
        return depth

    def _value(self) -> int:
        """Return where what is assigned begins, 0 where nothing is."""
        for at in range(len(self.tokens) - 1, 0, -1):
            if self.after[at] == OUTSIDE and self.tokens[at].text in ASSIGNMENTS:
                return at
        return 0

    def _sizes(self) -> tuple[dict[int, int], set[int]]:
        """Return how many columns the brackets hold that end here, and which stand at the end."""
        starts: dict[int, int] = {}
        sizes: dict[int, int] = {}
        last: set[int] = set()
        used, before = 0, OUTSIDE
        for token, glue, bracket in zip(self.tokens, self.glues, self.after, strict=True):
            used += mono_width(glue)
            if token.kind == "close" and before in starts:
                sizes[before] = used - starts[before]
                last.add(before)
            elif token.kind != "close" and token.text not in {":", ","}:
                last.clear()
            used += mono_width(token.text)
            if token.kind == "open":
                starts[bracket] = used
            before = bracket
        return sizes, last


def _around(reading: Reading, bracket: int) -> list[int]:
    found = []
    while bracket != OUTSIDE:
        found.append(bracket)
        bracket = reading.brackets[bracket].parent
    return found


def _glue(reading: Reading, one: Token, two: Token) -> str:
    """Return what stands between two tokens in one line."""
    if one.row == two.row:
        return reading.rows[one.row].text[one.column + len(one.text) : two.column]
    return "" if one.kind == "open" or two.kind == "close" else " "
