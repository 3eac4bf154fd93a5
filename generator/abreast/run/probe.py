"""Runs inside Python kernels: what each cell cost, with devices synchronized around it.

Sent as text into a namespace of its own, so it needs only the standard library (Python 3.8 or
later) and leaves no name behind. Frameworks are found in sys.modules and never imported: a probe
must not change what it measures.

Work is dispatched asynchronously, on the CPU too; without the synchronization a cell's time
would be charged to the next.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
import re
import sys
from collections.abc import Callable
from time import perf_counter_ns, process_time_ns  # bound here: notebooks may patch the module
from typing import Any, cast

VERSION = 2
_OPENMP = re.compile(r"/lib(?:g|i)?omp[\w.-]*\.so")
SLOT = "_abreast_probe"


def synchronize() -> str:
    """Wait until every framework that is loaded has finished its queued work.

    Return what went wrong: without the wait a time means nothing.
    """
    problems = [_problem_of(wait, name) for name, wait in _WAITS.items()]
    return "; ".join(filter(None, problems))


def _problem_of(wait: Callable[[Any], Any], name: str) -> str:
    module = sys.modules.get(name)
    try:
        if module is not None:
            wait(module)
    except AttributeError:
        return ""  # half imported: it has no work yet
    except Exception as error:  # noqa: BLE001 - whatever a framework raises, the cell goes on
        return f"waiting for {name} raised {type(error).__name__}: {error}".partition("\n")[0]
    return ""


def _quietly(call: Callable[[Any], Any], name: str) -> Any:
    """Return what a call of a loaded framework gives; None without it or where it raises."""
    module = sys.modules.get(name)
    if module is None:
        return None
    try:
        return call(module)
    except Exception:  # noqa: BLE001 - what it cannot tell is unknown
        return None


def _wait_torch(torch: Any) -> None:
    if torch.cuda.is_initialized():
        for device in range(torch.cuda.device_count()):
            torch.cuda.synchronize(device)


def _wait_tensorflow(tensorflow: Any) -> None:
    if _has_started("tensorflow"):
        tensorflow.test.experimental.sync_devices()


def _wait_jax(jax: Any) -> None:
    if not _has_started("jax"):
        return
    for array in (*jax.live_arrays(), *(_quietly(_arrays_on_cpu, "jax") or ())):
        if not array.is_deleted():
            array.block_until_ready()
    # What nobody holds any more is still being computed: a marker comes after it.
    for marked in _markers.values():
        marked().block_until_ready()
    jax.effects_barrier()


def _arrays_on_cpu(jax: Any) -> Any:
    return jax.live_arrays("cpu")  # raises where this platform was not asked for


class _Marker:
    """A small computation on one device, compiled."""

    def __init__(self, add: Any, put: Any, device: Any) -> None:
        self._add, self._put, self._device = add, put, device

    def __call__(self) -> Any:
        return self._add(self._put(0.0, self._device))


_markers: dict[Any, _Marker] = {}


def _prepare_markers(jax: Any) -> None:
    """Compile a marker for each device, while no clock runs."""
    for device in jax.local_devices() if _has_started("jax") else ():
        if device not in _markers:
            add = jax.jit(lambda x: x + 1)
            add(jax.device_put(0.0, device)).block_until_ready()
            _markers[device] = _Marker(add, jax.device_put, device)


def _has_started(name: str) -> bool:
    """Say whether a framework has opened its devices: asking it for them would open them.

    What an author sets before the first operation (threads, memory growth, platforms) must still
    be possible after the probe has looked.
    """
    try:
        return bool(_STARTED[name]())
    except Exception:  # noqa: BLE001 - another version: rather open a device than mistime
        return True


def _tensorflow_has_started() -> Any:
    context = sys.modules["tensorflow.python.eager.context"].context_safe()
    return context is not None and context._initialized  # noqa: SLF001 - nothing else tells


def _jax_has_started() -> Any:
    return sys.modules["jax._src.xla_bridge"].backends_are_initialized()


_STARTED: dict[str, Callable[[], Any]] = {
    "tensorflow": _tensorflow_has_started,
    "jax": _jax_has_started,
}


_WAITS: dict[str, Callable[[Any], Any]] = {
    "torch": _wait_torch,
    "mxnet": lambda mxnet: mxnet.nd.waitall(),
    "tensorflow": _wait_tensorflow,
    "jax": _wait_jax,
}


def _reset_torch(torch: Any) -> None:
    if torch.cuda.is_initialized():
        for device in range(torch.cuda.device_count()):
            torch.cuda.reset_peak_memory_stats(device)


def _peak_torch(torch: Any) -> Any:
    if not torch.cuda.is_initialized():
        return None
    return max(torch.cuda.max_memory_allocated(n) for n in range(torch.cuda.device_count()))


def _reset_tensorflow(tensorflow: Any) -> None:
    for device in _gpus_of_tensorflow(tensorflow):
        tensorflow.config.experimental.reset_memory_stats(device.name)


def _peak_tensorflow(tensorflow: Any) -> Any:
    info = tensorflow.config.experimental.get_memory_info
    return max((info(d.name)["peak"] for d in _gpus_of_tensorflow(tensorflow)), default=None)


def _gpus_of_tensorflow(tensorflow: Any) -> Any:
    started = _has_started("tensorflow")
    return tensorflow.config.list_logical_devices("GPU") if started else []


def _peak_jax(jax: Any) -> Any:
    devices = jax.local_devices() if _has_started("jax") else []
    known = [device.memory_stats() for device in devices]
    return max((stats["peak_bytes_in_use"] for stats in known if stats), default=None)


def _largest(*values: int | None) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _seconds(nanoseconds: int) -> float:
    """Return nanoseconds as seconds, to a tenth of a microsecond: reading clocks takes longer."""
    return round(nanoseconds / 1e9, 7)


def resident_bytes() -> int | None:
    """Return this process's memory in RAM, bytes; None where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - a kernel's hot path
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


