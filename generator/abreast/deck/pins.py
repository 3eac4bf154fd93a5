"""Pins -> notebooks: the tags that keep cells in their rows."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from abreast.deck.sources import TEXT_SUFFIXES, read_notebook
from abreast.errors import UsageError, shown
from abreast.model import ALONE, PIN


def write_pins(path: Path, steps: Mapping[int, str]) -> int:
    """Pin the cells of a notebook, by index, to steps; return how many got a tag.

    Tags that pinned them before are replaced; cells that are set apart stay so. The file is
    replaced as a whole or not at all. Raises UsageError for a file that several frameworks share.
    """
    if any(cell.source.startswith("%%tab ") for cell in read_notebook(path).cells):
        raise UsageError(
            "pins cannot be written into a notebook of several frameworks.",
            where=shown(path),
            remedy=f"Write the tags '{PIN}NAME' yourself.",
        )
    if path.suffix in TEXT_SUFFIXES:
        return _write_text(path, steps)
    document = json.loads(path.read_text(encoding="utf-8"))
    count = _tag(document["cells"], steps)
    _replace(path, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    return count


def _write_text(path: Path, steps: Mapping[int, str]) -> int:
    import jupytext  # noqa: PLC0415 - only text notebooks need it

    notebook = jupytext.read(path)
    count = _tag(notebook.cells, steps)
    form = notebook.metadata.get("jupytext", {}).get("text_representation", {})
    name = {"extension": path.suffix, "format_name": form.get("format_name", "")}
    _replace(path, jupytext.writes(notebook, fmt={k: v for k, v in name.items() if v}))
    return count


def _tag(cells: list[Any], steps: Mapping[int, str]) -> int:
    count = 0
    for index, step in steps.items():
        metadata = cells[index].setdefault("metadata", {})
        tags = [tag for tag in metadata.get("tags", ()) if not tag.startswith(PIN)]
        if ALONE not in tags:
            tags.append(PIN + step)
            count += 1
        metadata["tags"] = tags
    return count


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as staged:
        staged.write(text)
    Path(staged.name).chmod(path.stat().st_mode)
    Path(staged.name).replace(path)
