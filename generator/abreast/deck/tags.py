"""Tags of cells: what is wrong with them, and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from abreast.errors import Mistake, UsageError, nearest, shown
from abreast.model import ALONE, PATH, PIN, REPEAT, SECONDS, Cell, Notebook

_WHOLE = re.compile(r"0*[1-9][0-9]{0,5}")
_OURS = "abreast:"
_WITH_VALUE = (PIN, SECONDS, PATH)
_WITHOUT = (ALONE, REPEAT)


def check_tags(notebooks: Iterable[Notebook]) -> None:
    """Raise UsageError for all tags in abreast's name that it does not know, or that say nothing.

    Of `abreast:seconds=…` whole numbers above 0 are expected, on cells that a slide shows.
    """
    if mistakes := tag_mistakes(notebooks, lambda cell: [*_unknown(cell), *_wrong_seconds(cell)]):
        raise UsageError.of(mistakes)


def tag_mistakes(
    notebooks: Iterable[Notebook], wrong: Callable[[Cell], Iterable[tuple[str, str]]]
) -> list[Mistake]:
    """Return a mistake for all that `wrong` says of cells: what, and what to do about it."""
    found = [
        Mistake(what=what, where=f"{shown(notebook.path)}, cell {cell.number}", remedy=remedy)
        for notebook in notebooks
        for cell in notebook.cells
        for what, remedy in wrong(cell)
    ]
    # One file may be the notebook of several frameworks.
    return list(dict.fromkeys(found))


def _wrong_seconds(cell: Cell) -> Iterator[tuple[str, str]]:
    for number in cell.values_of(SECONDS):
        if not _WHOLE.fullmatch(number):
            expected = f"Expected a whole number of seconds, from 1: {SECONDS}90"
            yield f"the tag '{SECONDS}{number}' gives no time.", expected
        elif cell.slide_type == "notes":
            yield f"the tag '{SECONDS}{number}' is on notes.", "Tag the cell that the slide shows."


def _unknown(cell: Cell) -> Iterator[tuple[str, str]]:
    for tag in sorted(cell.tags):
        if tag.startswith(_OURS) and tag not in _WITHOUT and not tag.startswith(_WITH_VALUE):
            name, equals, _ = tag.partition("=")
            yield f"unknown tag '{tag}'.", nearest(name + equals, [*_WITH_VALUE, *_WITHOUT])
