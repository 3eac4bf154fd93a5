"""Runs inside Python kernels: the time of each cell, with devices synchronised around it.

Sent as text into a namespace of its own, so it needs only the standard library (Python 3.8 or
later) and leaves no name behind. Frameworks are found in sys.modules and never imported: a probe
must not change what it measures.

Work is dispatched asynchronously, on the CPU too; without the synchronisation a cell's time
would be charged to the next.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
import time
from typing import Any, cast

VERSION = 1
SLOT = "_abreast_probe"


def synchronize() -> None:
    """Wait until every framework that is loaded has finished its queued work."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.synchronize()
    mxnet = sys.modules.get("mxnet")
    if mxnet is not None and hasattr(mxnet, "nd"):
        mxnet.nd.waitall()
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and hasattr(tensorflow, "test"):
        tensorflow.test.experimental.sync_devices()
    jax = sys.modules.get("jax")
    if jax is not None and hasattr(jax, "live_arrays"):
        jax.block_until_ready(jax.live_arrays())
        jax.effects_barrier()


def safe_synchronize() -> None:
    """Synchronize; a framework that is half imported or broken must not break the cell."""
    try:
        synchronize()
    except Exception:  # noqa: BLE001, S110 - whatever a framework raises, the author's cell goes on
        pass


class Probe:
    """Keeps the seconds of each cell in the order of execution."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._started: int | None = None

    def start(self, *_info: Any) -> None:
        """Begin a cell: the hook for pre_run_cell, which silent requests do not trigger."""
        safe_synchronize()
        self._started = time.perf_counter_ns()

    def end(self) -> None:
        """End a cell: the hook for post_execute, before matplotlib draws, which later hooks do."""
        if self._started is None:
            return
        safe_synchronize()
        self.seconds.append((time.perf_counter_ns() - self._started) / 1e9)
        self._started = None

    def report(self) -> dict[str, Any]:
        """Return what the client asks for at the end, as JSON types."""
        device, device_class = describe_device()
        return {
            "probe": VERSION,
            "seconds": self.seconds,
            "executable": sys.executable,
            "language_version": platform.python_version(),
            "device": device,
            "device_class": device_class,
            "versions": versions(),
        }


def describe_device() -> tuple[str, str]:
    """Return the device that the loaded frameworks use, for people, and its class."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        return torch.cuda.get_device_name(), "cuda"
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and hasattr(tensorflow, "config"):
        gpus = tensorflow.config.list_logical_devices("GPU")
        if gpus:
            physical = tensorflow.config.list_physical_devices("GPU")[0]
            details = tensorflow.config.experimental.get_device_details(physical)
            return details.get("device_name", "GPU"), "cuda"
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if torch is not None:
        threads = torch.get_num_threads()
    return f"CPU, {threads} thread{'' if threads == 1 else 's'}", "cpu"


def versions() -> dict[str, str]:
    """Return the versions of all installed distributions, by lower-case name."""
    found: dict[str, str] = {}
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            found[name.lower().replace("_", "-")] = distribution.version
    return dict(sorted(found.items()))


def install() -> None:
    """Register the probe with this kernel's IPython, once."""
    probe = Probe()
    events = sys.modules["IPython"].get_ipython().events
    events.register("pre_run_cell", probe.start)
    events.register("post_execute", probe.end)
    cast("dict[str, Any]", sys.modules)[SLOT] = probe
