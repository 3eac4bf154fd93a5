"""Markdown -> HTML; images are embedded, because a deck makes no requests."""

from __future__ import annotations

import base64
import mimetypes
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from abreast.errors import UsageError, shown


def markdown_html(text: str) -> str:
    """Return the HTML of a Markdown text; raw HTML in it passes through, as in Jupyter."""
    html: str = _parser().render(text)
    return html


def inline_html(text: str) -> str:
    """Return the HTML of one line of Markdown, without a paragraph around it."""
    html: str = _parser().renderInline(text)
    return html


def embed_images(text: str, folder: Path, notebook: Path) -> str:
    """Return Markdown whose relative images are data: addresses.

    Raises UsageError for an image that is missing or elsewhere: a deck must work offline.
    """
    for token in _image_sources(text):
        if token.startswith("data:"):
            continue
        text = text.replace(f"]({token}", f"]({_data_address(token, folder, notebook)}")
    return text


def _image_sources(text: str) -> list[str]:
    parser = MarkdownIt("commonmark")
    return [
        str(child.attrs["src"])
        for token in parser.parse(text)
        for child in token.children or ()
        if child.type == "image"
    ]


def _data_address(source: str, folder: Path, notebook: Path) -> str:
    if urlsplit(source).scheme:
        raise UsageError(
            f"the image {source} is not in the deck.",
            where=shown(notebook),
            remedy="Save it beside the notebook: a deck makes no requests.",
        )
    path = folder / unquote(source)
    mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    try:
        payload = base64.b64encode(path.read_bytes()).decode()
    except OSError:
        raise UsageError(
            f"the image '{source}' does not exist.",
            where=shown(notebook),
            remedy="Paths are relative to the notebook.",
        ) from None
    return f"data:{mime};base64,{payload}"


def _any_link(url: str) -> bool:
    del url
    return True


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    # markdown-it refuses data: addresses other than bitmaps; SVG is what drawings are.
    parser.validateLink = _any_link  # type: ignore[method-assign]
    return parser.use(dollarmath_plugin, renderer=_math, double_inline=True)


def _math(content: str, options: dict[str, Any]) -> str:
    tag = "div" if options.get("display_mode") else "span"
    return f'<{tag} class="math">{escape(content.strip())}</{tag}>'
