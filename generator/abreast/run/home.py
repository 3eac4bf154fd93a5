"""Where environments and runs are kept: a cache, all of which can be made again."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

from abreast.errors import AbreastError, shown
from abreast.writing import write_whole

VARIABLE = "ABREAST_HOME"
TAG = "CACHEDIR.TAG"
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder was made by abreast; it can be deleted and will be made again.\n"
)


def home() -> Path:
    """Return the folder of environments and runs: $ABREAST_HOME, else the user's cache."""
    given = os.environ.get(VARIABLE)
    return Path(given).absolute() if given else user_cache_path("abreast")


def make_home() -> Path:
    """Create the folder of environments and runs and return it."""
    return make_cache(home())


def make_cache(folder: Path) -> Path:
    """Create a folder whose content can be made again, marked as such, and return it.

    `abreast clean` touches nothing without the mark. Raises AbreastError when the disk refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AbreastError(
            f"cannot make this folder: {error.strerror}.",
            where=shown(folder),
            remedy=f"{VARIABLE} names another place for environments and runs.",
        ) from error
    tag = folder / TAG
    if not tag.exists():
        write_whole(tag, _TAG.encode("ascii"))
    return folder


def is_cache(folder: Path) -> bool:
    """Say whether abreast made this folder, of things that can be made again."""
    try:
        return (folder / TAG).read_text(encoding="ascii").startswith(_TAG.partition("\n")[0])
    except (OSError, ValueError):
        return False
