"""Locks: what an environment is made from. A project's own stand before those of abreast."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from abreast import frameworks
from abreast.model import DeviceClass, Framework, Lock


def locks_folder(decks: Path) -> Path:
    """Return where the decks in a folder keep locks of their own."""
    return decks / "locks"


def lock_of(framework: Framework, device: DeviceClass, folder: Path | None = None) -> Lock:
    """Return the lock of a framework's environment: the one in `folder`, else abreast's.

    Raises LookupError where there is none for that device class.
    """
    own = lock_file(framework, device, folder) if folder else None
    if own and own.is_file():
        return Lock(text=own.read_text(encoding="utf-8"))
    return Lock(text=frameworks.lock_text(framework, device))


def lock_file(framework: Framework, device: DeviceClass, folder: Path) -> Path:
    """Return where a project's own lock stands."""
    return folder / f"{framework.name}-{device}.txt"


def raised(lock: Lock, changes: Mapping[str, str]) -> Lock:
    """Return a lock with packages at other versions, new ones at its end; markers stay.

    Names are compared as packages' are: case and `-`, `_`, `.` do not matter.
    """
    left = {_canonical(name): (name, version) for name, version in changes.items()}
    lines = []
    for line in lock.text.splitlines():
        pin, semicolon, marker = line.partition(";")
        name, equal, _ = pin.partition("==")
        if equal and not line.startswith("#") and _canonical(name.strip()) in left:
            _, version = left.pop(_canonical(name.strip()))
            line = f"{name}=={version}" + (f" ;{marker}" if semicolon else "")  # noqa: PLW2901
        lines.append(line)
    lines += [f"{name}=={version}" for name, version in sorted(left.values())]
    return Lock(text="\n".join(lines) + "\n")


def _canonical(name: str) -> str:
    from packaging.utils import canonicalize_name  # noqa: PLC0415 - few commands need it

    return canonicalize_name(name)
