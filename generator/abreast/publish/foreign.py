"""What others keep in a deck's folder: it goes along when the folder is replaced."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path, PurePosixPath

from abreast.writing import sync

KEPT = ".kept"
"""Ends the name of what would be in the way of a file of the deck."""
_ROUNDS = 10
"""How often to look again whether somebody put something into a folder that is being removed."""


def carry_over(old: Path, written: AbstractSet[str], new: Path, ours: AbstractSet[str]) -> None:
    """Have in `new`, which has the files `ours`, what others keep in `old` beside the `written`.

    Names are relative to their folder. Files are linked, so that what is written into them
    meanwhile is not lost, or copied where the file system has no links. Raises OSError.
    """
    for source, target in list(_foreign(old, written, ours)):
        if _is_folder(source):
            _make_like(source, new / target)
        else:
            (new / target).parent.mkdir(parents=True, exist_ok=True)
            _link(source, new / target)


def retire(old: Path, written: AbstractSet[str], new: Path, ours: AbstractSet[str]) -> None:
    """Remove `old`, of which abreast wrote `written`; what others put there goes to `new`.

    Nothing else is removed than what was written and folders that are empty. Raises OSError; what
    is left is then still in `old`.
    """
    for _ in range(_ROUNDS):
        for source, target in list(_foreign(old, written, ours)):
            with suppress(FileNotFoundError):  # removed meanwhile, or `new` was exchanged too
                _move(source, new / target)
        for top, folders, files in os.walk(old, topdown=False):
            here = Path(top)
            for path in (here / name for name in (*files, *folders)):
                if path.relative_to(old).as_posix() in written and not _is_folder(path):
                    path.unlink(missing_ok=True)
            with suppress(OSError):  # not empty: it came this moment
                here.rmdir()
        if not old.exists():
            return


def _foreign(
    old: Path, written: AbstractSet[str], ours: AbstractSet[str]
) -> Iterator[tuple[Path, str]]:
    """Yield each file, link and folder in `old` that abreast did not write, and its new name."""
    made, needed = _folders(written), _folders(ours)
    names = {old: PurePosixPath()}
    for top, folders, files in os.walk(old):
        for path in (Path(top) / name for name in (*folders, *files)):
            was, name = path.relative_to(old).as_posix(), names[path.parent] / path.name
            if _is_folder(path):
                names[path] = _free(old, name, ours)
                if was not in made:
                    yield path, str(names[path])
            elif was not in written:
                yield path, str(_free(old, name, ours | needed))


def _folders(names: AbstractSet[str]) -> set[str]:
    return {str(folder) for name in names for folder in PurePosixPath(name).parents}


def _free(old: Path, name: PurePosixPath, taken: AbstractSet[str]) -> PurePosixPath:
    free = name
    while str(free) in taken or (free != name and os.path.lexists(old / free)):
        free = free.with_name(free.name + KEPT)
    return free


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _make_like(folder: Path, target: Path) -> None:
    if not target.is_dir():
        target.mkdir(parents=True)
        shutil.copystat(folder, target)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except FileNotFoundError:
        return  # removed meanwhile
    except OSError:  # no links here, or not to other users' files
        with suppress(PermissionError):  # what cannot be read is moved after the exchange
            shutil.copy2(source, target, follow_symlinks=False)
            if not target.is_symlink():
                sync(target)


def _move(source: Path, target: Path) -> None:
    if _is_folder(source):
        _make_like(source, target)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    mine = source.lstat()
    with suppress(FileNotFoundError):
        there = target.lstat()
        # The same, its copy, or newer.
        if os.path.samestat(there, mine) or there.st_mtime_ns >= mine.st_mtime_ns:
            source.unlink()
            return
    source.rename(target)
