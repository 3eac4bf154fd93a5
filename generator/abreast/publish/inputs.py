"""What a built deck was made of: while none of it changes, there is nothing to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from os.path import relpath
from pathlib import Path

from abreast import assets
from abreast.model import Cell, Deck, Execution, Lack, Notebook, SharedModule
from abreast.run.committed import read_manifest


def inputs(
    deck: Deck,
    prose: Mapping[str, Notebook],
    executions: Sequence[Execution],
    css: str,
    modules: Sequence[SharedModule],
) -> dict[str, str]:
    """Return the SHA-256 of each thing that a deck is made of, by what people call it.

    Of a notebook counts what slides show of its cells, of an execution what came of it.
    """
    digests = {"abreast itself": assets.maker(), deck.path.name: _digest([_settings(deck)])}
    if deck.stylesheet:
        digests[deck.stylesheet.name] = _digest([css])
    for module in modules:
        digests[f"{module.name} (shared)"] = _digest([module.source, *module.users])
    for section, notebook in prose.items():
        digests[f"{notebook.path.name} ({section})"] = _digest(map(_written, notebook.cells))
    for one in executions:
        swept = "".join(f", {name} {value}" for name, value in one.swept.items())
        name = f"{one.notebook.path.name} ({one.section}, {one.column.name}{swept})"
        digests[name] = _digest(map(_written, one.notebook.cells))
        digests[f"the run of {name}"] = _digest(_result(one))
    return digests


def changed(folder: Path, now: Mapping[str, str]) -> list[str] | None:
    """Return what differs from what a built deck was made of, as people call it.

    A file of the deck that was edited, or is gone, is named too. None for what is not built.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        return None
    before = manifest.get("inputs", {})
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    files = manifest["files"].items()
    return names + [name for name, entry in files if not _is_whole(folder / name, entry)]


def _settings(deck: Deck) -> str:
    """Return all that deck.yml says, its paths as they are seen from there."""
    folder = deck.path.parent
    place = {"default": lambda path: Path(relpath(path, folder)).as_posix()}
    return json.dumps(asdict(deck), sort_keys=True, **place)  # type: ignore[arg-type]


def _written(cell: Cell) -> str:
    own = (cell.cell_type, sorted(cell.tags), cell.slide_type, dict(cell.attachments))
    return f"{own}\0{cell.source}"


def _result(execution: Execution) -> Iterable[str]:
    result = execution.result
    if isinstance(result, Lack):
        yield result.reason
        return
    yield f"{result.key} {result.provenance.started} {len(result.rounds)} {result.failure}"
    if not result.identity:
        yield from (repr(cell.outputs) for cell in result.cells)


def _digest(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(f"{len(text)}\0".encode())
        digest.update(text.encode())
    return digest.hexdigest()


def _is_whole(path: Path, entry: Mapping[str, object]) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == entry["sha256"]
    except OSError:
        return False
