"""What of the store can go: by age, by size, and by whether a deck still uses it."""

from __future__ import annotations

import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from abreast import frameworks
from abreast.errors import UsageError, shown
from abreast.exchange import recover
from abreast.run.environments import environments_folder, kernels_folder
from abreast.run.home import fragments_folder, home, is_cache, templates_folder
from abreast.run.locks import lock_of
from abreast.run.roots import forget_gone, noted, roots_folder
from abreast.run.store import runs_folder

DAY_SECONDS = 86400.0
_KEY = re.compile(r"[0-9a-f]{64}")
_ENVIRONMENT = re.compile(r"[\w.-]+-(cpu|cuda)(-[0-9a-f]{12})?")
_BOOK = re.compile(r"[0-9a-f]{32}|\.[0-9a-f]{32}\.\w+")
_TEMPLATE = re.compile(r"__jinja2_[0-9a-f]+\.cache\w*(\.tmp)?")
_TORN_NOTE = re.compile(rf"\.{_KEY.pattern}\.json\.\w+")
_LEFTOVER = re.compile(rf"\.(?P<key>{_KEY.pattern})\.new-\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that is kept. `used` says that a deck was last built from it, or is being built."""

    path: Path
    bytes: int
    age_seconds: float
    used: bool


def entries() -> list[Entry]:
    """Return all that is kept, and what killed processes left of any.

    Only what abreast itself wrote, in folders that it marked as a cache. Raises UsageError for a
    folder without the mark, AbreastError where what decks use cannot be read.
    """
    return [*_runs_and_environments(), *_kernelspecs(), *_files()]


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
        elif entry.path.is_dir():
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            with suppress(OSError):
                entry.path.unlink()
        if entry.path.parent == environments_folder() and is_cache(kernels_folder()):
            shutil.rmtree(kernels_folder() / entry.path.name, ignore_errors=True)
    forget_gone()


def _runs_and_environments() -> Iterator[Entry]:
    notes = noted()
    runs = {key for note in notes for key in note["runs"]}
    for path in _in(runs_folder(), (_KEY, _LEFTOVER)):
        yield from _entry(path, used=path.name in runs)
    locks = {digest[:12] for note in notes for digest in note["locks"]} | {*_own_locks()}
    for path in _in(environments_folder(), (_ENVIRONMENT,)):
        yield from _entry(path, used=path.name.rpartition("-")[2] in locks)


def _kernelspecs() -> Iterator[Entry]:
    """Yield the kernelspecs whose environments are gone; the others go with their environments."""
    for path in _in(kernels_folder(), (_ENVIRONMENT,)):
        if not (environments_folder() / path.name).exists():
            yield from _entry(path)


def _files() -> Iterator[Entry]:
    """Yield what builds keep only to be faster, and what is left of notes that were cut off."""
    kinds = (
        (fragments_folder(), _BOOK),
        (templates_folder(), _TEMPLATE),
        (roots_folder(), _TORN_NOTE),
    )
    for folder, names in kinds:
        for path in _in(folder, (names,), is_kind=Path.is_file):
            yield from _entry(path)


def _own_locks() -> Iterator[str]:
    """Yield how the digests of abreast's own locks begin: their environments were asked for."""
    for name in frameworks.names():
        framework = frameworks.load(name)
        for device in framework.locks:
            yield lock_of(framework, device).digest[:12]


def _entry(path: Path, *, used: bool | None = None) -> Iterator[Entry]:
    """Yield what is kept at a path; nothing where a build has just taken it away.

    Of what nobody notes (None) the young counts as used: a build that goes on may need it.
    """
    with suppress(OSError):
        age = max(0.0, time.time() - path.stat().st_mtime)
        needed = age < DAY_SECONDS if used is None else used
        yield Entry(path=path, bytes=_size(path), age_seconds=age, used=needed)


def _in(
    folder: Path,
    names: Sequence[re.Pattern[str]],
    is_kind: Callable[[Path], bool] = Path.is_dir,
) -> list[Path]:
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
        if not path.is_symlink() and is_kind(path) and any(n.fullmatch(path.name) for n in names)
    ]


def _size(path: Path) -> int:
    """Return the bytes of a file, or of all in a folder that stays while this is counted."""
    if not path.is_dir():
        return path.lstat().st_size
    size = 0
    for top, _, files in os.walk(path):
        for name in files:
            with suppress(OSError):
                status = Path(top, name).lstat()
                size += status.st_size if stat.S_ISREG(status.st_mode) else 0
    return size
