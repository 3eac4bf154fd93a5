"""Outputs of cells -> what is compared of them: of each its richest form that can be compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from abreast.model import METRICS, Output
from abreast.publish.drift.changes import Picture
from abreast.publish.drift.noise import printed
from abreast.publish.drift.warned import parted
from abreast.slides.outputs.grids import Cells, grid_of

Kind: TypeAlias = Literal["stdout", "stderr", "error", "text", "html", "table", "svg", "picture"]

_STREAMS: tuple[Kind, ...] = ("stdout", "stderr")
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_SVG = "image/svg+xml"
_TEXTS = ("text/markdown", "text/latex", "text/plain", "application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """An output as text, or as a picture with its type, or as a table's rows."""

    kind: Kind
    text: str
    mime: str = ""
    rows: Cells = ()

    @property
    def picture(self) -> Picture:
        """The output as the page of drift shows it."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        return Picture(mime=self.mime, sha256=digest, data=self.text)


def forms(outputs: Iterable[Output]) -> tuple[Form, ...]:
    """Return a cell's outputs in their order, its streams whole.

    Metrics are left out, and warnings on stderr: they are compared for themselves.
    """
    found = list(filter(None, map(_form, outputs)))
    whole = [
        Form(kind=kind, text=_read(kind, "".join(f.text for f in found if f.kind == kind)))
        for kind in _STREAMS
    ]
    rest = [form for form in found if form.kind not in _STREAMS]
    return tuple(form for form in (*whole, *rest) if form.text)


def _read(kind: Kind, text: str) -> str:
    text = printed(text)
    return text if kind == "stdout" else "\n".join(parted(text)[1])


def _form(output: Output) -> Form | None:
    match output.get("output_type"):
        case "stream":
            kind: Kind = "stderr" if output.get("name") == "stderr" else "stdout"
            return Form(kind=kind, text=_text(output.get("text", "")))
        case "error":
            return Form(kind="error", text=f"{output.get('ename')}: {output.get('evalue')}")
        case _:
            data = output.get("data", {})
            return next(_displays(data), None) if METRICS not in data else None


def _displays(data: Mapping[str, Any]) -> Iterator[Form]:
    for mime in _PICTURES:
        if mime in data:
            yield Form(kind="picture", text="".join(_text(data[mime]).split()), mime=mime)
    if _SVG in data:
        yield Form(kind="svg", text=_text(data[_SVG]), mime=_SVG)
    if "text/html" in data:
        html = _text(data["text/html"])
        grid = grid_of(html)
        if grid:
            yield Form(kind="table", text=html, rows=(*grid.under_head, *grid.under_rows))
        yield Form(kind="html", text=html)
    for mime in _TEXTS:
        if mime in data:
            yield Form(kind="text", text=printed(_text(data[mime])))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(map(str, value))
    return value if isinstance(value, str) else repr(value)
