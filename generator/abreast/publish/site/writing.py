"""The page of all decks, brought up to date: what it is made of, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from abreast.errors import shown
from abreast.events import Said, Sink, Warned, Wrote, ignore
from abreast.publish.repository import repository
from abreast.publish.site.decks import built_decks, check_names
from abreast.publish.site.file import INDEX, page_there, put
from abreast.publish.site.page import site_html
from abreast.publish.site.pictures import pictures_of
from abreast.publish.site.search import rows_in, search_index


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What came of it: the page, how many decks it lists, whether it was written."""

    page: Path
    decks: int
    written: bool


def write_site(
    outputs: Path, *, title: str | None = None, first: Sequence[str] = (), emit: Sink = ignore
) -> Site:
    """Bring outputs/index.html up to date with the decks in `outputs`.

    `title` stands above them, and those named `first` before the others; without these what the
    page was given before holds on. A page that others made is kept under another name.

    Raises UsageError where nothing is built, or a deck that is named is not; AbreastError when the
    disk refuses.
    """
    check_names(outputs, first)
    path = outputs / INDEX
    there = page_there(path)
    title = there.title if title is None else title
    first = tuple(first) or there.first
    decks = built_decks(outputs, first, emit)
    index = search_index(decks)
    page = site_html(
        decks,
        pictures_of(decks, there.text, emit),
        index,
        repository(outputs.resolve().parent),
        title=title,
        first=first,
    )
    if page == there.text:
        emit(Said(text=f"{shown(path)} is up to date ({_extent(len(decks), rows_in(index))})"))
        return Site(page=path, decks=len(decks), written=False)
    kept = put(path, page, there)
    if kept:
        emit(Warned(text=f"the page that was there is not abreast's: it is now {shown(kept)}"))
    size = len(page.encode())
    emit(Wrote(path=path, what=_extent(len(decks), rows_in(index)), bytes=size))
    return Site(page=path, decks=len(decks), written=True)


def _extent(decks: int, rows: int) -> str:
    of_code = f"{rows} slides with code to search"
    return f"{decks} deck{'' if decks == 1 else 's'}, {of_code}"
