"""HTML that is no plain table -> a box of an estimated height, which scrolls where that is less."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from abreast.model import HtmlDisplay
from abreast.slides.imagesizes import address_size, declared_size, length_px
from abreast.slides.metrics import prose_lines
from abreast.slides.outputs.harmless import VOID
from abreast.slides.outputs.pieces import Frame

LINE = 1.45
"""The height of a line in a box, in its type's size."""
PADDING = 10.0
"""Inside a box, on each side, px, with its hairline."""

_LEAST = 80.0
_ROW, _MARGIN = 1.6, 0.8  # em
_PICTURE = 150.0  # px, where nothing says its size
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt",
    "fieldset", "figure", "figcaption", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table",
    "tr", "ul", "br", "caption",
})  # fmt: skip
_SPACED = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "blockquote", "figure",
    "table", "hr",
})  # fmt: skip
_MEDIA = frozenset({"img", "svg", "video", "audio", "canvas", "progress", "meter"})
# What a press would show: it takes no height before.
_FOLDED = re.compile(r"toggleable__content|repr-fallback")
_HIDDEN = re.compile(r"display\s*:\s*none")


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlPiece:
    """HTML that is harmless already."""

    html: str
    frame: Frame

    @property
    def least(self) -> float:
        """Return the height of its smallest form, px."""
        return min(_LEAST, self.wanted)

    @property
    def wanted(self) -> float:
        """Return the height that its content is estimated to take, px."""
        return _estimated(self.html, self.frame.width - 2 * PADDING, self.frame.font_px)

    def fitted(self, room: float) -> HtmlDisplay:
        """Return the box, at most `room` px high."""
        height = max(self.least, min(self.wanted, room))
        return HtmlDisplay(html=self.html, height_px=height, cut=height < self.wanted)


@lru_cache(maxsize=256)
def shows_something(html: str) -> bool:
    """Say whether HTML has any text or picture to look at."""
    outline = _outline(html)
    return bool(outline.pictures or any(text.strip() for text, _ in outline.texts))


@lru_cache(maxsize=256)
def preformatted(html: str) -> str | None:
    """Return the text of HTML that is one <pre> and no more, as rich prints; else None."""
    outline = _outline(html)
    outside = any(text.strip() for text, in_pre in outline.texts if not in_pre)
    if outline.pres != 1 or outside or outline.pictures:
        return None
    return "".join(text for text, in_pre in outline.texts if in_pre)


@lru_cache(maxsize=512)
def _estimated(html: str, width: float, font_px: float) -> float:
    outline = _outline(html)
    height = sum(prose_lines(text, width, font_px) for text in outline.paragraphs) * LINE * font_px
    height += (outline.rows * _ROW + outline.margins * _MARGIN) * font_px
    height += sum(
        high * min(1.0, width / wide) if wide else high for wide, high in outline.pictures
    )
    return height + 2 * PADDING


@lru_cache(maxsize=256)
def _outline(html: str) -> _Outline:
    outline = _Outline()
    outline.feed(html)
    outline.close()
    outline.end_paragraph()
    return outline


class _Outline(HTMLParser):
    """What takes height: paragraphs of text, rows of tables, pictures, margins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[tuple[str, bool]] = []
        self.paragraphs: list[str] = []
        self.pictures: list[tuple[float, float]] = []
        self.rows = self.margins = self.pres = 0
        self._paragraph: list[str] = []
        self._tables = self._in_pre = self._styles = self._drawings = self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._hidden or _is_hidden(given):
            self._hidden += tag not in VOID
            return
        if tag in _BLOCKS:
            self.end_paragraph()
        self.margins += tag in _SPACED
        self.rows += tag == "tr"
        self.pres += tag == "pre"
        self._count(tag, 1)
        if tag in _MEDIA and (tag != "img" or given.get("src")):
            self.pictures.append(_size(tag, given))

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
            return
        if tag in _BLOCKS:
            self.end_paragraph()
        self._count(tag, -1)

    def handle_data(self, data: str) -> None:
        if self._styles or self._drawings or self._hidden:
            return
        self.texts.append((data, self._in_pre > 0))
        if self._in_pre:
            *whole, rest = data.split("\n")
            for line in whole:
                self._paragraph.append(line or "\u00a0")
                self.end_paragraph()
            self._paragraph.append(rest)
        elif not self._tables:
            self._paragraph.append(data)

    def end_paragraph(self) -> None:
        text = "".join(self._paragraph)
        if text.strip(" \t\r\n"):
            self.paragraphs.append(text)
        self._paragraph = []

    def _count(self, tag: str, change: int) -> None:
        self._tables += change * (tag == "table")
        self._in_pre += change * (tag == "pre")
        self._styles += change * (tag == "style")
        self._drawings += change * (tag == "svg")


def _is_hidden(given: dict[str, str]) -> bool:
    return bool(_FOLDED.search(given.get("class", "")) or _HIDDEN.search(given.get("style", "")))


def _size(tag: str, given: dict[str, str]) -> tuple[float, float]:
    """Return a picture's width (0 where unknown) and height, px."""
    if tag in {"progress", "meter"}:
        return 0.0, 20.0
    if tag == "audio":
        return 0.0, 54.0
    natural = address_size(given.get("src", "")) if tag == "img" else None
    declared = given.get("width"), given.get("height")
    if natural:
        return declared_size(natural, *declared)
    width, height = (length_px(value) for value in declared)
    return width, height or _PICTURE
