"""A cell's outputs -> HTML: of each output the richest form that works offline."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from abreast.model import Output
from abreast.render.prose import markdown_html

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_STYLE = {
    "text": "margin:0;white-space:pre-wrap;overflow-wrap:anywhere;max-height:22em;overflow:auto",
    "image": "max-width:100%;max-height:230px",
}


def output_html(output: Output, framework: str) -> str:
    """Return one output as HTML, safe to stand in a slide. `framework` names its images."""
    kind = output.get("output_type")
    if kind == "stream":
        return _text(str(output.get("text", "")), str(output.get("name", "stdout")))
    if kind == "error":
        return _text(f"{output.get('ename', 'Error')}: {output.get('evalue', '')}", "error")
    data: Mapping[str, Any] = output.get("data", {})
    for mime, show in _FORMS.items():
        if mime in data:
            return show(data[mime], framework)
    return ""


def _text(text: str, name: str) -> str:
    plain = escape(_ANSI.sub("", text).strip("\n"))
    return f'<pre class="text {name}" tabindex="0" style="{_STYLE["text"]}">{plain}</pre>'


def _bitmap(mime: str) -> Callable[[Any, str], str]:
    def show(payload: Any, framework: str) -> str:
        return _image(f"data:{mime};base64,{str(payload).replace(chr(10), '')}", framework)

    return show


def _svg(payload: Any, framework: str) -> str:
    # As an image, an SVG's styles and ids stay its own.
    return _image(f"data:image/svg+xml,{quote(str(payload))}", framework)


def _image(address: str, framework: str) -> str:
    alt = escape(f"Output of {framework}")
    return f'<img src="{address}" alt="{alt}" style="{_STYLE["image"]}">'


def _html(payload: Any, _framework: str) -> str:
    # A blank line would end the HTML block of the merged notebook's Markdown.
    html = re.sub(r"\n\s*\n", "\n", str(payload))
    return f'<div class="rich">{html}</div>'


_FORMS: dict[str, Callable[[Any, str], str]] = {
    "image/svg+xml": _svg,
    "image/png": _bitmap("image/png"),
    "image/jpeg": _bitmap("image/jpeg"),
    "text/html": _html,
    "text/markdown": lambda payload, _: f'<div class="rich">{markdown_html(str(payload))}</div>',
    "text/latex": lambda payload, _: _text(str(payload), "latex"),
    "text/plain": lambda payload, _: _text(str(payload), "plain"),
    "application/json": lambda payload, _: _text(json.dumps(payload, indent=1), "json"),
}
