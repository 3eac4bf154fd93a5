"""A framework is raised in the lock of a project's decks."""

from __future__ import annotations

from pathlib import Path

from abreast.errors import AbreastError, UsageError, shown
from abreast.events import Said, Sink
from abreast.model import DeviceClass, Framework, Lack, Lock
from abreast.run.environments import install, upgrades
from abreast.run.locks import canonical, lock_file, lock_of, raised
from abreast.writing import write_whole

Changes = dict[str, tuple[str, str]]
"""By package, the version before ("" for a new one) and the version now."""


def update_environment(
    framework: Framework, device: DeviceClass, folder: Path, version: str | None, emit: Sink
) -> Changes:
    """Raise a framework, with what that needs, write the lock to `folder` and install it.

    `version` is the newest unless given. The lock is written only after its environment could be
    installed. Returns what changed, nothing where it is the newest. Raises AbreastError, UsageError
    for a lock that cannot be raised.
    """
    lock = lock_of(framework, device, folder)
    name = _raisable(framework, lock, lock_file(framework, device, folder))
    present = install(framework, device, lock=lock, emit=emit)
    if isinstance(present, Lack):
        raise AbreastError(present.reason)
    wanted = f"{name}=={version}" if version else name
    emit(Said(text=f"{framework.name} ({device}): looking for {wanted}"))
    found = upgrades(present, wanted)
    newer = raised(lock, found)
    before, after = lock.packages, newer.packages
    changes = {
        name: (before.get(name, ""), now) for name, now in after.items() if before.get(name) != now
    }
    if not changes:
        emit(Said(text=f"{framework.name} ({device}): nothing newer"))
        return {}
    made = install(framework, device, lock=newer, emit=emit)
    if isinstance(made, Lack):
        raise AbreastError(made.reason)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(lock_file(framework, device, folder), newer.text.encode())
    return changes


def _raisable(framework: Framework, lock: Lock, path: Path) -> str:
    """Return what the lock calls the framework's package."""
    known = {canonical(name): name for name in lock.packages}
    own = [known[name] for name in map(canonical, framework.distributions) if name in known]
    if not own:
        raise UsageError(
            f"this lock does not pin {' or '.join(framework.distributions)}.",
            where=shown(path),
            remedy=f"Add it, or delete the file: abreast's own lock of {framework.name} is raised.",
        )
    if "--hash" in lock.text:
        raise UsageError(
            "this lock has hashes, and abreast knows those of this machine's packages only.",
            where=shown(path),
            remedy="Raise it with what made it, or take the hashes out.",
        )
    return own[0]
