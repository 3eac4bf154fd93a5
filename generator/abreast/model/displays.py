"""Outputs of cells as a slide shows them: cut, scaled and measured, with the whole at hand.

Lengths are pixels of a slide of 1280 by 720.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Stream: TypeAlias = Literal["stdout", "stderr", "error", "plain", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of monospaced text as a slide shows it.

    `number` is the author's 1-based line that it (or its beginning) stands in. A `soft` line goes
    on with the one before it, which could not be broken, after `indent` columns and a mark.
    """

    text: str
    number: int
    soft: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDisplay:
    """Monospaced text; ANSI colours stay in the lines.

    `hidden` lines of the author's were left out after the first `head` of `lines`; `full` is the
    whole text then, else empty.
    """

    lines: tuple[Line, ...]
    stream: Stream = "stdout"
    head: int = 0
    hidden: int = 0
    full: str = ""
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDisplay:
    """A table of plain cells, at a type of `font_px`.

    `hidden_rows` and `hidden_columns` were left out in the middle, where a row or a column of "…"
    stands; `full` is then the whole as HTML, else empty.
    """

    head: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    font_px: float
    row_heads: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    full: str = ""
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageDisplay:
    """A picture in a box: `data` is base64, for SVG its source."""

    mime: str
    data: str
    width_px: float
    height_px: float
    alt: str = ""
    kind: Literal["image"] = "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlDisplay:
    """HTML that is no plain table, in a box that scrolls; `cut` where it shows only a part."""

    html: str
    height_px: float
    cut: bool = False
    kind: Literal["html"] = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownDisplay:
    """Markdown and mathematics, at a type of `font_px`, in a box.

    It scrolls where it holds more than it shows: `cut`.
    """

    markdown: str
    font_px: float
    height_px: float
    cut: bool = False
    kind: Literal["markdown"] = "markdown"


Display: TypeAlias = TextDisplay | TableDisplay | ImageDisplay | HtmlDisplay | MarkdownDisplay
