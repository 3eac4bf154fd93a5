"""Printed text -> HTML: lines as they were broken, styles of terminals, the cut and the whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from abreast.model import Line, TextDisplay
from abreast.render.ansi import ansi_html
from abreast.render.boxes import soft_mark
from abreast.slides.outputs.sgr import PLAIN

_PRE = (
    "margin:0;padding:0;border:0;border-radius:0;background:none;box-shadow:none;width:auto;"
    "font:1em/1.35 ui-monospace,'DejaVu Sans Mono',monospace;white-space:pre-wrap;"
    "overflow-wrap:anywhere;text-align:left;color:"
)
_SUMMARY = "cursor:pointer;color:#59626e;font:1em/1.35 system-ui,sans-serif"
_PLACE = re.compile(r"line \d+\b")
_INK = {"error": "#8c1d13", "stderr": "#59626e"}


def printed_html(display: TextDisplay, framework_title: str, *, inline: bool) -> str:
    """Return printed text; what is hidden of it opens from the cut."""
    head, tail = display.lines[: display.head], display.lines[display.head :]
    if not display.hidden:
        body = _pre(display.lines, display.stream, framework_title, inline=inline)
    else:
        button = _opener(display, framework_title, inline=inline)
        if display.stream == "stderr":
            head, tail = (), ()
        parts = (
            _pre(part, display.stream, framework_title, inline=inline) for part in (head, tail)
        )
        body = button.join(parts)
    if inline:
        return f"<div>{body}</div>"
    return f'<div class="output text {display.stream}">{body}</div>'


def opener(said: str, label: str, whole: str, *, inline: bool) -> str:
    """Return a button that says what is missing, with the whole (HTML) behind it.

    The deck's script shows the template that follows the button. `label` is the button's for
    those who cannot see where it stands; it begins with what the button says.
    """
    if inline:
        return f'<details><summary style="{_SUMMARY}">{escape(said)}</summary>{whole}</details>'
    return (
        f'<button type="button" class="open" aria-label="{escape(f"{said}. {label}")}">'
        f'{escape(said)}</button><template class="full">{whole}</template>'
    )


def _opener(display: TextDisplay, title: str, *, inline: bool) -> str:
    numbered = enumerate(display.full.split("\n"), 1)
    lines = [Line(text=text, number=number) for number, text in numbered]
    whole = _pre(lines, display.stream, title, inline=inline)
    count = f"{len(lines):,} line{'s' * (len(lines) > 1)}"
    what = {"stderr": "stderr", "error": "the traceback"}.get(display.stream, "the output")
    return opener(_said(display, count), f"Show {what} of {title}, {count}", whole, inline=inline)


def _said(display: TextDisplay, count: str) -> str:
    """Return what the cut says."""
    if display.stream == "stderr":
        return display.lines[0].text
    if display.stream == "error":
        return f"traceback · {count}"
    before, after = display.lines[display.head - 1], display.lines[display.head]
    if before.number == after.number:
        return "… more of this line"
    return f"… {display.hidden:,} more line{'s' * (display.hidden > 1)}"


def _pre(lines: Sequence[Line], stream: str, title: str, *, inline: bool) -> str:
    if not lines:
        return ""
    drawn, style = [], PLAIN
    for line in lines:
        html, style = ansi_html(line.text, style, inline=inline)
        place = stream == "error" and line.number == 1 and bool(_PLACE.match(lines[0].text))
        drawn.append(
            soft_mark(line, inline=inline) + (_placed(html, inline=inline) if place else html)
        )
    # The first line break after <pre> is not shown; in Markdown, a blank line ends the HTML.
    body = ("&#10;" if inline else "\n").join(drawn)
    body = f"\n{body}" if body.startswith(("\n", "&#10;")) else body
    if inline:
        return f'<pre style="{_PRE}{_INK.get(stream, "#1b2330")}">{body}</pre>'
    label = escape(f"Output of {title}")
    return f'<pre class="text {stream}" tabindex="0" role="group" aria-label="{label}">{body}</pre>'


def _placed(html: str, *, inline: bool) -> str:
    """Return where an error was as the author's code, which is not what was said."""
    attribute = 'style="color:#1b2330"' if inline else 'class="place"'
    return f"<span {attribute}>{html}</span>"
