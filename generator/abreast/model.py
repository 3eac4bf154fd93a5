"""The nouns of abreast: frozen types that pass from stage to stage. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

Output: TypeAlias = Mapping[str, Any]
"""One output of a cell, as nbformat 4 writes it."""

Value: TypeAlias = str | int | float | bool | None
"""What a parameter may be: a YAML scalar."""

PIN = "abreast:step="
ALONE = "abreast:alone"
"""Tags of cells: `PIN` and a name pins cells to one row, `ALONE` keeps a cell to itself."""

SlideType: TypeAlias = Literal["", "slide", "subslide", "fragment", "notes", "skip"]
DeviceClass: TypeAlias = Literal["cpu", "cuda"]
Mark: TypeAlias = Literal["circle", "square", "triangle", "diamond", "hexagon", "bar"]


# --- frameworks -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """What a column shows.

    `distributions` are packages; the version of the first that is installed stands in the column's
    head. `locks` are the device classes for which abreast ships a lock of the environment.
    `vocabulary` says what the framework's words are called elsewhere: a name in lower case -> other
    names, separated by spaces. It only adds to what alignment sees.
    """

    name: str
    title: str
    distributions: tuple[str, ...] = ()
    colour: str = "#5d6673"
    mark: Mark = "bar"
    locks: tuple[DeviceClass, ...] = ()
    vocabulary: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A framework's place on the slides. `kernel` names a user's own kernelspec."""

    framework: Framework
    kernel: str | None = None

    @property
    def name(self) -> str:
        """The framework's name."""
        return self.framework.name


# --- notebooks --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A notebook cell. `index` counts from 0 over all cells of its notebook."""

    index: int
    cell_type: Literal["code", "markdown", "raw"]
    source: str
    id: str = ""
    tags: frozenset[str] = frozenset()
    slide_type: SlideType = ""
    outputs: tuple[Output, ...] = ()
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The cell's place as people count, from 1."""
        return self.index + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """A notebook as it was read. `language` is what its kernel speaks, in lower case."""

    path: Path
    cells: tuple[Cell, ...]
    language: str = "python"


# --- decks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SlidesSection:
    """Prose slides from one notebook."""

    title: str
    slides: Path
    minutes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbreastSection:
    """One notebook per framework, in the deck's order of columns."""

    title: str
    notebooks: Mapping[str, Path]
    minutes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingsSection:
    """A summary of what the steps before it cost."""

    title: str
    minutes: float | None = None


Section: TypeAlias = SlidesSection | AbreastSection | TimingsSection


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Limits of an execution, in seconds."""

    cell_seconds: float = 1800.0
    run_seconds: float = 7200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """One talk. Paths are absolute; `parameters` are the profile `quick`."""

    name: str
    path: Path
    title: str
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    speaker: str = ""
    event: str = ""
    minutes: float | None = None
    parameters: Mapping[str, Value] = field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    data: tuple[Path, ...] = ()
    lib: tuple[Path, ...] = ()
    timeouts: Timeouts = Timeouts()

    @property
    def folder(self) -> Path:
        """The folder of the deck file: what its paths are relative to."""
        return self.path.parent


# --- runs -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """How to start a framework's kernel.

    `identity` goes into a run's key; `executable` is the interpreter that the kernel must turn
    out to be (None for a user's own kernel); `kernel_dirs` are searched for `name`, Jupyter's
    own places when empty.
    """

    name: str
    identity: str
    language: str = "python"
    executable: Path | None = None
    kernel_dirs: tuple[Path, ...] = ()
    device: DeviceClass = "cpu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One execution of one notebook. `parameters` are only those that the notebook declares."""

    section: str
    framework: Framework
    notebook: Notebook
    kernel: Kernel
    key: str
    cwd: Path
    parameters: Mapping[str, Value] = field(default_factory=dict)
    lib: tuple[Path, ...] = ()
    timeouts: Timeouts = Timeouts()

    @property
    def label(self) -> str:
        """What people see: the framework and the notebook's file name."""
        return f"{self.framework.name} · {self.notebook.path.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a notebook did not finish. `cell` counts from 0, `line` from 1 inside the cell."""

    kind: Literal["error", "timeout", "dead kernel", "no start", "wrong kernel"]
    message: str
    cell: int | None = None
    line: int | None = None
    source_line: str = ""


Clock: TypeAlias = Literal["kernel", "client", "none"]
"""Who measured the times: the probe in the kernel, the client, or nobody ("as found")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a run's numbers come from. `device` is for people: "CPU, 2 threads"."""

    device: str = ""
    device_class: DeviceClass = "cpu"
    versions: Mapping[str, str] = field(default_factory=dict)
    language_version: str = ""
    started: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An executed notebook.

    `cells` are the source's cells, in the source's order, with the run's outputs. `seconds` has
    the time of each code cell that has one, by cell index.
    """

    key: str
    cells: tuple[Cell, ...]
    parameters: Mapping[str, Value] = field(default_factory=dict)
    seconds: Mapping[int, float] = field(default_factory=dict)
    clock: Clock = "none"
    provenance: Provenance = Provenance()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Why a column has nothing to run, and what would change that."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """A notebook with what came of it: a run, or the lack of one."""

    column: Column
    notebook: Notebook
    result: Run | Lack


# --- alignment --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells that do the same step: for each framework a run of consecutive cell indices.

    `confidence` is the probability that the row is right, from 0 to 1. `missing` has, for each
    framework without a cell here, its likeliest cell and the probability that it belongs here.
    """

    cells: Mapping[str, tuple[int, ...]]
    confidence: float = 1.0
    missing: Mapping[str, tuple[int, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The lines of a row that say the same: for each framework its 1-based lines, in order."""

    lines: Mapping[str, tuple[int, ...]]


# --- slides -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Markdown across the slide."""

    markdown: str
    fragment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeColumn:
    """A framework's part of a row.

    `source` is what the author wrote (what copying gives); `badge` is the time in words;
    `problem` says what failed here, or why there is nothing.
    """

    framework: str
    language: str = "python"
    source: str = ""
    outputs: tuple[Output, ...] = ()
    badge: str = ""
    device: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """Columns of code whose bands share their heights. `font_px` is of a 720 px high slide."""

    columns: tuple[CodeColumn, ...]
    bands: tuple[Band, ...]
    font_px: float = 16.0
    show_code: bool = True
    show_outputs: bool = True
    fragment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A plain table; the first column holds the row's heads."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    fragment: bool = False


Block: TypeAlias = Prose | CodeRow | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """One slide. `below` puts it under the slide before it (a subslide)."""

    section: str
    blocks: tuple[Block, ...]
    title: str = ""
    lede: str = ""
    notes: str = ""
    below: bool = False
    opening: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHead:
    """What stands above a column on every slide."""

    framework: Framework
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """A deck that is ready to be drawn."""

    name: str
    title: str
    heads: tuple[ColumnHead, ...]
    slides: tuple[Slide, ...]
    speaker: str = ""
    event: str = ""
    minutes: float | None = None
