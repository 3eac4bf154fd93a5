"""Runs -> what their steps cost, and how a column says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from abreast.events import Sink
from abreast.model import (
    AbreastSection,
    Cost,
    Costs,
    Curve,
    Deck,
    Estimate,
    Execution,
    Run,
    StepCost,
    Sweep,
)
from abreast.timing.metrics import curves
from abreast.timing.statistics import estimate, first_run, steady
from abreast.timing.sweeps import sweeps
from abreast.timing.words import duration, estimated

_MOST_OF_IT = 0.9
"""Of a step's first run: when its repeated cells are so much, the step is what they are."""

Steps = Sequence[tuple[str, Mapping[str, Sequence[int]]]]
"""The steps of a section: a title, and for each framework the indices of its cells."""


def cost(run: Run, cells: Sequence[int]) -> Cost | None:
    """Return what a step's cells cost: steady where they were repeated, else their first run.

    None where nothing was measured: outputs as found, a cell that failed.
    """
    first = first_run(run, cells)
    if first is None:
        return None
    repeated = steady(run, cells)
    chosen = repeated if repeated and _are_most(run, cells, first) else first
    return Cost(estimate=chosen, device=run.provenance.device, alone=run.provenance.alone)


def badge(run: Run, cells: Sequence[int]) -> tuple[str, str]:
    """Return what stands under a column's code, and what may stand beside it: the first run.

    The badge says where a time comes from that the probe in the kernel did not take, and when
    other notebooks ran meanwhile. Empty where nothing was measured.
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
    first = first_run(run, cells)
    aside = f"first run {duration(first.median_seconds)}" if first else ""
    return estimated(found.estimate) + told, aside if found.estimate.regime == "steady" else ""


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
            swept += sweeps(section, [e for e in executions if e.swept and e.section == title])
    return Costs(
        steps=tuple(found), totals=total_costs(own), curves=tuple(published), sweeps=tuple(swept)
    )


def total_costs(executions: Sequence[Execution]) -> dict[str, Cost]:
    """Return what all cells of a framework's notebooks took in their first runs, by framework.

    Without those of which a notebook did not finish or was not measured.
    """
    by_name: dict[str, list[Run | None]] = {}
    for execution in executions:
        run = execution.result
        whole = run if isinstance(run, Run) and run.failure is None and any(run.rounds) else None
        by_name.setdefault(execution.column.name, []).append(whole)
    result = {}
    for name, runs in by_name.items():
        whole_runs = [run for run in runs if run]
        if len(whole_runs) == len(runs):
            result[name] = _total(whole_runs)
    return result


def _total(runs: Sequence[Run]) -> Cost:
    """Add up runs kernel by kernel: the rounds of a deck's notebooks follow each other."""
    sums = [
        sum(samples[0].wall_seconds for one in together for samples in one.values())
        for together in zip(*(run.rounds for run in runs), strict=False)
    ]
    counted = sums[1:] or sums
    provenance = runs[0].provenance
    return Cost(
        estimate=estimate(counted, "first run"),
        device=provenance.device,
        alone=all(run.provenance.alone for run in runs),
    )


def _are_most(run: Run, cells: Sequence[int], first: Estimate) -> bool:
    repeated = [i for i in cells if len(run.rounds[0].get(i, ())) > 1]
    share = first_run(run, repeated)
    return share is not None and share.median_seconds >= _MOST_OF_IT * first.median_seconds


def _joined(steps: Steps) -> list[tuple[str, dict[str, list[int]]]]:
    joined: list[tuple[str, dict[str, list[int]]]] = []
    for title, members in steps:
        if not joined or joined[-1][0] != title:
            joined.append((title, {}))
        for name, cells in members.items():
            joined[-1][1].setdefault(name, []).extend(cells)
    return joined
