"""Times that changed by more than they vary anyway, on like devices and undisturbed.

How much they vary was measured on this repository's own deck, built six times in a day: docs/
drift.md has the numbers. Two single first runs of a cell were up to 3.4 times apart, from 0.1 s on;
where a second or more lay between them, up to 1.8 times. Steady medians of one kernel each were up
to 1.5 times apart, though their quartiles did not touch: runs in one kernel vary less than kernels
do (T. Kalibera and R. Jones, "Rigorous benchmarking in reasonable time", ISMM 2013). Below a tenth
even sound medians may tell of the order of linking or the size of the environment (T. Mytkowicz et
al., "Producing wrong data without doing anything obviously wrong!", ASPLOS 2009).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from abreast.model import Cost, Device, Estimate
from abreast.publish.drift.changes import TimeChange
from abreast.publish.drift.numeric import in_parentheses
from abreast.publish.drift.snapshot import Key, Snapshot
from abreast.timing.words import estimated

BETWEEN_KERNELS = 0.10
"""Medians over several kernels have to differ by at least this share."""
ONE_KERNEL = 0.50
"""Medians of which one comes from a single kernel, by this."""
FIRST_RUN_TIMES, FIRST_RUN_SECONDS = 2.0, 1.0
"""Times without a spread: the slower is at least so many of the faster, and so much longer."""

_NOTCHES = 3.0
"""Medians differ by so many sums of IQR/√n. McGill, Tukey and Larsen ("Variations of box plots",
The American Statistician 32, 1978) take 1.57, for large n; with five samples that and quartiles
apart is met by chance in one comparison of nine, with 3 in one of fifty, and with a spread of 7%
and the least share above in one of 800 (simulated)."""


def time_changes(before: Snapshot, after: Snapshot) -> tuple[TimeChange, ...]:
    """Return the times that changed beyond their spread, in the order of the later deck."""
    changes = []
    for key, old, new in _pairs(before, after):
        section, step, framework = key
        kernels = min(before.kernels(framework), after.kernels(framework))
        if _comparable(old, new) and _beyond(old.estimate, new.estimate, kernels):
            changes.append(_change(section, step, framework, old.estimate, new.estimate))
    return tuple(changes)


def incomparable(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    """Return why times were not compared, one sentence a reason and framework."""
    reasons: dict[str, None] = {}
    for (_, _, framework), old, new in _pairs(before, after):
        if not old.device.is_like(new.device):
            was, now = old.device, new.device
            reasons[f"times of {framework}: other device ({_named(was)} → {_named(now)})"] = None
        elif not (old.alone and new.alone):
            reasons[f"some times of {framework}: other programs ran meanwhile"] = None
    return tuple(reasons)


def _pairs(before: Snapshot, after: Snapshot) -> Iterator[tuple[Key, Cost, Cost]]:
    """Yield the times that both builds have, but for those of one and the same run."""
    for key, new in after.times.items():
        old = before.times.get(key)
        if old is not None and old != new:
            yield key, old, new


def _comparable(old: Cost, new: Cost) -> bool:
    alike = old.estimate.regime == new.estimate.regime and old.device.is_like(new.device)
    return alike and old.alone and new.alone


def _beyond(old: Estimate, new: Estimate, kernels: int) -> bool:
    faster, slower = sorted((old, new), key=lambda e: e.median_seconds)
    difference = slower.median_seconds - faster.median_seconds
    if faster.median_seconds <= 0:
        return False
    share = difference / faster.median_seconds
    if old.spread is None or new.spread is None:
        enough = slower.median_seconds >= FIRST_RUN_TIMES * faster.median_seconds
        return enough and difference >= FIRST_RUN_SECONDS
    apart = faster.upper_seconds < slower.lower_seconds
    notches = sum((e.upper_seconds - e.lower_seconds) / sqrt(e.count) for e in (old, new))
    least = BETWEEN_KERNELS if kernels > 1 else ONE_KERNEL
    return apart and difference > _NOTCHES * notches and share >= least


def _change(section: str, step: str, framework: str, old: Estimate, new: Estimate) -> TimeChange:
    relative = new.median_seconds / old.median_seconds - 1
    now = estimated(new).removeprefix("first run ")  # both are, or none
    words = f"{estimated(old)} → {now}{in_parentheses(relative)}"
    return TimeChange(
        section=section,
        step=step,
        framework=framework,
        regime=new.regime,
        before_seconds=old.median_seconds,
        after_seconds=new.median_seconds,
        words=words,
    )


def _named(device: Device) -> str:
    cores = f"{device.cores} cores" if device.cores else ""
    return ", ".join(filter(None, [device.model or device.kind or "unknown", cores]))
