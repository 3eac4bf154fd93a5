"""What a sweep shows, in a sentence, where its measurements leave no doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from abreast.model import Cost, Framework, Sweep, SweepPoint, Value
from abreast.timing.charts.devices import is_clearly_faster, may_be_compared
from abreast.timing.charts.sweeps import (
    are_numbers,
    compared_device_words,
    is_throughput,
    main_device,
    swept_values,
    value_words,
)

_MOST_SPANS = 3
"""A sentence with more is a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """Values that follow each other, from the `first` to the `last` by number, and who wins."""

    winner: str
    first: int
    last: int


def claim(sweep: Sweep, frameworks: Sequence[Framework]) -> str:
    """Return a sentence on which framework is fastest where: "PyTorch at 16, JAX from 64".

    Fastest is who takes less time for an example than every other framework on like devices, each
    measured alone, at quartiles that do not overlap. Empty where nothing of that kind can be said.
    """
    values = swept_values(sweep)
    rivals = _rivals(sweep, frameworks)
    if len(rivals) < 2:
        return ""
    costs = [{n: line[v] for n, line in rivals.items() if v in line} for v in values]
    winners = [_winner(at, rivals) for at in costs]
    spans = _spans(winners)
    device = compared_device_words(sweep)
    where = f"On {device}, " if device else ""
    if not spans:
        level = all(len(at) == len(rivals) and may_be_compared(at.values()) for at in costs)
        none = f"{where}no" if where else "No"
        return f"{none} framework is clearly the fastest: ranges overlap." if level else ""
    if len(spans) > _MOST_SPANS:
        return ""
    titles = {framework.name: framework.title for framework in frameworks}
    (winner, first), *rest = ((titles[span.winner], _where(span, values)) for span in spans)
    others = "".join(f", {title} {place}" for title, place in rest)
    return f"{where}{winner} is fastest {first}{others}."


def _rivals(sweep: Sweep, frameworks: Sequence[Framework]) -> dict[str, dict[Value, Cost]]:
    """Return, by framework on like devices, the costs of an example by value."""
    main = main_device(sweep)
    throughput = is_throughput(sweep)
    return {
        f.name: {p.value: _of_an_example(p) if throughput else p.cost for p in sweep.lines[f.name]}
        for f in frameworks
        if sweep.lines.get(f.name)
        and all(point.cost.device.is_like(main) for point in sweep.lines[f.name])
    }


def _of_an_example(point: SweepPoint) -> Cost:
    share = 1 / (point.examples or 1.0)
    found = point.cost.estimate
    own = replace(
        found,
        median_seconds=found.median_seconds * share,
        lower_seconds=found.lower_seconds * share,
        upper_seconds=found.upper_seconds * share,
    )
    return replace(point.cost, estimate=own)


def _winner(costs: Mapping[str, Cost], rivals: Mapping[str, object]) -> str:
    """Return who is clearly faster than all rivals at one value, or nothing."""
    if len(costs) < len(rivals):
        return ""
    best = min(costs, key=lambda name: costs[name].estimate.median_seconds)
    others = [cost for name, cost in costs.items() if name != best]
    return best if all(is_clearly_faster(costs[best], other) for other in others) else ""


def _spans(winners: Sequence[str]) -> list[_Span]:
    spans = []
    for winner, run in groupby(range(len(winners)), key=lambda n: winners[n]):
        numbers = list(run)
        if winner:
            spans.append(_Span(winner=winner, first=numbers[0], last=numbers[-1]))
    return spans


def _where(span: _Span, values: Sequence[Value]) -> str:
    words = [value_words(value) for value in values]
    low, high = words[span.first], words[span.last]
    at_first, at_last = span.first == 0, span.last == len(values) - 1
    if at_first and at_last:
        return "at every value"
    if span.first == span.last:
        return f"at {low}"
    if not are_numbers(values):
        return f"at {', '.join(words[span.first : span.last + 1])}"
    if at_last:
        return f"from {low}"
    return f"up to {high}" if at_first else f"from {low} to {high}"
