"""Costs -> bars: which, in which order, how long, and what is said of them. Knows no pixels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from abreast.model import (
    Bar,
    Cost,
    Costs,
    Device,
    Estimate,
    Framework,
    Readout,
)
from abreast.timing.charts.captions import regime_words, time_words, what_they_are
from abreast.timing.charts.devices import device_words, like_devices, measured_on, ratios
from abreast.timing.charts.grouping import CostGroup, step_groups
from abreast.timing.charts.scales import Scale

TOTAL = "All cells"
_SAME_SCALE = 0.25
"""Of the total: from a longest step so long on, the total's scale serves the steps too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A deck's costs as they are charted: the total, where there is one, then the steps.

    `titles` are the frameworks', by name, in the deck's order; `devices` one of each kind of like
    ones, first the one whose times set the scales (seconds); `mixed` says that first runs stand
    beside steady times, `some_alone` that not all of them had others running meanwhile.
    """

    total: tuple[CostGroup, ...]
    steps: tuple[CostGroup, ...]
    titles: Mapping[str, str]
    devices: tuple[Device, ...]
    total_scale: Scale
    steps_scale: Scale
    mixed: bool
    some_alone: bool

    @property
    def costs(self) -> list[Cost]:
        """All costs that are charted, by themselves or in a sum."""
        groups = self.total + self.steps
        steps = [step.costs for group in groups for step in group.summed or (group,)]
        return [cost for costs in steps for cost in costs.values()]

    @property
    def lede(self) -> str:
        """What the numbers are, in words."""
        drawn = [
            bar
            for group in self.total + self.steps
            for device in self.devices
            for bar in bars(self, group, device)
        ]
        whiskers = [bool(bar.whisker) for bar in drawn if not bar.cut]
        return what_they_are(self.costs, whiskers=whiskers, ratios=any(bar.ratio for bar in drawn))

    def scale(self, group: CostGroup) -> Scale:
        """Return the scale of a group's bars."""
        return self.total_scale if group in self.total else self.steps_scale

    def device_words(self, device: Device) -> str:
        """Return what the devices like this one are, in words."""
        return device_words([c.device for c in self.costs if c.device.is_like(device)])


def compare(costs: Costs, frameworks: Sequence[Framework]) -> Comparison | None:
    """Return a deck's costs as they are charted, None where nothing was measured."""
    titles = {framework.name: framework.title for framework in frameworks}
    total = (CostGroup(title=TOTAL, costs=costs.totals),) if costs.totals else ()
    steps = step_groups(costs)
    everything = [
        (name, group.costs[name])
        for name in titles
        for group in total + steps
        if name in group.costs
    ]
    if not everything:
        return None
    devices = like_devices(everything)
    longest, longest_step = (_longest(groups, devices[0]) for groups in (total, steps))
    if longest_step >= _SAME_SCALE * longest:
        longest = longest_step = max(longest, longest_step)
    return Comparison(
        total=total,
        steps=steps,
        titles=titles,
        devices=tuple(devices),
        total_scale=Scale(low=0.0, high=longest or 1.0),
        steps_scale=Scale(low=0.0, high=longest_step or 1.0),
        mixed=len({cost.estimate.regime for _, cost in everything}) > 1,
        some_alone=any(cost.alone for _, cost in everything),
    )


def bars(comparison: Comparison, group: CostGroup, device: Device) -> tuple[Bar, ...]:
    """Return the bars of a group on devices like this one, in the deck's order of columns."""
    mine = measured_on(group.costs, device)
    told = ratios(mine)
    scale = comparison.scale(group)
    return tuple(
        Bar(
            framework=name,
            name=title,
            regime=regime_words(mine[name], mixed=comparison.mixed),
            words=_words(mine[name], comparison),
            length=min(1.0, scale.at(mine[name].estimate.median_seconds)),
            whisker=_whisker(mine[name].estimate, scale),
            ratio=told.get(name, ""),
            cut=mine[name].estimate.median_seconds > scale.high,
        )
        for name, title in comparison.titles.items()
        if name in mine
    )


def lacking(comparison: Comparison, group: CostGroup) -> str:
    """Return which frameworks have no time in a group: "no time: MXNet, JAX"."""
    without = [title for name, title in comparison.titles.items() if name not in group.costs]
    return f"no time: {', '.join(without)}" if without else ""


def readout(comparison: Comparison, groups: Sequence[CostGroup]) -> Readout:
    """Return what a chart of these groups says to those who do not see it, each step by itself."""
    rows = []
    for group in groups:
        rows.append((group.title, *_cells(comparison, group.costs)))
        rows += [(step.title, *_cells(comparison, step.costs)) for step in group.summed]
    titles = tuple(comparison.titles.values())
    return Readout(
        label=f"Bars: times of {', '.join(titles)}. The table after them has the numbers.",
        head=("Step", *titles),
        rows=tuple(rows),
    )


def _cells(comparison: Comparison, costs: Mapping[str, Cost]) -> list[str]:
    return [_cell(comparison, costs[n]) if n in costs else "no time" for n in comparison.titles]


def _cell(comparison: Comparison, cost: Cost) -> str:
    regime = regime_words(cost, mixed=comparison.mixed)
    words = f"{regime} {_words(cost, comparison)}".strip()
    apart = len(comparison.devices) > 1
    return f"{words} on {comparison.device_words(cost.device)}" if apart else words


def _words(cost: Cost, comparison: Comparison) -> str:
    """Return a time in words; that it was not measured alone where others were."""
    caveat = " (not alone)" if comparison.some_alone and not cost.alone else ""
    return f"{time_words(cost)}{caveat}"


def _longest(groups: Iterable[CostGroup], device: Device) -> float:
    """Return the longest time (seconds) on devices like this one; where there is none, on any."""
    every = [cost for group in groups for cost in group.costs.values()]
    mine = [cost for cost in every if cost.device.is_like(device)]
    return max((_end(cost.estimate) for cost in mine or every), default=0.0)


def _end(estimate: Estimate) -> float:
    known = estimate.spread is not None
    return max(estimate.median_seconds, estimate.upper_seconds if known else 0.0)


def _whisker(estimate: Estimate, scale: Scale) -> tuple[float, ...]:
    if estimate.spread is None or estimate.median_seconds > scale.high:
        return ()
    return scale.at(estimate.lower_seconds), scale.at(estimate.upper_seconds)
