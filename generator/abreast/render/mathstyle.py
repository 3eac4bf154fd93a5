"""The stylesheet of mathematics: KaTeX's own, with only the fonts that a deck's formulas use."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from abreast import assets

_FACE = re.compile(r"@font-face\{[^}]*\}")
_FILE = re.compile(r"url\(fonts/(?P<name>[\w-]+)\.woff2\)")
_SOURCES = re.compile(r"src:[^}]*")


def math_css(fonts: Iterable[str]) -> str:
    """Return KaTeX's stylesheet with these font files (`KaTeX_Main-Regular`) inside.

    Empty without fonts: a deck without mathematics embeds nothing.
    """
    wanted = frozenset(fonts)
    if not wanted:
        return ""
    css = assets.npm_text("katex", "dist/katex.min.css")
    return _FACE.sub(lambda found: _embedded(found[0], wanted), css)


def _embedded(face: str, wanted: frozenset[str]) -> str:
    found = _FILE.search(face)
    if found is None or found["name"] not in wanted:
        return ""
    content = assets.npm_bytes("katex", f"dist/fonts/{found['name']}.woff2")
    address = f"data:font/woff2;base64,{base64.b64encode(content).decode()}"
    return _SOURCES.sub(lambda _: f'src:url({address}) format("woff2")', face)
