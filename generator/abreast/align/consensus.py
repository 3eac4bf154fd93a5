"""Rows of K sequences from the posteriors of their pairs: maximum expected accuracy.

The objective is the sum, over all pairs of pieces of different sequences in one row, of
`gain = posterior - threshold`: a pair is worth having when it is likelier than the threshold (Do,
Mahabhashyam, Brudno and Batzoglou, "ProbCons", 2005; Holmes and Durbin, 1998). It is raised in
three steps: sequences are inserted one after the other, the best supported first, each by a dynamic
program; each is taken out and inserted again; rows are split, merged and trade their outermost
pieces for as long as that gains. Every step keeps the order of every sequence.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TypeAlias

import numpy as np

from abreast.align.similarity import Matrix

Group: TypeAlias = dict[int, list[int]]
"""A row: the pieces' places, by the place of their sequence."""

_ROUNDS = 4
_LARGEST_SPLIT = 16
_SIDE_BY_SIDE = 0.3
"""Two cells of one notebook against two of another are one row only on stronger posteriors."""
_BEST_OF_NOTHING = 0.0
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Gains:
    """What each pair of pieces gains in one row, for sequences f < g, and what may stand together.

    `continues[f][i]` says that piece i of sequence f may stand in the row of piece i - 1.
    """

    lengths: tuple[int, ...]
    pairs: Mapping[tuple[int, int], Matrix]
    continues: tuple[tuple[bool, ...], ...]

    def between(self, f: int, g: int) -> Matrix:
        """Return the gains of f's pieces (rows) with g's (columns)."""
        return self.pairs[f, g] if f < g else self.pairs[g, f].T


def consensus(gains: Gains, skeleton: Sequence[Group] = ()) -> list[Group]:
    """Return rows in order, every piece in exactly one.

    `skeleton` holds rows to begin with, in order: pieces whose gain with one another outweighs all
    else. Time is proportional to the number of pairs that gain anything, times the logarithm of the
    lengths.
    """
    tables = _Tables(gains)
    order = _by_support(gains)
    rows = [dict(row) for row in skeleton]
    for f in order:
        rows = _insert(gains, tables, rows, f)
    best = _objective(tables, rows)
    for _ in range(_ROUNDS if len(order) > 2 else 0):
        before = best
        for f in order:
            again = _insert(gains, tables, list(_without(rows, f)), f)
            value = _objective(tables, again)
            if value > best + _EPSILON:
                rows, best = again, value
        if best == before:
            break
    return _polished(tables, rows)


def _by_support(gains: Gains) -> list[int]:
    places = range(len(gains.lengths))
    support = {
        f: sum(float(np.clip(gains.between(f, g), 0, None).sum()) for g in places if g != f)
        for f in places
    }
    return sorted(places, key=lambda f: (-support[f], f))


# --- inserting one sequence into the rows so far ------------------------------------------------


def _insert(gains: Gains, tables: _Tables, rows: Sequence[Group], f: int) -> list[Group]:
    """Return the rows with sequence f in its best place among them.

    Over pairs (i, j) of a row and a piece that gain, with join the gain of merging rows i-1 and i:

        match[i, j] = gain[i, j] + max(0, best[i', j'] for i' < i, j' < j)
        rows[i, j]  = gain[i, j] + join[i] + max(match, rows)[i-1, j]
        run[i, j]   = gain[i, j] + max(match, run)[i, j-1]

    and best the largest of the three. Only pairs that gain are looked at; the best before (i, j)
    is found by bisection in a staircase of j and value.
    """
    others = ({g: ps for g, ps in row.items() if g != f} for row in rows)
    rows = [row for row in others if row]
    table = _row_gains(gains, rows, f)
    joins = [_NEVER, *(_merge_gain(tables, a, b) for a, b in pairwise(rows))]
    chains = _best_chain(table, joins, gains.continues[f])
    return _assembled(rows, f, gains.lengths[f], chains)


_NEVER = float("-inf")


