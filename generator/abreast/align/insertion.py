"""One sequence into the rows of others: a dynamic program over the pairs that gain."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from abreast.align.gains import Gains, Group, Tables
from abreast.align.similarity import Matrix

_BEST_OF_NOTHING = 0.0
_NEVER = float("-inf")


def insert(gains: Gains, tables: Tables, rows: Sequence[Group], f: int) -> list[Group]:
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


def _row_gains(gains: Gains, rows: Sequence[Group], f: int) -> Matrix:
    table = np.zeros((len(rows), gains.lengths[f]))
    for g, length in enumerate(gains.lengths):
        member = np.zeros((len(rows), length))
        for i, row in enumerate(rows):
            member[i, row.get(g, [])] = 1.0
        if g != f and member.any():
            table += member @ gains.between(g, f)
    return table


def _merge_gain(tables: Tables, above: Group, below: Group) -> float:
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
            done[-1] = joined(done[-1], rows[i])
        else:
            done[-1][f] = [*done[-1][f], j]
        next_row, next_piece = i + 1, j + 1
    done += [dict(rows[k]) for k in range(next_row, len(rows))]
    return done + [{f: [k]} for k in range(next_piece, length)]


def joined(above: Group, below: Group) -> Group:
    """Return two neighbouring rows as one."""
    return {g: above.get(g, []) + below.get(g, []) for g in sorted({*above, *below})}
