"""Charts -> inline SVG, which follows the theme and prints. No script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from abreast.model import Bar, BarAxis, BarChart, BarGroup, Caption, Chart, Framework, Readout
from abreast.render.charts.drawing import (
    THEMED,
    WRITTEN,
    Paints,
    element,
    line,
    phrases,
    svg,
    words,
)
from abreast.render.charts.plots import plot_parts
from abreast.slides.charts.bars import AXIS, BESIDE, TITLE_LINE
from abreast.slides.metrics import MARGIN, WIDTH

_WIDE = WIDTH - 2 * MARGIN
_THICK, _LEAST = 0.62, 2.0
"""Of a row, a bar's thickness; the length (px) of the shortest bar."""
_CAP, _TICK, _VALUE_PX = 4.0, 4.0, 13.0
_NARROW = 6.0
"""A narrower whisker would be a blot; the words beside the bar tell the spread too. Px."""
_SLACK = 1.06
"""Of a drawing's width, in viewers whose type is wider than the embedded one."""
_OPEN = 7.0
"""Between the two strokes that say that a bar goes on, px."""


def drawings(
    chart: Chart, frameworks: Mapping[str, Framework], *, inline: bool
) -> list[tuple[str, Readout]]:
    """Return a chart's drawings as SVG, each with what it says to those who do not see it.

    `inline` writes the colours out; else they are the page's custom properties.
    """
    paints, room = (WRITTEN, _SLACK) if inline else (THEMED, 1.0)
    if isinstance(chart, BarChart):
        content = "".join(_bar_parts(chart, frameworks, paints))
        label = chart.readout.label
        return [(svg(content, _WIDE * room, chart.height_px, label), chart.readout)]
    width, height = chart.width_px * room, chart.height_px
    parts = [plot_parts(plot, chart, frameworks, paints) for plot in chart.plots]
    return [
        (svg("".join(drawn), width, height, plot.readout.label), plot.readout)
        for drawn, plot in zip(parts, chart.plots, strict=True)
    ]


def _bar_parts(
    chart: BarChart, frameworks: Mapping[str, Framework], paints: Paints
) -> Iterator[str]:
    for caption in chart.captions:
        yield from _caption(caption, chart, paints)
    for group in chart.groups:
        yield from _group(group, chart, frameworks, paints)
    for axis in chart.axes:
        yield from _axis(axis, chart, paints)


def _caption(caption: Caption, chart: BarChart, paints: Paints) -> Iterator[str]:
    if caption.rule:
        y = caption.top_px - chart.font_px * 0.5
        yield line(0, y, _WIDE, y, paints.rule)
    middle = caption.top_px + chart.font_px * 0.75
    yield words(0, middle, caption.text, paints.mute, chart.font_px * 0.9)


def _group(
    group: BarGroup, chart: BarChart, frameworks: Mapping[str, Framework], paints: Paints
) -> Iterator[str]:
    rows = (len(group.bars) + bool(group.lacking)) * chart.row_px
    lines = len(group.lines) * TITLE_LINE * chart.font_px
    height, start = max(rows, lines), chart.titles_px
    for n, text in enumerate(group.lines):
        y = group.top_px + (height - lines) / 2 + (n + 0.5) * TITLE_LINE * chart.font_px
        yield words(0, y, text, paints.ink, chart.font_px, font_weight=600)
    yield line(start, group.top_px, start, group.top_px + height, paints.grid)
    first = group.top_px + (height - rows) / 2 + chart.row_px / 2
    for n, bar in enumerate(group.bars):
        paint = paints.framework(frameworks[bar.framework])
        y = first + n * chart.row_px
        yield _bar(bar, y, paint, chart, hollow=group.hollow)
        yield _whisker(bar, y, chart, paints, hollow=group.hollow)
        yield _beside(bar, y, chart, paints)
    y = first + len(group.bars) * chart.row_px
    yield words(start + BESIDE, y, group.lacking, paints.mute, chart.font_px)


def _bar(bar: Bar, y: float, paint: str, chart: BarChart, *, hollow: bool) -> str:
    start, thick = chart.titles_px, _THICK * chart.row_px
    length = max(_LEAST, bar.length * chart.axis_px)
    if not hollow:
        return element(
            "rect", x=start, y=y - thick / 2, width=length, height=thick, rx=2, fill=paint
        )
    top, foot, end = y - thick / 2, y + thick / 2, start + length
    outline = f"M{end:.2f} {top:.2f}H{start:.2f}V{foot:.2f}H{end:.2f}"
    # A bar that goes on has no end, but two strokes there.
    strokes = "".join(
        f"M{end + x - 3:.2f} {foot + 2:.2f}L{end + x + 3:.2f} {top - 2:.2f}" for x in (0.0, _OPEN)
    )
    data = outline + (strokes if bar.cut else "Z")
    return element("path", d=data, fill="none", stroke=paint, stroke_width=1.5)


def _whisker(bar: Bar, y: float, chart: BarChart, paints: Paints, *, hollow: bool) -> str:
    low, high = (chart.titles_px + end * chart.axis_px for end in bar.whisker or (0.0, 0.0))
    if high - low < _NARROW:
        return ""
    caps = "".join(f"M{x:.2f} {y - _CAP:.2f}V{y + _CAP:.2f}" for x in (low, high))
    shape = f"M{low:.2f} {y:.2f}H{high:.2f}{caps}"
    drawn = element("path", d=shape, fill="none", stroke=paints.ink, stroke_width=1.25)
    if hollow:
        return drawn
    # Paper around it, to stand out from the bar.
    return element("path", d=shape, fill="none", stroke=paints.paper, stroke_width=3.5) + drawn


def _beside(bar: Bar, y: float, chart: BarChart, paints: Paints) -> str:
    """Return the name, the time and the ratio after a bar's end."""
    end = max(bar.length, *bar.whisker, 0.0) * chart.axis_px + (_OPEN + 3) * bar.cut
    return phrases(
        chart.titles_px + end + BESIDE,
        y,
        [
            (bar.name, paints.ink, 400),
            (bar.regime, paints.mute, 400),
            (bar.words, paints.ink, 600),
            (bar.ratio, paints.mute, 400),
        ],
        chart.font_px,
        apart=BESIDE,
    )


def _axis(axis: BarAxis, chart: BarChart, paints: Paints) -> Iterator[str]:
    y = axis.top_px + AXIS - _VALUE_PX - _TICK
    yield line(chart.titles_px, y, chart.titles_px + chart.axis_px, y, paints.grid)
    for tick in axis.ticks:
        x = chart.titles_px + tick.at * chart.axis_px
        yield line(x, y, x, y + _TICK, paints.mute)
        middle = y + _TICK + _VALUE_PX * 0.7
        yield words(x, middle, tick.label, paints.mute, _VALUE_PX, text_anchor="middle")
