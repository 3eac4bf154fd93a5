"""The merged notebook: a Markdown cell a slide, with everything to make the slides again.

Stock `jupyter nbconvert --to slides` and nbviewer show the columns side by side, because each
cell is HTML with inline styles; the slide itself travels in the cell's metadata.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from abreast.errors import UsageError
from abreast.fragments import Fragments
from abreast.model import Presentation, Run
from abreast.model.records import Written, from_record, json_text, members
from abreast.render.artist import Artist


def merged_notebook(
    presentation: Presentation, fragments: Fragments | None = None
) -> Iterator[str]:
    """Yield the merged notebook, an nbformat 4.5 document, as the pieces of its JSON.

    What `fragments` has is not drawn again.
    """
    fragments = fragments or Fragments()
    artist = Artist(presentation, fragments)
    head = members(presentation)
    del head["slides"]
    cells = (
        {
            "cell_type": "markdown",
            "id": sha256(f"{presentation.name} {number}".encode()).hexdigest()[:8],
            "metadata": {
                "slideshow": {"slide_type": "subslide" if slide.below else "slide"},
                "abreast": {
                    **members(slide),
                    "blocks": [Written(fragments.json(block)) for block in slide.blocks],
                },
            },
            "source": artist.cell(number),
        }
        for number, slide in enumerate(presentation.slides)
    )
    return _document(cells, {"abreast": head, "title": presentation.title})


def presentation_of(document: Mapping[str, Any]) -> Presentation:
    """Return the deck that a merged notebook holds.

    Raises UsageError for a notebook that abreast did not merge.
    """
    head = document.get("metadata", {}).get("abreast")
    if not head or "heads" not in head:
        raise UsageError(
            "this notebook was not merged by abreast.",
            remedy="Build a deck, then convert outputs/DECK/DECK.ipynb.",
        )
    slides = [
        cell["metadata"]["abreast"]
        for cell in document["cells"]
        if "abreast" in cell.get("metadata", {})
    ]
    try:
        return from_record(Presentation, {**head, "slides": slides})
    except (KeyError, TypeError):
        raise UsageError(
            "this notebook was merged by another version of abreast.",
            remedy="Build its deck again.",
        ) from None


def executed_notebook(run: Run, language: str) -> Iterator[str]:
    """Yield a run, as an nbformat 4.5 document, as the pieces of its JSON."""
    cells: list[dict[str, Any]] = []
    counter = 0
    alike: Counter[str] = Counter()
    for cell in run.cells:
        metadata: dict[str, Any] = {"tags": sorted(cell.tags)} if cell.tags else {}
        if cell.slide_type:
            metadata["slideshow"] = {"slide_type": cell.slide_type}
        # An id that stays where cells come and go: what it is made of stays, too.
        made = sha256(f"{alike[cell.source]} {cell.source}".encode()).hexdigest()[:8]
        alike[cell.source] += 1
        node: dict[str, Any] = {
            "cell_type": cell.cell_type,
            "id": cell.id or made,
            "metadata": metadata,
            "source": cell.source,
        }
        if cell.cell_type == "code":
            counter += 1
            node |= {"execution_count": counter, "outputs": [dict(o) for o in cell.outputs]}
        cells.append(node)
    metadata = {
        "kernelspec": {"name": "python3", "display_name": language, "language": language},
        "language_info": {"name": language},
        "abreast": {"parameters": dict(run.parameters)},
    }
    return _document(cells, metadata)


def _document(cells: Iterable[Mapping[str, Any]], metadata: Mapping[str, Any]) -> Iterator[str]:
    """Yield a document cell by cell: as a whole it takes the room of all its pictures again."""
    yield '{\n "cells": ['
    between = "\n  "
    for cell in cells:
        yield between + json_text(cell, 2)
        between = ",\n  "
    rest = json_text({"metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    yield "\n ]," + rest.removeprefix("{") + "\n"
