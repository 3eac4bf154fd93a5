"""Runs of a section at several values of its parameters -> what it cost against one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from abreast.events import Sink, Warned
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
from abreast.timing.statistics import first_run, repeated_cells, steady

Steps = Sequence[tuple[str, Mapping[str, Sequence[int]]]]
"""The steps of a section: a title, and for each framework the indices of its cells."""

Choice = Callable[[Run], list[Cell]]
"""Which cells of a run are timed."""


def sweeps(
    section: AbreastSection, steps: Steps, executions: Iterable[Execution], tell: Sink
) -> list[Sweep]:
    """Return what a section cost against the first parameter of its grid.

    One for each combination of the other parameters. Timed are, in all columns alike, the repeated
    cells, of them those that say how many examples they worked on; where a column has none, the
    cells that say so; else all. `steps` have their names.
    A point whose notebook failed, or was not measured, is left out; a framework that has no part in
    the sweep is told to `tell`.
    """
    if not section.sweep:
        return []
    swept = list(executions)
    _tell_of_absent(section, swept, tell)
    parameter, *others = section.sweep
    result = []
    for fixed in settings({name: section.sweep[name] for name in others}) or [{}]:
        mine = [e for e in swept if all(e.swept[name] == fixed[name] for name in others)]
        choice = _choice([e.result for e in mine if _is_measured(e)])
        lines: dict[str, list[SweepPoint]] = {}
        for execution in mine:
            point = _point(execution, execution.swept[parameter], choice)
            if point:
                lines.setdefault(execution.column.name, []).append(point)
        told = {name: tuple(points) for name, points in lines.items()}
        if told:
            result.append(
                Sweep(
                    section=section.title,
                    parameter=parameter,
                    timed=_named(mine, choice, steps),
                    fixed=fixed,
                    lines=told,
                )
            )
    return result


def _tell_of_absent(section: AbreastSection, swept: Sequence[Execution], tell: Sink) -> None:
    present = {execution.column.name for execution in swept}
    for name in section.notebooks:
        if present and name not in present:
            names = ", ".join(section.sweep)
            lack = f"the notebook of {name} does not declare {names}; it is not in the sweep."
            tell(Warned(text=f"'{section.title}': {lack}"))


def _is_measured(execution: Execution) -> bool:
    run = execution.result
    return isinstance(run, Run) and run.failure is None and any(run.rounds)


def _choice(runs: Sequence[object]) -> Choice:
    """Return which cells are timed in all these runs."""
    choices: tuple[Choice, ...] = (
        lambda run: [cell for cell in _telling(run) if cell in _repeated(run)],
        _repeated,
        _telling,
    )
    for choice in choices:
        if runs and all(isinstance(run, Run) and choice(run) for run in runs):
            return choice
    return _measured


def _named(executions: Sequence[Execution], choice: Choice, steps: Steps) -> str:
    """Return the titles of the steps that are timed: "Train", or "all cells"."""
    if choice is _measured:
        return "all cells"
    timed = {
        (execution.column.name, cell.index)
        for execution in executions
        if isinstance(execution.result, Run) and _is_measured(execution)
        for cell in choice(execution.result)
    }
    titles = [
        title
        for title, members in steps
        if any((name, index) in timed for name, cells in members.items() for index in cells)
    ]
    return " and ".join(dict.fromkeys(filter(None, titles))) or "the timed cells"


def _measured(run: Run) -> list[Cell]:
    return [c for c in run.cells if c.index in run.rounds[0] and not c.elsewhere]


def _telling(run: Run) -> list[Cell]:
    return [cell for cell in _measured(run) if examples([cell])]


def _repeated(run: Run) -> list[Cell]:
    indices = repeated_cells(run, run.rounds[0])
    return [cell for cell in _measured(run) if cell.index in indices]


def _point(execution: Execution, value: Value, choice: Choice) -> SweepPoint | None:
    run = execution.result
    if not isinstance(run, Run) or not _is_measured(execution):
        return None
    timed = choice(run)
    indices = [cell.index for cell in timed]
    all_repeated = repeated_cells(run, indices) == indices
    found = steady(run, indices) if all_repeated else first_run(run, indices)
    if found is None:
        return None
    cost = Cost(estimate=found, device=run.provenance.device, alone=run.provenance.alone)
    return SweepPoint(value=value, cost=cost, examples=examples(timed))
