"""Cells as slides take them: what is shown, under which name, with which pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from abreast.model import Cell, Notebook

_DIRECTIVE = re.compile(r"^#\|\s*(?P<name>[\w-]+):\s*(?P<value>.*)$")
_QUOTED = re.compile(r"""\A(["'])(?P<text>.*)\1\Z""")


def visible(cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells that a slide may show: neither skipped, removed, notes, raw nor empty."""
    return [
        cell
        for cell in cells
        if cell.slide_type not in {"skip", "notes"}
        and "remove-cell" not in cell.tags
        and cell.cell_type != "raw"
        and cell.source.strip()
    ]


def shown_source(cell: Cell) -> str:
    """Return a code cell's source without the directives (`#| name: value`) at its top."""
    lines = cell.source.strip("\n").split("\n")
    count = sum(1 for _ in _directives(lines))
    return "\n".join(lines[count:]).strip("\n")


def alt_text(cell: Cell) -> str:
    """Return what a cell's pictures show: its directive `#| fig-alt: …`, as Quarto writes it."""
    for name, value in _directives(cell.source.strip("\n").split("\n")):
        if name == "fig-alt":
            quoted = _QUOTED.match(value)
            return quoted["text"] if quoted else value
    return ""


def _directives(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        found = _DIRECTIVE.match(line)
        if not found:
            return
        yield found["name"], found["value"].strip()


def lacks_alt(cell: Cell) -> bool:
    """Say whether a picture among a code cell's outputs has no text for those who cannot see it."""
    return not alt_text(cell) and any(
        mime.startswith("image/") and not _own_alt(output.get("metadata", {}), mime)
        for output in cell.outputs
        for mime in output.get("data", {})
    )


def _own_alt(metadata: dict[str, object], mime: str) -> bool:
    own = metadata.get(mime)
    return bool(metadata.get("alt") or (isinstance(own, dict) and own.get("alt")))


def with_attachments(cell: Cell) -> str:
    """Return a cell's Markdown with its attachments as data: addresses."""
    text = cell.source.strip()
    for name, formats in cell.attachments.items():
        for mime, payload in formats.items():
            text = text.replace(f"attachment:{name}", f"data:{mime};base64,{payload}")
    return text


def origin(notebook: Notebook, cells: Sequence[Cell]) -> str:
    """Return a notebook and its cells as messages name them: "pytorch.ipynb cells 3-5"."""
    first, last = cells[0].number, cells[-1].number
    numbers = f"cell {first}" if first == last else f"cells {first}-{last}"
    return f"{notebook.path.name} {numbers}"
