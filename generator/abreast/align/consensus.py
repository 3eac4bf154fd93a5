"""Rows of K sequences from the posteriors of their pairs: maximum expected accuracy.

The objective is the sum, over all pairs of pieces of different sequences in one row, of
`gain = posterior - threshold`: a pair is worth having when it is likelier than the threshold (Do,
Mahabhashyam, Brudno and Batzoglou, "ProbCons", 2005; Holmes and Durbin, 1998). It is raised in
three steps: sequences are inserted one after the other, the best supported first, each by a dynamic
program; each is taken out and inserted again; rows are split, merged and trade their outermost
pieces for as long as that gains. Every step keeps the order of every sequence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from abreast.align.gains import Gains, Group, Tables
from abreast.align.insertion import insert, joined

_ROUNDS = 4
_LARGEST_SPLIT = 16
_EPSILON = 1e-9


def consensus(gains: Gains, skeleton: Sequence[Group] = ()) -> list[Group]:
    """Return rows in order, every piece in exactly one.

    `skeleton` holds rows to begin with, in order: pieces whose gain with one another outweighs all
    else. Time is proportional to the number of pairs that gain anything, times the logarithm of the
    lengths.
    """
    tables = Tables(gains)
    order = _by_support(gains)
    rows = [dict(row) for row in skeleton]
    for f in order:
        rows = insert(gains, tables, rows, f)
    best = _objective(tables, rows)
    for _ in range(_ROUNDS if len(order) > 2 else 0):
        before = best
        for f in order:
            again = insert(gains, tables, list(_without(rows, f)), f)
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


def _without(rows: Sequence[Group], f: int) -> Iterator[Group]:
    for row in rows:
        rest = {g: ps for g, ps in row.items() if g != f}
        if len(rest) == 1:
            # What only f held together falls apart.
            yield from ({g: [p]} for g, ps in rest.items() for p in ps)
        elif rest:
            yield rest


def _objective(tables: Tables, rows: Sequence[Group]) -> float:
    return sum(tables.gain(row, row) for row in rows) / 2


def _polished(tables: Tables, rows: list[Group]) -> list[Group]:
    for _ in range(_ROUNDS):
        before = rows
        rows = [part for row in rows for part in _split(tables, row)]
        rows = _traded(tables, rows)
        if rows == before:
            break
    return rows


def _split(tables: Tables, row: Group) -> list[Group]:
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


def _traded(tables: Tables, rows: list[Group]) -> list[Group]:
    """Merge neighbours that gain together; else move a piece over the border where that gains."""
    done: list[Group] = []
    for row in rows:
        if not done:
            done.append(row)
            continue
        above, below = done[-1], row
        if tables.merging(above, below) > _EPSILON and tables.may_join(above, below):
            done[-1] = joined(above, below)
            continue
        for f in sorted(above):
            above, below = _moved_down(tables, above, below, f)
        for f in sorted(below):
            above, below = _moved_up(tables, above, below, f)
        done[-1:] = [part for part in (above, below) if part]
    return done


def _moved_down(tables: Tables, above: Group, below: Group, f: int) -> tuple[Group, Group]:
    piece = {f: above[f][-1:]}
    rest = {g: ps for g, ps in {**above, f: above[f][:-1]}.items() if ps}
    gain = tables.gain(piece, below) - tables.gain(piece, rest)
    if gain > _EPSILON and tables.may_join(piece, below):
        return rest, joined(piece, below)
    return above, below


def _moved_up(tables: Tables, above: Group, below: Group, f: int) -> tuple[Group, Group]:
    piece = {f: below[f][:1]}
    rest = {g: ps for g, ps in {**below, f: below[f][1:]}.items() if ps}
    gain = tables.gain(piece, above) - tables.gain(piece, rest)
    if gain > _EPSILON and tables.may_join(above, piece):
        return joined(above, piece), rest
    return above, below
