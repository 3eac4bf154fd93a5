"""Runs -> what their steps cost, and how a column says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from abreast.events import Sink
from abreast.model import (
    MAY_RAISE,
    AbreastSection,
    Cost,
    Costs,
    Curve,
    Deck,
    Estimate,
    Execution,
    Lack,
    Run,
    StepCost,
    Sweep,
)
from abreast.timing.metrics import curves
from abreast.timing.statistics import (
    counted_rounds,
    estimate,
    first_run,
    repeated_cells,
    steady,
)
from abreast.timing.sweeps import Steps, sweeps
from abreast.timing.words import duration, estimated

_MOST_OF_IT = 0.9
"""Of a step's first run: when its repeated cells are so much, the step is what they are."""


def cost(run: Run, cells: Sequence[int]) -> Cost | None:
    """Return what a step's cells cost: steady where they were repeated, else their first run.

    None where nothing was measured: outputs as found, a cell that failed.
    """
    first = first_run(run, cells)
    if first is None:
        return None
    own = Cost(estimate=first, device=run.provenance.device, alone=run.provenance.alone)
    repeated = steady(run, cells)
    if repeated and _are_most(run, cells, first):
        return replace(own, estimate=repeated, first=first)
    return own


def badge(run: Run, cells: Sequence[int]) -> tuple[str, str]:
    """Return what stands under a column's code, and what may stand beside it: the first run.

    The badge says where a time comes from that the probe in the kernel did not take, and when
    other work went on meanwhile. Empty where nothing was measured.
    """
    if run.clock == "none":
        return "as found", ""
    found = cost(run, cells)
    if found is None:
        return "", ""
    caveats = [
        *(["with messaging"] if run.clock == "client" else []),
        *([] if found.alone else ["not alone"]),
    ]
    told = f" ({', '.join(caveats)})" if caveats else ""
    aside = f"first run {duration(found.first.median_seconds)}" if found.first else ""
    return estimated(found.estimate) + told, aside


def step_costs(section: str, steps: Steps, executions: Iterable[Execution]) -> list[StepCost]:
    """Return what the steps of a section cost; neighbors under one title are one step.

    A step that no framework measured is left out.
    """
    runs = {e.column.name: e.result for e in executions if isinstance(e.result, Run)}
    result = []
    for title, members in _joined(steps):
        found = {n: cost(runs[n], cells) for n, cells in members.items() if n in runs}
        costs = {name: value for name, value in found.items() if value}
        if costs:
            result.append(StepCost(section=section, title=title, costs=costs))
    return result


def deck_costs(
    deck: Deck, steps: Mapping[str, Steps], executions: Sequence[Execution], tell: Sink
) -> Costs:
    """Return what a deck cost; `steps` are those of each abreast section, by its title."""
    own = [execution for execution in executions if not execution.swept]
    found: list[StepCost] = []
    published: list[Curve] = []
    swept: list[Sweep] = []
    for section in deck.sections:
        if isinstance(section, AbreastSection):
            title = section.title
            mine = [execution for execution in own if execution.section == title]
            found += step_costs(title, steps[title], mine)
            published += curves(title, mine, tell)
            there = [e for e in executions if e.swept and e.section == title]
            swept += sweeps(section, steps[title], there, tell)
    return Costs(
        steps=tuple(found), totals=total_costs(own), curves=tuple(published), sweeps=tuple(swept)
    )


def total_costs(executions: Sequence[Execution]) -> dict[str, Cost]:
    """Return what all cells of a framework's notebooks took in their first runs, by framework.

    Cells that may raise have no time and do not count. None where a notebook did not finish, where
    another cell has no time, or where notebooks ran on unlike devices.
    """
    by_name: dict[str, list[Execution]] = {}
    for execution in executions:
        by_name.setdefault(execution.column.name, []).append(execution)
    totals = {name: _total([e.result for e in mine]) for name, mine in by_name.items()}
    return {name: total for name, total in totals.items() if total}


def _total(results: Sequence[Run | Lack]) -> Cost | None:
    """Add up runs kernel by kernel: the rounds of a deck's notebooks follow each other."""
    working = [r for r in results if not isinstance(r, Run) or r.failure or _work(r)]
    runs = [run for run in working if isinstance(run, Run) and run.failure is None]
    sums = [_sums(run) for run in runs]
    if not sums or len(runs) < len(working) or not all(sums):
        return None
    first = runs[0].provenance.device
    if not all(run.provenance.device.is_like(first) for run in runs):
        return None
    return Cost(
        estimate=estimate([sum(together) for together in zip(*sums, strict=False)], "first run"),
        device=first,
        alone=all(run.provenance.alone for run in runs),
    )


def _sums(run: Run) -> list[float]:
    work = _work(run)
    return [sum(r[i][0].wall_seconds for i in work) for r in counted_rounds(run, work)]


def _work(run: Run) -> list[int]:
    """Return the code cells of a run that must have a time, of those on the path that is shown."""
    mine = [cell for cell in run.cells if cell.is_executed and not cell.elsewhere]
    return [cell.index for cell in mine if MAY_RAISE not in cell.tags]


def _are_most(run: Run, cells: Sequence[int], first: Estimate) -> bool:
    share = first_run(run, repeated_cells(run, cells))
    return share is not None and share.median_seconds >= _MOST_OF_IT * first.median_seconds


def _joined(steps: Steps) -> list[tuple[str, dict[str, list[int]]]]:
    joined: list[tuple[str, dict[str, list[int]]]] = []
    for title, members in steps:
        if not joined or joined[-1][0] != title:
            joined.append((title, {}))
        for name, cells in members.items():
            joined[-1][1].setdefault(name, []).extend(cells)
    return joined
