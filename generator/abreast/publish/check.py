"""A built deck, looked at in Chromium at several sizes: what is clipped, too small, too pale.

seeing.js and measure.js measure each slide in the page, before its first step and after its last;
judge.js asks axe-core about accessibility.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abreast import assets
from abreast.events import Said, Sink, ignore
from abreast.publish.findings import Raw, Report, merged
from abreast.render.browser import blank_page, open_deck
from abreast.slides.metrics import floor_px

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request
    from playwright.sync_api import Error as PageError

SIZES = ((1280, 720), (1920, 1080), (1024, 768))
"""The windows at which a deck is looked at, in CSS px; accessibility at the first."""
_FLOORS = {str(columns): floor_px(columns) for columns in (1, 2, 3)}
_SCRIPTS = ("seeing.js", "measure.js", "judge.js")
_REFUSED = re.compile(r"'([a-z][a-z0-9+.-]*:[^']+)' violates .*Content Security Policy", re.DOTALL)
_FAILED = "Failed to load resource"
_EMBEDDED = ("data:", "blob:", "about:")


def check_page(path: Path, deck: str, emit: Sink = ignore) -> Report:
    """Look at every slide of a deck's page and report what falls short.

    Raises EnvironmentMissingError without Playwright or Chromium, UsageError for a page that is
    no deck.
    """
    width, height = SIZES[0]
    with blank_page(width=width, height=height) as page:
        heard = _Listener(page, path)
        open_deck(page, path)
        page.evaluate(assets.npm_text("axe-core", "axe.min.js"))
        for name in _SCRIPTS:
            page.evaluate(Path(__file__).with_name(name).read_text(encoding="utf-8"))
        page.evaluate("floors => { abreastCheck.floors = floors }", _FLOORS)
        slides = [(s["section"], s["origin"]) for s in page.evaluate("abreastCheck.slides()")]
        seen = list(_look(page, len(slides), heard, emit))
        seen += [*_raw(page.evaluate("abreastCheck.links()")), *heard.requests(page), *heard.errors]
    return Report(
        deck=deck,
        slides=len(slides),
        viewports=tuple(map(_named, SIZES)),
        findings=merged(seen, slides),
    )


def _look(page: Page, slides: int, heard: _Listener, emit: Sink) -> Iterator[Raw]:
    for size in SIZES:
        emit(Said(text=f"looking at {slides} slides at {_named(size)}"))
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for index in range(slides):
            heard.slide = index + 1
            yield from _measured(page, "measure", index, size)
            if size == SIZES[0]:
                yield from _measured(page, "accessibility", index, size)
        heard.slide = 0
        yield from _raw(page.evaluate("abreastCheck.frameType()"), viewport=_named(size))
    yield from _raw(page.evaluate("abreastCheck.around()"))


def _measured(page: Page, what: str, index: int, size: tuple[int, int]) -> Iterator[Raw]:
    found = page.evaluate(f"abreastCheck.{what}({index})")
    return _raw(found, slide=index + 1, viewport=_named(size))


def _raw(found: list[dict[str, Any]], **also: Any) -> Iterator[Raw]:
    return (Raw(**{"slide": 0, **record, **also}) for record in found)


def _named(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


class _Listener:
    """Hears what the page asks for and complains of; `slide` is the one that is looked at."""

    def __init__(self, page: Page, path: Path) -> None:
        self.slide = 0
        self.errors: list[Raw] = []
        self._itself = path.resolve().as_uri()
        self._addresses: dict[str, None] = {}
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", self._exception)

    def requests(self, page: Page) -> Iterator[Raw]:
        """Yield what was asked for elsewhere than in the file, with the elements that asked."""
        for address in self._addresses:
            asker = page.evaluate("address => abreastCheck.asker(address)", address)
            yield Raw(kind="request", cause="request", amount=address, **asker)

    def _request(self, request: Request) -> None:
        address = request.url
        if not address.startswith(_EMBEDDED) and address.partition("#")[0] != self._itself:
            self._addresses[address] = None

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error" or message.text.startswith(_FAILED):
            return  # a request that failed was heard as a request
        refused = _REFUSED.search(message.text)
        if refused:
            self._addresses[refused[1]] = None
        else:
            self._complaint("error", message.text)

    def _exception(self, error: PageError) -> None:
        self._complaint("exception", error.message)

    def _complaint(self, what: str, text: str) -> None:
        words = " ".join(text.split()).rstrip(".")
        self.errors.append(
            Raw(slide=self.slide, kind="console", cause="console", amount=what, where=words[:160])
        )
