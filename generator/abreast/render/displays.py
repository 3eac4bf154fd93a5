"""Displays -> HTML: for the deck with classes, styled by outputs.css; for notebooks inline."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from abreast.model import (
    Display,
    HtmlDisplay,
    ImageDisplay,
    MarkdownDisplay,
    TableDisplay,
    TextDisplay,
)
from abreast.render.printed import printed_html
from abreast.render.prose import markdown_html
from abreast.render.scoped import scoped
from abreast.render.svg import svg_html
from abreast.render.tables import table_html
from abreast.slides.outputs.formulas import PICTURE
from abreast.slides.outputs.harmless import harmless, unstyled

# An author's own colours were chosen for a white page.
_COLOURED = re.compile(r"(?:color|background)\s*:|\b(?:bgcolor|color)=", re.IGNORECASE)
_SVG = "image/svg+xml"
_BLANK = re.compile(r"\n\s*(?=\n)")
_NAMED = re.compile(r' id="[^"]*"')


def display_html(display: Display, framework_title: str, *, inline: bool, place: str = "") -> str:
    """Return a display as HTML that is safe to stand in a slide.

    `framework_title` names its column for those who cannot see it. `inline` writes inline styles
    only and no blank lines, for notebooks that others' pages show; without it, what was left out
    follows its button in `<template class="full">`. `place` is the display's own place in the
    deck: what is the same in two places must have ids of its own in each.
    """
    if isinstance(display, TextDisplay):
        html = printed_html(display, framework_title, inline=inline)
    elif isinstance(display, TableDisplay):
        html = table_html(display, framework_title, inline=inline)
    elif isinstance(display, ImageDisplay):
        html = _picture(display, framework_title, inline=inline, place=place)
    elif isinstance(display, MarkdownDisplay):
        html = _markdown(display, framework_title, inline=inline)
    else:
        html = _html(display, framework_title, inline=inline, place=place)
    return _BLANK.sub("", html) if inline else html


def _picture(display: ImageDisplay, title: str, *, inline: bool, place: str) -> str:
    label = display.alt or f"Output of {title}"
    if inline:
        return (
            f'<img src="{_address(display)}" alt="{escape(label)}" '
            f'style="display:block;width:{display.width_px:g}px;max-width:100%;height:auto;margin:0">'
        )
    drawing = svg_html(display, label, f"{place} {title}") if display.mime == _SVG else None
    # "Output of PyTorch" says where it is, not what it shows: `abreast check` finds the mark.
    lack = "" if display.alt else " data-unsaid"
    return f'<div class="output image"{lack}>{drawing or _bitmap(display, label)}</div>'


def _bitmap(display: ImageDisplay, label: str) -> str:
    size = f"width:{display.width_px:g}px;height:{display.height_px:g}px"
    return f'<img src="{_address(display)}" alt="{escape(label)}" style="{size}">'


def _address(display: ImageDisplay) -> str:
    if display.mime == _SVG:
        return f"data:{_SVG},{quote(display.data)}"
    return f"data:{display.mime};base64,{display.data}"


def _markdown(display: MarkdownDisplay, title: str, *, inline: bool) -> str:
    # Names and styles of its own would reach the rest of the page.
    html = _NAMED.sub("", unstyled(harmless(markdown_html(display.markdown, tex=inline))))
    if inline:
        return f'<div style="overflow:auto">{html}</div>'
    sizes = (
        f"--prose:{display.font_px:g}px;--image:{PICTURE:g}px;max-height:{display.height_px:g}px"
    )
    kind = "output markdown prose scrolls cut" if display.cut else "output markdown prose"
    return f'<div class="{kind}" {_box(title)} style="{sizes}">{html}</div>'


def _html(display: HtmlDisplay, title: str, *, inline: bool, place: str) -> str:
    html, own = scoped(display.html, f"{place} {title}")
    if inline:
        return f'<div id="{own}" style="overflow:auto">{html}</div>'
    kind = "output html scrolls" + (" cut" if display.cut else "")
    kind += " sheet" if _COLOURED.search(display.html) else ""
    return (
        f'<div class="{kind}" id="{own}" {_box(title)} '
        f'style="height:{display.height_px:g}px">{html}</div>'
    )


def _box(title: str) -> str:
    """Return the attributes of a box that scrolls: a reader must be able to reach it."""
    return f'tabindex="0" role="group" aria-label="{escape(f"Output of {title}")}"'
