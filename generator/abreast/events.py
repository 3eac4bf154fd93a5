"""Typed progress events. A stage calls its sink; the command line draws. Standard library only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence about what is being done."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something the user should look at; the work goes on."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStarted:
    """A notebook begins to run."""

    job: str
    cells: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStarted:
    """Code cell `number` of `cells` begins, counted from 1."""

    job: str
    number: int
    cells: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPrinted:
    """The last line that a cell printed."""

    job: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished:
    """A notebook ran to its end, in `seconds`."""

    job: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed:
    """A notebook did not finish."""

    job: str
    seconds: float
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """A file is in its place."""

    path: Path
    what: str
    bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """What changed since the build that `since` names, in `lines`; the first has all of it.

    `page` shows more; None where nothing did.
    """

    since: str
    lines: tuple[str, ...]
    page: Path | None


Event: TypeAlias = (
    Said
    | Warned
    | JobStarted
    | CellStarted
    | CellPrinted
    | JobFinished
    | JobFailed
    | Drifted
    | Wrote
)
Sink: TypeAlias = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Take an event and do nothing with it."""
