"""Charts, ready to be drawn. Lengths are pixels of a slide of 1280 by 720.

Places on an axis are fractions of its length: 0 is where it begins, at the left or at the foot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on an axis, and the value there in words."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """What a chart shows, for those who do not see it: a label, and its numbers as a table."""

    label: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A framework's time as a length, with what stands beside it.

    `name` is what the chart calls the framework, `regime` tells a first run from a steady time.
    `whisker` has the ends of its interquartile range, or nothing where that is unknown. A bar that
    is `cut` goes on beyond the axis. `ratio` is to the fastest of like devices, empty where no
    ratio can be told.
    """

    framework: str
    name: str
    regime: str
    words: str
    length: float
    whisker: tuple[float, ...] = ()
    ratio: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BarGroup:
    """The bars of one step, from `top_px` on. `lines` are its title; `lacking` names who has none.

    `hollow` says that these bars stand apart: they were measured on another device.
    """

    top_px: float
    lines: tuple[str, ...]
    bars: tuple[Bar, ...]
    lacking: str = ""
    hollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BarAxis:
    """The axis below the groups that end at `top_px`."""

    top_px: float
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """Words above groups, at `top_px`; a `rule` parts them from what is above."""

    top_px: float
    text: str
    rule: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars in groups, from the top: one row of `row_px` a bar.

    Titles take `titles_px` at the left, the axes are `axis_px` long.
    """

    groups: tuple[BarGroup, ...]
    axes: tuple[BarAxis, ...]
    readout: Readout
    font_px: float
    row_px: float
    titles_px: float
    axis_px: float
    height_px: float
    captions: tuple[Caption, ...] = ()
    fragment: bool = False
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A framework's line: points (x, y) and, where they are known, ranges (x, lower, upper).

    Its name stands at the height `name_at`. A `dashed` line is of another device than the rest.
    """

    framework: str
    name: str
    points: tuple[tuple[float, float], ...]
    ranges: tuple[tuple[float, float, float], ...] = ()
    name_at: float = 0.0
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Lines over two axes. `title` says what is counted upwards, `along` what to the right.

    `left_px` is kept for the values of the axis, `right_px` for the lines' names.
    """

    title: str
    along: str
    series: tuple[Series, ...]
    upward_ticks: tuple[Tick, ...]
    along_ticks: tuple[Tick, ...]
    readout: Readout
    left_px: float = 0.0
    right_px: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotRow:
    """Plots beside each other, each `width_px` by `height_px`."""

    plots: tuple[Plot, ...]
    font_px: float
    width_px: float
    height_px: float
    fragment: bool = False
    kind: Literal["plots"] = "plots"


Chart: TypeAlias = BarChart | PlotRow
