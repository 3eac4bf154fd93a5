"""What was measured of cells, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from abreast.model.columns import DeviceClass
from abreast.model.decks import Value

FEWEST_SAMPLES, LEAST_SECONDS = 5, 0.5
"""What a spread needs: so many samples, which add up to so many seconds."""

WARMUPS = 2
"""Executions of a repeated cell that are not counted: the first run, told apart, and one more."""

METRICS = "application/vnd.abreast.metrics+json"
"""The MIME type of what a cell publishes of its training: a record of numbers, or several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What a run was executed on.

    `model` names the processor or the GPU, `cores` are those that the kernel might use, `threads`
    those that its framework does use; what is unknown is empty.
    """

    kind: DeviceClass | None = None
    model: str = ""
    cores: int | None = None
    threads: int | None = None

    @property
    def words(self) -> str:
        """Return what a badge says of it: "CPU, 2 threads", or the GPU's name."""
        if self.kind is None:
            return ""
        if self.kind == "cuda":
            return self.model or "GPU"
        if self.threads is None:
            return "CPU"
        return f"CPU, {self.threads} thread{'' if self.threads == 1 else 's'}"

    def is_like(self, other: Device) -> bool:
        """Say whether times on both may be compared: the same kind, model and number of cores.

        Threads may differ: how many to use of the cores is the framework's own choice.
        """
        return (self.kind, self.model, self.cores) == (other.kind, other.model, other.cores)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One execution of a cell. Seconds and bytes; None where nobody can tell.

    `wall_seconds` passed from when the devices were idle until they were idle again,
    `dispatch_seconds` until the cell's code returned; `cpu_seconds` is the time of the kernel's
    process on all its threads, without processes that it started. `device_peak_bytes` is the most
    that the framework's allocator held on one device during the cell,
    `device_peak_since_start_bytes` since the kernel started; `resident_bytes` is the memory of the
    kernel's process in RAM after the cell, `resident_peak_bytes` the most since it started.
    """

    wall_seconds: float
    dispatch_seconds: float | None = None
    cpu_seconds: float | None = None
    device_peak_bytes: int | None = None
    device_peak_since_start_bytes: int | None = None
    resident_bytes: int | None = None
    resident_peak_bytes: int | None = None


Round: TypeAlias = Mapping[int, tuple[Sample, ...]]
"""What one kernel measured: by cell index the cell's executions, the first run first."""

Regime: TypeAlias = Literal["first run", "steady"]
"""A first run in its kernel, with compiling and tuning; or what comes after warm-ups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The time of a step (seconds): the median of `count` samples and their quartiles.

    `total_seconds` is what the samples add up to.
    """

    regime: Regime
    median_seconds: float
    lower_seconds: float
    upper_seconds: float
    count: int = 1
    total_seconds: float = 0.0

    @property
    def spread(self) -> float | None:
        """Return the interquartile range as a share of the median; None for too few samples."""
        enough = self.count >= FEWEST_SAMPLES and self.total_seconds >= LEAST_SECONDS
        if not enough or self.median_seconds <= 0:
            return None
        return (self.upper_seconds - self.lower_seconds) / self.median_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a step cost in one framework. `alone` says that little else ran meanwhile.

    `first` is the first run that came before a steady time.
    """

    estimate: Estimate
    device: Device
    alone: bool = True
    first: Estimate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCost:
    """What a step of a section cost, by framework. `title` is its slide's."""

    section: str
    title: str
    costs: Mapping[str, Cost]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A metric that a framework's cells published, in the order of publishing.

    `against` names what `points` count from the left: "epoch", "step", or nothing that was said.
    `diverged` says that what was published last is no number any more.
    """

    section: str
    framework: str
    metric: str
    against: str
    points: tuple[tuple[float, float], ...]
    diverged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPoint:
    """What a section cost at one value of a parameter.

    `examples` is how many the timed cells said they worked on: then throughput can be told.
    """

    value: Value
    cost: Cost
    examples: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What a section cost against a parameter, by framework, the other parameters `fixed`."""

    section: str
    parameter: str
    timed: str
    fixed: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[str, tuple[SweepPoint, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a deck cost: its steps, whole notebooks by framework, what cells published, sweeps."""

    steps: tuple[StepCost, ...] = ()
    totals: Mapping[str, Cost] = field(default_factory=dict)
    curves: tuple[Curve, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
