"""Columns -> how their kernels start, and what they are made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from abreast.model import Column, DeviceClass, Framework, Kernel, Lack, Lock, Recipe
from abreast.run.environments import kernel_of, preferred_device
from abreast.run.locks import lock_of
from abreast.run.machine import Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfit:
    """What a column is executed with. What it is made of is known before it is installed.

    `recipe` is None where only the kernel could tell, and it is not there.
    """

    recipe: Recipe | None
    kernel: Kernel | Lack


def outfits(machine: Machine, locks: Path | None) -> Callable[[Column], Outfit]:
    """Return what finds a column's outfit on a machine; `locks` has locks of the project's own."""

    def choose(column: Column) -> Outfit:
        if column.kernel:
            return _own(column.kernel, machine)
        return _from_lock(column, machine, locks)

    return choose


def _from_lock(column: Column, machine: Machine, locks: Path | None) -> Outfit:
    framework = column.framework
    device = preferred_device(framework, gpu=bool(machine.gpus))
    lock = lock_of(framework, device, locks)
    return Outfit(
        recipe=_recipe(lock.digest, lock.packages, device, machine),
        kernel=_kernel(framework, device, lock, machine),
    )


def _kernel(
    framework: Framework, device: DeviceClass, lock: Lock, machine: Machine
) -> Kernel | Lack:
    found = kernel_of(framework, device, lock) if machine.here else None
    if found is None or (machine.installs and isinstance(found, Lack) and found.missing):
        return Kernel(name=framework.name, lock=lock, device=device)
    return found


def _own(name: str, machine: Machine) -> Outfit:
    found = _installed(name)
    if isinstance(found, Lack):
        return Outfit(recipe=None, kernel=found)
    argv, language = found
    # Where it is installed differs from machine to machine; what it is called does not.
    words = [PurePath(word).name for word in argv]
    # Nobody can tell whether it computes on a GPU: it may where it sees one.
    device = machine.device
    return Outfit(
        recipe=_recipe(json.dumps([name, *words]), {}, device, machine),
        kernel=Kernel(name=name, language=language.lower(), device=device),
    )


def _recipe(
    environment: str, packages: Mapping[str, str], device: DeviceClass, machine: Machine
) -> Recipe:
    on_gpu = device == "cuda"
    return Recipe(
        environment=environment,
        packages=packages,
        device=machine.gpus[0] if on_gpu else "cpu",
        driver=machine.driver if on_gpu else "",
    )


def _installed(name: str) -> tuple[list[str], str] | Lack:
    """Return the command and the language of a kernel of the user's own."""
    from jupyter_core.paths import jupyter_path  # noqa: PLC0415

    for folder in jupyter_path("kernels"):
        try:
            spec = json.loads((Path(folder) / name / "kernel.json").read_text(encoding="utf-8"))
            return list(spec["argv"]), str(spec["language"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    # It knows more places, and takes 0.1 s to import.
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel  # noqa: PLC0415

    manager = KernelSpecManager()
    try:
        spec = manager.get_kernel_spec(name)
    except NoSuchKernel:
        known = ", ".join(sorted(manager.find_kernel_specs())) or "none"
        reason = f"no Jupyter kernel '{name}'. Installed: {known}. See: jupyter kernelspec list"
        return Lack(reason=reason, missing=True)
    return spec.argv, spec.language
