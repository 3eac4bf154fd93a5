"""More outputs than a slide can hold -> the first of them, and a box that scrolls with the rest."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from functools import singledispatch
from html import escape

from abreast.slides.outputs.formulas import MarkdownPiece
from abreast.slides.outputs.htmlboxes import HtmlPiece
from abreast.slides.outputs.pictures import SVG, PicturePiece
from abreast.slides.outputs.pieces import GAP, Frame, Piece
from abreast.slides.outputs.printed import NoisePiece, PrintedPiece
from abreast.slides.outputs.sgr import stripped
from abreast.slides.outputs.tables import TablePiece

MOST = 440.0
"""The height that outputs may insist on, px: about what a slide of their own has for them."""

_BOX = 120.0
_EMPTY_HEAD = re.compile(r"<th([^>]*)>\s*</th>")
_NAMELESS = "A picture"


def with_rest(pieces: Sequence[Piece], frame: Frame, room: float) -> list[Piece]:
    """Return as many pieces as fit `room` px in their smallest form, and a box with the others."""
    left = room - _BOX
    kept = 0
    while kept < len(pieces) and left >= pieces[kept].least + GAP:
        left -= pieces[kept].least + GAP
        kept += 1
    rest = pieces[kept:]
    said = f"<p><b>{len(rest)} more output{'s' * (len(rest) > 1)}</b></p>"
    html = said + "".join(_html(piece) for piece in rest)
    return [*pieces[:kept], HtmlPiece(html=html, frame=frame)]


@singledispatch
def _html(piece: Piece) -> str:
    raise TypeError(piece)


@_html.register
def _(piece: PrintedPiece | NoisePiece) -> str:
    return f"<pre>{escape(stripped(piece.text), quote=False)}</pre>"


@_html.register
def _(piece: MarkdownPiece) -> str:
    return f"<pre>{escape(piece.markdown, quote=False)}</pre>"


@_html.register
def _(piece: TablePiece | HtmlPiece) -> str:
    # pandas leaves the corner empty: a head that says nothing is none.
    return _EMPTY_HEAD.sub(r"<td\1></td>", piece.html)


@_html.register
def _(piece: PicturePiece) -> str:
    data = piece.data
    if piece.mime == SVG:
        data = base64.b64encode(data.encode()).decode()
    # Two beside each other: the box is low.
    return (
        f'<img src="data:{piece.mime};base64,{data}" alt="{escape(piece.alt or _NAMELESS)}" '
        'style="width:48%;height:auto;margin:0 1% 1% 0">'
    )
