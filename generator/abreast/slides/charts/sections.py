"""Costs -> slides: bars of the total and the steps, training curves, sweeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from abreast.model import BarChart, Costs, Framework, Prose, Slide, Sweep
from abreast.slides.charts.bars import bar_chart
from abreast.slides.charts.plots import curves_slides, sweep_slide
from abreast.slides.header import part_titles, room_below
from abreast.timing.charts.bars import Comparison, compare
from abreast.timing.charts.grouping import CostGroup

_SIZES = (18.0, 17.0, 16.0, 15.0, 14.5)
"""Of a chart's type, px; the largest that takes no more slides than the smallest."""


def timings_section(title: str, costs: Costs, frameworks: Sequence[Framework]) -> list[Slide]:
    """Return the slides of a timing section: times as bars, then training curves.

    `frameworks` are the deck's, in its order of columns.
    """
    comparison = compare(costs, frameworks)
    slides = _bar_slides(title, comparison) if comparison else []
    slides += curves_slides(title, costs.curves, frameworks)
    if not slides:
        said = Prose(markdown="No notebook of this deck was timed.")
        return [Slide(section=title, title=title, blocks=(said,))]
    return slides


def sweep_slides(
    section_title: str, sweeps: Sequence[Sweep], frameworks: Sequence[Framework]
) -> list[Slide]:
    """Return a slide a sweep: throughput, or time, against the parameter."""
    return [sweep_slide(section_title, sweep, frameworks) for sweep in sweeps]


def _bar_slides(title: str, comparison: Comparison) -> list[Slide]:
    lede = comparison.lede
    room = room_below(f"{title} (10/10)", lede)
    charts = _charts(comparison, room)
    return [
        Slide(section=title, title=name, lede=lede, blocks=(chart,), below=n > 0)
        for n, (chart, name) in enumerate(zip(charts, part_titles(title, len(charts)), strict=True))
    ]


def _charts(comparison: Comparison, room: float) -> list[BarChart]:
    groups = comparison.total + comparison.steps
    best: list[BarChart] = []
    for font_px in reversed(_SIZES):
        pages = _pages(groups, room, _height(comparison, font_px))
        if not best or len(pages) <= len(best):
            best = [bar_chart(comparison, page, font_px) for page in pages]
    return best


def _height(comparison: Comparison, font_px: float) -> Callable[[Sequence[CostGroup]], float]:
    return lambda page: bar_chart(comparison, page, font_px).height_px


def _pages(
    groups: Sequence[CostGroup], room: float, height: Callable[[Sequence[CostGroup]], float]
) -> list[list[CostGroup]]:
    """Return groups in as few pages as they fit, about equally full."""
    fewest = _filled(groups, room, height)
    low, high = 0.0, room / 2
    for _ in range(6):
        spared = (low + high) / 2
        equal = _filled(groups, room - spared, height)
        if len(equal) > len(fewest):
            high = spared
        else:
            low, fewest = spared, equal
    return fewest


def _filled(
    groups: Sequence[CostGroup], room: float, height: Callable[[Sequence[CostGroup]], float]
) -> list[list[CostGroup]]:
    pages: list[list[CostGroup]] = [[]]
    for group in groups:
        if pages[-1] and height([*pages[-1], group]) > room:
            pages.append([])
        pages[-1].append(group)
    return pages