def resident_peak_bytes() -> int | None:
    """Return the most that this process had in RAM since it started, bytes."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class Probe:
    """Keeps what each execution cost, by the id of the message that asked for it."""

    def __init__(self, request_id: Callable[[], str]) -> None:
        self._request_id = request_id
        self._begun: dict[str, tuple[int, int]] = {}
        self._samples: dict[str, dict[str, Any]] = {}
        self._problems: dict[str, str] = {}

    def start(self, *_info: Any) -> None:
        """Begin a cell: the hook for pre_run_cell, which silent requests do not trigger.

        A cell may run others (`%run`, `run_cell`): they are part of it.
        """
        request = self._request_id()
        if request in self._begun:
            return
        self._begin(request)

    def _begin(self, request: str) -> None:
        _quietly(_prepare_markers, "jax")
        synchronize()
        _quietly(_reset_torch, "torch")
        _quietly(_reset_tensorflow, "tensorflow")
        self._begun[request] = (process_time_ns(), perf_counter_ns())

    def end(self) -> None:
        """End a cell: the hook for post_execute, before matplotlib draws, which later hooks do."""
        returned = perf_counter_ns()
        request = self._request_id()
        if request not in self._begun:
            return
        problem = synchronize()
        wall, cpu = perf_counter_ns(), process_time_ns()
        cpu_before, before = self._begun[request]
        resident = resident_bytes()
        self._samples[request] = {
            "wall_seconds": _seconds(wall - before),
            "dispatch_seconds": _seconds(returned - before),
            "cpu_seconds": _seconds(cpu - cpu_before),
            "device_peak_bytes": _largest(
                _quietly(_peak_torch, "torch"), _quietly(_peak_tensorflow, "tensorflow")
            ),
            "device_peak_since_start_bytes": _quietly(_peak_jax, "jax"),
            "resident_bytes": resident,
            # The system counts the peak in batches, and may be a little behind.
            "resident_peak_bytes": _largest(resident, resident_peak_bytes()),
        }
        if problem:
            self._problems[request] = problem

    def wall_seconds(self, requests: list[str]) -> float:
        """Return what executions took together."""
        return float(sum(self._samples[request]["wall_seconds"] for request in requests))

    def report(self) -> dict[str, Any]:
        """Return what the client asks for at the end, as JSON types."""
        return {
            "probe": VERSION,
            "samples": self._samples,
            "problems": self._problems,
            "executable": sys.executable,
            "language_version": platform.python_version(),
            "device": describe_device(),
            "versions": versions(),
        }


def describe_device() -> dict[str, Any]:
    """Return the device that the loaded frameworks use: a GPU where one does, else the CPU."""
    gpu = _quietly(_gpu_of_torch, "torch") or _quietly(_gpu_of_tensorflow, "tensorflow")
    gpu = gpu or _quietly(_gpu_of_jax, "jax")
    if gpu:
        return {"kind": "cuda", "model": gpu}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    threads = _quietly(lambda torch: torch.get_num_threads(), "torch")
    if not threads and ("tensorflow" in sys.modules or "jax" in sys.modules):
        # Both take as many as there are cores, unless TensorFlow was told otherwise.
        threads = _quietly(_threads_of_tensorflow, "tensorflow") or cores
    threads = threads or _threads_of_openmp()
    return {"kind": "cpu", "model": cpu_model(), "cores": cores, "threads": threads}


def _threads_of_openmp() -> int | None:
    """Return how many threads OpenMP may use here, where a library has loaded it (MXNet does)."""
    try:
        with open("/proc/self/maps", encoding="utf-8") as file:  # noqa: PTH123
            found = {line.split()[-1] for line in file if _OPENMP.search(line)}
        return max(int(ctypes.CDLL(path).omp_get_max_threads()) for path in found)
    except (OSError, ValueError, AttributeError):
        return None


def _gpu_of_torch(torch: Any) -> Any:
    return torch.cuda.get_device_name() if torch.cuda.is_initialized() else None


def _gpu_of_tensorflow(tensorflow: Any) -> Any:
    if not _gpus_of_tensorflow(tensorflow):
        return None
    physical = tensorflow.config.list_physical_devices("GPU")[0]
    details = tensorflow.config.experimental.get_device_details(physical)
    return details.get("device_name", "GPU")


def _gpu_of_jax(jax: Any) -> Any:
    devices = jax.local_devices() if _has_started("jax") else []
    return next((d.device_kind for d in devices if d.platform in {"gpu", "cuda"}), None)


def _threads_of_tensorflow(tensorflow: Any) -> Any:
    # 0 is TensorFlow's word for as many as there are cores.
    return tensorflow.config.threading.get_intra_op_parallelism_threads() or None


def cpu_model() -> str:
    """Return the processor's name as the system tells it; empty where it does not."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123
            names = (line.partition(":")[2] for line in file if line.startswith("model name"))
            found = next(names, "")
    except OSError:
        found = platform.processor()
    return " ".join(found.split())


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
    shell = sys.modules["IPython"].get_ipython()
    shell.get_parent()  # a shell that cannot say who asked cannot be measured here
    probe = Probe(lambda: cast("str", shell.get_parent()["header"]["msg_id"]))
    shell.events.register("pre_run_cell", probe.start)
    shell.events.register("post_execute", probe.end)
    cast("dict[str, Any]", sys.modules)[SLOT] = probe
