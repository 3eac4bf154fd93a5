"""Which rows are set together: what one person would move when one line is too wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from abreast.slides.code.indents import Indents
from abreast.slides.code.reading import OUTSIDE, Bracket, Reading, Row
from abreast.slides.metrics import mono_width


def is_wide(reading: Reading, number: int, indents: Indents, width: int) -> bool:
    """Say whether a row's code can be broken and must be; its comment can move."""
    row = reading.rows[number]
    return bool(row.tokens) and not row.raw and indents.row(number) + mono_width(row.code) > width


def is_loosening(reading: Reading, number: int, width: int) -> bool:
    """Say whether what a row is aligned with leaves too little room for it."""
    row = reading.rows[number]
    if row.raw:
        return False
    comment = mono_width(row.comment.text) if row.comment else 0
    code = mono_width(row.code)
    alone = row.indent + mono_width(row.text[row.indent :]) <= width
    return not alone and row.indent + max(code, comment) > width


def loose_brackets(reading: Reading, numbers: Iterable[int]) -> frozenset[int]:
    """Return the brackets whose content cannot stay aligned when these rows are broken."""
    found: set[int] = set()
    for number in numbers:
        found.update(_chain(reading, reading.rows[number].home, 0))
        found.update(_chain(reading, reading.rows[number].end, number))
    return frozenset(found)


def _chain(reading: Reading, bracket: int, least_row: int) -> list[int]:
    """Return a bracket and those around it, as far as they begin at a row or below."""
    chain = []
    while bracket != OUTSIDE and reading.brackets[bracket].row >= least_row:
        chain.append(bracket)
        bracket = reading.brackets[bracket].parent
    return chain


def broken_brackets(reading: Reading, piece: Sequence[int], wide: Iterable[int]) -> frozenset[int]:
    """Return the brackets whose content is set anew in a piece because rows are too wide."""
    found: set[int] = set()
    for number in wide:
        row = reading.rows[number]
        if row.home != OUTSIDE and (reading.python or reading.brackets[row.home].sign != "{"):
            if not _is_table(reading, piece, row.home):
                found.add(row.home)
        else:
            found.update(_chain(reading, row.end, number)[-1:])
    return _with_inner(reading, found)


def spread_brackets(reading: Reading, piece: Sequence[int]) -> frozenset[int]:
    """Return the brackets that an author has spread in a piece with one element a line."""
    homes = {reading.rows[number].home for number in piece} - {OUTSIDE}
    return _with_inner(reading, {b for b in homes if _is_spread(reading, piece, b)})


def _with_inner(reading: Reading, found: set[int]) -> frozenset[int]:
    """Add the brackets inside that were aligned with something on their first line."""
    for number, bracket in enumerate(reading.brackets):
        if bracket.parent in found and not bracket.block:
            found.add(number)
    return frozenset(found)


def _is_spread(reading: Reading, piece: Sequence[int], number: int) -> bool:
    rows = _members(reading, piece, number)
    if any(reading.rows[n].comment for n in rows) or _is_table(reading, piece, number):
        return False
    if len(rows) > 1:
        return all(_elements(reading, n, number) == 1 for n in rows)
    bracket = reading.brackets[number]
    return bracket.row in piece and bracket.last in piece


def _is_table(reading: Reading, piece: Sequence[int], number: int) -> bool:
    """Say whether rows hold bracketed rows, as those of a matrix."""
    return sum(_is_table_row(reading, n, number) for n in _members(reading, piece, number)) > 1


def _is_table_row(reading: Reading, number: int, home: int) -> bool:
    row = reading.rows[number]
    if row.home != home or not row.tokens or row.tokens[0].kind != "open":
        return False
    bracket = reading.brackets[row.after[0]]
    return bracket.literal and bracket.several and bracket.last == number


def _members(reading: Reading, piece: Sequence[int], number: int) -> list[int]:
    """Return the rows of a piece that have elements of a bracket, not only ends of some."""
    bracket = reading.brackets[number]

    def has(n: int) -> bool:
        row = reading.rows[n]
        if row.home == number:
            return bool(row.comment) or not _only_ends(row)
        return n == bracket.row and row.tokens[-1].kind != "open"

    return [n for n in piece if has(n)]


