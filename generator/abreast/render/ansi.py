"""Text with terminal styles -> HTML whose colours can be read on light and on dark paper."""

from __future__ import annotations

from html import escape

from abreast.render.boxes import boxed
from abreast.render.contrast import DARK_PAPER, LIGHT_PAPER, Rgb, readable, written
from abreast.slides.outputs.sgr import SEQUENCE, Colour, Style

PALETTE = (
    *("#1b2330", "#b3261e", "#1f6b40", "#855800", "#1b5fa8", "#7a3e9d", "#0b6a78", "#59626e"),
    *("#5f6773", "#c02b22", "#26774a", "#8c5e08", "#2a69b8", "#8d49b0", "#11737f", "#454d59"),
)
"""The 16 colours on light paper: --ansi-0 to --ansi-15, for pages without the deck's styles."""

_FLAGS = ("bold", "faint", "italic", "underline", "strike")
_INLINE = {
    "bold": "font-weight:700",
    "faint": "color:#59626e",
    "italic": "font-style:italic",
    "underline": "text-decoration:underline",
    "strike": "text-decoration:line-through",
}
_CUBE = (0, 95, 135, 175, 215, 255)


def ansi_html(text: str, style: Style, *, inline: bool) -> tuple[str, Style]:
    """Return a line of text as HTML, and the style that is open at its end.

    `style` is the one that is open at its beginning; `inline` writes the light paper's colours.
    """
    parts, at = [], 0
    for found in SEQUENCE.finditer(text):
        parts.append(_span(text[at : found.start()], style, inline=inline))
        style = style.then(found[1])
        at = found.end()
    parts.append(_span(text[at:], style, inline=inline))
    return "".join(parts), style


def _span(text: str, style: Style, *, inline: bool) -> str:
    if not text:
        return ""
    # A page without the deck's styles has not its fonts either: boxes would be of a wrong width.
    html = escape(text, quote=False) if inline else boxed(text)
    attributes = _inline(style) if inline else _classes(style)
    return f"<span{attributes}>{html}</span>" if attributes else html


def _classes(style: Style) -> str:
    names = [name for name in _FLAGS if getattr(style, name)]
    colour, background = _layers(style)
    tint = ""
    if background is not None or style.inverse:
        # Every colour can be read on the paper, so the paper can be read on every colour.
        name, tint = _named(background, "on")
        names.append(name)
    elif colour is not None:
        name, tint = _named(colour, "ansi")
        names.append(name)
    classes = f' class="{" ".join(names)}"' if names else ""
    return classes + (f' style="{tint}"' if tint else "")


def _named(colour: Colour, prefix: str) -> tuple[str, str]:
    """Return a colour's class, and the properties that it takes its colour from."""
    if colour is None:
        return f"{prefix}-ink", ""
    if isinstance(colour, int) and colour < len(PALETTE):
        return f"{prefix}-{colour}", ""
    rgb = _rgb(colour)
    light, dark = (written(readable(rgb, paper)) for paper in (LIGHT_PAPER, DARK_PAPER))
    return f"{prefix}-rgb", f"--light:{light};--dark:{dark}"


def _inline(style: Style) -> str:
    rules = [_INLINE[name] for name in _FLAGS if getattr(style, name)]
    colour, background = _layers(style)
    if background is not None or style.inverse:
        rules.append(f"background:{_hex(background)};color:{written(LIGHT_PAPER)}")
    elif colour is not None:
        rules.append(f"color:{_hex(colour)}")
    return f' style="{";".join(rules)}"' if rules else ""


def _layers(style: Style) -> tuple[Colour, Colour]:
    """Return the colours of text and ground. Inverse, the ground is the text's colour."""
    if style.inverse:
        return style.background, style.colour
    return style.colour, style.background


def _hex(colour: Colour) -> str:
    if colour is None:
        return PALETTE[0]
    if isinstance(colour, int) and colour < len(PALETTE):
        return PALETTE[colour]
    return written(readable(_rgb(colour), LIGHT_PAPER))


def _rgb(colour: int | Rgb) -> Rgb:
    """Return a colour of the palette of 256 (from 16 on) as red, green and blue."""
    if isinstance(colour, tuple):
        return colour
    if colour >= 232:
        grey = 8 + 10 * (colour - 232)
        return grey, grey, grey
    red, rest = divmod(colour - 16, 36)
    return _CUBE[red], _CUBE[rest // 6], _CUBE[rest % 6]
