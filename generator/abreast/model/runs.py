"""Executions of notebooks: what was asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from abreast.model.columns import Column, DeviceClass, Framework
from abreast.model.decks import Timeouts, Value
from abreast.model.identities import Identity, Lock, Subject
from abreast.model.measurements import Device, Round
from abreast.model.notebooks import Cell, Notebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """How to start a framework's kernel.

    `executable` is the interpreter that the kernel must turn out to be, `lock` what that was
    installed from (None for a user's own kernel); `kernel_dirs` are searched for `name`, Jupyter's
    own places when empty.
    """

    name: str
    lock: Lock | None = None
    language: str = "python"
    executable: Path | None = None
    kernel_dirs: tuple[Path, ...] = ()
    device: DeviceClass = "cpu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A notebook to be executed. `parameters` are only those that the notebook declares.

    `key` is where its run will be stored, the hash of its `identity`; `subject` is what people know
    it by. `cwd` is where its kernel starts, `data` are files and folders that it reads, those of
    `lib` are on its import path. `swept` are those parameters that a sweep sets. `kernels` is how
    many shall execute it, one after the other: the first for the outputs, the others for its times.
    """

    section: str
    framework: Framework
    notebook: Notebook
    kernel: Kernel
    key: str
    cwd: Path
    identity: Identity | None = None
    subject: Subject | None = None
    parameters: Mapping[str, Value] = field(default_factory=dict)
    swept: Mapping[str, Value] = field(default_factory=dict)
    kernels: int = 1
    data: tuple[Path, ...] = ()
    lib: tuple[Path, ...] = ()
    timeouts: Timeouts = field(default_factory=Timeouts)

    @property
    def label(self) -> str:
        """What people see of it."""
        return label(self.framework, self.notebook, self.swept)


def label(framework: Framework, notebook: Notebook, swept: Mapping[str, Value]) -> str:
    """Return what people see: the framework, the notebook's file name, what a sweep sets."""
    set_there = (f"{name} {value}" for name, value in swept.items())
    return " · ".join([framework.name, notebook.path.name, *set_there])


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
    """Where a run's numbers come from.

    `others_share` is which share of the machine's processors other programs used meanwhile (from 0
    to 1; None where that is unknown); `alone` says that it was little, and that no other notebook
    was executed meanwhile.
    """

    device: Device = field(default_factory=Device)
    versions: Mapping[str, str] = field(default_factory=dict)
    language_version: str = ""
    started: str = ""
    seconds: float | None = None
    alone: bool = True
    others_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An executed notebook.

    `cells` are the source's cells, in the source's order, with the run's outputs. `rounds` are what
    each kernel measured that executed it, the one that these outputs come from first. `remarks`
    say, by cell index, why a cell was not measured as it was asked. Without an `identity` it was
    not executed by abreast.
    """

    key: str
    cells: tuple[Cell, ...]
    identity: Identity | None = None
    subject: Subject | None = None
    parameters: Mapping[str, Value] = field(default_factory=dict)
    rounds: tuple[Round, ...] = ()
    remarks: Mapping[int, str] = field(default_factory=dict)
    clock: Clock = "none"
    provenance: Provenance = Provenance()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Why a column has nothing to run, and what would change that.

    `missing` is what could be installed here.
    """

    reason: str
    missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """A notebook of a section with what came of it: a run, or the lack of one.

    `swept` are the parameters that a sweep set; without any it is what the slides show. `stale` are
    the indices of code cells that the run is older than: only `serve` shows a deck before it ran.
    """

    section: str
    column: Column
    notebook: Notebook
    result: Run | Lack
    swept: Mapping[str, Value] = field(default_factory=dict)
    stale: frozenset[int] = frozenset()
