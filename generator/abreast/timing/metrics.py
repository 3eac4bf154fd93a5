"""What cells publish of their training: records of numbers of a MIME type of our own.

    {"epoch": 1, "loss": 0.83, "accuracy": 0.71}        or a list of such records

Any kernel can display them, and none needs to import abreast.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from abreast.errors import shown
from abreast.events import Sink, Warned
from abreast.model import METRICS, Cell, Curve, Execution, Run

AGAINST = ("epoch", "step")
"""What a record may be counted by; the first that all its records have is taken."""
EXAMPLES = "examples"
"""How many examples a cell worked on: it makes a time a throughput."""

_NOT_FINITE = frozenset({"nan", "inf", "-inf", "infinity", "-infinity"})

Record = Mapping[str, float]


def curves(section: str, executions: Iterable[Execution], tell: Sink) -> list[Curve]:
    """Return the metrics that each framework's cells published, one curve each.

    What is no record of numbers is told to `tell`, with its cell, and left out.
    """
    result: list[Curve] = []
    for execution in executions:
        if not isinstance(execution.result, Run):
            continue
        shown_cells = [cell for cell in execution.result.cells if not cell.elsewhere]
        for cell in shown_cells:
            bad = sum(record is None for record in _records(cell))
            if bad:
                where = f"{shown(execution.notebook.path)}, cell {cell.number}"
                lack = f"{bad} of what it published as metrics is not a record of numbers."
                tell(Warned(text=f"{where}: {lack} Publish {{name: number, …}}"))
        records = [r for cell in shown_cells for r in published(cell)]
        result += _curves(section, execution.column.name, records)
    return result


def published(cell: Cell) -> list[Record]:
    """Return the records that a cell published, in their order."""
    return [record for record in _records(cell) if isinstance(record, dict)]


def examples(cells: Iterable[Cell]) -> float | None:
    """Return how many examples cells say they worked on, together; None where none says so."""
    known = [r[EXAMPLES] for cell in cells for r in published(cell) if _is_at(EXAMPLES, r)]
    return sum(known) or None


def _is_at(name: str, record: Record) -> bool:
    return math.isfinite(record.get(name, math.nan))


def _records(cell: Cell) -> Iterator[Record | None]:
    for output in cell.outputs:
        data = output.get("data")
        if not isinstance(data, Mapping) or METRICS not in data:
            continue
        value = _value(data[METRICS])
        for record in value if isinstance(value, list) else [value]:
            yield _numbers(record)


def _value(value: Any) -> Any:
    """Return JSON as a value: a kernel may send it as text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _numbers(record: Any) -> Record | None:
    if not isinstance(record, Mapping) or not record:
        return None
    numbers = {str(name): _number(value) for name, value in record.items()}
    return {name: value for name, value in numbers.items() if value is not None} or None


def _number(value: Any) -> float | None:
    """Return a number; one that is not finite for what diverged, None for what is none."""
    if isinstance(value, str) and value.lower() in _NOT_FINITE:
        return math.nan  # so kernels write it: JSON has no word for it
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _curves(section: str, framework: str, records: Sequence[Record]) -> Iterator[Curve]:
    names = dict.fromkeys(name for record in records for name in record)
    for metric in names:
        own = [record for record in records if metric in record]
        diverged = not math.isfinite(own[-1][metric])
        if metric in AGAINST or metric == EXAMPLES:
            continue
        against = next((a for a in AGAINST if all(_is_at(a, record) for record in own)), "")
        points = [
            (record[against] if against else float(number), record[metric])
            for number, record in enumerate(own, start=1)
            if math.isfinite(record[metric])
        ]
        yield Curve(
            section=section,
            framework=framework,
            metric=metric,
            against=against,
            points=tuple(points),
            diverged=diverged,
        )
