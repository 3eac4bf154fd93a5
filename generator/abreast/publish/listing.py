"""A table of built decks in GitHub's Markdown, for a README."""

from __future__ import annotations

import re
from collections.abc import Sequence
from os.path import relpath
from pathlib import Path
from urllib.parse import quote

from abreast.publish.outputs import INDEX
from abreast.publish.repository import Repository
from abreast.publish.site.decks import BuiltDeck
from abreast.publish.site.places import planned_minutes, planned_seconds
from abreast.publish.site.runs import days, devices

# What Markdown might take for its own; $ begins mathematics on GitHub.
_MARKUP = re.compile(r"([\\`*_\[\]<>|~$&])")
_HEAD = ("Deck", "Frameworks", "Minutes", "Ran on", "Also")
_RULES = ("---", "---", "---:", "---", "---")


def deck_table(decks: Sequence[BuiltDeck], start: Path, repository: Repository | None) -> str:
    """Return a table of decks, without a line end after its last line.

    Links to files are relative to the folder `start`; with a repository, a deck's own link goes to
    Pages, and nbviewer shows its merged notebook as slides.
    """
    rows = [_HEAD, _RULES, *(_row(deck, start, repository) for deck in decks)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(deck: BuiltDeck, start: Path, repository: Repository | None) -> tuple[str, ...]:
    page, notebook = deck.folder / INDEX, deck.folder / deck.notebook
    also = [f"[notebook]({_relative(notebook, start)})"]
    if repository:
        also.insert(0, f"[slides on nbviewer]({repository.nbviewer_slides(notebook)})")
    shown = deck.presentation
    seconds = planned_seconds(shown)
    place = repository.pages(page) if repository else _relative(page, start)
    return (
        f"[{_escaped(shown.title)}]({place})",
        _escaped(", ".join(head.framework.title for head in shown.heads)),
        planned_minutes(seconds) if seconds else "",
        _escaped(_runs(deck)),
        " · ".join(also),
    )


def _runs(deck: BuiltDeck) -> str:
    return ", ".join(filter(None, ["; ".join(devices(deck)), days(deck)[1]]))


def _relative(path: Path, start: Path) -> str:
    return quote(Path(relpath(path, start)).as_posix())


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
