"""What is asked of the pipeline, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from abreast.errors import Mistake
from abreast.model import Deck, Execution, Notebook, SharedModule, Value
from abreast.run.plan import Task

if TYPE_CHECKING:
    from abreast.publish.drift import Drift, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for. `workers` is how many notebooks may run at once on `executor`.

    `fail_on` says which drift is too much. `path` is that through the deck, in place of the deck's
    own; what it gives is a deck beside the whole one.
    """

    deck: Path
    profile: str | None = None
    parameters: Mapping[str, Value] = field(default_factory=dict)
    execute: bool = True
    force: bool = False
    executor: str = "local"
    workers: int = 1
    name: str | None = None
    path: str | None = None
    fail_on: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A deck as it was read, along its path: its prose by section, what must run, and where to.

    `css` is its own stylesheet, `modules` what its notebooks share.
    """

    deck: Deck
    folder: Path
    prose: Mapping[str, Notebook]
    tasks: tuple[Task, ...]
    css: str
    modules: tuple[SharedModule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What came of a build: the folder, and the notebooks that failed.

    `wrote` says that something had changed since the build before; `drift` is what, None for the
    first build, `too_much` what of it the request does not allow.
    """

    folder: Path
    page: Path
    failures: tuple[Execution, ...] = ()
    wrote: bool = True
    drift: Drift | None = None
    too_much: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a build would do.

    `changed` names what the deck in `folder` was made of otherwise; None where it is not built.
    `path` is the one that was asked for besides what the deck says.
    """

    deck: Deck
    path: str | None
    folder: Path
    tasks: tuple[Task, ...]
    changed: tuple[str, ...] | None

    @property
    def is_stale(self) -> bool:
        """Say whether a build would run or write anything."""
        return self.changed != () or any(task.must_run for task in self.tasks)
