"""Cells as slides take them: what is shown, under which name, with which pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from abreast.deck.directives import directives, without_directives
from abreast.events import Sink, Warned
from abreast.model import SECONDS, Cell, Notebook

_QUOTED = re.compile(r"""\A(["'])(?P<text>.*)\1\Z""")


def visible(cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells that a slide may show: code and prose that no tag or path keeps away."""
    return [
        cell
        for cell in cells
        if cell.slide_type not in {"skip", "notes"}
        and "remove-cell" not in cell.tags
        and cell.cell_type != "raw"
        and cell.source.strip()
        and not cell.elsewhere
    ]


def is_spoken(cell: Cell) -> bool:
    """Say whether a cell is what the speaker says."""
    return cell.slide_type == "notes" and not cell.elsewhere


def shown_source(cell: Cell) -> str:
    """Return a code cell's source without the directives (`#| name: value`) at its top."""
    return without_directives(cell.source)


def alt_text(cell: Cell) -> str:
    """Return what a cell's pictures show: its directive `#| fig-alt: …`, as Quarto writes it."""
    for name, value in directives(cell.source):
        if name == "fig-alt":
            quoted = _QUOTED.match(value)
            return quoted["text"] if quoted else value
    return ""


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


def own_seconds(cells: Iterable[Cell], where: str, tell: Sink) -> int | None:
    """Return how long a slide of these cells is to stand, as their tags say: `abreast:seconds=N`.

    The largest of several numbers, of which `tell` hears; None where no cell says any. The tags
    have passed `check_tags`.
    """
    asked = sorted({int(number) for cell in cells for number in cell.values_of(SECONDS)})
    if len(asked) > 1:
        listed = ", ".join(map(str, asked))
        tell(
            Warned(text=f"{where}: one slide's cells ask for {listed} seconds; {asked[-1]} holds.")
        )
    return asked[-1] if asked else None
