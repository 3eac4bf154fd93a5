"""Locks: what an environment is made from. A project's own stand before those of abreast."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from abreast import frameworks
from abreast.errors import Mistake, UsageError, shown
from abreast.model import DeviceClass, Framework, Lock
from abreast.model.identities import PIN

_INCLUDED = re.compile(r"^(?:-r|--requirement)[ =]*(?P<file>[^\s#=]+).*$", re.MULTILINE)


def locks_folder(decks: Path) -> Path:
    """Return where the decks in a folder keep locks of their own."""
    return decks / "locks"


def lock_of(framework: Framework, device: DeviceClass, folder: Path | None = None) -> Lock:
    """Return the lock of a framework's environment: the one in `folder`, else abreast's.

    Raises LookupError where there is none for that device class, UsageError for a file in which
    something is no requirement.
    """
    own = lock_file(framework, device, folder) if folder else None
    if own and own.is_file():
        return Lock(text=_whole(own, ()))
    return Lock(text=frameworks.lock_text(framework, device))


def lock_file(framework: Framework, device: DeviceClass, folder: Path) -> Path:
    """Return where a project's own lock stands."""
    return folder / f"{framework.name}-{device}.txt"


def canonical(name: str) -> str:
    """Return a package's name as it is compared: case and `-`, `_`, `.` do not matter."""
    return re.sub(r"[-_.]+", "-", name).lower()


def raised(lock: Lock, changes: Mapping[str, str]) -> Lock:
    """Return a lock with packages at other versions, new ones at its end.

    Markers, extras, options and comments stay.
    """
    wanted = {canonical(name): (name, version) for name, version in changes.items()}
    lines = lock.text.splitlines()
    found = set()
    for number, _ in lock.requirements:
        line = lines[number - 1]
        pin = PIN.match(line)
        name = canonical(pin["name"]) if pin else ""
        if pin and name in wanted:
            found.add(name)
            lines[number - 1] = line[: pin.start("version")] + wanted[name][1] + line[pin.end() :]
    new = sorted(wanted[name] for name in wanted.keys() - found)
    lines += [f"{name}=={version}" for name, version in new]
    return Lock(text="\n".join(lines) + "\n")


def _whole(path: Path, within: tuple[Path, ...]) -> str:
    """Return a lock's text with the files that it takes in, so that its digest is of all of it.

    Raises UsageError for a file that cannot be read, and for what is no requirement in it.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(
            f"cannot read this lock: {error}.",
            where=shown(within[-1] if within else path),
            remedy="What -r names is looked for beside the lock.",
        ) from None
    _check(Lock(text=text), path)
    inside = (*within, path.resolve())
    return _INCLUDED.sub(lambda found: _included(path.parent / found["file"], inside), text)


def _included(path: Path, within: tuple[Path, ...]) -> str:
    if path.resolve() in within:
        raise UsageError("this lock takes itself in.", where=shown(path), remedy="Remove its -r.")
    return _whole(path, within).rstrip("\n")


def _check(lock: Lock, path: Path) -> None:
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415

    mistakes = []
    for number, words in lock.requirements:
        try:
            Requirement(words)
        except InvalidRequirement:
            mistakes.append(
                Mistake(
                    where=f"{shown(path)}:{number}",
                    what=f"'{words}' is no requirement.",
                    remedy="Write each package as NAME==VERSION, as pip freeze prints it.",
                )
            )
    if mistakes:
        raise UsageError.of(mistakes)
