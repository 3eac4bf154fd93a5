"""The nouns of drift: one frozen type for each kind of change. Cells and slides count from 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from abreast.model import Regime


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """A line of a diff: kept, left out, come, or "@" for lines that are passed over."""

    sign: Literal[" ", "-", "+", "@"]
    text: str


Diff: TypeAlias = tuple[DiffLine, ...]


PartName: TypeAlias = Literal["title", "section", "prose", "code", "notes", "outputs", "charts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What changed of a slide, and in which framework's column."""

    what: PartName
    framework: str = ""
    diff: Diff = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlideChange:
    """A slide that came, went, or is another than before.

    `before` and `after` are its numbers in the two decks. A slide may have moved and changed.
    """

    title: str
    section: str
    origin: str
    before: int | None
    after: int | None
    moved: bool = False
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in an output: base64, for SVG its source. `drift.json` has its SHA-256 instead."""

    mime: str
    sha256: str
    data: str = ""
    kind: Literal["picture"] = "picture"


What: TypeAlias = Literal["text", "numbers", "picture", "table", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputChange:
    """An output of a cell that is another than before, in `words`.

    `relative` is the largest relative change of its numbers (infinite ones apart), `distance` the
    share of a picture's pixels that look different, from 0 to 1. `code_changed` says that the cell
    itself is another.
    """

    notebook: str
    cell: int
    what: What
    words: str
    code_changed: bool = False
    relative: float | None = None
    distance: float | None = None
    diff: Diff = ()
    before: Picture | None = None
    after: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricChange:
    """The last value of a metric that cells published; None where it was not, or is no number.

    `better` says whether the change is for the good; None where nobody can tell.
    """

    section: str
    framework: str
    metric: str
    before: float | None
    after: float | None
    better: bool | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeChange:
    """A time (seconds) that changed by more than its spread. The step "" is whole notebooks."""

    section: str
    step: str
    framework: str
    regime: Regime
    before_seconds: float
    after_seconds: float
    words: str

    @property
    def relative(self) -> float:
        """The change as a share of the time before."""
        return self.after_seconds / self.before_seconds - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """What a deck was made with: of a framework, or of all where that is empty."""

    what: Literal["package", "language", "device", "parameter", "profile", "abreast"]
    framework: str
    name: str
    before: str
    after: str
    leading: bool = False
    """Whether the package is the framework itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWarning:
    """A warning that a cell printed to stderr, and did not before."""

    notebook: str
    cell: int
    kind: Literal["warning", "deprecation"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """All that changed since a build; `since` names it.

    `published` are the metrics that either build published; `unknown` says what was not compared.
    """

    deck: str
    title: str
    since: str
    slides: tuple[SlideChange, ...] = ()
    outputs: tuple[OutputChange, ...] = ()
    metrics: tuple[MetricChange, ...] = ()
    times: tuple[TimeChange, ...] = ()
    settings: tuple[SettingChange, ...] = ()
    warnings: tuple[NewWarning, ...] = ()
    published: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing changed, as far as could be compared."""
        changes = (self.slides, self.outputs, self.metrics, self.times, self.settings)
        return not any((*changes, self.warnings))

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to look at: no change, and all was compared."""
        return self.nothing and not self.unknown
