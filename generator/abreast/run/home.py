"""Where environments and runs are kept: a cache, all of which can be made again."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

VARIABLE = "ABREAST_HOME"
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder was made by abreast; it can be deleted and will be made again.\n"
)


def home() -> Path:
    """Return the folder of environments and runs: $ABREAST_HOME, else the user's cache."""
    given = os.environ.get(VARIABLE)
    return Path(given).absolute() if given else user_cache_path("abreast")


def make_home() -> Path:
    """Create the folder, marked as a cache for backup programs, and return it."""
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    tag = folder / "CACHEDIR.TAG"
    if not tag.exists():
        tag.write_text(_TAG, encoding="ascii")
    return folder
