"""A framework is raised in the lock of a project's decks."""

from __future__ import annotations

from pathlib import Path

from abreast.errors import AbreastError
from abreast.events import Said, Sink
from abreast.model import DeviceClass, Framework, Lack
from abreast.run.environments import install, upgrades
from abreast.run.locks import lock_file, lock_of, raised
from abreast.writing import write_whole

Changes = dict[str, tuple[str, str]]
"""By package, the version before ("" for a new one) and the version now."""


def update_environment(
    framework: Framework, device: DeviceClass, folder: Path, version: str | None, emit: Sink
) -> Changes:
    """Raise a framework, with what that needs, write the lock to `folder` and install it.

    `version` is the newest unless given. The lock is written only after its environment could be
    installed. Returns what changed, nothing where it is the newest. Raises AbreastError.
    """
    lock = lock_of(framework, device, folder)
    present = install(framework, device, lock=lock, emit=emit)
    if isinstance(present, Lack):
        raise AbreastError(present.reason)
    name = next(name for name in framework.distributions if name in lock.packages)
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
