"""Modules that notebooks import: from their own folder first, then from the deck's `lib`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from abreast.deck.folders import files_in
from abreast.errors import Mistake, shown
from abreast.model import Deck, Notebook, SharedModule

# Where code does not parse, as in languages other than Python.
_IMPORT = re.compile(
    r"(?:^|[:;])[ \t]*(?:from[ \t]+(?P<one>\w+)|import[ \t]+(?P<more>\w[\w.,\t ]*))", re.MULTILINE
)
_MAGIC = re.compile(r"(?P<indent>[ \t]*)(?P<sign>%%?|!|\?)(?P<name>\w*)[ \t]*(?P<rest>.*)")
_OF_PYTHON = frozenset({"time", "timeit", "capture", "prun"})
_HARMLESS = frozenset({"matplotlib", "config", "autoreload", "precision"})
# Code that uses these may import what it does not name.
_BY_NAME = frozenset({"importlib", "runpy", "pkgutil", "exec", "eval", "__import__", "get_ipython"})


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


def modules_beside(notebook: Notebook, lib: Sequence[Path]) -> list[Path]:
    """Return the modules and packages in a notebook's own folder that its code imports.

    Those that these, and those in the folders of `lib`, import in turn are among them; a package is
    its folder.
    """
    own = notebook.path.parent
    found, _ = _reached(notebook, [own, *lib])
    return [path for path in found if path.parent == own]


def modules_used(notebook: Notebook, lib: Sequence[Path]) -> list[Path]:
    """Return what a notebook's code imports from its own folder and from those of `lib`.

    Of `lib`, what is no Python module always counts, for modules may read it; and all of it where
    code imports by names that it makes, or is not Python.
    """
    found, surely = _reached(notebook, [notebook.path.parent, *lib])
    files = [file for path in lib for file in ([path] if path.is_file() else files_in(path))]
    if surely and notebook.language == "python":
        files = [file for file in files if file.suffix != ".py"]
    return [*found, *files]


def shared_modules(
    deck: Deck, notebooks: Mapping[tuple[str, str], Notebook]
) -> tuple[SharedModule, ...]:
    """Return the modules of the deck's `lib` that its notebooks import, each with its users.

    `notebooks` are those of the abreast sections, by section and framework.
    """
    titles = {column.name: column.framework.title for column in deck.columns}
    users: dict[Path, dict[str, None]] = {}
    for (_, framework), notebook in notebooks.items():
        found, _ = _reached(notebook, [notebook.path.parent, *deck.lib])
        for file in (file for path in found for file in _sources(path)):
            users.setdefault(file, {})[titles[framework]] = None
    places = [(lib, file) for lib in deck.lib for file in users if file.is_relative_to(lib)]
    return tuple(
        SharedModule(
            name=file.relative_to(lib).as_posix(),
            source=_text(file).strip("\n"),
            users=tuple(title for title in titles.values() if title in users[file]),
        )
        for lib, file in sorted(places, key=lambda place: (-len(users[place[1]]), place[1]))
    )


def _reached(notebook: Notebook, folders: Sequence[Path]) -> tuple[list[Path], bool]:
    """Return the modules that code imports from folders, and whether it can be no others."""
    found: dict[Path, None] = {}
    texts, surely = _code(notebook), True
    while texts:
        read = [_names(text) for text in texts]
        surely = surely and all(sure for _, sure in read)
        names = sorted({name for own, _ in read for name in own})
        places = [folder / name for name in names for folder in folders]
        paths = [path for place in places for path in (place.with_name(f"{place.name}.py"), place)]
        new = [path for path in paths if path.exists() and path not in found]
        found.update(dict.fromkeys(new))
        texts = [_text(file) for path in new for file in _sources(path)]
    return list(found), surely


def _sources(module: Path) -> list[Path]:
    files = [module] if module.is_file() else files_in(module)
    return [file for file in files if file.suffix == ".py"]


def _imported(notebook: Notebook) -> set[str]:
    return {name for source in _code(notebook) for name in _names(source)[0]}


def _code(notebook: Notebook) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@lru_cache(maxsize=1024)  # frameworks and the points of a sweep share most of their code
def _names(source: str) -> tuple[frozenset[str], bool]:
    """Return the first part of the name of each module that code imports, wherever it does.

    And whether it can be no others: code for the shell, and what does not parse, may do anything.
    """
    tree, surely = _tree(source), True
    if tree is None:
        python, surely = _without_magics(source)
        tree = _tree(python)
    if tree is None:
        found = [match.group("one") or match.group("more") for match in _IMPORT.finditer(source)]
        parts = (part.strip() for one in found for part in one.split(","))
        return frozenset(re.split(r"\W", part)[0] for part in parts), False
    nodes = list(ast.walk(tree))
    dotted = {name for node in nodes for name in _imported_by(node)}
    names = frozenset(name.partition(".")[0] for name in dotted) - {""}
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names, surely and not _BY_NAME & (names | used)


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _without_magics(source: str) -> tuple[str, bool]:
    """Return code without what IPython adds to Python, and whether that can import nothing."""
    lines, surely = [], True
    for line in source.split("\n"):
        magic = _MAGIC.fullmatch(line)
        if magic is None:
            lines.append(line)
            continue
        indent, sign, name, rest = magic.group("indent", "sign", "name", "rest")
        python = "pass"
        if sign == "%" and name == "load_ext":
            python = f"import {rest}"
        elif sign == "%" and name in _OF_PYTHON:
            python = rest or python
        elif sign not in {"%", "%%"} or name not in _HARMLESS | (_OF_PYTHON if not rest else set()):
            surely = False
        lines.append(indent + python)
    return "\n".join(lines), surely


def _imported_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module or ""]
    return []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
