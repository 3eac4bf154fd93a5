"""Slides that fit, ready to be drawn. Lengths are pixels of a slide of 1280 by 720."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from abreast.model.charts import Chart
from abreast.model.columns import Framework
from abreast.model.decks import Step, Theme
from abreast.model.displays import Display, Line
from abreast.model.rows import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Markdown across the slide, at a type of `font_px`; its largest picture `image_px` high."""

    markdown: str
    font_px: float = 26.0
    image_px: float = 440.0
    fragment: bool = False
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeColumn:
    """A framework's part of a row.

    `source` is what the author wrote (what copying gives), `lines` the same code set to the
    column's width; `last` is the author's last line that stands on this slide, 0 for the end;
    `badge` is the time in words, `aside` what a first run took beside a steady time, `device` on
    what; `problem` says what failed here, or why there is nothing. `stale` says that the code is
    newer than what stands below it.
    """

    framework: str
    language: str = "python"
    source: str = ""
    lines: tuple[Line, ...] = ()
    last: int = 0
    outputs: tuple[Display, ...] = ()
    badge: str = ""
    aside: str = ""
    device: str = ""
    problem: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """Columns of code whose bands share their heights.

    The bands of a slide count the columns' `lines` from 1, not the author's.
    """

    columns: tuple[CodeColumn, ...]
    bands: tuple[Band, ...]
    font_px: float
    outputs_px: float
    fragment: bool = False
    kind: Literal["code"] = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A plain table; the first column holds the row's heads."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    font_px: float = 22.0
    fragment: bool = False
    kind: Literal["table"] = "table"


Block: TypeAlias = Prose | CodeRow | Table | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """One slide. `below` puts it under the slide before it (a subslide).

    `origin` names the notebooks and cells that it shows; `seconds` is what the speaker has for it.
    """

    section: str
    blocks: tuple[Block, ...]
    title: str = ""
    lede: str = ""
    notes: str = ""
    origin: str = ""
    seconds: int | None = None
    below: bool = False
    opening: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHead:
    """What stands above a column on every slide."""

    framework: Framework
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedModule:
    """A Python module of the deck's `lib`; `users` are the titles of frameworks that import it."""

    name: str
    source: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """A deck that is ready to be drawn. `css` is the deck's own stylesheet, on top of `theme`.

    `modules` are what its notebooks share; a slide shows none of them, a dialog all.
    """

    name: str
    title: str
    heads: tuple[ColumnHead, ...]
    slides: tuple[Slide, ...]
    speaker: str = ""
    event: str = ""
    minutes: float | None = None
    language: str = "en"
    theme: Theme = "light"
    css: str = ""
    steps: tuple[Step, ...] = ("code",)
    modules: tuple[SharedModule, ...] = ()
