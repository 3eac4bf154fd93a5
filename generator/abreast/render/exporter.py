"""nbconvert's door: `jupyter nbconvert --to abreast merged.ipynb` draws the same page as build."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter

from abreast.render.html import render_html
from abreast.render.notebook import presentation_of


class AbreastExporter(Exporter):
    """Turns a merged notebook into the deck's page."""

    file_extension = ".html"
    export_from_notebook = "abreast slides"

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own text exporters
        self, nb: Any, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and nbconvert's resources. Raises UsageError for another notebook."""
        _, resources = super().from_notebook_node(nb, resources, **kw)
        return render_html(presentation_of(nb)), resources
