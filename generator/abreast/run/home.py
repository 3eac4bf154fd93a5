"""Where all is kept that abreast makes but decks: a cache, all of which can be made again."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

from abreast.errors import AbreastError, UsageError, shown
from abreast.writing import write_whole

VARIABLE = "ABREAST_HOME"
TAG = "CACHEDIR.TAG"
_SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55"
_MAKER = "# This folder was made by abreast"
_TAG = f"{_SIGNATURE}\n{_MAKER}; it can be deleted and will be made again.\n"
_OF_DISKS = {"lost+found", ".DS_Store", ".snapshot"}


def home() -> Path:
    """Return the folder of environments and runs: $ABREAST_HOME, else the user's cache."""
    given = os.environ.get(VARIABLE)
    return Path(given).absolute() if given else user_cache_path("abreast")


def fragments_folder() -> Path:
    """Return where is kept what was drawn: a file a deck."""
    return home() / "fragments"


def templates_folder() -> Path:
    """Return where compiled templates are kept."""
    return home() / "templates"


def make_home() -> Path:
    """Create the folder of environments and runs and return it; errors as in `make_cache`."""
    return _made(home())


def make_cache(folder: Path) -> Path:
    """Create a folder in `home()` for what can be made again, marked as such, and return it.

    `abreast clean` touches nothing without the mark, so none is put where others have files. Raises
    UsageError for such a folder, AbreastError when the disk refuses.
    """
    make_home()
    return _made(folder)


def is_cache(folder: Path) -> bool:
    """Say whether abreast made this folder, of things that can be made again."""
    try:
        text = (folder / TAG).read_text(encoding="ascii")
    except (OSError, ValueError):
        return False
    return text.startswith(_SIGNATURE) and _MAKER in text


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Asked again last: another process may have made and filled it meanwhile.
        foreign = not is_cache(folder) and _has_files(folder) and not is_cache(folder)
    except OSError as error:
        raise AbreastError(
            f"cannot make this folder: {error.strerror}.",
            where=shown(folder),
            remedy=f"{VARIABLE} names another place for environments and runs.",
        ) from error
    if foreign:
        raise UsageError(
            "in this folder are files that are not abreast's.",
            where=shown(folder),
            remedy=f"Set {VARIABLE} to a folder for abreast alone: an empty or a new one.",
        )
    if not is_cache(folder):
        write_whole(folder / TAG, _TAG.encode("ascii"))
    return folder


def _has_files(folder: Path) -> bool:
    """Say whether a folder has more than what disks, and tags that are written, put there."""
    return any(
        path.name not in _OF_DISKS and not path.name.startswith(f".{TAG}.")
        for path in folder.iterdir()
    )