def _row_gains(gains: Gains, rows: Sequence[Group], f: int) -> Matrix:
    table = np.zeros((len(rows), gains.lengths[f]))
    for g, length in enumerate(gains.lengths):
        member = np.zeros((len(rows), length))
        for i, row in enumerate(rows):
            member[i, row.get(g, [])] = 1.0
        if g != f and member.any():
            table += member @ gains.between(g, f)
    return table


def _merge_gain(tables: _Tables, above: Group, below: Group) -> float:
    return tables.merging(above, below) if tables.may_join(above, below) else _NEVER


Step: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Link:
    """The best chain that ends in a pair: its value, the pair before, and how they hang together.

    `kind` is "match" for a new row, "rows" for a row merged into the one before, "run" for a piece
    that continues a row.
    """

    value: float
    before: tuple[Step, str] | None


def _best_chain(
    table: Matrix, joins: Sequence[float], continues: Sequence[bool]
) -> list[tuple[Step, str]]:
    links: dict[tuple[Step, str], _Link] = {}
    stairs = _Staircase()
    height = table.shape[0]
    for i in range(height):
        found: list[tuple[int, float, tuple[Step, str]]] = []
        for j in map(int, np.flatnonzero(table[i] > 0)):
            gain = float(table[i, j])
            value, before = stairs.best_before(j)
            links[(i, j), "match"] = _Link(gain + value, before)
            if i and joins[i] != _NEVER:
                _extend(links, (i, j), "rows", (i - 1, j), gain + joins[i])
            if j and continues[j]:
                _extend(links, (i, j), "run", (i, j - 1), gain)
            keys = (((i, j), kind) for kind in ("match", "rows", "run"))
            found += [(j, links[key].value, key) for key in keys if key in links]
        for j, value, key in found:
            stairs.add(j, value, key)
    chain: list[tuple[Step, str]] = []
    at = stairs.best_before(table.shape[1] + 1)[1]
    while at is not None:
        chain.append(at)
        at = links[at].before
    return chain[::-1]


def _extend(
    links: dict[tuple[Step, str], _Link], to: Step, kind: str, source: Step, gain: float
) -> None:
    options = [
        (links[source, before].value, (source, before))
        for before in ("match", kind)
        if (source, before) in links
    ]
    if options:
        value, before = max(options)
        links[to, kind] = _Link(value + gain, before)


class _Staircase:
    """The best value of a chain that ends before a given j: values rise with j."""

    def __init__(self) -> None:
        self._places: list[int] = []
        self._entries: dict[int, tuple[float, tuple[Step, str]]] = {}

    def best_before(self, j: int) -> tuple[float, tuple[Step, str] | None]:
        k = bisect_right(self._places, j - 1) - 1
        return self._entries[self._places[k]] if k >= 0 else (_BEST_OF_NOTHING, None)

    def add(self, j: int, value: float, key: tuple[Step, str]) -> None:
        if value <= self.best_before(j + 1)[0]:
            return
        if j not in self._entries:
            insort(self._places, j)
        self._entries[j] = (value, key)
        k = bisect_right(self._places, j)
        while k < len(self._places) and self._entries[self._places[k]][0] <= value:
            del self._entries[self._places.pop(k)]


def _assembled(
    rows: Sequence[Group], f: int, length: int, chain: Sequence[tuple[Step, str]]
) -> list[Group]:
    done: list[Group] = []
    next_row = next_piece = 0
    for (i, j), kind in chain:
        if kind == "match":
            done += [dict(rows[k]) for k in range(next_row, i)]
            done += [{f: [k]} for k in range(next_piece, j)]
            done.append({**rows[i], f: [j]})
        elif kind == "rows":
            done[-1] = _joined(done[-1], rows[i])
        else:
            done[-1][f] = [*done[-1][f], j]
        next_row, next_piece = i + 1, j + 1
    done += [dict(rows[k]) for k in range(next_row, len(rows))]
    return done + [{f: [k]} for k in range(next_piece, length)]


def _joined(above: Group, below: Group) -> Group:
    return {g: above.get(g, []) + below.get(g, []) for g in sorted({*above, *below})}


