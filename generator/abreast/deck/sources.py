"""Notebook files -> cells: .ipynb as JSON, text notebooks through jupytext."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args

from abreast.errors import UsageError, shown
from abreast.model import Cell, Notebook, Output, SlideType

TEXT_SUFFIXES = frozenset({".py", ".md", ".R", ".r", ".jl", ".Rmd", ".qmd"})
_TAB = re.compile(r"^%%tab[ \t]+(?P<names>.+?)[ \t]*$", re.MULTILINE)


def read_notebook(path: Path, framework: str = "") -> Notebook:
    """Read a notebook.

    Cells that begin with `%%tab NAME, …` belong to those frameworks only (`all`: to each); with
    `framework` given, the others are left out and the line is removed.

    Raises UsageError for a file that is not a notebook, with what to do about it.
    """
    document = _read_text(path) if path.suffix in TEXT_SUFFIXES else _read_json(path)
    return from_document(document, path, framework)


def tabs(path: Path) -> list[str]:
    """Return the frameworks that a notebook has cells of their own for, in order of appearance.

    None for a notebook of one framework. Raises UsageError for a file that is not a notebook.
    """
    found = (_TAB.match(cell.source) for cell in read_notebook(path).cells)
    names = [name for tab in found if tab for name in re.split(r"[,\s]+", tab["names"])]
    return [name for name in dict.fromkeys(names) if name != "all"]


def from_document(document: Mapping[str, Any], path: Path, framework: str = "") -> Notebook:
    """Return the notebook that an nbformat 4 document holds. Raises UsageError if it is none."""
    cells = document.get("cells")
    if not isinstance(cells, list):
        raise UsageError(
            "not a notebook: it has no list of cells.",
            where=shown(path),
            remedy="Save it from Jupyter as .ipynb.",
        )
    kept: list[Cell] = []
    for number, raw in enumerate(cells, 1):
        source = _source(raw, path, number)
        if framework:
            tab = _TAB.match(source)
            if tab:
                if not {framework, "all"} & set(re.split(r"[,\s]+", tab["names"])):
                    continue
                source = source[tab.end() :].lstrip("\n")
        kept.append(_cell(raw, source, len(kept)))
    return Notebook(path=path, cells=tuple(kept), language=_language(document))


def _read_json(path: Path) -> Mapping[str, Any]:
    # nbformat validates against a JSON Schema, which costs half a second to import: it is asked
    # only to upgrade old files.
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        line = f":{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(
            f"not a notebook: the file is not JSON ({error.args[0].partition(':')[0]}).",
            where=f"{shown(path)}{line}",
            remedy="Save it from Jupyter as .ipynb, or give a text notebook the suffix .py or .md.",
        ) from None
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}.", where=shown(path)) from None
    if not isinstance(document, dict):
        raise UsageError("not a notebook: the file is not a JSON object.", where=shown(path))
    if document.get("nbformat", 4) < 4:
        import nbformat  # noqa: PLC0415

        upgraded = nbformat.convert(nbformat.from_dict(document), 4)  # type: ignore[no-untyped-call]
        return cast("Mapping[str, Any]", upgraded)
    return document


def _read_text(path: Path) -> Mapping[str, Any]:
    import jupytext  # noqa: PLC0415 - only text notebooks need it

    try:
        document = jupytext.read(path)
    except Exception as error:  # jupytext raises whatever its parsers raise
        raise UsageError(
            f"jupytext cannot read this text notebook: {error}.", where=shown(path)
        ) from error
    for cell in document["cells"]:
        cell.pop("id", None)  # made up, and another at each reading
    return cast("Mapping[str, Any]", document)


def _source(raw: Any, path: Path, number: int) -> str:
    source = raw.get("source") if isinstance(raw, dict) else None
    if isinstance(source, list) and all(isinstance(part, str) for part in source):
        source = "".join(source)
    if not isinstance(source, str) or raw.get("cell_type") not in {"code", "markdown", "raw"}:
        raise UsageError(
            "not a notebook cell: it needs a cell_type and a source.",
            where=f"{shown(path)}, cell {number}",
            remedy="Save the notebook from Jupyter again.",
        )
    return _whole(source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))


def _whole(text: str) -> str:
    """Return text without half characters: JSON may hold them, no file and no terminal can."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _cell(raw: Mapping[str, Any], source: str, index: int) -> Cell:
    metadata = raw.get("metadata") or {}
    slide_type = (metadata.get("slideshow") or {}).get("slide_type", "")
    tags = metadata.get("tags") or ()
    return Cell(
        index=index,
        cell_type=raw["cell_type"],
        source=source,
        id=raw.get("id", ""),
        tags=frozenset([tags] if isinstance(tags, str) else tags),
        slide_type=slide_type if slide_type in get_args(SlideType) else "",
        outputs=tuple(joined(output) for output in raw.get("outputs", ())),
        attachments=raw.get("attachments", {}),
    )


def joined(output: Mapping[str, Any]) -> Output:
    """Return an output whose lists of lines are single strings, as in the nbformat schema."""
    result = {key: _without_halves(value) for key, value in output.items()}
    if isinstance(result.get("text"), list):
        result["text"] = "".join(result["text"])
    if isinstance(result.get("data"), dict):
        result["data"] = {
            mime: "".join(value) if isinstance(value, list) and not mime.endswith("json") else value
            for mime, value in result["data"].items()
        }
    return result


def _without_halves(value: Any) -> Any:
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, list):
        return [_without_halves(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_halves(item) for key, item in value.items()}
    return value


def _language(document: Mapping[str, Any]) -> str:
    metadata = document.get("metadata", {})
    language = (
        metadata.get("kernelspec", {}).get("language")
        or metadata.get("language_info", {}).get("name")
        or metadata.get("jupytext", {}).get("main_language")
        or "python"
    )
    return str(language).lower()
