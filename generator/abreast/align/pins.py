"""What the author has said: cells pinned to a step, cells set apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from abreast.errors import Mistake, UsageError
from abreast.model import ALONE, PIN, Cell


def pin_of(cell: Cell) -> str | None:
    """Return the name of the step that a cell is pinned to, or None."""
    return next(iter(cell.values_of(PIN)), None)


def ordered_pins(notebooks: Mapping[str, Sequence[Cell]]) -> list[str]:
    """Return all steps that cells are pinned to, in an order that every notebook keeps.

    Raises UsageError, naming the cells, when a step's cells stand apart in one notebook, when two
    steps cross between two notebooks, or when more notebooks contradict one another in a circle.
    """
    places = {name: _places(cells) for name, cells in notebooks.items()}
    mistakes = [m for name, cells in notebooks.items() for m in _unclear(name, cells)]
    mistakes += [m for name, cells in notebooks.items() for m in _torn(name, cells)]
    mistakes += [
        mistake
        for one, other in combinations(notebooks, 2)
        for mistake in _crossing(one, places[one], other, places[other])
    ]
    if mistakes:
        raise UsageError.of(mistakes)
    return _topological(places)


def _places(cells: Sequence[Cell]) -> dict[str, list[Cell]]:
    places: dict[str, list[Cell]] = {}
    for cell in cells:
        if (pin := pin_of(cell)) is not None:
            places.setdefault(pin, []).append(cell)
    return places


def _unclear(name: str, cells: Sequence[Cell]) -> list[Mistake]:
    mistakes = []
    for cell in cells:
        said = sorted(tag for tag in cell.tags if tag == ALONE or tag.startswith(PIN))
        if len(said) > 1:
            what = f"cell {cell.number} has the tags {' and '.join(map(repr, said))}."
            mistakes.append(Mistake(where=name, what=what, remedy="Keep one of them."))
        elif said == [PIN]:
            what = f"cell {cell.number} has the tag '{PIN}' without a name."
            mistakes.append(Mistake(where=name, what=what, remedy=f"Write '{PIN}NAME'."))
    return mistakes


def _torn(name: str, cells: Sequence[Cell]) -> list[Mistake]:
    """Find steps whose cells have code of another step, or of none, between them."""
    code = [cell for cell in cells if cell.cell_type == "code" or pin_of(cell) is not None]
    last: dict[str, int] = {}
    mistakes = []
    for place, cell in enumerate(code):
        pin = pin_of(cell)
        if pin is None:
            continue
        before = last.get(pin)
        if before is not None and before != place - 1:
            between = code[place - 1].number
            mistakes.append(
                Mistake(
                    where=name,
                    what=f"cells {code[before].number} and {cell.number} are both pinned to "
                    f"'{pin}', but cell {between} between them is not.",
                    remedy="Give one of them another step, or pin the cell between them too.",
                )
            )
        last[pin] = place
    return mistakes


def _crossing(
    one: str, ours: Mapping[str, list[Cell]], other: str, theirs: Mapping[str, list[Cell]]
) -> list[Mistake]:
    shared = [pin for pin in ours if pin in theirs]
    return [
        Mistake(
            what=f"the steps '{a}' and '{b}' cross: cells {ours[a][0].number} and "
            f"{ours[b][0].number} of {one}, cells {theirs[a][0].number} and "
            f"{theirs[b][0].number} of {other}.",
            remedy="Rows keep every notebook's order: remove or rename one pin.",
        )
        for a, b in pairwise(shared)
        if theirs[a][0].index > theirs[b][0].index
    ]


def _topological(places: Mapping[str, Mapping[str, list[Cell]]]) -> list[str]:
    after: dict[str, set[str]] = {pin: set() for steps in places.values() for pin in steps}
    for steps in places.values():
        for one, other in pairwise(steps):
            after[other].add(one)
    ordered: list[str] = []
    while after:
        free = (pin for pin, earlier in after.items() if not earlier - set(ordered))
        ready = min(free, default=None)
        if ready is None:
            circle = ", ".join(f"'{pin}'" for pin in sorted(after))
            cells = "; ".join(
                f"cell {steps[pin][0].number} of {name} is '{pin}'"
                for name, steps in places.items()
                for pin in steps
                if pin in after
            )
            raise UsageError(
                f"the steps {circle} contradict one another in a circle: {cells}.",
                remedy="Rows keep every notebook's order: remove or rename one pin.",
            )
        ordered.append(ready)
        del after[ready]
    return ordered
