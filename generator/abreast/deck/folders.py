"""What of a folder counts: what somebody wrote for a deck, not what tools leave beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

# What editors write beside a file while they save it, and hidden files and folders.
_PASSING = re.compile(r"^\.|~$|^#.*#$|^4913$|\.(?:tmp|swp|swx|bak|orig|pyc)$|___jb_\w+___$")
_UNREAD = frozenset({"__pycache__", "node_modules"})


def is_passing(name: str) -> bool:
    """Say whether a file or a folder of this name is none that anybody wrote for a deck."""
    return name in _UNREAD or _PASSING.search(name) is not None


def files_in(folder: Path) -> list[Path]:
    """Return the files that count in a folder and in those below it, sorted."""
    found = (Path(top, name) for top, _, names in _walk(folder) for name in names)
    return sorted(path for path in found if not is_passing(path.name) and path.is_file())


def folders_in(folder: Path) -> Iterator[Path]:
    """Yield the folders that count below a folder."""
    for top, names, _ in _walk(folder):
        yield from (Path(top, name) for name in names)


def _walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    for top, names, files in os.walk(folder):
        names[:] = [name for name in names if not is_passing(name)]
        yield top, names, files
