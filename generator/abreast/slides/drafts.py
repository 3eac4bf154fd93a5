"""A row as it is before it is fitted: the author's code and the kernel's outputs, unmeasured."""

from __future__ import annotations

from dataclasses import dataclass

from abreast.model import Band, Output


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftColumn:
    """A framework's part of a row. `alt` says what its pictures show."""

    framework: str
    language: str = "python"
    source: str = ""
    outputs: tuple[Output, ...] = ()
    alt: str = ""
    badge: str = ""
    aside: str = ""
    device: str = ""
    problem: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A row; its bands count the lines of the columns' sources from 1."""

    columns: tuple[DraftColumn, ...]
    bands: tuple[Band, ...]
    fragment: bool = False
