"""Monospaced text -> HTML in which every character keeps its place.

What the embedded face does not draw comes from some other font, of any width; such a grapheme
stands in a box as wide as its columns. Letters written from right to left are joined by the
browser, so a run of them is one box.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from unicodedata import bidirectional

from wcwidth import iter_graphemes

from abreast.model import Line
from abreast.slides.metrics import MONO, has_glyph, mono_width

# They would turn round the rest of the line; the boxes need none.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


@lru_cache(maxsize=4096)
def boxed(text: str) -> str:
    """Return monospaced text, escaped, with boxes around what the embedded face does not draw."""
    if text.isascii():
        return escape(text, quote=False)
    return "".join(_drawn(part) for part in _parts(_TURNING.sub("", text)))


def soft_mark(line: Line, *, inline: bool) -> str:
    """Return the mark of a line that goes on with the one before, at its indent; else nothing.

    `inline` writes its colour where no stylesheet is.
    """
    if not line.soft:
        return ""
    attribute = 'style="color:#59626e"' if inline else 'class="soft"'
    return f'{" " * line.indent}<span {attribute} aria-hidden="true">↪ </span>'


def _parts(text: str) -> Iterator[str]:
    """Yield graphemes, and runs of letters from right to left with the spaces inside them."""
    run, spaces = "", ""
    for grapheme in iter_graphemes(text):
        direction = bidirectional(grapheme[0])
        if direction in _RIGHT_TO_LEFT:
            run, spaces = run + spaces + grapheme, ""
        elif run and (grapheme == " " or direction == "AN"):
            spaces += grapheme
        else:
            yield from filter(None, (run, *spaces, grapheme))
            run, spaces = "", ""
    yield from filter(None, (run, *spaces))


def _drawn(part: str) -> str:
    if bidirectional(part[0]) in _RIGHT_TO_LEFT:
        width = mono_width(part)
        return f'<span class="rtl" style="width:{width}ch" dir="rtl">{escape(part)}</span>'
    width = mono_width(part)
    known = all(char < " " or has_glyph(char, MONO) for char in part)
    plain = escape(part, quote=False)
    return plain if known or not width else f'<span class="w{width}">{plain}</span>'
