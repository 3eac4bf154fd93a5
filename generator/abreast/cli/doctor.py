"""abreast doctor."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys

import click

_FREE_GB = 10


@click.command("doctor")
def command() -> None:
    """Check interpreter, environments, GPUs, Chromium and disk; each lack with its remedy."""
    from abreast.cli.console import table

    rows = [_interpreter(), *_environments(), *_kernels(), _gpus(), _chromium(), _disk()]
    table("abreast doctor", ("what", "found", "remedy"), rows)


def _interpreter() -> tuple[str, str, str]:
    return "Python", f"{platform.python_version()} ({sys.executable})", ""


def _environments() -> list[tuple[str, str, str]]:
    from abreast import frameworks
    from abreast.run import environments
    from abreast.run.machine import this_machine

    rows = []
    for name in frameworks.names():
        framework = frameworks.load(name)
        for device in framework.locks:
            if device == "cuda" and not this_machine().gpus:
                continue
            found = environments.find(framework, device)
            if found is None:
                lack = environments.lacking_wheels(framework, device, sys.executable)
                remedy = lack.reason if lack else f"abreast env install {name}"
                rows.append((f"{name} ({device})", "not installed", remedy))
                continue
            freeze = found.folder / "lock.txt"
            pinned = [line for line in freeze.read_text("utf-8").splitlines() if "==" in line]
            version = pinned[0].partition(" ;")[0]
            rows.append((f"{name} ({device})", f"{version}, Python {found.python_version}", ""))
    return rows


def _kernels() -> list[tuple[str, str, str]]:
    from jupyter_client.kernelspec import KernelSpecManager

    found = sorted(KernelSpecManager().find_kernel_specs())
    return [("own kernels", ", ".join(found) or "none", "")]


def _gpus() -> tuple[str, str, str]:
    from abreast.run.machine import this_machine

    machine = this_machine()
    if importlib.util.find_spec("pynvml") is None:
        remedy = "to look for NVIDIA GPUs: pip install 'abreast[gpu]'"
        return "GPU", "not looked for", remedy
    if not machine.gpus:
        return "GPU", "none", "notebooks run on the CPU"
    return "GPU", f"{', '.join(machine.gpus)}, driver {machine.driver}", ""


def _chromium() -> tuple[str, str, str]:
    from abreast.render.browser import find_chromium

    found = find_chromium()
    remedy = "for check, export and site: pip install 'abreast[check]'; playwright install chromium"
    if found and importlib.util.find_spec("playwright") is None:
        return "Chromium", f"{found}, but no Playwright to drive it", remedy.partition(";")[0]
    return "Chromium", found or "not found", "" if found else remedy


def _disk() -> tuple[str, str, str]:
    from abreast.run.home import make_home

    folder = make_home()
    free = shutil.disk_usage(folder).free / 1e9
    remedy = "" if free > _FREE_GB else f"free {_FREE_GB} GB, or set ABREAST_HOME to another disk"
    return "disk", f"{free:.0f} GB free in {folder}", remedy
