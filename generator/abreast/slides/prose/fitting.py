"""The size of type for prose: the largest at which all fits, else parts at one that is readable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from abreast.model import Prose
from abreast.slides.markdown import definitions
from abreast.slides.metrics import MARGIN, WIDTH, floor_px
from abreast.slides.prose.blocks import Place, stacked
from abreast.slides.prose.cutting import Room, joined, sources, take, take_too_much
from abreast.slides.prose.outline import blocks

_LARGEST, _STEP = 26.0, 0.5
_PICTURES = 160, 440
"""The least and the most that a picture is high, px; a smaller one is never enlarged."""


def prose_height(markdown: str, font_px: float, width: float, *, image_px: float) -> float:
    """Return the height (px) of prose in a box so wide, its pictures at most `image_px` high."""
    return stacked(blocks(markdown), Place(px=font_px, width=width, whole=width, image_px=image_px))


def fit_prose(
    markdown: str, room: float, first: float | None = None, *, width: float = WIDTH - 2 * MARGIN
) -> list[Prose]:
    """Return prose at the largest type that fits one slide, else cut into parts of one type.

    `room` is the height (px) that a slide has for it, `first` the first slide's. Pictures take
    what the words leave. A first slide too low for anything gets an empty part; raw HTML is never
    cut, so that it may be too high.
    """
    first = room if first is None else first
    text = markdown.strip("\n").rstrip()
    for px in _sizes():
        if prose_height(text, px, width, image_px=_PICTURES[0]) <= first:
            return [_prose(text, px, first, width)]
    px, parts = _parts(text, room, first, width)
    rooms = [first, *[room] * (len(parts) - 1)]
    return [_prose(part, px, own, width) for part, own in zip(parts, rooms, strict=True)]


def _sizes() -> list[float]:
    floor = floor_px(1)
    count = int((_LARGEST - floor) / _STEP)
    return [*(_LARGEST - _STEP * n for n in range(count + 1)), floor]


def _prose(text: str, px: float, room: float, width: float) -> Prose:
    """Return prose with its pictures as high as the room allows."""
    low, high = _PICTURES
    if prose_height(text, px, width, image_px=high) <= room:
        return Prose(markdown=text, font_px=px, image_px=float(high))
    while low < high:
        middle = (low + high + 1) // 2
        if prose_height(text, px, width, image_px=middle) <= room:
            low = middle
        else:
            high = middle - 1
    return Prose(markdown=text, font_px=px, image_px=float(low))


def _parts(text: str, room: float, first: float, width: float) -> tuple[float, list[str]]:
    """Return the fewest parts that readable type allows, and the largest type for so many."""
    sizes = _sizes()
    px, best = sizes[-1], _cut(text, sizes[-1], room, first, width)
    low, high = 0, len(sizes) - 1
    while low < high:
        middle = (low + high) // 2
        parts = _cut(text, sizes[middle], room, first, width)
        if len(parts) <= len(best):
            px, best, high = sizes[middle], parts, middle
        else:
            low = middle + 1
    return px, best


def _cut(text: str, px: float, room: float, first: float, width: float) -> list[str]:
    place = Place(px=px, width=width, whole=width, image_px=_PICTURES[0])
    whole = partial(_fits, place, room)
    left = partial(_fits, place, first)
    parts: list[str] = []
    rest = sources(text)
    while rest:
        taken, remaining = take(rest, Room(left=left, whole=whole))
        if not taken and (parts or first >= room):
            taken, remaining = take_too_much(rest)
        parts.append(joined(taken))
        rest, left = [part for part in remaining if part], whole
    known = definitions(text)
    return [_defined(part, known) for part in parts]


def _defined(part: str, known: Mapping[str, str]) -> str:
    """Return a part with the definitions of the links that it names."""
    words = " ".join(part.lower().split())
    return joined([part, *(text for label, text in known.items() if f"[{label}]" in words)])


def _fits(place: Place, room: float, parts: Sequence[str]) -> bool:
    return stacked([block for part in parts for block in blocks(part)], place) <= room
