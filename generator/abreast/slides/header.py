"""The title of a slide and the sentence under it, and the room that they leave."""

from __future__ import annotations

import re
from dataclasses import dataclass

from abreast.slides.metrics import FOOT, HEIGHT, MARGIN, TOP, WIDTH, prose_lines

TITLE_PX, TITLE_LINE, TITLE_BELOW = 32.0, 1.2, 4.0
LEDE_PX, LEDE_LINE = 18.0, 1.4
BELOW = 16.0
"""From the title, or the sentence under it, to what stands below."""
OPENING_PX, OPENING_LINE, OPENING_TOP = 56.0, 1.15, 216.0

_HEADING = re.compile(r"\A#{1,3}[ \t]+(?P<title>[^\n]+)\n*(?P<rest>.*)\Z", re.DOTALL)
_LEDE = 180
_NO_SENTENCE = re.compile(r"[*+-]\s|\d+[.)]\s|```|[|>!$]")  # a list, code, a table, a picture
_MARKUP = re.compile(r"[*_`$\\]|\]\([^)]*\)|!?\[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A title and the sentence under it."""

    title: str
    lede: str = ""


def split_heading(text: str) -> tuple[str, str]:
    """Return a Markdown text's first heading, without its marks, and the rest; "" for none."""
    found = _HEADING.match(text)
    return (found["title"].strip(), found["rest"]) if found else ("", text)


def as_heading(text: str) -> Heading | None:
    """Return a heading with at most one short plain paragraph as a title and its sentence."""
    title, rest = split_heading(text)
    lede = rest.strip()
    plain = len(lede) <= _LEDE and "\n\n" not in lede and not _NO_SENTENCE.match(lede)
    return Heading(title=title, lede=" ".join(lede.split())) if title and plain else None


def part_titles(title: str, count: int) -> list[str]:
    """Return the titles of a slide's parts: "(1/2)", "(2/2)" where there are several."""
    if count == 1 or not title:
        return [title] * count
    return [f"{title} ({n}/{count})" for n in range(1, count + 1)]


def room_of_part(title: str) -> float:
    """Return the height (px) below the title of any one of several parts."""
    # "(1/2)" may push a long title onto a second line.
    return room_below(f"{title} (10/10)" if title else "")


def room_below(title: str, lede: str = "") -> float:
    """Return the height (px) that a slide has below its title and the sentence under it."""
    height = TOP + BELOW
    if title:
        height += _lines(title, TITLE_PX, strong=True) * TITLE_PX * TITLE_LINE + TITLE_BELOW
    if lede:
        height += _lines(lede, LEDE_PX) * LEDE_PX * LEDE_LINE
    return HEIGHT - FOOT - height


def room_of_opening(title: str) -> float:
    """Return the height (px) that a slide which opens a part has below its large title."""
    lines = _lines(title, OPENING_PX, strong=True)
    return HEIGHT - FOOT - OPENING_TOP - lines * OPENING_PX * OPENING_LINE - BELOW


def _lines(text: str, px: float, *, strong: bool = False) -> int:
    plain = _MARKUP.sub("", text)
    return prose_lines(plain, WIDTH - 2 * MARGIN, px, strong=strong)
