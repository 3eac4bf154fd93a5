"""The page of all decks, brought up to date: what it is made of, in order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from abreast.errors import UsageError, counted, shown
from abreast.events import Said, Sink, Warned, Wrote, ignore
from abreast.publish.outputs import INDEX
from abreast.publish.repository import Repository, checkout
from abreast.publish.site.decks import BuiltDeck, built_decks, check_names
from abreast.publish.site.file import page_there, put_page
from abreast.publish.site.page import site_html
from abreast.publish.site.pictures import pictures_of
from abreast.publish.site.search import rows_in, search_index


def write_site(
    outputs: Path, *, title: str | None = None, first: Sequence[str] = (), emit: Sink = ignore
) -> Path:
    """Bring outputs/index.html up to date with the decks in `outputs`; return its path.

    `title` stands above them, and those named `first` before the others; without these what the
    page was given before holds on. A page that others made is kept under another name. What keeps
    links from being made is told: they are then left out.

    Raises UsageError where nothing is built, a deck that is named is not, or a folder is in the
    page's place; AbreastError when the disk refuses.
    """
    check_names(outputs, first)
    path = outputs / INDEX
    there = page_there(path)
    title = there.title if title is None else title
    first = tuple(first) or there.first
    decks = built_decks(outputs, first, emit)
    _tell_old_pdfs(decks, emit)
    home = _home(outputs, emit)
    index = search_index(decks)
    pictures = pictures_of(decks, there.text, emit)
    page = site_html(decks, pictures, index, home, title=title, first=first)
    if page == there.text:
        emit(Said(text=f"{shown(path)} is up to date ({_extent(len(decks), rows_in(index))})"))
        return path
    kept = put_page(path, page, there)
    if kept:
        emit(Warned(text=f"the page that was there is not abreast's: it is now {shown(kept)}"))
    size = len(page.encode())
    emit(Wrote(path=path, what=_extent(len(decks), rows_in(index)), bytes=size))
    return path


def _home(outputs: Path, emit: Sink) -> Repository | None:
    """Return the repository that links to the web go to, if there is one."""
    try:
        home = checkout(outputs.absolute().parent).repository
    except UsageError as error:
        for mistake in error.mistakes:
            emit(Warned(text=f"no links to nbviewer and Pages: {mistake}"))
        return None
    if home is None:
        emit(
            Said(
                text="no repository on GitHub is known, so there are no links to nbviewer and "
                "Pages; a deck.yml can name it (repository: OWNER/REPO)"
            )
        )
    return home


def _tell_old_pdfs(decks: Sequence[BuiltDeck], emit: Sink) -> None:
    for deck in decks:
        if deck.pdf_is_old:
            path = shown(deck.folder / deck.pdf)
            remedy = f"abreast export {deck.name} --to pdf -o {path}"
            emit(Warned(text=f"left out: {path}: printed from an older build. Anew: {remedy}"))


def _extent(decks: int, rows: int) -> str:
    return f"{counted(decks, 'deck')}, {counted(rows, 'slide')} with code to search"
