"""The text fonts that a page embeds: only the faces whose characters it holds."""

from __future__ import annotations

import base64
from typing import Any

from abreast import assets

_BASE = "latin"


def font_css(page: str) -> str:
    """Return @font-face rules, as data: addresses, for the characters of a page."""
    used = {ord(char) for char in set(page)}
    basic = {int(c) for f in assets.font_faces() if _subset(f) == _BASE for c in f["advances"]}
    return "\n".join(
        _rule(face)
        for face in assets.font_faces()
        if _subset(face) == _BASE or used & (set(map(int, face["advances"])) - basic)
    )


def font_notices() -> str:
    """Return the fonts' licences, which travel with them."""
    packages = dict.fromkeys(face["package"] for face in assets.font_faces())
    return "\n\n".join(assets.npm_text(package, "LICENSE") for package in packages)


def _subset(face: dict[str, Any]) -> str:
    stem = face["package"].partition("/")[2]
    name: str = face["file"].removeprefix(f"files/{stem}-")
    return name.removesuffix(f"-{face['weight']}-normal.woff2")


def _rule(face: dict[str, Any]) -> str:
    data = base64.b64encode(assets.npm_bytes(face["package"], face["file"])).decode()
    return (
        f"@font-face{{font-family:'{face['family']}';font-style:normal;"
        f"font-weight:{face['weight']};unicode-range:{face['range']};"
        f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
    )
