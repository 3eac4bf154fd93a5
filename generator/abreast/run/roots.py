"""Which runs decks were last built from: `abreast clean` keeps those."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from abreast.model import Value
from abreast.run.home import home, make_cache
from abreast.writing import write_whole


def roots_folder() -> Path:
    """Return where it is noted, a file a deck and a set of parameters."""
    return home() / "roots"


def note(
    deck: Path, parameters: Mapping[str, Value], keys: Iterable[str], locks: Iterable[str]
) -> None:
    """Note the runs (by key) and environments (by their locks' digests) that a deck uses."""
    record = {
        "deck": str(deck),
        "parameters": dict(parameters),
        "runs": sorted({*keys}),
        "locks": sorted({*locks}),
    }
    own = json.dumps([record["deck"], record["parameters"]], sort_keys=True)
    name = f"{hashlib.sha256(own.encode()).hexdigest()}.json"
    write_whole(make_cache(roots_folder()) / name, json.dumps(record).encode())


def noted() -> dict[Path, Mapping[str, list[str]]]:
    """Return what was noted, by its file; of a deck that is gone, nothing."""
    found: dict[Path, Mapping[str, list[str]]] = {}
    for path in sorted(roots_folder().glob("*.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            if Path(record["deck"]).is_file():
                found[path] = {kind: record[kind] for kind in ("runs", "locks")}
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found
