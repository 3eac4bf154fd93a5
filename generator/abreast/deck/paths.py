"""Paths through a deck: sections and cells for those who want only one of several ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from abreast.errors import UsageError, nearest, shown
from abreast.model import PATH, Cell, Deck, Notebook


def check_path(deck: Deck, notebooks: Iterable[Notebook], path: str) -> None:
    """Raise UsageError for a path that no section and no cell of the deck is on."""
    known = {section.on_path for section in deck.sections}
    known |= {name for one in notebooks for cell in one.cells for name in _paths(cell)}
    if path not in known:
        remedy = nearest(path, sorted(known - {""}))
        mark = f"Write path: {path} on sections of deck.yml, or tag cells: {PATH}{path}"
        raise UsageError(f"no path '{path}'.", where=shown(deck.path), remedy=remedy or mark)


def along(deck: Deck, path: str) -> Deck:
    """Return a deck of the sections on a path, and of those that are on none.

    Its minutes are less by those of the sections left out.
    """
    kept = tuple(section for section in deck.sections if section.on_path in {"", path})
    minutes = deck.minutes
    if minutes is not None:
        minutes -= sum(s.minutes or 0.0 for s in deck.sections if s not in kept)
    return replace(deck, on_path=path, sections=kept, minutes=minutes or None)


def cells_along(notebook: Notebook, path: str) -> Notebook:
    """Return a notebook whose cells on other paths only are marked: they run, nothing is shown.

    Notes go with the cell that they follow, unless they name a path of their own.
    """
    cells: list[Cell] = []
    before: frozenset[str] = frozenset()
    for cell in notebook.cells:
        own = _paths(cell)
        before = own or (before if cell.slide_type == "notes" else frozenset())
        cells.append(replace(cell, elsewhere=bool(before) and path not in before))
    return replace(notebook, cells=tuple(cells))


def _paths(cell: Cell) -> frozenset[str]:
    return frozenset(tag.removeprefix(PATH) for tag in cell.tags if tag.startswith(PATH))
