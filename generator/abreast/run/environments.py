"""A virtualenv and a kernelspec for each framework, made from the locks that abreast ships."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from abreast import frameworks
from abreast.errors import AbreastError, EnvironmentMissingError
from abreast.events import Said, Sink
from abreast.model import Column, DeviceClass, Framework, Kernel, Lack
from abreast.run.home import home, make_home

_MARKERS = """
import json, os, platform, sys
print(json.dumps({
    "implementation_name": sys.implementation.name, "os_name": os.name,
    "platform_machine": platform.machine(), "platform_system": platform.system(),
    "python_full_version": platform.python_version(), "sys_platform": sys.platform,
    "python_version": ".".join(platform.python_version_tuple()[:2]),
}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A framework's virtualenv on this machine. `lock` is the SHA-256 of its lock's text."""

    framework: Framework
    device: DeviceClass
    folder: Path
    lock: str
    python_version: str

    @property
    def executable(self) -> Path:
        """The interpreter, as the kernelspec names it."""
        return self.folder / "bin" / "python"


def find(framework: Framework, device: DeviceClass) -> Environment | None:
    """Return the installed environment that fits today's lock, or None."""
    lock = _digest(frameworks.lock_text(framework, device))
    folder = _folder(framework, device)
    try:
        record = json.loads((folder / "abreast.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if record["lock"] != lock:
        return None
    return Environment(
        framework=framework,
        device=device,
        folder=folder,
        lock=lock,
        python_version=record["python_version"],
    )


def preferred_device(framework: Framework, *, gpu: bool) -> DeviceClass:
    """Return cuda where this machine has a GPU and the framework a lock for it, else cpu."""
    return "cuda" if gpu and "cuda" in framework.locks else "cpu"


def gpu_names() -> tuple[str, ...]:
    """Return the names of this machine's NVIDIA GPUs; empty without nvidia-ml-py or a driver."""
    try:
        import pynvml  # noqa: PLC0415 - optional

        pynvml.nvmlInit()
    except Exception:  # noqa: BLE001 - no package, no driver, no device: no GPU for us
        return ()
    try:
        count = pynvml.nvmlDeviceGetCount()
        handles = [pynvml.nvmlDeviceGetHandleByIndex(i) for i in range(count)]
        return tuple(str(pynvml.nvmlDeviceGetName(handle)) for handle in handles)
    finally:
        pynvml.nvmlShutdown()


def lacking_wheels(framework: Framework, device: DeviceClass, python: str) -> Lack | None:
    """Return why the framework has no wheels for the interpreter `python`, or None if it has."""
    requirements = [
        requirement
        for line in frameworks.lock_text(framework, device).splitlines()
        if line and not line.startswith("#")
        for requirement in [Requirement(line)]
        if requirement.name in framework.distributions
    ]
    markers = _marker_environment(python)
    if any(r.marker is None or r.marker.evaluate(markers) for r in requirements):
        return None
    return Lack(
        reason=f"{framework.title} has no wheels for Python {markers['python_version']} on "
        f"{markers['sys_platform']} {markers['platform_machine']}. With another interpreter: "
        f"abreast env install --python PATH {framework.name}"
    )


def install(
    framework: Framework, device: DeviceClass, python: str | None = None, *, emit: Sink
) -> Environment | Lack:
    """Create the environment unless it is there; return it, or why it cannot be had here.

    One of another Python version than `python` (this interpreter, unless given) is made anew only
    when `python` is given.

    Says the size of the download first. Raises AbreastError when pip fails, with its last lines.
    """
    make_home()
    with _locked(home() / f".{framework.name}-{device}.lock"):
        present = find(framework, device)
        if present is not None and (python is None or _version(python) == present.python_version):
            emit(Said(text=f"{framework.name} ({device}): already installed"))
            return present
        interpreter = python or sys.executable
        lack = lacking_wheels(framework, device, interpreter)
        return lack or _create(framework, device, interpreter, emit)


def kernel_for(column: Column, device: DeviceClass) -> Kernel | Lack:
    """Return how to start a column's kernel, or the lack of one that nothing can install.

    Raises EnvironmentMissingError when a kernel or an environment is missing that could be
    there, saying how to get it.
    """
    if column.kernel:
        return _own_kernel(column.kernel)
    environment = find(column.framework, device)
    if environment is None:
        lack = lacking_wheels(column.framework, device, sys.executable)
        if lack:
            return lack
        raise EnvironmentMissingError(
            f"no environment for {column.name} ({device}).",
            remedy=f"Install it with: abreast env install {column.name}",
        )
    return Kernel(
        name=_name(column.framework, device),
        identity=f"{column.name} {device} {environment.lock} {environment.python_version}",
        executable=environment.executable,
        kernel_dirs=(home() / "jupyter" / "kernels",),
        device=device,
    )


def _own_kernel(name: str) -> Kernel:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel  # noqa: PLC0415

    manager = KernelSpecManager()
    try:
        spec = manager.get_kernel_spec(name)
    except NoSuchKernel:
        known = ", ".join(sorted(manager.find_kernel_specs())) or "none"
        raise EnvironmentMissingError(
            f"no Jupyter kernel '{name}'.",
            remedy=f"Installed: {known}. See: jupyter kernelspec list",
        ) from None
    return Kernel(
        name=name, identity=json.dumps([name, *spec.argv]), language=spec.language.lower()
    )


def _create(framework: Framework, device: DeviceClass, python: str, emit: Sink) -> Environment:
    folder = _folder(framework, device)
    shutil.rmtree(folder, ignore_errors=True)
    lock = frameworks.lock_text(framework, device)
    name = f"{framework.name} ({device})"
    try:
        emit(Said(text=f"{name}: creating a virtualenv"))
        _call([python, "-m", "venv", str(folder)], f"{name}: cannot create a virtualenv")
        (folder / "lock.txt").write_text(lock, encoding="utf-8")
        pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        requirements = ["--quiet", "--requirement", str(folder / "lock.txt")]
        report = _call(
            [*pip, "install", "--dry-run", "--report", "-", *requirements],
            f"{name}: pip cannot resolve the lock",
        )
        emit(Said(text=f"{name}: {_download_size(json.loads(report))}"))
        _call([*pip, "install", "--no-compile", *requirements], f"{name}: pip cannot install it")
        _write_kernelspec(framework, device, folder)
        version = _version(str(folder / "bin" / "python"))
        record = {"lock": _digest(lock), "python_version": version}
        # Last, so that an environment that was cut off is made again.
        (folder / "abreast.json").write_text(json.dumps(record), encoding="utf-8")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    environment = find(framework, device)
    assert environment is not None  # noqa: S101 - it was written two lines above
    return environment


def _download_size(report: Any) -> str:
    """Say in words how much pip will fetch, from what its servers answer to HEAD."""
    urls = [item["download_info"]["url"] for item in report["install"]]
    sizes = [_content_length(url) for url in urls]
    known = sum(size for size in sizes if size is not None)
    at_least = "at least " if None in sizes else ""
    local = sum(url.startswith("file:") for url in urls)
    on_disk = f", {local} of them on this machine" if local else ""
    return f"downloading {at_least}{known / 1e6:.0f} MB in {len(urls)} packages{on_disk}"


def _content_length(url: str) -> int | None:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "file":
        return 0
    try:
        request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - pip's own address
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            return int(response.headers["Content-Length"])
    except (OSError, TypeError, ValueError):
        return None


def _write_kernelspec(framework: Framework, device: DeviceClass, folder: Path) -> None:
    target = home() / "jupyter" / "kernels" / _name(framework, device)
    target.mkdir(parents=True, exist_ok=True)
    spec = {
        # An absolute path: jupyter_client replaces a bare `python` by its own interpreter.
        "argv": [
            str(folder / "bin" / "python"),
            *("-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"),
        ],
        "display_name": f"{framework.title} ({device}, abreast)",
        "language": "python",
        "env": {"PYTHONNOUSERSITE": "1"},
    }
    (target / "kernel.json").write_text(json.dumps(spec, indent=1), encoding="utf-8")


def _version(python: str) -> str:
    return _marker_environment(python)["python_full_version"]


def _marker_environment(python: str) -> dict[str, str]:
    output = _call([python, "-c", _MARKERS], f"'{python}' is not a working Python interpreter")
    markers: dict[str, str] = json.loads(output)
    return markers


def _call(command: list[str], failing: str) -> str:
    environment = {**os.environ, "PYTHONNOUSERSITE": "1"}
    environment.pop("PYTHONPATH", None)
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            command, capture_output=True, text=True, check=False, env=environment
        )
    except OSError as error:
        raise AbreastError(f"{failing}: {error.strerror}.") from None
    if done.returncode:
        tail = " / ".join(done.stderr.strip().splitlines()[-3:])
        raise AbreastError(f"{failing}.", remedy=f"It said: {tail}")
    return done.stdout


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep two processes from making one environment at the same time."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _name(framework: Framework, device: DeviceClass) -> str:
    return f"abreast-{framework.name}-{device}"


def _folder(framework: Framework, device: DeviceClass) -> Path:
    return home() / "environments" / f"{framework.name}-{device}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
