"""Which runs decks were last built from: `abreast clean` keeps those.

Machines may share the folder, and see other decks, or the same ones elsewhere. What one of them
noted only that one can tell to be gone; the others let it go when it was not noted for long.
"""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from abreast.errors import AbreastError, shown
from abreast.model import Value
from abreast.run.home import home, is_cache, make_cache
from abreast.writing import write_whole

_MACHINE_ID = Path("/etc/machine-id")
_LONG_SILENT = 90 * 86400.0
"""Seconds after which another machine's note is taken for that of a deck that is gone."""

Note = Mapping[str, list[str]]
"""By "runs" their keys, by "locks" the locks' digests."""


def roots_folder() -> Path:
    """Return where it is noted, a file a deck, its path, a set of parameters and a machine."""
    return home() / "roots"


def note(
    deck: Path,
    parameters: Mapping[str, Value],
    keys: Iterable[str],
    locks: Iterable[str],
    path: str = "",
) -> None:
    """Note the runs (by key) and environments (by their locks' digests) that a deck uses.

    `path` is that through the deck: the whole deck uses more.
    """
    own = {"host": _host(), "deck": str(deck), "parameters": dict(parameters), "path": path}
    record = {**own, "runs": sorted({*keys}), "locks": sorted({*locks})}
    digest = hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()
    write_whole(make_cache(roots_folder()) / f"{digest}.json", json.dumps(record).encode())


def noted() -> list[Note]:
    """Return what was noted; of decks that are gone, nothing."""
    return [note for _, note in _notes() if note is not None]


def forget_gone() -> None:
    """Remove the notes of decks that are gone, and those that nobody can read."""
    if is_cache(roots_folder()):
        for path, note in _notes():
            if note is None:
                path.unlink(missing_ok=True)


def _notes() -> Iterator[tuple[Path, Note | None]]:
    """Yield each file and what it notes: None where its deck is gone, or where it is torn.

    Raises AbreastError for one that the disk does not give: it may be of any run.
    """
    for path in sorted(roots_folder().glob("*.json")):
        try:
            record = json.loads(path.read_bytes())
            gone = _is_gone(record, time.time() - path.stat().st_mtime)
            yield path, None if gone else {kind: record[kind] for kind in ("runs", "locks")}
        except (ValueError, KeyError, TypeError):
            yield path, None
        except FileNotFoundError:
            continue  # forgotten meanwhile
        except OSError as error:
            raise AbreastError(
                f"cannot read what a deck uses: {error.strerror}.",
                where=shown(path),
                remedy="Until it can be read nothing is removed: the deck may need it.",
            ) from error


def _is_gone(record: Mapping[str, str], age_seconds: float) -> bool:
    if record["host"] != _host():
        return age_seconds > _LONG_SILENT
    try:
        Path(record["deck"]).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False  # it is there, or nobody can tell
    return False


@cache
def _host() -> str:
    """Return what tells this machine from others: its name, and its id where it has one."""
    words = [platform.node()]
    with suppress(OSError, ValueError):
        words.append(_MACHINE_ID.read_text(encoding="ascii").strip())
    return " ".join(words)
