"""One talk: its sections, its columns, its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from abreast.model.columns import Column

Theme: TypeAlias = Literal["light", "dark", "contrast"]
Step: TypeAlias = Literal["code", "outputs"]
"""What comes press by press: bands light up in turn, outputs appear."""

Value: TypeAlias = str | int | float | bool | None
"""What a parameter may be: a YAML scalar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlidesSection:
    """Prose slides from one notebook.

    Of this section and the others `on_path` names the path through the deck that it is part of;
    empty where it is part of each.
    """

    title: str
    slides: Path
    minutes: float | None = None
    on_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbreastSection:
    """One notebook per framework, in the deck's order of columns.

    `sweep` has the values of parameters at which the notebooks are executed as well, to see what
    they cost there; `notes` are what the speaker says to the charts of it, one after the other.
    """

    title: str
    notebooks: Mapping[str, Path]
    minutes: float | None = None
    sweep: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    on_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingsSection:
    """A summary of what the steps before it cost; `notes` are for its slides, in order."""

    title: str
    minutes: float | None = None
    notes: tuple[str, ...] = ()
    on_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyllabusSection:
    """A list of the other sections, with their minutes; `notes` are for its slides, in order."""

    title: str
    minutes: float | None = None
    notes: tuple[str, ...] = ()
    on_path: str = ""


Section: TypeAlias = SlidesSection | AbreastSection | TimingsSection | SyllabusSection


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Limits of an execution, in seconds."""

    cell_seconds: float = 1800.0
    run_seconds: float = 7200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """One talk. Paths are absolute; `parameters` are the profile `quick`.

    `stylesheet` is the deck's own, on top of the theme. Each notebook is executed by `kernels` of
    them one after the other, all but the first only for its times. Of its paths `on_path` is shown,
    all where it is empty.
    """

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
    timeouts: Timeouts = field(default_factory=Timeouts)
    kernels: int = 1
    language: str = "en"
    theme: Theme = "light"
    stylesheet: Path | None = None
    steps: tuple[Step, ...] = ("code",)
    on_path: str = ""

    @property
    def folder(self) -> Path:
        """The folder of the deck file: what its paths are relative to."""
        return self.path.parent
