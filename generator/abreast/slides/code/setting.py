"""Pieces of code -> lines of a width, as far as their language lets them be broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from abreast.model.displays import Line
from abreast.slides.code.breaking import soft_lines
from abreast.slides.code.comments import goes_on, is_movable, wrapped
from abreast.slides.code.flows import set_flow
from abreast.slides.code.indents import NARROW, STEP, Indents
from abreast.slides.code.joining import (
    Joints,
    broken_brackets,
    folded_brackets,
    is_loosening,
    is_wide,
    loose_brackets,
)
from abreast.slides.code.reading import OUTSIDE, Reading
from abreast.slides.code.tokens import Token
from abreast.slides.metrics import mono_width


def set_pieces(
    reading: Reading,
    pieces: Sequence[Sequence[int]],
    width: int,
    spread: Sequence[frozenset[int]] = (),
) -> list[tuple[Line, ...]]:
    """Return the lines of each piece; brackets in `spread` are filled though they are not wide."""
    numbers = [number for piece in pieces for number in piece]
    tight = [n for n in numbers if is_loosening(reading, n, width)]
    loose = loose_brackets(reading, tight)
    hung = frozenset(reading.rows[n].head for n in tight)
    indents = Indents(reading, loose, hung=hung)
    moved = _moved(reading, numbers, indents, width)
    indents = Indents(reading, loose, moved, hung) if moved else indents
    wide = {n for n in numbers if is_wide(reading, n, indents, width)}
    broken = [broken_brackets(reading, piece, wide.intersection(piece)) for piece in pieces]
    spread = spread or [frozenset()] * len(pieces)
    indents = Indents(reading, loose.union(*broken, *spread), moved, hung)
    result = []
    for piece, these, those in zip(pieces, broken, spread, strict=True):
        folded = folded_brackets(reading, piece, those, indents, width)
        flows = Joints(reading, piece, these | those, folded).flows()
        result.append(tuple(_Setter(reading, indents, width, fill=bool(those)).piece(flows)))
    return result


def _moved(
    reading: Reading, numbers: Sequence[int], indents: Indents, width: int
) -> dict[int, int]:
    """Return by how many columns the content of brackets moves that stands on its own lines.

    It moves to the left where it has too little room, to the right where the line before it, now
    broken, would stand as deep.
    """
    content: dict[int, list[int]] = {}
    for number in numbers:
        home = reading.rows[number].home
        body = home != OUTSIDE and reading.brackets[home].sign == "{" and not reading.python
        if home != OUTSIDE and not body and reading.brackets[home].block:
            content.setdefault(home, []).append(number)
    moved = {}
    for bracket, rows in content.items():
        columns = indents.bracket(bracket)
        head = reading.brackets[bracket].row
        if any(is_wide(reading, n, indents, width) for n in rows):
            least = indents.row(head) + STEP // 2
            if width - columns < NARROW and columns > least:
                moved[bracket] = -STEP // 2
        elif head in numbers and _last_indent(reading, head, indents, width) >= columns:
            pushed = Indents(reading, indents.loose, {bracket: STEP}, indents.hung)
            if not any(is_wide(reading, n, pushed, width) for n in rows):
                moved[bracket] = STEP
    return moved


def _last_indent(reading: Reading, number: int, indents: Indents, width: int) -> int:
    """Return the columns before the last line of a row."""
    if not is_wide(reading, number, indents, width):
        return indents.row(number)
    text = set_flow(reading, [number], indents, width, comment=False)[-1].text
    return len(text) - len(text.lstrip(" "))


class _Setter:
    """Sets the flows of a piece, one after the other."""

    def __init__(self, reading: Reading, indents: Indents, width: int, *, fill: bool) -> None:
        self.reading = reading
        self.indents = indents
        self.width = width
        self.fill = fill

    def piece(self, flows: Sequence[Sequence[int]]) -> Iterator[Line]:
        at = 0
        while at < len(flows):
            paragraph = self._paragraph(flows, at)
            if paragraph:
                yield from self._comment(paragraph)
            for line in () if paragraph else self._flow(flows[at]):
                yield from soft_lines(line, self.width)
            at += len(paragraph) or 1

    def _paragraph(self, flows: Sequence[Sequence[int]], at: int) -> list[Token]:
        """Return a comment that is too wide and those that go on with it; most often none."""
        found: list[Token] = []
        while at < len(flows):
            row = self.reading.rows[flows[at][0]]
            if row.raw or row.tokens or row.comment is None:
                break
            if goes_on(found[-1], row.comment) if found else not self._fits(flows[at][0]):
                found.append(row.comment)
                at += 1
            else:
                break
        return found

    def _comment(self, comments: Sequence[Token]) -> Iterator[Line]:
        """Yield the lines of a comment, before the code of its row."""
        indent = self.indents.row(comments[0].row)
        for line in wrapped(comments, self.width - indent):
            whole = Line(text=" " * indent + line.text, number=line.number)
            yield from soft_lines(whole, self.width)

    def _fits(self, number: int) -> bool:
        row = self.reading.rows[number]
        return self.indents.row(number) + mono_width(row.text[row.indent :]) <= self.width

    def _flow(self, numbers: Sequence[int]) -> Iterable[Line]:
        wide = any(is_wide(self.reading, n, self.indents, self.width) for n in numbers)
        if len(numbers) == 1:
            return self._row(numbers[0], wide=wide)
        if wide or self.fill:
            lines = set_flow(self.reading, numbers, self.indents, self.width, comment=False)
            if wide or len(lines) < len(numbers):
                return lines
        return [self._line(number) for number in numbers]

    def _row(self, number: int, *, wide: bool) -> Iterator[Line]:
        row = self.reading.rows[number]
        if row.raw or not row.tokens or self._fits(number):
            yield self._line(number)
            return
        comment = row.comment
        if comment and is_movable(comment.text) and not self.reading.rows[number - 1].tied:
            yield from self._comment([comment])
            comment = None
        if wide or comment:
            keep = comment is not None
            yield from set_flow(self.reading, [number], self.indents, self.width, comment=keep)
        else:
            yield self._line(number, comment=False)

    def _line(self, number: int, *, comment: bool = True) -> Line:
        row = self.reading.rows[number]
        text = row.text[row.indent :] if comment else row.code
        return Line(text=(" " * self.indents.row(number) + text).rstrip(), number=number)
