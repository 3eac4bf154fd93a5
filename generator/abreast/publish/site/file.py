"""outputs/index.html itself: what abreast wrote there before, and what others did."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from abreast.errors import AbreastError, UsageError, shown
from abreast.publish.foreign import KEPT
from abreast.writing import write_whole

MARKER = '<meta name="generator" content="abreast site">'
"""Who has this in the page's head may be written over."""
_HEAD = 20_000  # characters, in which all that is asked for stands
_SET = re.compile(r'<meta name="abreast:(?P<name>title|first)" content="(?P<value>[^"]*)">')


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page that is there. `foreign` says that it is somebody else's, `text` is then empty.

    `title` and `first` (names of decks) are what its author set, which holds until it is set anew.
    """

    text: str = ""
    foreign: bool = False
    title: str = ""
    first: tuple[str, ...] = ()


def page_there(path: Path) -> Page:
    """Return what is at `path`. Raises UsageError for what can be neither read nor kept."""
    if not os.path.lexists(path):
        return Page()
    if path.is_dir():
        raise UsageError(
            "a folder is in the place of the page.", where=shown(path), remedy="Move it away."
        )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return Page(foreign=True)
    if MARKER not in text[:_HEAD]:
        return Page(foreign=True)
    said = {found["name"]: unescape(found["value"]) for found in _SET.finditer(text[:_HEAD])}
    return Page(text=text, title=said.get("title", ""), first=_names(said.get("first", "")))


def names_text(names: Sequence[str]) -> str:
    """Return names of folders as one text, for the page to keep."""
    return "/".join(names)


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("/")))


def put_page(path: Path, page: str, there: Page) -> Path | None:
    """Write the page as a whole; return where a foreign one that was there is kept.

    Raises AbreastError when the disk refuses; what was there is then as before.
    """
    if not there.foreign:
        write_whole(path, page.encode())
        return None
    kept = path.with_name(path.name + KEPT)
    while os.path.lexists(kept):
        kept = kept.with_name(kept.name + KEPT)
    try:
        path.rename(kept)
    except OSError as error:
        raise AbreastError(
            f"this page was not made by abreast and cannot be kept as {kept.name}: "
            f"{error.strerror}.",
            where=shown(path),
            remedy="Move it away.",
        ) from error
    try:
        write_whole(path, page.encode())
    except BaseException:
        kept.rename(path)
        raise
    return kept
