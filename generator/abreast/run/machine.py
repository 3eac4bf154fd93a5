"""What others do on this machine while a kernel runs; only Linux tells."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The processors' time since the machine started and this process's own, in seconds."""

    busy_seconds: float
    all_seconds: float
    own_seconds: float


def read_processors() -> Reading | None:
    """Return what the processors have done so far; None where the system does not tell."""
    try:
        first = (_PROC / "stat").read_text(encoding="ascii").partition("\n")[0].split()
        ticks = [int(field) for field in first[1:9]]  # guests' time is in the users' already
    except (OSError, ValueError):
        return None
    hertz = os.sysconf("SC_CLK_TCK")
    idle = ticks[3] + ticks[4]
    return Reading(
        busy_seconds=(sum(ticks) - idle) / hertz,
        all_seconds=sum(ticks) / hertz,
        own_seconds=time.process_time(),
    )


def others_share(before: Reading, after: Reading, kernel_seconds: float) -> float | None:
    """Return which share of the processors others used between two readings, from 0 to 1.

    Others are neither this process nor the kernel, which took `kernel_seconds` of them. None where
    the readings are too close to tell.
    """
    passed = after.all_seconds - before.all_seconds
    if passed <= 0:
        return None
    ours = after.own_seconds - before.own_seconds + kernel_seconds
    busy = after.busy_seconds - before.busy_seconds
    return min(1.0, max(0.0, busy - ours) / passed)


def group_seconds(group: int) -> float:
    """Return the processor time that the living processes of a group took, with their children."""
    ticks = sum(sum(times) for own, times in _processes() if own == group)
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes() -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the group of each process and its ticks: its own and those of children that ended."""
    for path in _PROC.glob("[0-9]*/stat"):
        try:
            # The name before the parenthesis may hold spaces.
            fields = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            yield int(fields[2]), tuple(int(field) for field in fields[11:15])
        except (OSError, ValueError, IndexError):
            continue  # it ended meanwhile
