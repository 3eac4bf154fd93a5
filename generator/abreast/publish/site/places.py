"""Where a deck's slides and sections are: what links to them say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from urllib.parse import quote

from markdown_it import MarkdownIt

from abreast.model import Presentation, Slide
from abreast.publish.outputs import INDEX
from abreast.slides.addresses import slide_addresses
from abreast.slides.markdown import parser

_SAID = {"text", "code_inline", "math_inline", "math_inline_double", "text_special"}
_SPACES = {"softbreak", "hardbreak"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """A section: its slides, each with its address in the deck ("/5/1"), and its `seconds`."""

    title: str
    slides: tuple[tuple[str, Slide], ...]
    seconds: int | None

    @property
    def address(self) -> str:
        """Where its first slide is."""
        return self.slides[0][0]


def sections_shown(presentation: Presentation) -> tuple[ShownSection, ...]:
    """Return a deck's sections in order."""
    placed = zip(slide_addresses(presentation.slides), presentation.slides, strict=True)
    return tuple(
        _section(section, tuple(slides))
        for section, slides in groupby(placed, lambda p: p[1].section)
    )


def planned_seconds(presentation: Presentation) -> float | None:
    """Return what the speaker has for a deck: its plan, else its sections'; None for neither."""
    if presentation.minutes is not None:
        return presentation.minutes * 60
    budgets = [section.seconds for section in sections_shown(presentation)]
    return sum(filter(None, budgets)) if any(budgets) else None


def planned_minutes(seconds: float) -> str:
    """Return a planned time in minutes: "17", "12.5"."""
    return f"{round(seconds / 60, 1):g}"


def deck_address(name: str, place: str = "") -> str:
    """Return the relative address of a deck in outputs/, or of a place in it."""
    return f"{quote(name)}/{INDEX}" + (f"#{place}" if place else "")


def plain(markdown: str) -> str:
    """Return one line of Markdown as the words that are read; mathematics stays TeX."""
    (line,) = _parser().parseInline(markdown)
    words = ""
    for token in line.children or ():
        words += token.content if token.type in _SAID | {"image"} else " " * (token.type in _SPACES)
    return " ".join(words.split())


def _section(title: str, slides: tuple[tuple[str, Slide], ...]) -> ShownSection:
    budgets = [slide.seconds for _, slide in slides if slide.seconds is not None]
    return ShownSection(title=title, slides=slides, seconds=sum(budgets) if budgets else None)


@cache
def _parser() -> MarkdownIt:
    return parser()
