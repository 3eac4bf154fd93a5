"""Which of an output's forms a slide shows: the richest that works offline and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from abreast.model import METRICS, Output, Stream
from abreast.slides.outputs.drawn import Drawn, parted
from abreast.slides.outputs.formulas import MarkdownPiece, mathematics
from abreast.slides.outputs.grids import grid_of
from abreast.slides.outputs.harmless import harmless, unstyled
from abreast.slides.outputs.htmlboxes import HtmlPiece, preformatted, shows_something
from abreast.slides.outputs.jsontext import json_text
from abreast.slides.outputs.pictures import MIMES, picture
from abreast.slides.outputs.pieces import Frame, Piece
from abreast.slides.outputs.printed import NoisePiece, PrintedPiece
from abreast.slides.outputs.sgr import stripped
from abreast.slides.outputs.tables import TablePiece
from abreast.slides.outputs.terminal import as_shown
from abreast.slides.outputs.tracebacks import folded

_WIDGET = "application/vnd.jupyter.widget-view+json"
_LOADS = "application/vnd.bokehjs_load.v0+json"
_OBJECT = re.compile(r"\s*<[\w.]+(?: [^<>]*)?>\s*")
_CONSTRUCTOR = re.compile(r"(?P<name>\w+)\(.*\)", re.DOTALL)
_PROGRESS = re.compile(r"[^|]*\d+%\|[^|]*\| *[\d?].*", re.DOTALL)
_LIVE = re.compile(r"<(?P<tag>script|iframe|object|embed)\b", re.IGNORECASE)
_LIVELY = frozenset({"text/html", "application/javascript"})
_VENDOR = re.compile(r"application/vnd\.(?P<name>[a-z]+)[\w.-]*(?:\+json)?")
# IRkernel writes vectors as lists of HTML; as text they can be compared.
_LIST = re.compile(r"class=[\"']?(?:list|dl)-(?:inline|unstyled)")


def pieces_of(outputs: Sequence[Output], frame: Frame) -> list[Piece]:
    """Return what is to be shown of a cell's outputs, in their order.

    The texts of one stream are one text where no other output is between them.
    """
    pieces: list[Piece] = []
    streams: dict[str, list[str]] = {}
    for output in outputs:
        if output.get("output_type") == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            streams.setdefault(name, []).append(_joined(output.get("text", "")))
            continue
        pieces += _streamed(streams, frame)
        streams = {}
        pieces += _one(output, frame)
    return [*pieces, *_streamed(streams, frame)]


def _streamed(streams: Mapping[str, Sequence[str]], frame: Frame) -> Iterator[Piece]:
    for name, texts in streams.items():
        text = as_shown("".join(texts))
        if text and name == "stderr":
            yield NoisePiece(text=text, frame=frame)
        elif text:
            yield from _printed(text, "stdout", frame)


def _one(output: Output, frame: Frame) -> list[Piece]:
    if output.get("output_type") == "error":
        text, whole = folded(output)
        return [PrintedPiece(text=text, stream="error", frame=frame, whole=whole)]
    data = output.get("data")
    if not isinstance(data, Mapping) or _LOADS in data or data.keys() == {METRICS}:
        return []
    metadata = output.get("metadata")
    return _richest(data, metadata if isinstance(metadata, Mapping) else {}, frame)


def _richest(data: Mapping[str, Any], metadata: Mapping[str, Any], frame: Frame) -> list[Piece]:
    for mime in MIMES:
        found = picture(mime, _joined(data[mime]), metadata, frame) if mime in data else None
        if found:
            return [found]
    formula = mathematics(_joined(data.get("text/latex", "")))
    if formula:
        return [MarkdownPiece(markdown=formula, frame=frame)]
    plain = as_shown(_joined(data.get("text/plain", "")))
    return (
        _from_html(_joined(data.get("text/html", "")), plain, frame)
        or _from_markdown(_joined(data.get("text/markdown", "")), frame)
        or _from_json(data, frame)
        or _from_plain(data, plain, frame)
    )


def _from_html(html: str, plain: str, frame: Frame) -> list[Piece]:
    useful = bool(plain) and not _OBJECT.fullmatch(plain)
    if not html.strip() or (useful and _LIST.search(html)):
        return []
    clean = harmless(html)
    grid = grid_of(html)
    if grid:
        return [TablePiece(grid=grid, html=unstyled(clean), frame=frame)]
    text = preformatted(clean)
    if text is not None:
        shown = plain if useful else as_shown(text)
        return list(_printed(shown, "stdout", frame)) if shown else []
    return [HtmlPiece(html=clean, frame=frame)] if shows_something(clean) else []


def _from_markdown(markdown: str, frame: Frame) -> list[Piece]:
    return [MarkdownPiece(markdown=markdown, frame=frame)] if markdown.strip() else []


def _from_json(data: Mapping[str, Any], frame: Frame) -> list[Piece]:
    if "application/json" not in data:
        return []
    text = json_text(data["application/json"], frame.wide)
    return [PrintedPiece(text=as_shown(text), stream="json", frame=frame)]


def _from_plain(data: Mapping[str, Any], plain: str, frame: Frame) -> list[Piece]:
    """Return the plain text, or the name of what only a script could have drawn."""
    if _WIDGET in data:
        plain = f"widget: {_widget(plain)}"
    elif not plain or _OBJECT.fullmatch(plain):
        plain = _live(data) if _LIVELY & data.keys() or _vendor(data) else plain
    return list(_printed(plain, "plain", frame)) if plain else []


def _widget(plain: str) -> str:
    if _PROGRESS.fullmatch(plain):
        return "progress bar"
    name = _CONSTRUCTOR.fullmatch(plain)
    return name["name"] if name else "not shown without a kernel"


def _live(data: Mapping[str, Any]) -> str:
    """Return a word on what needs scripts; none on what shows nothing, such as styles alone."""
    name = _vendor(data)
    found = _LIVE.search(_joined(data.get("text/html", "")))
    if not name and found and found["tag"].lower() == "iframe":
        return "web page: not shown, it needs a network"
    return f"{name or 'HTML'}: not shown, it needs scripts" if name or found else ""


def _vendor(data: Mapping[str, Any]) -> str:
    names = (_VENDOR.fullmatch(mime) for mime in data)
    return next((found["name"] for found in names if found), "")


def _printed(text: str, stream: Stream, frame: Frame) -> Iterator[Piece]:
    for part in parted(text):
        if isinstance(part, Drawn):
            whole = f"<pre>{escape(stripped(part.text), quote=False)}</pre>"
            yield TablePiece(grid=part.grid, html=whole, frame=frame)
        else:
            yield PrintedPiece(text=part, stream=stream, frame=frame)


def _joined(value: object) -> str:
    """Return a value that nbformat may write as lines."""
    if isinstance(value, (list, tuple)):
        return "".join(map(str, value))
    return value if isinstance(value, str) else str(value)
