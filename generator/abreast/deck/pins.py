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
from abreast.writing import write_whole


def write_pins(steps: Mapping[Path, Mapping[int, str]]) -> dict[Path, int]:
    """Pin the cells of notebooks, by index, to steps; return how many of each are pinned.

    Tags that pinned a cell before are replaced; cells that are set apart stay so. All files are
    written or none: raises UsageError for a file that several frameworks share, of an old format,
    or whose own format keeps no tags.
    """
    with tempfile.TemporaryDirectory() as folder:
        staged = {path: Path(folder) / f"{i}{path.suffix}" for i, path in enumerate(steps)}
        counts = {path: _write(path, staged[path], pins) for path, pins in steps.items()}
        for path, copy in staged.items():
            write_whole(path, copy.read_bytes())
    return counts


def _write(path: Path, copy: Path, steps: Mapping[int, str]) -> int:
    if any(cell.source.startswith("%%tab ") for cell in read_notebook(path).cells):
        raise _refused(path, "pins cannot be written into a notebook of several frameworks.")
    text = _text(path, steps) if path.suffix in TEXT_SUFFIXES else _json(path, steps)
    copy.write_text(text, encoding="utf-8")
    kept = [cell for cell in read_notebook(copy).cells if any(t.startswith(PIN) for t in cell.tags)]
    wanted = [cell for cell in read_notebook(path).cells if ALONE not in cell.tags]
    if len(kept) != len(wanted):
        raise _refused(path, "this text format keeps no tags.")
    return len(kept)


def _json(path: Path, steps: Mapping[int, str]) -> str:
    text = path.read_text(encoding="utf-8")
    document = json.loads(text)
    if document.get("nbformat", 4) < 4:
        raise _refused(path, "a notebook of an old format cannot be pinned.")
    _tag(document["cells"], steps)
    second = text.split("\n", 2)[1] if "\n" in text else ""
    indent = len(second) - len(second.lstrip()) or 1
    return json.dumps(document, indent=indent, ensure_ascii=False) + "\n"


def _text(path: Path, steps: Mapping[int, str]) -> str:
    import jupytext  # noqa: PLC0415 - only text notebooks need it

    notebook = jupytext.read(path)
    _tag(notebook.cells, steps)
    about = notebook.metadata.setdefault("jupytext", {})
    if about.get("cell_metadata_filter", "-all") == "-all":
        # So jupytext marks a file that has no metadata yet, and would write none.
        about["cell_metadata_filter"] = "tags,-all"
    written: str = jupytext.writes(notebook, fmt=_format(path, about))
    return written


def _format(path: Path, about: Mapping[str, Any]) -> dict[str, str]:
    name = about.get("text_representation", {}).get("format_name", "")
    return {"extension": path.suffix, **({"format_name": name} if name else {})}


def _tag(cells: list[Any], steps: Mapping[int, str]) -> None:
    for index, step in steps.items():
        metadata = cells[index].setdefault("metadata", {})
        tags = [tag for tag in metadata.get("tags") or () if not tag.startswith(PIN)]
        metadata["tags"] = tags if ALONE in tags else [*tags, PIN + step]


def _refused(path: Path, why: str) -> UsageError:
    return UsageError(
        why,
        where=shown(path),
        remedy=f"Nothing was written. Save it from Jupyter as .ipynb, or write '{PIN}NAME' there.",
    )
