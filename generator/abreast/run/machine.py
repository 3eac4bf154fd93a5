"""A machine's GPUs, and what others do on this one while a kernel runs (only Linux tells)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abreast.model import DeviceClass

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What kernels find where they run: the names of the NVIDIA GPUs and their driver's version.

    `here` says that they run on this machine, so that what has wheels is known; `installs` that
    environments are created when they are needed, and need not be there before.
    """

    gpus: tuple[str, ...] = ()
    driver: str = ""
    here: bool = True
    installs: bool = False

    @property
    def device(self) -> DeviceClass:
        """The best device class there is."""
        return "cuda" if self.gpus else "cpu"

    @property
    def words(self) -> str:
        """What times depend on: the first GPU and the driver, else "no GPU"."""
        return f"{self.gpus[0]} (driver {self.driver})" if self.gpus else "no GPU"


def this_machine() -> Machine:
    """Return what kernels find here; no GPUs without nvidia-ml-py or a driver.

    CUDA_VISIBLE_DEVICES hides GPUs from us as it does from kernels.
    """
    gpus = visible_gpus()
    return Machine(gpus=tuple(gpus.values()), driver=_driver() if gpus else "")


def visible_gpus() -> dict[str, str]:
    """Return the GPUs that kernels may use: what CUDA_VISIBLE_DEVICES calls each -> its name."""
    try:
        import pynvml  # noqa: PLC0415 - optional

        pynvml.nvmlInit()
    except Exception:  # noqa: BLE001 - no package, no driver, no device: no GPU for us
        return {}
    try:
        chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
        count = pynvml.nvmlDeviceGetCount()
        ids = [f"{n}" for n in range(count)] if chosen is None else chosen.split(",")
        names: dict[str, str] = {}
        for gpu in map(str.strip, ids):
            handle = _handle(pynvml, gpu, count)
            if handle is None:
                break  # as CUDA does: what follows an unknown one is not seen
            names[gpu] = str(pynvml.nvmlDeviceGetName(handle))
        return names
    finally:
        pynvml.nvmlShutdown()


def like_gpus() -> list[str]:
    """Return the GPUs that are like the first: times of unlike ones could not be compared."""
    gpus = visible_gpus()
    return [gpu for gpu, name in gpus.items() if name == next(iter(gpus.values()))]


def _handle(pynvml: Any, gpu: str, count: int) -> Any:
    """Return NVML's handle of a GPU named by its index or UUID; None where there is none."""
    if gpu.isdecimal():
        return pynvml.nvmlDeviceGetHandleByIndex(int(gpu)) if int(gpu) < count else None
    try:
        return pynvml.nvmlDeviceGetHandleByUUID(gpu)
    except pynvml.NVMLError:
        return None


def _driver() -> str:
    import pynvml  # noqa: PLC0415 - optional

    pynvml.nvmlInit()
    try:
        return str(pynvml.nvmlSystemGetDriverVersion())
    finally:
        pynvml.nvmlShutdown()


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

    Others are neither this process nor its kernels, which took `kernel_seconds` of them. None where
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
