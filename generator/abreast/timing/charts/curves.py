"""What cells published of their training -> lines, and where they end. Knows no pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from abreast.model import Curve, Framework, Plot, Readout, Series
from abreast.timing.charts.scales import Scale, number_ticks
from abreast.timing.charts.thinning import thinned

MOST_PLOTS = 2
_SPAN = 100.0
"""From which factor between the largest and the smallest value an axis is logarithmic."""
_INSET = 0.03
_TINY = 1e-200
"""Less is nothing: its logarithms and steps are no numbers any more."""
_SAME = 1e-6
"""Of the largest value: a smaller range is none."""
_MOST_POINTS, _MOST_ROWS = 240, 40
_USUAL = ("loss", "acc")
"""What is in the names of metrics that are shown first."""
_NONE = "\N{EN DASH}"

Metric = Sequence[Curve]
"""The curves of one metric, against the same, by framework."""


def metrics(curves: Iterable[Curve]) -> list[Metric]:
    """Return curves by metric, the two that are plotted first: a loss and an accuracy.

    Of several the one that most frameworks published, then the one that was published first.
    """
    by_metric: dict[tuple[str, str], list[Curve]] = {}
    for curve in curves:
        if curve.points:
            by_metric.setdefault((curve.metric, curve.against), []).append(curve)
    found = sorted(by_metric.values(), key=len, reverse=True)
    usual = [next((m for m in found if word in m[0].metric.lower()), None) for word in _USUAL]
    # By identity: one metric may be called both.
    order = {id(metric): metric for metric in [*usual, *found] if metric}
    return list(order.values())


def is_line(metric: Metric) -> bool:
    """Say whether a metric was published more than once: else there is nothing to join."""
    return any(len(curve.points) > 1 for curve in metric)


def curve_plot(metric: Metric, frameworks: Sequence[Framework]) -> Plot:
    """Return one metric of several frameworks as lines."""
    lines = {curve.framework: curve.points for curve in metric}
    along = _linear([x for points in lines.values() for x, _ in points], _INSET)
    upward = _upward([y for points in lines.values() for _, y in points])
    counted = all(x.is_integer() for points in lines.values() for x, _ in points)
    series = []
    for framework in frameworks:
        if framework.name in lines:
            placed = [(along.at(x), upward.at(y)) for x, y in lines[framework.name]]
            series.append(
                Series(
                    framework=framework.name,
                    name=framework.title,
                    points=thinned(placed, _MOST_POINTS),
                    name_at=placed[-1][1],
                )
            )
    return Plot(
        title=f"{metric[0].metric}{', logarithmic' if upward.logarithmic else ''}",
        along=metric[0].against or "in the order published",
        series=tuple(series),
        upward_ticks=number_ticks(upward),
        along_ticks=number_ticks(along, whole=counted),
        readout=_readout(metric, frameworks),
    )


def final_values(metric: Metric, frameworks: Sequence[Framework]) -> list[str]:
    """Return the last value of each framework, with like decimals; a dash for none."""
    ends = {curve.framework: curve.points[-1][1] for curve in metric}
    words = dict(zip(ends, _values(list(ends.values())), strict=True))
    words |= {curve.framework: "diverged" for curve in metric if curve.diverged}
    return [words.get(framework.name, _NONE) for framework in frameworks]


def after(metrics: Iterable[Metric]) -> str:
    """Return after what all curves end: "after epoch 3", or "at the end" where they differ."""
    ends = {(curve.against, curve.points[-1][0]) for metric in metrics for curve in metric}
    against, at = min(ends)
    return f"after {against} {at:g}" if len(ends) == 1 and against else "at the end"


def _upward(values: Sequence[float]) -> Scale:
    low, high = min(values), max(values)
    if low > _TINY and high / low >= _SPAN:
        return Scale(low=low / 1.1, high=high * 1.1, logarithmic=True)
    return _linear(values, 0.05)


def _linear(values: Sequence[float], inset: float) -> Scale:
    """Return an axis on which values have `inset` of their range free at both ends."""
    low, high = min(values), max(values)
    most = max(abs(low), abs(high))
    flat = high - low <= max(_SAME * most, _TINY)
    free = (most * 0.1 if most > _TINY else 1.0) if flat else (high - low) * inset
    return Scale(low=low - free, high=high + free)


def _values(values: Sequence[float]) -> list[str]:
    """Return values with three digits of the largest."""
    largest = max(map(abs, values))
    if not largest or not 1e-4 <= largest < 1e6:
        return [f"{value:.3g}" for value in values]
    decimals = max(0, 2 - math.floor(math.log10(largest)))
    return [f"{value:.{decimals}f}" for value in values]


def _readout(metric: Metric, frameworks: Sequence[Framework]) -> Readout:
    """Return a curve's numbers; of long ones some, at equal distances, and the last."""
    lines = {curve.framework: dict(curve.points) for curve in metric}
    shown = [framework for framework in frameworks if framework.name in lines]
    places = sorted({x for line in lines.values() for x in line})
    every = math.ceil(len(places) / _MOST_ROWS)
    kept = sorted({*places[::every], places[-1]})
    rows = [
        (f"{x:g}", *(f"{lines[f.name][x]:.3g}" if x in lines[f.name] else _NONE for f in shown))
        for x in kept
    ]
    titles = [framework.title for framework in shown]
    against = metric[0].against or "number"
    return Readout(
        label=f"{metric[0].metric} against {against}: {', '.join(titles)}. "
        "The table after it has the numbers.",
        head=(against, *titles),
        rows=tuple(rows),
    )
