"""Files that are written whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from abreast.errors import AbreastError, UsageError, shown


def check_target(target: Path) -> None:
    """Raise UsageError where a file cannot be written because its folder is not there."""
    if not target.resolve().parent.is_dir():
        raise UsageError("there is no such folder.", where=shown(target.parent))


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
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            staged.chmod(_mode(path))
            staged.replace(path)
        finally:
            staged.unlink(missing_ok=True)
    except OSError as error:
        raise AbreastError(
            f"cannot write: {error.strerror}.",
            where=shown(path),
            remedy="Nothing was changed. Look at the permissions of its folder.",
        ) from error


def _mode(path: Path) -> int:
    """Return a file's mode; of one that is to be made, what the user's mask leaves."""
    if path.exists():
        return path.stat().st_mode
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