def _only_ends(row: Row) -> bool:
    return all(token.kind in {"close", "comma"} for token in row.tokens)


def _elements(reading: Reading, number: int, home: int) -> int:
    """Count the elements of a bracket that begin in a row."""
    row, before = reading.rows[number], reading.rows[number - 1]
    edges = [(row.tokens[-1], row.after[-1]) for row in (before,) if row.tokens]
    edges += zip(row.tokens, row.after, strict=True)
    later = [*row.tokens[len(row.tokens) + 1 - len(edges) :], None]
    return sum(
        one.kind in {"comma", "open"} and after == home and two is not None and two.kind != "close"
        for (one, after), two in zip(edges, later, strict=True)
    )


class Joints:
    """Which rows of a piece may be set together, once the content of brackets is set anew.

    `folded` are brackets that fit one line as a whole.
    """

    def __init__(
        self,
        reading: Reading,
        piece: Sequence[int],
        brackets: frozenset[int],
        folded: frozenset[int] = frozenset(),
    ) -> None:
        self.reading = reading
        self.piece = piece
        self.brackets = brackets
        self.folded = folded

    def flows(self) -> list[list[int]]:
        """Return the piece's rows, those together that are set together."""
        flows: list[list[int]] = []
        for number in self.piece:
            if flows and flows[-1][-1] + 1 == number and self._joined(number, flows[-1]):
                flows[-1].append(number)
            else:
                flows.append([number])
        return flows

    def _joined(self, number: int, flow: Sequence[int]) -> bool:
        one, two = self.reading.rows[number - 1], self.reading.rows[number]
        if one.end not in self.brackets or not is_free(self.reading, number):
            return False
        if one.tokens[-1].kind == "open":
            block = self.reading.brackets[one.end].block
            return one.end in self.folded or not block
        if two.tokens[0].kind == "close":
            return one.tokens[-1].kind != "comma"
        return not (len(flow) == 1 and _only_ends(one)) and not self._ends_block(number - 1)

    def _ends_block(self, number: int) -> bool:
        """Say whether a row ends with the end of a bracket that keeps its lines."""
        row = self.reading.rows[number]
        ended = [token.kind for token in row.tokens[-2:]]
        if "close" not in ended or ended[-1] not in {"close", "comma"}:
            return False
        return any(
            bracket.block and bracket.last == number > bracket.row and n not in self.folded
            for n, bracket in enumerate(self.reading.brackets)
            if bracket.parent == row.end
        )


def is_free(reading: Reading, number: int) -> bool:
    """Say whether a row might follow on the line of the row before it."""
    one, two = reading.rows[number - 1], reading.rows[number]
    if one.comment or two.comment or one.raw or two.raw or one.tied:
        return False
    if not one.tokens or not two.tokens or one.end == OUTSIDE or two.tokens[0].text == ".":
        return False
    sign = reading.brackets[one.end].sign
    if reading.python:
        return True
    rows_matter = reading.language == "julia" and sign == "["
    return sign != "{" and (not rows_matter or one.tokens[-1].kind == "comma")


def folded_brackets(
    reading: Reading, piece: Sequence[int], spread: frozenset[int], indents: Indents, width: int
) -> frozenset[int]:
    """Return the brackets that stand on lines of their own but fit one line as a whole."""
    rows = set(piece)
    return frozenset(
        number
        for number in spread
        if _folds(reading, reading.brackets[number], rows, indents, width)
    )


def _folds(
    reading: Reading, bracket: Bracket, piece: set[int], indents: Indents, width: int
) -> bool:
    numbers = range(bracket.row, bracket.last + 1)
    if not bracket.block or bracket.comma or not piece.issuperset(numbers):
        return False
    used = indents.row(bracket.row)
    for number in numbers:
        row, before = reading.rows[number], reading.rows[number - 1]
        used += mono_width(row.code)
        if number > bracket.row:
            if not is_free(reading, number):
                return False
            close = row.tokens[0].kind == "close"
            if close and before.tokens[-1].kind == "comma":
                return False
            used += before.tokens[-1].kind != "open" and not close
    return used <= width
