"""Modules beside notebooks: kernels run in their folder and import from it first."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from abreast.deck.folders import files_in
from abreast.errors import Mistake, shown
from abreast.model import Notebook

# Where code does not parse, as in languages other than Python.
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\w+)|import[ \t]+(\w+))", re.MULTILINE)
_MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)


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


def modules_beside(notebook: Notebook) -> list[Path]:
    """Return the modules and packages in a notebook's own folder that its code imports.

    Those that these import in turn are among them; a package is its folder.
    """
    folder = notebook.path.parent
    found: dict[Path, None] = {}
    names = _imported(notebook)
    while names:
        paths = [path for name in sorted(names) for path in (folder / f"{name}.py", folder / name)]
        new = [path for path in paths if path.exists() and path not in found]
        found.update(dict.fromkeys(new))
        names = {name for path in new for file in _sources(path) for name in _names(_text(file))}
    return list(found)


def _sources(module: Path) -> list[Path]:
    files = [module] if module.is_file() else files_in(module)
    return [file for file in files if file.suffix == ".py"]


def _imported(notebook: Notebook) -> set[str]:
    code = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    return {name for source in code for name in _names(source)}


def _names(source: str) -> set[str]:
    """Return the first part of the name of each module that code imports, wherever it does."""
    try:
        tree = ast.parse(_MAGIC.sub(r"\1pass", source))
    except (SyntaxError, ValueError):
        return {one or several for one, several in _IMPORT.findall(source)}
    names = {name for node in ast.walk(tree) for name in _imported_by(node)}
    return {name.partition(".")[0] for name in names} - {""}


def _imported_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module or ""]
    return []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
