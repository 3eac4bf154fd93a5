"""Notebooks and their cells, as they were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

Output: TypeAlias = Mapping[str, Any]
"""One output of a cell, as nbformat 4 writes it."""

PIN = "abreast:step="
ALONE = "abreast:alone"
REPEAT = "abreast:repeat"
MAY_RAISE = "raises-exception"
SKIP = "skip-execution"
SECONDS = "abreast:seconds="
PATH = "abreast:path="
"""Tags of cells: `PIN` and a name pins cells to one row, `ALONE` keeps a cell to itself, `REPEAT`
lets it be executed several times, to be timed; `SKIP` lets it not be executed at all; `SECONDS` and
a whole number gives the speaker so long for its slide; `PATH` and a name puts a cell on one of the
paths through its deck."""

SlideType: TypeAlias = Literal["", "slide", "subslide", "fragment", "notes", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A notebook cell. `index` counts from 0 over all cells of its notebook.

    `elsewhere` says that it is on another path through the deck than the one that is shown: it is
    executed all the same, for what comes after it.
    """

    index: int
    cell_type: Literal["code", "markdown", "raw"]
    source: str
    id: str = ""
    tags: frozenset[str] = frozenset()
    slide_type: SlideType = ""
    outputs: tuple[Output, ...] = ()
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    elsewhere: bool = False

    @property
    def number(self) -> int:
        """The cell's place as people count, from 1."""
        return self.index + 1

    @property
    def is_executed(self) -> bool:
        """Whether a kernel executes it, and so measures it."""
        return self.cell_type == "code" and bool(self.source.strip()) and SKIP not in self.tags

    def values_of(self, tag: str) -> list[str]:
        """Return what the cell's tags have behind `tag`, as in abreast:step=NAME, in order."""
        return sorted(own.removeprefix(tag) for own in self.tags if own.startswith(tag))


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """A notebook as it was read. `language` is what its kernel speaks, in lower case."""

    path: Path
    cells: tuple[Cell, ...]
    language: str = "python"
