"""What of the store can go: by age, by size, and by whether a deck still uses it."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from abreast import frameworks
from abreast.errors import UsageError, shown
from abreast.exchange import recover
from abreast.run.environments import environments_folder
from abreast.run.home import home, is_cache
from abreast.run.locks import lock_of
from abreast.run.roots import noted, roots_folder
from abreast.run.store import runs_folder

DAY_SECONDS = 86400.0
_KEY = re.compile(r"[0-9a-f]{64}")
_ENVIRONMENT = re.compile(r"[\w.-]+-(cpu|cuda)(-[0-9a-f]{12})?")
_LEFTOVER = re.compile(rf"\.(?P<key>{_KEY.pattern})\.new-\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that is kept. `used` says that a deck was last built from it."""

    path: Path
    bytes: int
    age_seconds: float
    used: bool


def entries() -> list[Entry]:
    """Return the runs and environments that are kept, and what killed processes left of any.

    Only what abreast itself wrote, in folders that it marked as a cache. Raises UsageError for a
    folder without the mark.
    """
    notes = noted().values()
    runs = {key for note in notes for key in note["runs"]}
    locks = {digest for note in notes for digest in note["locks"]} | set(_own_locks())
    return [
        *(_entry(path, path.name in runs) for path in _in(runs_folder(), (_KEY, _LEFTOVER))),
        *(
            _entry(path, any(digest.startswith(path.name.rpartition("-")[2]) for digest in locks))
            for path in _in(environments_folder(), (_ENVIRONMENT,))
        ),
    ]


def prunable(
    kept: Iterable[Entry], *, older_seconds: float, most_bytes: int | None = None
) -> list[Entry]:
    """Return what can go: what no deck uses and is older than `older_seconds`.

    Where all that is left is more than `most_bytes`, the oldest that no deck uses go as well, then
    the oldest of the others.
    """
    left = sorted(kept, key=lambda entry: (entry.used, -entry.age_seconds))
    going = [entry for entry in left if not entry.used and entry.age_seconds >= older_seconds]
    left = [entry for entry in left if entry not in going]
    if most_bytes is not None:
        while left and sum(entry.bytes for entry in left) > most_bytes:
            going.append(left.pop(0))
    return going


def remove(entries: Sequence[Entry]) -> None:
    """Remove what can go, and the notes of decks that are gone."""
    for entry in entries:
        if not is_cache(entry.path.parent):
            continue
        leftover = _LEFTOVER.fullmatch(entry.path.name)
        if leftover:
            recover(entry.path.with_name(leftover["key"]))  # a living process's stays
        else:
            shutil.rmtree(entry.path, ignore_errors=True)
    known = noted()
    if is_cache(roots_folder()):
        for path in roots_folder().glob("*.json"):
            if path not in known:
                path.unlink(missing_ok=True)


def _own_locks() -> Iterator[str]:
    """Yield the digests of the locks that abreast has: their environments were asked for."""
    for name in frameworks.names():
        framework = frameworks.load(name)
        for device in framework.locks:
            yield lock_of(framework, device).digest


def _entry(path: Path, used: bool) -> Entry:
    age = max(0.0, time.time() - path.stat().st_mtime)
    return Entry(path=path, bytes=_size(path), age_seconds=age, used=used)


def _in(folder: Path, names: Sequence[re.Pattern[str]]) -> list[Path]:
    if not folder.exists():
        return []
    if not is_cache(folder):
        raise UsageError(
            "this folder has no CACHEDIR.TAG of abreast's, so nothing in it is touched.",
            where=shown(folder),
            remedy=f"Is {shown(home())} what you want to clean? ABREAST_HOME names it.",
        )
    return [
        path
        for path in sorted(folder.iterdir())
        if not path.is_symlink() and path.is_dir() and any(n.fullmatch(path.name) for n in names)
    ]


def _size(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if not path.is_symlink() and path.is_file())
    return sum(path.stat().st_size for path in files)
