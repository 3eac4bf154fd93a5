"""Text notebooks that hide a module: kernels run in their folder and import from it first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from abreast.errors import Mistake, shown
from abreast.model import Notebook

_IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+(\w+)", re.MULTILINE)


def hidden_modules(notebooks: Iterable[Notebook]) -> list[Mistake]:
    """Return a mistake for each notebook `NAME.py` beside one that imports NAME."""
    known = list(notebooks)
    mistakes = {}
    for notebook in known:
        beside = [other for other in known if other.path.parent == notebook.path.parent]
        name = notebook.path.stem
        if notebook.path.suffix == ".py" and any(name in _imported(other) for other in beside):
            mistakes[notebook.path] = Mistake(
                what=f"this notebook would be imported in place of the module '{name}'.",
                where=shown(notebook.path),
                remedy=f"Rename it: {name}-notebook.py",
            )
    return list(mistakes.values())


def _imported(notebook: Notebook) -> set[str]:
    code = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    return {name for source in code for name in _IMPORT.findall(source)}
