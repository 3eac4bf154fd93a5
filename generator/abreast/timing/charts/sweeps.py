"""Sweeps -> lines: throughput, or time, against a parameter. Knows no pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from abreast.model import (
    Device,
    Framework,
    Plot,
    Readout,
    Series,
    Sweep,
    SweepPoint,
    Tick,
    Value,
)
from abreast.timing.charts.captions import regime_words, time_words
from abreast.timing.charts.devices import device_words, like_devices
from abreast.timing.charts.scales import Scale, number_ticks, seconds_ticks

_SPAN_ALONG, _SPAN_UPWARD = 4.0, 30.0
"""From which factor between the largest and the smallest value an axis is logarithmic."""
_INSET, _HEADROOM = 0.03, 1.05


def is_throughput(sweep: Sweep) -> bool:
    """Say whether all points of a sweep tell how many examples they worked on, in some time."""
    every = [point for points in sweep.lines.values() for point in points]
    return all(point.examples and point.cost.estimate.lower_seconds > 0 for point in every)


def swept_values(sweep: Sweep) -> list[Value]:
    """Return the values of the parameter: numbers in ascending order, others as they came."""
    values = list(dict.fromkeys(p.value for points in sweep.lines.values() for p in points))
    return [*sorted(values)] if are_numbers(values) else values


def are_numbers(values: Sequence[Value]) -> TypeGuard[Sequence[float]]:
    """Say whether a parameter's values can stand on a scale."""
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def value_words(value: Value) -> str:
    """Return a parameter's value as deck.yml would write it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def main_device(sweep: Sweep) -> Device:
    """Return the device of most frameworks: those on like ones can be compared."""
    costs = [(name, point.cost) for name, points in sweep.lines.items() for point in points]
    return like_devices(costs)[0]


def compared_device_words(sweep: Sweep) -> str:
    """Return on what those were measured that can be compared; nothing where all were."""
    devices = [point.cost.device for points in sweep.lines.values() for point in points]
    mine = [device for device in devices if device.is_like(main_device(sweep))]
    return device_words(mine) if len(mine) < len(devices) else ""


def sweep_plot(sweep: Sweep, frameworks: Sequence[Framework]) -> Plot:
    """Return a sweep as lines: examples a second where all points tell them, else seconds."""
    throughput = is_throughput(sweep)
    shown = [framework for framework in frameworks if sweep.lines.get(framework.name)]
    places = _places(swept_values(sweep))
    every = [point for framework in shown for point in sweep.lines[framework.name]]
    upward = _upward([v for p in every for v in _range(p, throughput=throughput)])
    counted = f"examples per second in {sweep.timed}" if throughput else f"time of {sweep.timed}"
    return Plot(
        title=f"{counted}{', logarithmic' if upward.logarithmic else ''}",
        along=sweep.parameter,
        series=tuple(_series(sweep, framework, places, upward) for framework in shown),
        upward_ticks=number_ticks(upward) if throughput else seconds_ticks(upward),
        along_ticks=tuple(Tick(at=at, label=value_words(v)) for v, at in places.items()),
        readout=_readout(sweep, shown),
    )


def _series(
    sweep: Sweep, framework: Framework, places: Mapping[Value, float], upward: Scale
) -> Series:
    throughput, main = is_throughput(sweep), main_device(sweep)
    line = sorted(sweep.lines[framework.name], key=lambda point: places[point.value])
    device = line[0].cost.device
    dashed = not device.is_like(main)
    points, ranges = [], []
    for point in line:
        at = places[point.value]
        low, middle, high = map(upward.at, _range(point, throughput=throughput))
        points.append((at, middle))
        if point.cost.estimate.spread is not None:
            ranges.append((at, low, high))
    where = f", {device.words}" if dashed else ""
    caveat = "" if all(point.cost.alone for point in line) else ", not alone"
    return Series(
        framework=framework.name,
        name=f"{framework.title}{where}{caveat}",
        points=tuple(points),
        ranges=tuple(ranges),
        name_at=points[-1][1],
        dashed=dashed,
    )


def _range(point: SweepPoint, *, throughput: bool) -> tuple[float, float, float]:
    """Return the lower quartile, the median and the upper quartile of what is drawn."""
    found = point.cost.estimate
    seconds = (found.lower_seconds, found.median_seconds, found.upper_seconds)
    if not throughput or not point.examples:
        return seconds
    low, middle, high = (point.examples / second for second in reversed(seconds))
    return low, middle, high


def _places(values: Sequence[Value]) -> dict[Value, float]:
    """Return where values lie: numbers on a scale, others at equal distances."""
    if len(values) == 1:
        return {values[0]: 0.5}
    if not are_numbers(values):
        distance = (1 - 2 * _INSET) / (len(values) - 1)
        return {value: _INSET + n * distance for n, value in enumerate(values)}
    low, high = min(values), max(values)
    scale = Scale(low=low, high=high, logarithmic=low > 0 and high / low >= _SPAN_ALONG)
    return {value: _INSET + scale.at(value) * (1 - 2 * _INSET) for value in values}


def _upward(values: Sequence[float]) -> Scale:
    """Return an axis from nothing on, or a logarithmic one where values are far apart."""
    low, high = min(values), max(values)
    if low > 0 and high / low >= _SPAN_UPWARD:
        return Scale(low=low / _HEADROOM, high=high * _HEADROOM, logarithmic=True)
    return Scale(low=0.0, high=high * _HEADROOM or 1.0)


def _readout(sweep: Sweep, shown: Sequence[Framework]) -> Readout:
    titles = [framework.title for framework in shown]
    by_value = {
        framework.name: {point.value: point for point in sweep.lines[framework.name]}
        for framework in shown
    }
    throughput = is_throughput(sweep)
    regimes = {p.cost.estimate.regime for points in sweep.lines.values() for p in points}
    rows = []
    for value in swept_values(sweep):
        points = [line.get(value) for line in by_value.values()]
        cells = [_cell(p, throughput=throughput, mixed=len(regimes) > 1) for p in points]
        rows.append((value_words(value), *cells))
    what = "Throughput" if throughput else "Time"
    return Readout(
        label=f"{what} against {sweep.parameter}: {', '.join(titles)}. "
        "The table after it has the numbers.",
        head=(sweep.parameter, *titles),
        rows=tuple(rows),
    )


def _cell(point: SweepPoint | None, *, throughput: bool, mixed: bool) -> str:
    if point is None:
        return "no time"
    regime = regime_words(point.cost, mixed=mixed)
    words = f"{regime} {time_words(point.cost)}{'' if point.cost.alone else ' (not alone)'}".strip()
    if not throughput:
        return words
    _, rate, _ = _range(point, throughput=True)
    return f"{rate:.3g} examples per second, {words}"
