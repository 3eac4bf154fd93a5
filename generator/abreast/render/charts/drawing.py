"""SVG as text: shapes, words and marks, painted with the theme's colours or with written ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from abreast.model import Framework, Mark

BASELINE = 0.36
"""From the middle of a line of words down to its baseline, of the type's size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paints:
    """What a drawing is painted with, as CSS.

    `grid` is for what is only there to be read off, `leader` leads from a point to its name; `mix`
    is written around a framework's colour.
    """

    ink: str
    mute: str
    rule: str
    grid: str
    leader: str
    paper: str
    mix: str

    def framework(self, framework: Framework) -> str:
        """Return a framework's colour."""
        return self.mix.format(framework.colour)


THEMED = Paints(
    ink="var(--ink)",
    mute="var(--mute)",
    rule="var(--rule)",
    grid="color-mix(in srgb, var(--mute) 20%, var(--paper))",
    leader="color-mix(in srgb, var(--mute) 50%, var(--paper))",
    paper="var(--paper)",
    mix="color-mix(in srgb, {} var(--framework-share), var(--framework-mix))",
)
WRITTEN = Paints(
    ink="#1b2330",
    mute="#59626e",
    rule="#e4e1d9",
    grid="#dee0e2",
    leader="#acb0b6",
    paper="#ffffff",
    mix="{}",
)
"""For the merged notebook: viewers keep no styles of ours but those of the element itself."""

# Corners of marks in a box from -1 to 1.
_CORNERS: dict[Mark, str] = {
    "square": "-.9,-.9 .9,-.9 .9,.9 -.9,.9",
    "triangle": "0,-1.05 1.1,.9 -1.1,.9",
    "diamond": "0,-1.25 1.25,0 0,1.25 -1.25,0",
    "hexagon": "-.55,-1 .55,-1 1.1,0 .55,1 -.55,1 -1.1,0",
    "bar": "-1.2,-.5 1.2,-.5 1.2,.5 -1.2,.5",
}


def element(name: str, content: str = "", /, **attributes: float | str) -> str:
    """Return an element; in attributes' names an underscore stands for a hyphen."""
    written = "".join(
        f' {key.replace("_", "-")}="{_written(value)}"' for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 1.0) -> str:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width)


def words(x: float, y: float, text: str, paint: str, size: float, **attributes: float | str) -> str:
    """Return a line of words whose middle is at the height `y`."""
    if not text:
        return ""
    y += BASELINE * size
    return element("text", escape(text), x=x, y=y, font_size=size, fill=paint, **attributes)


def phrases(
    x: float, y: float, said: Iterable[tuple[str, str, int]], size: float, *, apart: float
) -> str:
    """Return phrases (words, paint, weight) that follow each other, `apart` px between them."""
    spans: list[str] = []
    for text, paint, weight in said:
        if text:
            dx = apart if spans else 0.0
            spans.append(element("tspan", escape(text), dx=dx, fill=paint, font_weight=weight))
    return element("text", "".join(spans), x=x, y=y + BASELINE * size, font_size=size)


def mark(x: float, y: float, shape: Mark, size: float, paint: str, edge: str) -> str:
    """Return a framework's mark around a point, with an edge that parts it from what is below."""
    style: dict[str, float | str] = {"fill": paint, "stroke": edge, "stroke_width": 1.5}
    if shape == "circle":
        return element("circle", cx=x, cy=y, r=size / 2, **style)
    pairs = (pair.split(",") for pair in _CORNERS[shape].split())
    corners = [(x + float(a) * size / 2, y + float(b) * size / 2) for a, b in pairs]
    points = " ".join(f"{_written(a)},{_written(b)}" for a, b in corners)
    return element("polygon", points=points, **style)


def path(points: list[tuple[float, float]]) -> str:
    """Return the data of a path along points."""
    return "M" + "L".join(f"{_written(x)} {_written(y)}" for x, y in points)


def svg(content: str, width: float, height: float, label: str) -> str:
    """Return a drawing that is one picture to those who do not see it."""
    return element(
        "svg",
        content,
        viewBox=f"0 0 {_written(width)} {_written(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=label,
        style="display:block;max-width:100%;height:auto;overflow:visible",
    )


def _written(value: float | str) -> str:
    if isinstance(value, str):
        return escape(value)
    return f"{value:.2f}".rstrip("0").rstrip(".")