def _without(rows: Sequence[Group], f: int) -> Iterator[Group]:
    for row in rows:
        rest = {g: ps for g, ps in row.items() if g != f}
        if len(rest) == 1:
            # What only f held together falls apart.
            yield from ({g: [p]} for g, ps in rest.items() for p in ps)
        elif rest:
            yield rest


# --- raising the objective by small steps -------------------------------------------------------


class _Tables:
    """The gains as plain lists: single look-ups in them are faster than in arrays."""

    def __init__(self, gains: Gains) -> None:
        self.continues = gains.continues
        self._pairs = {pair: matrix.tolist() for pair, matrix in gains.pairs.items()}

    def gain(self, above: Group, below: Group) -> float:
        total = 0.0
        for f, ps in above.items():
            for g, qs in below.items():
                if f < g:
                    table = self._pairs[f, g]
                    total += sum(table[p][q] for p in ps for q in qs)
                elif g < f:
                    table = self._pairs[g, f]
                    total += sum(table[q][p] for p in ps for q in qs)
        return total

    def merging(self, above: Group, below: Group) -> float:
        """Return what merging two rows gains; rows that match side by side seldom are one."""
        both = len(above.keys() & below.keys())
        return self.gain(above, below) - _SIDE_BY_SIDE * both * (both - 1)

    def may_join(self, above: Group, below: Group) -> bool:
        return all(self.continues[f][ps[0]] for f, ps in below.items() if f in above)


def _objective(tables: _Tables, rows: Sequence[Group]) -> float:
    return sum(tables.gain(row, row) for row in rows) / 2


def _polished(tables: _Tables, rows: list[Group]) -> list[Group]:
    for _ in range(_ROUNDS):
        before = rows
        rows = [part for row in rows for part in _split(tables, row)]
        rows = _traded(tables, rows)
        if rows == before:
            break
    return rows


def _split(tables: _Tables, row: Group) -> list[Group]:
    """Cut a row in two, again and again, for as long as the parts gain more than the whole."""
    size = sum(map(len, row.values()))
    if size == len(row) or size > _LARGEST_SPLIT:
        return [row]
    best, parts = _EPSILON, None
    for cuts in product(*(range(len(ps) + 1) for ps in row.values())):
        above = {f: ps[:cut] for (f, ps), cut in zip(row.items(), cuts, strict=True) if cut}
        below = {
            f: ps[cut:] for (f, ps), cut in zip(row.items(), cuts, strict=True) if cut < len(ps)
        }
        if above and below and (value := -tables.merging(above, below)) > best:
            best, parts = value, (above, below)
    if parts is None:
        return [row]
    return [part for half in parts for part in _split(tables, half)]


def _traded(tables: _Tables, rows: list[Group]) -> list[Group]:
    """Merge neighbours that gain together; else move a piece over the border where that gains."""
    done: list[Group] = []
    for row in rows:
        if not done:
            done.append(row)
            continue
        above, below = done[-1], row
        if tables.merging(above, below) > _EPSILON and tables.may_join(above, below):
            done[-1] = _joined(above, below)
            continue
        for f in sorted(above):
            above, below = _moved_down(tables, above, below, f)
        for f in sorted(below):
            above, below = _moved_up(tables, above, below, f)
        done[-1:] = [part for part in (above, below) if part]
    return done


def _moved_down(tables: _Tables, above: Group, below: Group, f: int) -> tuple[Group, Group]:
    piece = {f: above[f][-1:]}
    rest = {g: ps for g, ps in {**above, f: above[f][:-1]}.items() if ps}
    gain = tables.gain(piece, below) - tables.gain(piece, rest)
    if gain > _EPSILON and tables.may_join(piece, below):
        return rest, _joined(piece, below)
    return above, below


def _moved_up(tables: _Tables, above: Group, below: Group, f: int) -> tuple[Group, Group]:
    piece = {f: below[f][:1]}
    rest = {g: ps for g, ps in {**below, f: below[f][1:]}.items() if ps}
    gain = tables.gain(piece, above) - tables.gain(piece, rest)
    if gain > _EPSILON and tables.may_join(above, piece):
        return _joined(above, piece), rest
    return above, below
