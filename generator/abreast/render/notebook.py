"""The merged notebook: a Markdown cell a slide, with everything to make the slides again.

Stock `jupyter nbconvert --to slides` and nbviewer show the columns side by side, because each
cell is HTML with inline styles; the slide itself travels in the cell's metadata.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from abreast.errors import UsageError
from abreast.model import Presentation, Run
from abreast.model.records import from_record
from abreast.render.views import environment, slide_view


def merged_notebook(presentation: Presentation) -> dict[str, Any]:
    """Return the merged notebook as an nbformat 4.5 document."""
    template = environment().get_template("cell.html.j2")
    cells = []
    for number, slide in enumerate(presentation.slides):
        html = template.render(**slide_view(number, presentation, inline=True))
        # Raw HTML in a Markdown cell ends at a blank line.
        source = re.sub(r"\n\s*\n+", "\n", html).strip()
        cells.append(
            {
                "cell_type": "markdown",
                "id": sha256(f"{presentation.name} {number}".encode()).hexdigest()[:8],
                "metadata": {
                    "slideshow": {"slide_type": "subslide" if slide.below else "slide"},
                    "abreast": asdict(slide),
                },
                "source": source,
            }
        )
    head = asdict(presentation)
    del head["slides"]
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


def executed_notebook(run: Run, language: str) -> dict[str, Any]:
    """Return a run as an nbformat 4.5 document, its parameters in a cell of their own."""
    cells: list[dict[str, Any]] = []
    counter = 0
    for cell in run.cells:
        metadata: dict[str, Any] = {"tags": sorted(cell.tags)} if cell.tags else {}
        if cell.slide_type:
            metadata["slideshow"] = {"slide_type": cell.slide_type}
        number = sha256(f"{cell.index}".encode()).hexdigest()[:8]
        node: dict[str, Any] = {
            "cell_type": cell.cell_type,
            "id": cell.id or number,
            "metadata": metadata,
        }
        node["source"] = cell.source
        if cell.cell_type == "code":
            counter += 1
            samples = [s for one in run.rounds for s in one.get(cell.index, ())]
            if samples:
                metadata["abreast"] = {"clock": run.clock, "samples": list(map(asdict, samples))}
            node |= {"execution_count": counter, "outputs": [dict(o) for o in cell.outputs]}
        cells.append(node)
    metadata = {
        "kernelspec": {"name": "python3", "display_name": language, "language": language},
        "language_info": {"name": language},
        "abreast": {"parameters": dict(run.parameters)},
    }
    return _document(cells, metadata)


def _document(cells: list[dict[str, Any]], metadata: dict[str, Any]) -> dict[str, Any]:
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
