"""Files that tell processes of each other; what a killed process locked is free again."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def try_lock(path: Path, *, unknown: bool) -> int | None:
    """Make and lock a file; return its descriptor, which holds the lock until it is closed.

    None where another process has it; `unknown` answers whether to go on where the file system
    has no locks. Raises OSError.
    """
    return _lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB, unknown=unknown)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until no other process has this file locked, and lock it until the end of the block.

    Where that cannot be, there is no waiting. The file is gone afterwards.
    """
    lock = None
    try:
        with suppress(OSError):
            while lock is None:
                lock = _lock(path, fcntl.LOCK_EX, unknown=True)
        yield
    finally:
        if lock is not None:
            with suppress(OSError):
                path.unlink()
            os.close(lock)


def _lock(path: Path, operation: int, *, unknown: bool) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, operation)
        # The process that had it may have removed it just before.
        ours = os.path.samestat(os.fstat(descriptor), path.stat())
    except (BlockingIOError, FileNotFoundError):
        ours = False
    except OSError:
        ours = unknown
    except BaseException:
        os.close(descriptor)  # interrupted while it waited
        raise
    if ours:
        return descriptor
    os.close(descriptor)
    return None
