"""Runs of a section at several values of its parameters -> what it cost against one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from abreast.model import (
    AbreastSection,
    Cell,
    Cost,
    Execution,
    Run,
    Sweep,
    SweepPoint,
    Value,
)
from abreast.run.plan import settings
from abreast.timing.metrics import examples
from abreast.timing.statistics import first_run, steady


def sweeps(section: AbreastSection, executions: Iterable[Execution]) -> list[Sweep]:
    """Return what a section cost against the first parameter of its grid.

    One for each combination of the other parameters. Timed are the cells that say how many
    examples they worked on; where none does, the repeated ones; else all. A point whose notebook
    failed, or was not measured, is left out.
    """
    if not section.sweep:
        return []
    by_setting = [(execution.swept, execution) for execution in executions]
    parameter, *others = section.sweep
    result = []
    for fixed in settings({name: section.sweep[name] for name in others}) or [{}]:
        mine = [e for swept, e in by_setting if all(swept[n] == fixed[n] for n in others)]
        lines: dict[str, list[SweepPoint]] = {}
        for execution in mine:
            point = _point(execution, execution.swept[parameter])
            if point:
                lines.setdefault(execution.column.name, []).append(point)
        if lines:
            told = {name: tuple(points) for name, points in lines.items()}
            result.append(
                Sweep(
                    section=section.title,
                    parameter=parameter,
                    timed=_what_is_timed(mine),
                    fixed=fixed,
                    lines=told,
                )
            )
    return result


def _point(execution: Execution, value: Value) -> SweepPoint | None:
    run = execution.result
    if not isinstance(run, Run) or run.failure or not any(run.rounds):
        return None
    timed = _timed(run)
    indices = [cell.index for cell in timed]
    found = steady(run, indices) or first_run(run, indices)
    if found is None:
        return None
    cost = Cost(estimate=found, device=run.provenance.device, alone=run.provenance.alone)
    return SweepPoint(value=value, cost=cost, examples=examples(timed))


def _timed(run: Run) -> list[Cell]:
    measured = [cell for cell in run.cells if cell.index in run.rounds[0]]
    telling = [cell for cell in measured if examples([cell])]
    repeated = [cell for cell in measured if len(run.rounds[0][cell.index]) > 1]
    return telling or repeated or measured


def _what_is_timed(executions: Sequence[Execution]) -> str:
    """Return in words what the times are of: one cell's name is enough where all agree."""
    counts = {
        (len(_timed(e.result)), len(e.result.rounds[0]))
        for e in executions
        if isinstance(e.result, Run) and any(e.result.rounds)
    }
    if all(timed == every for timed, every in counts):
        return "all cells"
    return "one cell" if all(timed == 1 for timed, _ in counts) else "the timed cells"
