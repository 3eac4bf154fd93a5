"""Markdown and mathematics among outputs -> displays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from abreast.model import MarkdownDisplay
from abreast.slides.outputs.pieces import Frame

PICTURE = 240.0
"""The height of the highest picture in it, px."""

_LEAST = 80.0
_WRAPPED = re.compile(
    r"\A\s*(?:\$\$(?P<block>.*)\$\$|\\\[(?P<bracket>.*)\\\]|\$(?P<line>[^$]*)\$)\s*\Z", re.DOTALL
)
_ENVIRONMENT = re.compile(
    r"\A\s*\\begin\{(?P<name>[a-z]+)\*?\}.*\\end\{(?P=name)\*?\}\s*\Z", re.DOTALL
)
_NO_MATHEMATICS = frozenset({"tabular", "enumerate", "itemize", "description", "table", "figure"})
_LINES = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownPiece:
    """Markdown, set at the outputs' own size."""

    markdown: str
    frame: Frame

    @property
    def least(self) -> float:
        """Return the height of its smallest form, px: it scrolls then."""
        return min(_LEAST, self.wanted)

    @property
    def wanted(self) -> float:
        """Return its height, px."""
        return _height(self.markdown, self.frame.font_px, self.frame.width)

    def fitted(self, room: float) -> MarkdownDisplay:
        """Return it in a box, at most `room` px high."""
        height = max(self.least, min(self.wanted, room))
        return MarkdownDisplay(
            markdown=self.markdown,
            font_px=self.frame.font_px,
            height_px=height,
            cut=height < self.wanted,
        )


def mathematics(latex: str) -> str | None:
    """Return LaTeX that is one formula as Markdown, `$$…$$`; None where it is something else."""
    found = _WRAPPED.match(latex)
    if found:
        body = next(part for part in found.groups() if part is not None)
    else:
        environment = _ENVIRONMENT.match(latex)
        if not environment or environment["name"] in _NO_MATHEMATICS:
            return None
        body = latex
    # A blank line would end the formula.
    body = _LINES.sub("\n", body.strip()).removeprefix("\\displaystyle").strip()
    return f"$$\n{body}\n$$" if body else None


@lru_cache(maxsize=256)
def _height(markdown: str, font_px: float, width: float) -> float:
    from abreast.slides.prose import prose_height  # noqa: PLC0415 - few outputs have any

    return prose_height(markdown, font_px, width, image_px=PICTURE)
