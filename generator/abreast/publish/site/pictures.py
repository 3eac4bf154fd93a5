"""Small pictures of decks' best slides, taken by Chromium; a page that was there keeps its own."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from abreast.errors import AbreastError, UsageError, counted
from abreast.events import Said, Sink, Warned
from abreast.model import Slide
from abreast.publish.outputs import INDEX
from abreast.publish.site.best import best_slide
from abreast.publish.site.decks import BuiltDeck
from abreast.publish.site.places import plain
from abreast.slides.addresses import slide_addresses
from abreast.slides.metrics import HEIGHT, WIDTH

if TYPE_CHECKING:
    from playwright.sync_api import Page

PICTURE_PX = (640, 360)
"""A picture is shown at up to 440 px: with more, its title can be read on a fine screen too."""
MOST_BYTES = 25_000
_QUALITIES = range(76, 0, -12)
_TAKEN = re.compile(
    r'data-of="(?P<of>[0-9a-f]{64}-\d+-\d+)" '
    r'src="(?P<address>data:image/webp;base64,[A-Za-z0-9+/=]+)"'
)

_STILL = ".slide-number, .legend { visibility: hidden !important }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What stands for a deck: slide `title` at its address `place`.

    `of` says what it was taken of; `address` is the picture itself, as data, "" where there is
    none.
    """

    place: str
    title: str
    of: str
    address: str = ""


def pictures_of(decks: Sequence[BuiltDeck], page: str, emit: Sink) -> list[Picture]:
    """Return a picture of each deck; those that the `page` before this one has are not taken again.

    What cannot be taken is told, and stays without its picture.
    """
    known = {found["of"]: found["address"] for found in _TAKEN.finditer(page)}
    best = [best_slide(deck.presentation) for deck in decks]
    keys = [_key(deck, number) for deck, number in zip(decks, best, strict=True)]
    wanted = [(d, n) for d, n, of in zip(decks, best, keys, strict=True) if of not in known]
    known |= _take_all(wanted, emit)
    return [
        _picture(deck, number, of, known)
        for deck, number, of in zip(decks, best, keys, strict=True)
    ]


def _picture(deck: BuiltDeck, number: int, of: str, known: Mapping[str, str]) -> Picture:
    slides = deck.presentation.slides
    place = list(slide_addresses(slides))[number]
    return Picture(place=place, title=_named(slides[number]), of=of, address=known.get(of, ""))


def _key(deck: BuiltDeck, number: int) -> str:
    return f"{deck.page}-{number}-{PICTURE_PX[0]}"


def _named(slide: Slide) -> str:
    return plain(slide.title) or slide.section


def _take_all(wanted: Sequence[tuple[BuiltDeck, int]], emit: Sink) -> dict[str, str]:
    """Take pictures of slides, by number; what goes wrong is told."""
    taken: dict[str, str] = {}
    if not wanted:
        return taken
    emit(Said(text=f"taking {counted(len(wanted), 'picture')}"))
    try:
        taken.update(_taken(wanted, emit))  # those before an error stay
    except AbreastError as error:
        missing = counted(len(wanted) - len(taken), "deck")
        emit(Warned(text=f"{missing} without a picture, a drawing stands there: {error}"))
    return taken


def _taken(wanted: Sequence[tuple[BuiltDeck, int]], emit: Sink) -> Iterator[tuple[str, str]]:
    from abreast.render.browser import blank_page, open_deck  # noqa: PLC0415 - most have pictures

    with blank_page(width=WIDTH, height=HEIGHT) as page:
        for deck, number in wanted:
            try:
                open_deck(page, deck.folder / INDEX)
            except UsageError as error:
                emit(Warned(text=f"{deck.name} without a picture: {error}"))
            else:
                yield _key(deck, number), _address(_shot(page, number))


def _shot(page: Page, number: int) -> bytes:
    from abreast.render.pptx import PICTURE_SCRIPT  # noqa: PLC0415 - most have pictures

    page.evaluate(PICTURE_SCRIPT.read_text(encoding="utf-8"))
    page.evaluate(f"abreastPicture.show({number})")
    return page.screenshot(type="png", style=_STILL)


def _address(png: bytes) -> str:
    return f"data:image/webp;base64,{b64encode(small_webp(png)).decode()}"


def small_webp(png: bytes) -> bytes:
    """Return a picture of a slide as a small WebP of at most MOST_BYTES, if quality permits it."""
    from PIL import Image  # noqa: PLC0415 - most have pictures

    with Image.open(BytesIO(png)) as shot:
        small = shot.convert("RGB").resize(PICTURE_PX, Image.Resampling.LANCZOS)
    content = b""
    for quality in _QUALITIES:
        file = BytesIO()
        small.save(file, "WEBP", quality=quality, method=6)
        content = file.getvalue()
        if len(content) <= MOST_BYTES:
            break
    return content
