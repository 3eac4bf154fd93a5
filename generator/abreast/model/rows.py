"""What alignment finds: cells and lines that do the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
