"""Where the lines of a bracketed statement begin, once some no longer stand where they stood.

A line that was aligned with something in the line above it loses its hold when that line is broken
or when there is no room: it hangs 4 columns (in a header that ends in a colon 8) from its
statement, or from the content of the bracket around, instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from abreast.slides.code.reading import OUTSIDE, Bracket, Reading

STEP = 4
NARROW = 24
"""Columns; where a line has fewer, half a step will do."""


class Indents:
    """The columns before rows and before what brackets hold.

    What `loose` brackets hold hangs; what stands on lines of its own is `moved` by columns. The
    statements that begin at `hung` rows hang what follows a backslash.
    """

    def __init__(
        self,
        reading: Reading,
        loose: frozenset[int] = frozenset(),
        moved: Mapping[int, int] = MappingProxyType({}),
        hung: frozenset[int] = frozenset(),
    ) -> None:
        self.reading = reading
        self.loose = loose
        self.moved = moved
        self.hung = hung
        self._rows: dict[int, int] = {}
        self._brackets: dict[int, int] = {}

    def row(self, number: int) -> int:
        """Return the columns before a row."""
        if number not in self._rows:
            self._rows[number] = self._row(number)
        return self._rows[number]

    def bracket(self, number: int) -> int:
        """Return the columns before a line that begins with an element of a bracket."""
        if number not in self._brackets:
            self._brackets[number] = self._bracket(number)
        return self._brackets[number]

    def statement(self, row: int) -> int:
        """Return the columns that the lines of a row's statement hang from."""
        head = self.reading.rows[row].head
        return self.row(head) + STEP * self.reading.rows[head].header

    def counts(self, bracket: Bracket) -> bool:
        """Say whether lines begin with elements of a bracket, so that its insides go deeper."""
        return bracket.several or bracket.content is not None

    def _row(self, number: int) -> int:
        row = self.reading.rows[number]
        if row.raw or row.start == OUTSIDE:
            hung = number != row.head and row.head in self.hung and not row.raw
            return min(row.indent, self.statement(number) + STEP) if hung else row.indent
        bracket = self.reading.brackets[row.start]
        if row.closers:
            for _ in range(row.closers - 1):
                bracket = self.reading.brackets[bracket.parent]
            return max(0, row.indent + self._shift(bracket))
        if bracket.content is None:
            return max(0, row.indent + self._shift(bracket))
        deeper = max(0, row.indent - bracket.content)
        loose = row.start in self.loose
        return self.bracket(row.start) + (min(deeper, STEP) if loose else deeper)

    def _bracket(self, number: int) -> int:
        bracket = self.reading.brackets[number]
        hanging = self._base(bracket) + STEP
        if bracket.content is None:
            return hanging
        kept = max(0, bracket.content + self._shift(bracket) + self.moved.get(number, 0))
        loose = not bracket.block and number in self.loose
        return min(kept, hanging) if loose else kept

    def _base(self, bracket: Bracket) -> int:
        head = self.reading.rows[bracket.row].head
        number = bracket.parent
        while number != OUTSIDE and self.reading.brackets[number].row >= head:
            around = self.reading.brackets[number]
            if self.counts(around):
                return self.bracket(number)
            number = around.parent
        return self.statement(bracket.row)

    def _shift(self, bracket: Bracket) -> int:
        return self.row(bracket.row) - self.reading.rows[bracket.row].indent
