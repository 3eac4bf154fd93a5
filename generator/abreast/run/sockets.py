"""Folders of kernels' sockets: short paths, and none is left by a process that was killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from abreast.locking import try_lock

# A socket's path may have a hundred characters.
_SHORT = "/tmp" if os.name == "posix" else None  # noqa: S108
_PREFIX = "abreast-kernel-"
_LOCK = "lock"


class SocketFolder:
    """A folder for one kernel, locked while this process lives or until it is removed.

    It must be of that kernel alone: with jupyter's default, kernels take each other's sockets.
    """

    def __init__(self) -> None:
        """Make it, and remove those of processes that are gone. Raises OSError."""
        _remove_lost(Path(_SHORT or tempfile.gettempdir()))
        lock = None
        while lock is None:  # another process may take it for lost before it is locked
            self._path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_SHORT))
            lock = try_lock(self._path / _LOCK, unknown=True)
        self._lock = lock

    @property
    def address(self) -> str:
        """What the paths of the kernel's sockets begin with."""
        return str(self._path / "k")

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self._path, ignore_errors=True)
        os.close(self._lock)


def _remove_lost(folder: Path) -> None:
    """Remove the folders that this user's processes have left in `folder`."""
    for path in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another process removes it, too
            if path.lstat().st_uid != os.getuid() or not (path / _LOCK).is_file():
                continue
            lock = try_lock(path / _LOCK, unknown=False)
            if lock is not None:
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)
