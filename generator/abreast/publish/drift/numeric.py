"""Numbers in texts that are equal otherwise, and by how much they changed."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

NEGLIGIBLE = 1e-6
"""A relative change of a fraction up to this is rounding: some eight last places of a float32."""

_NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?!\w|\.\d)"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChange:
    """A number before and after, as they were printed."""

    before: str
    after: str

    @property
    def relative(self) -> float:
        """The change as a share of the number before; infinite from 0."""
        return relative_change(float(self.before), float(self.after))

    @property
    def words(self) -> str:
        """Return "0.71 → 0.65 (-8.5%)"."""
        return f"{self.before} → {self.after}{in_parentheses(self.relative)}"


def number_changes(before: str, after: str) -> tuple[NumberChange, ...] | None:
    """Return the numbers that changed; None where more than numbers did.

    White space does not count: columns of numbers are aligned by it.
    """
    if _skeleton(before) != _skeleton(after):
        return None
    pairs = zip(_NUMBER.findall(before), _NUMBER.findall(after), strict=True)
    return tuple(NumberChange(before=a, after=b) for a, b in pairs if _differ(a, b))


def largest(changes: Sequence[NumberChange]) -> NumberChange:
    """Return the change that is the largest, relatively; of several the first."""
    return max(changes, key=lambda change: abs(change.relative))


def without_numbers(text: str) -> str:
    """Return text with "#" for each number."""
    return _NUMBER.sub("#", text)


def relative_change(before: float, after: float) -> float:
    """Return a change as a share of what was before; infinite from 0, 0 for none."""
    if before == after:
        return 0.0
    return (after - before) / abs(before) if before else math.copysign(math.inf, after)


def in_parentheses(relative: float) -> str:
    """Return " (-8.5%)", or nothing for a change from 0."""
    if not math.isfinite(relative):
        return ""
    sign, percent = "-" if relative < 0 else "+", abs(relative) * 100
    return f" ({sign}{percent:.2g}%)" if percent < 10 else f" ({sign}{percent:.0f}%)"


def _differ(before: str, after: str) -> bool:
    if before == after:
        return False
    one, other = float(before), float(after)
    whole = before.lstrip("+-").isdigit() and after.lstrip("+-").isdigit()
    return one != other and (whole or abs(relative_change(one, other)) > NEGLIGIBLE)


def _skeleton(text: str) -> list[str]:
    # A sign or a bracket may touch a number in one text and be apart from it in the other.
    return _NUMBER.sub(" # ", text).split()
