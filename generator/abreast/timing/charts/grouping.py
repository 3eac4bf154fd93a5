"""Steps -> what is charted together: each by itself, the small ones summed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from abreast.model import Cost, Costs, Device, Estimate, Regime, StepCost

SMALL = 0.02
"""Of the total: steps that are less in every framework are summed into one group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostGroup:
    """What is charted together: a step, several of them `summed`, or whole notebooks."""

    title: str
    costs: Mapping[str, Cost]
    summed: tuple[StepCost, ...] = ()


def step_groups(costs: Costs) -> tuple[CostGroup, ...]:
    """Return a group a step, in the deck's order, and the sums of the small ones at the end."""
    steps, totals = costs.steps, _references(costs)
    several = len({step.section for step in steps}) > 1
    small = [step for step in steps if step.costs and _is_small(step, totals)]
    # A sum of first runs and steady times would be neither.
    sums = [
        same
        for regime in get_args(Regime)
        if len(same := [step for step in small if _regimes(step) == {regime}]) > 1
        and _are_alike(same)
    ]
    summed = {id(step) for same in sums for step in same}
    groups = [
        CostGroup(
            title=f"{step.section}: {step.title}" if several else step.title, costs=step.costs
        )
        for step in steps
        if id(step) not in summed
    ]
    others = "The other " if groups else ""
    for same in sums:
        which = f", {min(_regimes(same[0]))}" if len(sums) > 1 else ""
        title = f"{others}{len(same)} steps{which}"
        groups.append(CostGroup(title=title, costs=_sum(same), summed=tuple(same)))
    return tuple(groups)


def _references(costs: Costs) -> dict[str, float]:
    """Return each framework's total (seconds), of one without the sum of its steps."""
    sums: dict[str, float] = {}
    for step in costs.steps:
        for name, cost in step.costs.items():
            sums[name] = sums.get(name, 0.0) + cost.estimate.median_seconds
    return sums | {name: cost.estimate.median_seconds for name, cost in costs.totals.items()}


def _is_small(step: StepCost, totals: Mapping[str, float]) -> bool:
    return all(
        cost.estimate.median_seconds < SMALL * totals[name] for name, cost in step.costs.items()
    )


def _regimes(step: StepCost) -> set[Regime]:
    return {cost.estimate.regime for cost in step.costs.values()}


def _are_alike(steps: Sequence[StepCost]) -> bool:
    """Say whether each framework has one kind of device in all these steps."""
    devices: dict[str, Device] = {}
    return all(
        cost.device.is_like(devices.setdefault(name, cost.device))
        for step in steps
        for name, cost in step.costs.items()
    )


def _sum(steps: Iterable[StepCost]) -> dict[str, Cost]:
    """Return the sums of medians by framework; their spread is unknown."""
    by_name: dict[str, list[Cost]] = {}
    for step in steps:
        for name, cost in step.costs.items():
            by_name.setdefault(name, []).append(cost)
    return {name: _summed(costs) for name, costs in by_name.items()}


def _summed(costs: Sequence[Cost]) -> Cost:
    seconds = sum(cost.estimate.median_seconds for cost in costs)
    estimate = Estimate(
        regime=costs[0].estimate.regime,
        median_seconds=seconds,
        lower_seconds=seconds,
        upper_seconds=seconds,
        total_seconds=seconds,
    )
    alone = all(cost.alone for cost in costs)
    return Cost(estimate=estimate, device=costs[0].device, alone=alone)
