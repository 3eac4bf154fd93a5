"""A folder put in another's place in one step; what the killed leave is put right afterwards.

A process that replaces `deck` works beside it, in a place of its own:

    .deck.new-k3x9_b2a/   its name ends at random
        lock              locked as long as the process lives; holds the inode of `new`
        new/              what will be put in place; after the exchange, what was there
        old-0/            what was there, where a system needs two renames for it
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from abreast.locking import try_lock
from abreast.writing import sync

_LOCK, _NEW, _OLD = "lock", "new", "old-"
_AT_FDCWD = -100
_SWAP = 2
"""RENAME_EXCHANGE of Linux's renameat2(2), RENAME_SWAP of macOS' renamex_np(2)."""
_NO_SWAP = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM}
"""What systems, file systems and sandboxes answer that cannot exchange."""
_LONG_DEAD = 24 * 3600.0
"""Seconds after which a place is a dead process's, where the file system knows no locks."""


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside `folder`, with its mode, for `exchange` to put in its place.

    In the end it is removed with all in it, unless it was put in place. What was taken from there
    the caller must have removed; what is left of it stays for `recover`. Raises OSError.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    place, lock = _new_place(folder)
    try:
        new = place / _NEW
        new.mkdir()
        if folder.is_dir():
            shutil.copymode(folder, new)
        os.write(lock, b"%d" % new.stat().st_ino)
        os.fsync(lock)
        yield new
    finally:
        with suppress(OSError):
            _put_back(place, folder)
            _clear(place)
        os.close(lock)


def exchange(new: Path, folder: Path) -> list[Path]:
    """Put `new`, which `staging` gave, in the place of `folder`; return where what was there is.

    The files in `new` must be on the disk (`write_synced`); its folders and the exchange itself
    are when this returns. Where the system cannot exchange in one step, two renames do it, and a
    kill between them is put right by `recover`. Raises OSError; `folder` is then as before.
    """
    folder = folder.resolve()
    for top, _, _ in os.walk(new, topdown=False):
        sync(Path(top))
    sync(new.parent)
    _put_in_place(new, folder)
    with suppress(OSError):  # it is done, whatever the disk says now
        sync(folder.parent)
        sync(new.parent)
    return _taken(new.parent)


def recover(folder: Path, retire: Callable[[Path], None] = shutil.rmtree) -> None:
    """Put right what killed processes left beside `folder`; the living are not disturbed.

    A folder that was taken away is put back. Any other old one is given to `retire`, which removes
    it. What fails is left for the next call.
    """
    folder = folder.resolve()
    for place in _places(folder):
        with suppress(OSError):
            # Of the living too, for locks are not everywhere: theirs starts over.
            _put_back(place, folder)
            is_old = time.time() - place.stat().st_mtime > _LONG_DEAD
            lock = try_lock(place / _LOCK, unknown=is_old)
            if lock is None:
                continue
            try:
                for old in _taken(place):
                    retire(old)
                _clear(place)
            finally:
                os.close(lock)


def swapped(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return whether system and file system can.

    Raises OSError where they can, but it failed.
    """
    system = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    if hasattr(system, "renameat2"):
        failed = system.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, ctypes.c_uint(_SWAP))
    elif hasattr(system, "renamex_np"):
        failed = system.renamex_np(first, second, ctypes.c_uint(_SWAP))
    else:
        return False
    number = ctypes.get_errno()
    if failed and number not in _NO_SWAP:
        raise OSError(number, os.strerror(number), str(one), None, str(other))
    return not failed


def _new_place(folder: Path) -> tuple[Path, int]:
    """Make a place beside `folder`; return it with the descriptor of its locked file."""
    while True:
        place = Path(tempfile.mkdtemp(prefix=f".{folder.name}.new-", dir=folder.parent))
        try:
            lock = try_lock(place / _LOCK, unknown=True)
        except FileNotFoundError:
            lock = None
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            raise
        if lock is not None:  # else another process took it for a leftover before it was locked
            return place, lock


def _places(folder: Path) -> list[Path]:
    # The whole name must fit: `deck` has nothing to do with the places of `deck.new-deck`.
    fits = re.compile(re.escape(f".{folder.name}.new-") + "[a-z0-9_]{8}").fullmatch
    try:
        return [path for path in folder.parent.iterdir() if fits(path.name) and _is_folder(path)]
    except OSError:
        return []


def _put_in_place(new: Path, folder: Path) -> None:
    while True:
        if folder.exists():
            try:
                if swapped(new, folder):
                    return
                folder.rename(_aside(new.parent))
            except FileNotFoundError:
                if not new.exists():
                    raise
                # Another process is between its two renames.
        try:
            new.rename(folder)
        except OSError as error:
            # Not empty: another process was faster, or put the old one back.
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise  # the end of `staging` puts the old one back
        else:
            return


def _aside(place: Path) -> Path:
    return place / f"{_OLD}{len(list(place.glob(f'{_OLD}*')))}"


def _taken(place: Path) -> list[Path]:
    """Return the folders that were taken from where they belong, the latest last."""
    old = [path for path in sorted(place.glob(f"{_OLD}*")) if _is_folder(path)]
    return [*old, place / _NEW] if _is_exchanged(place) else old


def _is_exchanged(place: Path) -> bool:
    new = place / _NEW
    try:
        return _is_folder(new) and new.stat().st_ino != int((place / _LOCK).read_bytes())
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    # A link that others made must not lead us out of the place.
    return path.is_dir() and not path.is_symlink()


def _put_back(place: Path, folder: Path) -> None:
    taken = _taken(place)
    if taken and not os.path.lexists(folder):
        taken[-1].rename(folder)


def _clear(place: Path) -> None:
    """Remove a place, unless something is left in it that was taken from where it belongs."""
    if not _taken(place):
        shutil.rmtree(place, ignore_errors=True)
