"""A virtualenv and a kernelspec for each framework's lock: abreast's own, or a project's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abreast.errors import AbreastError
from abreast.events import Said, Sink
from abreast.locking import locked
from abreast.model import DeviceClass, Framework, Kernel, Lack, Lock
from abreast.run.home import home, make_cache, make_home
from abreast.run.locks import canonical, lock_of

_MARKERS = """
import json, os, platform, sys
print(json.dumps({
    "implementation_name": sys.implementation.name, "os_name": os.name,
    "platform_machine": platform.machine(), "platform_system": platform.system(),
    "python_full_version": platform.python_version(), "sys_platform": sys.platform,
    "python_version": ".".join(platform.python_version_tuple()[:2]),
}))
"""


_RECORD = "abreast.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A framework's virtualenv on this machine, made from `lock`."""

    framework: Framework
    device: DeviceClass
    folder: Path
    lock: Lock
    python_version: str

    @property
    def executable(self) -> Path:
        """The interpreter, as the kernelspec names it."""
        return self.folder / "bin" / "python"


def find(framework: Framework, device: DeviceClass, lock: Lock | None = None) -> Environment | None:
    """Return the environment installed from a lock (abreast's own unless given), or None."""
    lock = lock or lock_of(framework, device)
    folder = environments_folder() / _name(framework, device, lock)
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
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


def lacking_wheels(
    framework: Framework, device: DeviceClass, python: str, lock: Lock | None = None
) -> Lack | None:
    """Return why a lock (abreast's own unless given) brings the framework no wheels, or None.

    `python` is the interpreter to install it for.
    """
    from packaging.requirements import Requirement  # noqa: PLC0415 - few commands need it

    lock = lock or lock_of(framework, device)
    own = {canonical(name) for name in framework.distributions}
    wanted = (Requirement(words) for _, words in lock.requirements)
    requirements = [one for one in wanted if canonical(one.name) in own]
    if not requirements:
        return Lack(
            reason=f"the lock of {framework.name} ({device}) does not name "
            f"{' or '.join(framework.distributions)}"
        )
    markers = _marker_environment(python)
    if any(r.marker is None or r.marker.evaluate(markers) for r in requirements):
        return None
    return Lack(
        reason=f"{framework.title} has no wheels for Python {markers['python_version']} on "
        f"{markers['sys_platform']} {markers['platform_machine']}. With another interpreter: "
        f"abreast env install --python PATH {framework.name}"
    )


def install(
    framework: Framework,
    device: DeviceClass,
    python: str | None = None,
    *,
    lock: Lock | None = None,
    emit: Sink,
) -> Environment | Lack:
    """Create the environment of a lock unless it is there; return it, or why it cannot be had here.

    One of another Python version than `python` (this interpreter, unless given) is made anew only
    when `python` is given.

    Says the size of the download first. Raises AbreastError when pip fails, with its last lines.
    """
    lock = lock or lock_of(framework, device)
    make_home()
    with locked(home() / f".{framework.name}-{device}.lock"):
        present = find(framework, device, lock)
        if present is not None and (python is None or _version(python) == present.python_version):
            emit(Said(text=f"{framework.name} ({device}): already installed"))
            return present
        interpreter = python or sys.executable
        lack = lacking_wheels(framework, device, interpreter, lock)
        return lack or _create(framework, device, interpreter, lock, emit)


def kernel_of(framework: Framework, device: DeviceClass, lock: Lock) -> Kernel | Lack:
    """Return how to start the kernel of a lock's environment, or why there is none here."""
    environment = find(framework, device, lock)
    if environment is None:
        return lacking_wheels(framework, device, sys.executable, lock) or Lack(
            reason=f"no environment for {framework.name} ({device}). "
            f"Install it with: abreast env install {framework.name}",
            missing=True,
        )
    return Kernel(
        name=environment.folder.name,
        lock=lock,
        executable=environment.executable,
        kernel_dirs=(kernels_folder(),),
        device=device,
    )


def environments_folder() -> Path:
    """Return where environments are."""
    return home() / "environments"


def kernels_folder() -> Path:
    """Return where the environments' kernelspecs are, each of its environment's name."""
    return home() / "jupyter" / "kernels"


def upgrades(environment: Environment, wanted: str) -> dict[str, str]:
    """Return what pip would install to raise a package in an environment: versions by name.

    What it does not need raised stays. Raises AbreastError when pip finds no solution.
    """
    report = _call(
        [
            *(str(environment.executable), "-m", "pip", "--disable-pip-version-check", "install"),
            *("--quiet", "--dry-run", "--report", "-", "--upgrade"),
            *("--upgrade-strategy", "only-if-needed", wanted),
        ],
        f"{environment.framework.name}: pip cannot raise it",
    )
    found = [item["metadata"] for item in json.loads(report)["install"]]
    # A lock names no builds of one maker, such as +cpu: any index may serve it.
    return {item["name"]: item["version"].partition("+")[0] for item in found}


def _create(
    framework: Framework, device: DeviceClass, python: str, lock: Lock, emit: Sink
) -> Environment:
    folder = make_cache(environments_folder()) / _name(framework, device, lock)
    shutil.rmtree(folder, ignore_errors=True)
    name = f"{framework.name} ({device})"
    try:
        emit(Said(text=f"{name}: creating a virtualenv"))
        _call([python, "-m", "venv", str(folder)], f"{name}: cannot create a virtualenv")
        (folder / "lock.txt").write_text(lock.text, encoding="utf-8")
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
        # Last, so that an environment that was cut off is made again.
        (folder / _RECORD).write_text(json.dumps({"python_version": version}), encoding="utf-8")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    environment = find(framework, device, lock)
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
    import urllib.parse  # noqa: PLC0415 - most commands ask nobody
    import urllib.request  # noqa: PLC0415

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
    target = make_cache(kernels_folder()) / folder.name
    target.mkdir(exist_ok=True)
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


def _name(framework: Framework, device: DeviceClass, lock: Lock) -> str:
    """Return what an environment's folder and its kernelspec are called: a name for each lock."""
    return f"{framework.name}-{device}-{lock.digest[:12]}"
