"""Files that are written whole, or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from abreast.errors import AbreastError, UsageError, shown

_NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What file systems answer that cannot be asked to write the names in a folder."""


def check_target(target: Path) -> None:
    """Raise UsageError where a file cannot be written because its folder is not there."""
    if not target.resolve().parent.is_dir():
        raise UsageError("there is no such folder.", where=shown(target.parent))


def content_of(path: Path) -> bytes:
    """Return a file's content, nothing of one that is not there. Raises UsageError for others."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}.",
            where=shown(path),
            remedy=disk_remedy(error).strip() or "Move it away.",
        ) from None


def write_whole(path: Path, content: bytes) -> None:
    """Put a whole file in its place: who opens it meanwhile sees the old one.

    The mode of a file that was there stays, and so does a link to it. Raises AbreastError when the
    disk refuses; what was there is then as before.
    """
    path = path.resolve()
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        staged = Path(name)
        try:
            os.close(descriptor)
            write_synced(staged, content)
            staged.chmod(_mode(path))
            staged.replace(path)
            with suppress(OSError):  # it is done, whatever the disk says now
                sync(path.parent)
        finally:
            staged.unlink(missing_ok=True)
    except OSError as error:
        raise AbreastError(
            f"cannot write: {error.strerror}.",
            where=shown(path),
            remedy=f"Nothing was changed.{disk_remedy(error)}",
        ) from error


def write_synced(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file that is on the disk when this returns, so that no power cut leaves it empty.

    What comes in pieces is never there as a whole. Raises OSError.
    """
    with path.open("wb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Have a file's content, or the names in a folder, on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(descriptor)


def disk_remedy(error: OSError) -> str:
    """Return what to do about a disk that refuses, with a space before it; "" if nobody knows."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return " Free some space on this disk, then try again."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return " Look at the permissions of its folder."
    return ""


def _mode(path: Path) -> int:
    """Return a file's mode; of one that is to be made, what the user's mask leaves."""
    if path.exists():
        return path.stat().st_mode
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
