"""Executions of notebooks: what was asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from abreast.model.columns import Column, DeviceClass, Framework
from abreast.model.decks import Timeouts, Value
from abreast.model.notebooks import Cell, Notebook


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
    timeouts: Timeouts = field(default_factory=Timeouts)

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
