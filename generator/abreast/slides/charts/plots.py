"""Plots on a slide: sweeps one by one, training curves beside each other. Lengths in px."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from abreast.model import Curve, Framework, Plot, PlotRow, Slide, Sweep, Table
from abreast.slides.charts.labels import legible, moved_apart
from abreast.slides.charts.lines import shortened
from abreast.slides.header import BELOW, room_below
from abreast.slides.metrics import MARGIN, WIDTH, prose_width
from abreast.slides.tables import CELL_X, table_height
from abreast.timing.charts.captions import what_they_are
from abreast.timing.charts.claims import claim
from abreast.timing.charts.curves import (
    MOST_PLOTS,
    Metric,
    after,
    curve_plot,
    final_values,
    is_line,
    metrics,
)
from abreast.timing.charts.sweeps import (
    compared_device_words,
    is_throughput,
    sweep_plot,
    value_words,
)

HEAD, FOOT = 38.0, 50.0
"""Above the lines, for what is counted upwards; below them, for the other axis."""
PLOTS_APART = 44.0
NAME_X, MARK = 14.0, 9.0
"""From the lines to their names; the size of a mark, at the point and beside the name."""
TICK_X = 10.0
_FONT, _TABLE = 16.0, 18.0
_NAME, _NAME_LINE = 230.0, 1.4
_HIGHEST = 520.0
_MOST_FINALS = 4
_PUBLISHED = "As the cells published it, one run each: small differences may be chance."


def sweep_slide(section: str, sweep: Sweep, frameworks: Sequence[Framework]) -> Slide:
    """Return a sweep's slide: what it shows in a sentence, and the lines."""
    what = "Throughput" if is_throughput(sweep) else "Time"
    title = f"{what} against `{sweep.parameter}`"
    costs = [point.cost for points in sweep.lines.values() for point in points]
    fixed = ", ".join(f"{name} {value_words(value)}" for name, value in sweep.fixed.items())
    whiskers = [cost.estimate.spread is not None for cost in costs]
    told = [claim(sweep, frameworks), what_they_are(costs, whiskers=whiskers)]
    device = compared_device_words(sweep)
    told += [f"Solid lines: {device}."] if device else []
    told += [f"With {fixed}."] if fixed else []
    lede = " ".join(filter(None, told))
    height = min(_HIGHEST, room_below(title, lede))
    row = _row([sweep_plot(sweep, frameworks)], height)
    return Slide(section=section, title=title, lede=lede, blocks=(row,))


def curves_slides(
    section: str, curves: Sequence[Curve], frameworks: Sequence[Framework]
) -> list[Slide]:
    """Return a slide for each section that published metrics: two plots, and the final values."""
    by_section = [(name, metrics(own)) for name, own in groupby(curves, key=lambda c: c.section)]
    found = [(name, own) for name, own in by_section if own]
    return [
        _curves_slide(
            section,
            f"Training curves: {name}" if len(found) > 1 else "Training curves",
            own,
            frameworks,
        )
        for name, own in found
    ]


def _curves_slide(
    section: str, title: str, found: Sequence[Metric], frameworks: Sequence[Framework]
) -> Slide:
    plotted = [metric for metric in found if is_line(metric)][:MOST_PLOTS]
    table = _finals(found[:_MOST_FINALS], frameworks)
    if not plotted:
        return Slide(section=section, title=title, lede=_PUBLISHED, blocks=(table,))
    room = room_below(title, _PUBLISHED) - table_height(table) - BELOW
    row = _row([curve_plot(metric, frameworks) for metric in plotted], min(_HIGHEST, room))
    return Slide(section=section, title=title, lede=_PUBLISHED, blocks=(row, table))


def _finals(found: Sequence[Metric], frameworks: Sequence[Framework]) -> Table:
    """Return the last value of each metric, the frameworks side by side."""
    published = {curve.framework for metric in found for curve in metric}
    shown = [framework for framework in frameworks if framework.name in published]
    width = (WIDTH - 2 * MARGIN) / (len(shown) + 1) - CELL_X

    def cut(words: str) -> str:
        return shortened(words, width, _TABLE)

    return Table(
        head=(cut(after(found)), *(cut(framework.title) for framework in shown)),
        rows=tuple((cut(metric[0].metric), *final_values(metric, shown)) for metric in found),
        font_px=_TABLE,
    )


def _row(plots: Sequence[Plot], height: float) -> PlotRow:
    width = (WIDTH - 2 * MARGIN - PLOTS_APART * (len(plots) - 1)) / len(plots)
    return PlotRow(
        plots=tuple(_fitted(plot, width, height) for plot in plots),
        font_px=_FONT,
        width_px=width,
        height_px=height,
    )


def _fitted(plot: Plot, width: float, height: float) -> Plot:
    """Return a plot with room for its words at both sides, and names that stand apart."""
    names = [shortened(series.name, _NAME, _FONT) for series in plot.series]
    left = max(prose_width(tick.label, _FONT) for tick in plot.upward_ticks) + TICK_X
    right = max(prose_width(name, _FONT) for name in names) + NAME_X + 2 * MARK
    high = height - HEAD - FOOT
    places = moved_apart([s.name_at for s in plot.series], _NAME_LINE * _FONT / high, 0.0, 1.0)
    series = [
        replace(one, name=name, name_at=place)
        for one, name, place in zip(plot.series, names, places, strict=True)
    ]
    return replace(
        plot,
        series=tuple(series),
        along_ticks=legible(plot.along_ticks, width - left - right, _FONT),
        left_px=left,
        right_px=right,
    )
