"""Cells -> rows: which cells of several notebooks do the same step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from abreast.align.sequences import align_pair
from abreast.align.similarity import Vector, cosine, mean, vectors
from abreast.errors import UsageError
from abreast.model import Cell, Row

PIN = "abreast:step="
ALONE = "abreast:alone"
GAP = 0.12
"""Cells less similar than this are left alone; measured on notebooks written separately."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row under construction: its cells by framework, its kind and what it says."""

    cells: Mapping[str, int]
    kind: str
    vector: Vector
    alone: bool


def align_cells(notebooks: Mapping[str, Sequence[Cell]]) -> list[Row]:
    """Return rows in order: each cell of each notebook in exactly one, its order kept.

    Cells with the same `abreast:step=NAME` tag share a row; between pins the notebooks are
    aligned one after the other against the rows so far (progressive alignment, Feng and
    Doolittle, 1987), code to code and prose to prose, by TF-IDF similarity.

    Raises UsageError when pins contradict one another. Time is proportional to the product of
    the two longest notebooks' lengths, per notebook.
    """
    check_pins(notebooks)
    entries = _entries(notebooks)
    rows: list[_Entry] = []
    for segment in _segments(entries, notebooks):
        rows += _align_segment(segment)
    return [Row(cells={name: (index,) for name, index in row.cells.items()}) for row in rows]


def pin_of(cell: Cell) -> str | None:
    """Return the name of the step that a cell is pinned to, or None."""
    return next((tag[len(PIN) :] for tag in sorted(cell.tags) if tag.startswith(PIN)), None)


def check_pins(notebooks: Mapping[str, Sequence[Cell]]) -> None:
    """Raise UsageError, naming both cells, when pins repeat or cross."""
    for name, cells in notebooks.items():
        seen: dict[str, Cell] = {}
        for cell in cells:
            pin = pin_of(cell)
            if pin in seen:
                raise UsageError(
                    f"cells {seen[pin].number} and {cell.number} are both pinned to '{pin}'.",
                    where=name,
                    remedy="Give one of them another step.",
                )
            if pin is not None:
                seen[pin] = cell
    orders = {
        name: {pin: c for c in cells if (pin := pin_of(c)) is not None}
        for name, cells in notebooks.items()
    }
    for (first, ours), (second, theirs) in _combinations(orders):
        shared = [pin for pin in ours if pin in theirs]
        for one, other in pairwise(shared):
            if theirs[one].index > theirs[other].index:
                raise UsageError(
                    f"the steps '{one}' and '{other}' cross: cells {ours[one].number} and "
                    f"{ours[other].number} of {first}, cells {theirs[one].number} and "
                    f"{theirs[other].number} of {second}.",
                    remedy="Rows keep every notebook's order: remove or rename one pin.",
                )


def _combinations(
    orders: Mapping[str, dict[str, Cell]],
) -> list[tuple[tuple[str, dict[str, Cell]], tuple[str, dict[str, Cell]]]]:
    items = list(orders.items())
    return [(a, b) for i, a in enumerate(items) for b in items[i + 1 :]]


def _entries(notebooks: Mapping[str, Sequence[Cell]]) -> dict[str, list[_Entry]]:
    flat = [(name, cell) for name, cells in notebooks.items() for cell in cells]
    spoken = vectors([cell.source for _, cell in flat])
    entries: dict[str, list[_Entry]] = {name: [] for name in notebooks}
    for (name, cell), vector in zip(flat, spoken, strict=True):
        entries[name].append(_Entry({name: cell.index}, cell.cell_type, vector, ALONE in cell.tags))
    return entries


def _segments(
    entries: Mapping[str, list[_Entry]], notebooks: Mapping[str, Sequence[Cell]]
) -> list[dict[str, list[_Entry]]]:
    """Cut the notebooks at their pins: what lies between two steps, then the pinned row itself."""
    places = {
        name: {pin: i for i, c in enumerate(cells) if (pin := pin_of(c)) is not None}
        for name, cells in notebooks.items()
    }
    done = dict.fromkeys(entries, 0)
    segments: list[dict[str, list[_Entry]]] = []
    for pin in _ordered_pins(places):
        here = {name: steps[pin] for name, steps in places.items() if pin in steps}
        segments.append({n: entries[n][done[n] : at] for n, at in here.items()})
        pinned = [entries[name][at] for name, at in here.items()]
        segments.append({"": [_merged(pinned)]})
        done |= {name: at + 1 for name, at in here.items()}
    segments.append({name: rest[done[name] :] for name, rest in entries.items()})
    return segments


def _ordered_pins(places: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return all pins in an order that agrees with every notebook (a topological order).

    Raises UsageError when three or more notebooks contradict one another in a circle.
    """
    after: dict[str, set[str]] = {pin: set() for steps in places.values() for pin in steps}
    for steps in places.values():
        for one, other in pairwise(sorted(steps, key=lambda pin: steps[pin])):
            after[other].add(one)
    ordered: list[str] = []
    while after:
        ready = [pin for pin, earlier in after.items() if not earlier - set(ordered)]
        if not ready:
            raise UsageError(
                f"the steps {', '.join(sorted(after))} contradict one another in a circle.",
                remedy="Remove one of these pins.",
            )
        ordered.append(ready[0])
        del after[ready[0]]
    return ordered


def _align_segment(segment: Mapping[str, list[_Entry]]) -> list[_Entry]:
    # The longest notebook first: the others find their counterparts in it.
    parts = sorted(segment.values(), key=len, reverse=True)
    rows = parts[0] if parts else []
    for part in parts[1:]:
        pairs = align_pair(rows, part, _score, GAP)
        rows = [
            _merged([e for e in (_at(rows, i), _at(part, j)) if e is not None]) for i, j in pairs
        ]
    return rows


def _at(entries: list[_Entry], index: int | None) -> _Entry | None:
    return None if index is None else entries[index]


def _score(a: _Entry, b: _Entry) -> float:
    if a.kind != b.kind or a.alone or b.alone:
        return float("-inf")
    return cosine(a.vector, b.vector)


def _merged(entries: Sequence[_Entry]) -> _Entry:
    if len(entries) == 1:
        return entries[0]
    cells = {name: index for entry in entries for name, index in entry.cells.items()}
    return _Entry(cells, entries[0].kind, mean(e.vector for e in entries), alone=False)
