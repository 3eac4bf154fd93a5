"""Paths through a deck: sections and cells for those who want only one of several ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from abreast.deck.mistakes import place
from abreast.deck.tags import tag_mistakes
from abreast.errors import Mistake, UsageError
from abreast.model import PATH, Cell, Deck, Notebook

PATH_NAME = r"^[\w-]+$"
"""What a path may be called: it becomes part of a folder's name."""


def check_paths(deck: Deck, notebooks: Iterable[Notebook], asked: str | None) -> None:
    """Raise UsageError for tags that name no path, and for a path that nothing is on.

    Where sections are on paths, cells are on the same ones: a slip of the pen would leave a cell
    out of every deck, and nobody told. `asked` is the path that the user wants, in place of the
    deck's own.
    """
    of_sections = {section.on_path for section in deck.sections} - {""}
    notebooks = list(notebooks)
    mistakes = tag_mistakes(notebooks, lambda cell: _wrong_tags(cell, of_sections))
    known = of_sections.union(*(cell.values_of(PATH) for one in notebooks for cell in one.cells))
    path = asked or deck.on_path
    if path and path not in known:
        where = "command line" if asked else place(deck.path, ("path",))
        mark = f"Write path: {path} on sections of deck.yml, or tag cells: {PATH}{path}"
        remedy = f"Known: {', '.join(sorted(known))}." if known else mark
        mistakes.append(Mistake(what=f"no path '{path}'.", where=where, remedy=remedy))
    if mistakes:
        raise UsageError.of(mistakes)


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
    before: list[str] = []
    for cell in notebook.cells:
        own = cell.values_of(PATH)
        before = own or (before if cell.slide_type == "notes" else [])
        cells.append(replace(cell, elsewhere=bool(before) and path not in before))
    return replace(notebook, cells=tuple(cells))


def _wrong_tags(cell: Cell, of_sections: set[str]) -> Iterator[tuple[str, str]]:
    for name in cell.values_of(PATH):
        if not re.fullmatch(PATH_NAME, name):
            yield f"the tag '{PATH}{name}' names no path.", f"Expected a word: {PATH}concise"
        elif of_sections and name not in of_sections:
            remedy = f"Sections are on: {', '.join(sorted(of_sections))}. Make them agree."
            yield f"the tag '{PATH}{name}' names a path that no section is on.", remedy
