"""Groups of bars laid out below each other. Lengths are px, ratios of the type's size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from abreast.model import Bar, BarAxis, BarChart, BarGroup, Caption, Device, Tick
from abreast.slides.charts.lines import broken, plain_words, shortened
from abreast.slides.metrics import MARGIN, WIDTH, prose_width
from abreast.timing.charts.bars import Comparison, bars, lacking, readout
from abreast.timing.charts.grouping import CostGroup
from abreast.timing.charts.scales import seconds_ticks

ROW = 1.8
"""A bar with what is above and below it."""
TITLE_LINE = 1.3
AXIS = 26.0
"""Below the bars, for the axis and its values."""
BESIDE = 10.0
"""From a bar's end to its words, and between those."""
_GAP, _CAPTION, _PANEL, _RULE = 0.9, 1.9, 1.2, 0.5
_TITLES, _TITLES_APART = 208.0, 24.0
_NAME = 240.0
_LONGEST = 640.0
_ROOM = WIDTH - 2 * MARGIN - _TITLES - _TITLES_APART


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Groups on like devices. Where their axis ends with them, `ticks` stand below."""

    groups: tuple[BarGroup, ...]
    caption: str = ""
    rule: bool = False
    ticks: tuple[Tick, ...] = ()


def bar_chart(comparison: Comparison, groups: Sequence[CostGroup], font_px: float) -> BarChart:
    """Return groups of a comparison as a chart, at a type of `font_px`; the total by itself."""
    parts = list(_parts(comparison, groups, font_px))
    drawn = [bar for part in parts for group in part.groups for bar in group.bars]
    chart = BarChart(
        groups=(),
        axes=(),
        readout=readout(comparison, groups),
        font_px=font_px,
        row_px=ROW * font_px,
        titles_px=_TITLES + _TITLES_APART,
        axis_px=min([_LONGEST, *(_axis(bar, font_px) for bar in drawn)]),
        height_px=0.0,
    )
    return _stacked(chart, parts)


def words_width(bar: Bar, font_px: float) -> float:
    """Return the width of what stands beside a bar, px."""
    quiet = [prose_width(text, font_px) for text in (bar.name, bar.regime, bar.ratio) if text]
    return sum(quiet) + BESIDE * len(quiet) + prose_width(bar.words, font_px, strong=True)


def _parts(comparison: Comparison, groups: Sequence[CostGroup], font_px: float) -> Iterator[_Part]:
    kinds = (comparison.total, comparison.steps)
    panels = [panel for kind in kinds if (panel := [g for g in groups if g in kind])]
    for number, panel in enumerate(panels):
        found: list[_Part] = []
        for device in comparison.devices:
            hollow = device is not comparison.devices[0]
            own = [_group(comparison, g, device, font_px, hollow=hollow) for g in panel]
            kept = tuple(group for group in own if group.bars or group.lacking)
            words = [_steps_words(comparison)] if number and not found else []
            words += [_device_words(comparison, device)] if len(comparison.devices) > 1 else []
            caption = ". ".join(words)
            if kept:
                found.append(_Part(groups=kept, caption=caption, rule=number > 0 and not found))
        ends = panel is panels[-1] or not _same_scale(comparison) or len(found) > 1
        ticks = seconds_ticks(comparison.scale(panel[0])) if ends else ()
        # Below what is compared: the rest stands apart.
        yield from (replace(found[0], ticks=ticks), *found[1:])


def _group(
    comparison: Comparison, group: CostGroup, device: Device, font_px: float, *, hollow: bool
) -> BarGroup:
    drawn = bars(comparison, group, device)
    without = "" if hollow else lacking(comparison, group)
    rows = (len(drawn) + bool(without)) * ROW
    return BarGroup(
        top_px=0.0,
        lines=broken(plain_words(group.title), _TITLES, font_px, max(2, int(rows / TITLE_LINE))),
        bars=tuple(replace(bar, name=shortened(bar.name, _NAME, font_px)) for bar in drawn),
        lacking=shortened(without, _ROOM, font_px),
        hollow=hollow,
    )


def _same_scale(comparison: Comparison) -> bool:
    return comparison.steps_scale == comparison.total_scale


def _steps_words(comparison: Comparison) -> str:
    which = "the same scale" if _same_scale(comparison) else "a scale of its own"
    return f"Step by step, on {which}"


def _device_words(comparison: Comparison, device: Device) -> str:
    apart = "" if device is comparison.devices[0] else ": not compared with the rest"
    return f"On {comparison.device_words(device)}{apart}"


def _stacked(chart: BarChart, parts: Iterable[_Part]) -> BarChart:
    """Put parts below each other."""
    groups: list[BarGroup] = []
    axes: list[BarAxis] = []
    captions: list[Caption] = []
    foot, font_px = 0.0, chart.font_px
    for part in parts:
        if groups:
            foot += (_PANEL + _RULE * part.rule) * font_px
        if part.caption:
            captions.append(Caption(top_px=foot, text=part.caption, rule=part.rule))
            foot += _CAPTION * font_px
        for group in part.groups:
            groups.append(replace(group, top_px=foot))
            foot += _group_height(group, chart) + _GAP * font_px
        foot -= _GAP * font_px
        if part.ticks:
            axes.append(BarAxis(top_px=foot, ticks=part.ticks))
            foot += AXIS
    return replace(
        chart, groups=tuple(groups), axes=tuple(axes), captions=tuple(captions), height_px=foot
    )


def _group_height(group: BarGroup, chart: BarChart) -> float:
    rows = len(group.bars) + bool(group.lacking)
    return max(rows * chart.row_px, len(group.lines) * TITLE_LINE * chart.font_px)


def _axis(bar: Bar, font_px: float) -> float:
    """Return how long an axis may be for a bar's words to stand beside it."""
    end = max(bar.length, *bar.whisker, 0.01)
    return (_ROOM - BESIDE - words_width(bar, font_px)) / end
