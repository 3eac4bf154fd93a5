"""Plots -> parts of an SVG: axes, ranges, lines, marks, names."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from abreast.model import Framework, Plot, PlotRow, Series
from abreast.render.charts.drawing import Paints, element, line, mark, path, words
from abreast.slides.charts.plots import FOOT, HEAD, MARK, NAME_X, TICK_X

_MOST_MARKS = 10
_CAP, _TICK = 4.0, 4.0

At = Callable[[float, float], tuple[float, float]]
"""From fractions of the axes to px of the drawing."""


def plot_parts(
    plot: Plot, row: PlotRow, frameworks: Mapping[str, Framework], paints: Paints
) -> Iterator[str]:
    """Yield the parts of a plot, the lowest first."""
    width = row.width_px - plot.left_px - plot.right_px
    height = row.height_px - HEAD - FOOT

    def at(along: float, upward: float) -> tuple[float, float]:
        return plot.left_px + along * width, HEAD + (1 - upward) * height

    yield from _axes(plot, row, at, paints)
    for series in plot.series:
        yield from _name(series, frameworks[series.framework], at, row.font_px, paints)
    for series in plot.series:
        yield from _line(series, frameworks[series.framework], at, paints)


def _axes(plot: Plot, row: PlotRow, at: At, paints: Paints) -> Iterator[str]:
    (left, foot), (right, _) = at(0, 0), at(1, 0)
    size = row.font_px
    yield words(0, size * 0.7, plot.title, paints.ink, size, font_weight=600)
    for tick in plot.upward_ticks:
        _, y = at(0, tick.at)
        yield line(left, y, right, y, paints.grid)
        yield words(left - TICK_X, y, tick.label, paints.mute, size, text_anchor="end")
    yield line(left, foot, right, foot, paints.mute)
    for tick in plot.along_ticks:
        x, _ = at(tick.at, 0)
        yield line(x, foot, x, foot + _TICK, paints.mute)
        yield words(x, foot + size, tick.label, paints.mute, size, text_anchor="middle")
    middle = (left + right) / 2
    yield words(middle, foot + size * 2.4, plot.along, paints.mute, size, text_anchor="middle")


def _line(series: Series, framework: Framework, at: At, paints: Paints) -> Iterator[str]:
    paint = paints.framework(framework)
    places = [at(x, y) for x, y in series.points]
    whiskers = "".join(_whisker(*at(x, low), at(x, high)[1]) for x, low, high in series.ranges)
    if whiskers:
        yield element("path", d=whiskers, fill="none", stroke=paint, stroke_width=1.5)
    dashes = {"stroke_dasharray": "7 5"} if series.dashed else {}
    yield element(
        "path", d=path(places), fill="none", stroke=paint, stroke_width=2.25,
        stroke_linejoin="round", **dashes,
    )  # fmt: skip
    every = math.ceil(len(places) / _MOST_MARKS)
    for x, y in dict.fromkeys([*places[::every], places[-1]]):
        yield mark(x, y, framework.mark, MARK, paint, paints.paper)


def _whisker(x: float, foot: float, top: float) -> str:
    caps = "".join(f"M{x - _CAP:.2f} {y:.2f}h{2 * _CAP:.0f}" for y in (foot, top))
    return f"M{x:.2f} {foot:.2f}V{top:.2f}{caps}"


def _name(
    series: Series, framework: Framework, at: At, size: float, paints: Paints
) -> Iterator[str]:
    """Yield a line's name at the right, with a thin line to its last point."""
    x, y = at(1, series.name_at)
    last_x, last_y = at(*series.points[-1])
    yield element(
        "path", d=path([(last_x, last_y), (x, y), (x + NAME_X - MARK / 2, y)]), fill="none",
        stroke=paints.leader, stroke_width=1,
    )  # fmt: skip
    yield mark(
        x + NAME_X + MARK / 2, y, framework.mark, MARK, paints.framework(framework), paints.paper
    )
    yield words(x + NAME_X + 1.75 * MARK, y, series.name, paints.ink, size)
