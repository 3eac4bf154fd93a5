"""The page of all decks as one HTML file that requests nothing and works from file://."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from abreast import __version__, assets
from abreast.deck.deckfile import QUICK
from abreast.errors import counted
from abreast.model import Framework
from abreast.publish.outputs import INDEX
from abreast.publish.repository import Repository
from abreast.publish.site.decks import BuiltDeck
from abreast.publish.site.file import MARKER, names_text
from abreast.publish.site.pictures import Picture
from abreast.publish.site.places import (
    deck_address,
    planned_minutes,
    planned_seconds,
    sections_shown,
)
from abreast.publish.site.runs import days, devices, executed_notebooks, failures
from abreast.publish.site.search import compact_json
from abreast.render.fonts import font_css, font_notices
from abreast.render.views import MARKS, environment

TITLE = "Decks"
_DARK = re.compile(r'\[data-theme="dark"\](\{[^}]*\})')
_MOST_MINUTES = 90  # then hours


def site_html(
    decks: Sequence[BuiltDeck],
    pictures: Sequence[Picture],
    index: Mapping[str, Any],
    repository: Repository | None,
    *,
    title: str = "",
    first: Sequence[str] = (),
) -> str:
    """Return the page: a card a deck, with its picture, and the search over the `index`.

    Links to the web are those of the `repository`; without one there are none.
    """
    frameworks = _frameworks(decks)
    script = assets.for_script(_template("site.js"))
    searched = compact_json({**index, "frameworks": [_told(one) for one in frameworks]})
    views = [_deck(d, p, repository) for d, p in zip(decks, pictures, strict=True)]
    return (
        environment()
        .get_template("site.html.j2")
        .render(
            marker=MARKER,
            title=title or TITLE,
            set_title=title,
            set_first=names_text(first),
            decks=views,
            frameworks=frameworks,
            total=_total(decks),
            styles=[assets.for_style(style) for style in _styles(f"{title}{searched}{views}")],
            script=script,
            script_hash=b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            index=searched,
            version=__version__,
            notice=assets.for_comment(font_notices()),
        )
    )


def _styles(text: str) -> list[str]:
    theme = _template("theme.css")
    dark = _DARK.search(theme)
    assert dark  # noqa: S101 - the template has it
    marks = "".join(f".mark.{name}{{{style}}}" for name, style in MARKS.items())
    return [
        theme,
        f"@media screen and (prefers-color-scheme:dark){{:root{dark[1]}}}",
        _template("site.css"),
        marks,
        font_css(text),
    ]


def _template(name: str) -> str:
    return (assets.templates() / name).read_text(encoding="utf-8")


def _frameworks(decks: Sequence[BuiltDeck]) -> list[Framework]:
    """Return the frameworks of all decks, each once, those of most decks first."""
    heads = [head.framework for deck in decks for head in deck.presentation.heads]
    names = [framework.name for framework in heads]
    found = {framework.name: framework for framework in reversed(heads)}
    order = sorted(dict.fromkeys(names), key=lambda name: -names.count(name))
    return [found[name] for name in order]


def _told(framework: Framework) -> dict[str, str]:
    return {
        "name": framework.name,
        "title": framework.title,
        "colour": framework.colour,
        "mark": framework.mark if framework.mark in MARKS else "bar",
    }


def _deck(deck: BuiltDeck, picture: Picture, repository: Repository | None) -> dict[str, Any]:
    shown = deck.presentation
    machine_day, day = days(deck)
    return {
        "name": deck.name,
        "title": shown.title,
        "language": shown.language,
        "about": " · ".join(filter(None, (shown.speaker, shown.event))),
        "page": deck_address(deck.name),
        "picture": picture,
        "picture_page": deck_address(deck.name, picture.place),
        "minutes": _minutes(planned_seconds(shown)),
        "slides": counted(len(shown.slides), "slide"),
        "heads": [
            {**_told(head.framework), "version": head.version} for head in shown.heads
        ],
        "devices": devices(deck),
        "day": day,
        "machine_day": machine_day,
        "profile": "" if deck.profile == QUICK else deck.profile,
        "failures": failures(deck),
        "contents": [
            {
                "title": section.title,
                "page": deck_address(deck.name, section.address),
                "minutes": _minutes(section.seconds),
            }
            for section in sections_shown(shown)
        ],
        "links": _links(deck, repository),
        "notebooks": _notebooks(deck, repository),
    }  # fmt: skip


def _links(deck: BuiltDeck, repository: Repository | None) -> list[dict[str, str]]:
    """Return what there is of a deck, as words and addresses."""
    base = quote(deck.name)
    links = [("Deck", deck_address(deck.name)), ("Notebook", f"{base}/{quote(deck.notebook)}")]
    if deck.pdf and not deck.pdf_is_old:
        links.append(("PDF", f"{base}/{quote(deck.pdf)}"))
    if repository:
        links += [
            ("nbviewer", repository.nbviewer_slides(deck.folder / deck.notebook)),
            ("GitHub Pages", repository.pages(deck.folder / INDEX)),
        ]
    return [{"words": words, "page": page} for words, page in links]


def _notebooks(deck: BuiltDeck, repository: Repository | None) -> list[dict[str, Any]]:
    """Return the executed notebooks by section, those of a framework beside each other."""
    return [
        {
            "section": section,
            "links": [
                {
                    "words": title,
                    "page": f"{quote(deck.name)}/{quote(path)}",
                    "nbviewer": repository.nbviewer(deck.folder / path) if repository else "",
                }
                for title, path in notebooks
            ],
        }
        for section, notebooks in executed_notebooks(deck).items()
    ]


def _total(decks: Sequence[BuiltDeck]) -> str:
    """Return in words how much there is."""
    slides = sum(len(deck.presentation.slides) for deck in decks)
    seconds = [planned_seconds(deck.presentation) for deck in decks]
    minutes = "" if None in seconds else _minutes(sum(filter(None, seconds)))
    return ", ".join(filter(None, (counted(len(decks), "deck"), counted(slides, "slide"), minutes)))


def _minutes(seconds: float | None) -> str:
    """Return a planned time in words: "30 s", "17 min", "2 h 30 min"; "" where there is none."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds <= _MOST_MINUTES * 60:
        return f"{planned_minutes(seconds)} min"
    hours, rest = divmod(round(seconds / 60), 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
