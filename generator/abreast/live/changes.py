"""What of a page changed: browsers that show it get this much and no more."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from abreast.model import Theme
from abreast.render.html import DrawnSlide, stacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as browsers show it. `frame` is the digest of what only loading it anew changes."""

    state: str
    frame: str
    theme: Theme
    styles: tuple[str, ...]
    slides: tuple[DrawnSlide, ...]


def update(old: Page, new: Page) -> dict[str, Any]:
    """Return, as JSON, what makes the new page of the old one, for `live.js`.

    `slides` are the new page's in order: where `[a, b]` stands, the old ones from a up to b,
    unchanged; else a slide, which was the old one's number `was`, with its text where that changed.
    `stacks` has the sizes of reveal's stacks, where slides came, went or moved. A number among
    `styles` is the old sheet of this place; `theme` is there where the deck's own changed.
    """
    message: dict[str, Any] = {"kind": "deck", "from": old.state, "to": new.state}
    message["theme"] = new.theme if old.theme != new.theme else None
    if old.frame != new.frame:
        return {**message, "reload": True}
    was = pairs(old.slides, new.slides)
    same_order = was == list(range(len(old.slides)))
    sizes = [len(stack) for stack in stacks(new.slides)]
    moved = not same_order or sizes != [len(stack) for stack in stacks(old.slides)]
    places = {style: place for place, style in enumerate(old.styles)}
    return {
        **message,
        "styles": [places.get(style, style) for style in new.styles]
        if old.styles != new.styles
        else None,
        "slides": _slides(old.slides, new.slides, was),
        "stacks": sizes if moved else None,
    }


def changed_slides(old: Page, new: Page) -> int:
    """Return how many of the new page's slides look other than they did, or are new."""
    was = pairs(old.slides, new.slides)
    return sum(
        before is None or old.slides[before].html != slide.html
        for before, slide in zip(was, new.slides, strict=True)
    )


def pairs(old: Sequence[DrawnSlide], new: Sequence[DrawnSlide]) -> list[int | None]:
    """Return for each new slide the place of the old one that it is, in rising order.

    It is the one that looks the same; else, between two that do, the one of the same cells; else,
    where as many came as went, the one in its place.
    """
    was: list[int | None] = [None] * len(new)
    for i, j, m, n in _pair(was, [s.html for s in old], [s.html for s in new], (0, 0)):
        here, there = [_cells(s) for s in old[i:j]], [_cells(s) for s in new[m:n]]
        for a, b, c, d in _pair(was, here, there, (i, m)):
            if b - a == d - c:
                was[c:d] = range(a, b)
    return was


def _cells(slide: DrawnSlide) -> Hashable:
    return slide.section, slide.origin


def _pair(
    was: list[int | None],
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    start: tuple[int, int],
) -> list[tuple[int, int, int, int]]:
    """Pair what is equal, at places counted from `start`; return the ranges between."""
    gaps = []
    for i, j, m, n in _unequal(old, new):
        gaps.append((start[0] + i, start[0] + j, start[1] + m, start[1] + n))
    i, m = start
    for a, b, c, d in [*gaps, (start[0] + len(old), 0, start[1] + len(new), 0)]:
        was[m:c] = range(i, a)
        i, m = b, d
    return gaps


def _unequal(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int, int, int]]:
    shorter = min(len(old), len(new))
    first = next((k for k in range(shorter) if old[k] != new[k]), shorter)
    last = next((k for k in range(shorter - first) if old[-1 - k] != new[-1 - k]), shorter - first)
    middle = old[first : len(old) - last], new[first : len(new) - last]
    codes = SequenceMatcher(None, *middle, autojunk=False).get_opcodes()
    return [
        (first + i, first + j, first + m, first + n)
        for kind, i, j, m, n in codes
        if kind != "equal"
    ]


def _slides(
    old: Sequence[DrawnSlide], new: Sequence[DrawnSlide], was: Sequence[int | None]
) -> list[Any]:
    entries: list[Any] = []
    for slide, before in zip(new, was, strict=True):
        if before is None or old[before] != slide:
            entries.append(_slide(slide, before, None if before is None else old[before]))
        elif entries and isinstance(entries[-1], list) and entries[-1][1] == before:
            entries[-1][1] += 1
        else:
            entries.append([before, before + 1])
    return entries


def _slide(slide: DrawnSlide, was: int | None, old: DrawnSlide | None) -> dict[str, Any]:
    entry = {
        "was": was,
        "section": slide.section,
        "origin": slide.origin,
        "seconds": slide.seconds,
        "opening": slide.opening,
    }
    return entry if old and old.html == slide.html else {**entry, "html": slide.html}
