"""Tracebacks -> the line that matters: where in the author's own cell, and what was said.

Kernels write tracebacks as they like. Read are IPython's, from version 7 on, and plain Python's;
of other kernels' errors what remains is their name and their value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from abreast.model import Output
from abreast.slides.outputs.sgr import stripped
from abreast.slides.outputs.terminal import as_shown

_CAUSE = re.compile(
    r"^(?:The above exception was the direct cause of the following exception:"
    r"|During handling of the above exception, another exception occurred:)$",
    re.MULTILINE,
)
_FRAME = re.compile(
    r"^\s{0,4}(?:"
    r"Cell In\s?\[(?P<cell>\d+)\], line (?P<line>\d+)"
    r"|Input In \[(?P<input>\d+)\], (?:in\b|line (?P<input_line>\d+))"
    r"|<ipython-input-(?P<old>\d+)-\w+> in\b"
    r'|File "(?P<file>[^"]+)", line (?P<file_line>\d+)'
    r"|(?:File )?\S*[/\\~]\S*(?: in |:\d+)"
    r").*$",
    re.MULTILINE,
)
_ARROW = re.compile(r"^-+> (?P<line>\d+) ?(?P<code>.*)$", re.MULTILINE)
_OWN_FILE = re.compile(
    r"<(?!frozen |__array_function__|decorator)|.*[/\\]ipykernel_\d+[/\\]|In ?\["
)
_PLACE = re.compile(r"\s*\((?:<[^>]+>|[\w.-]+\.py|In ?\[\d+\]), line \d+\)\Z")
_SAYS_SO = re.compile(r"\A\s*error\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """A frame in a cell. `cell` is the number of its execution, or empty; `line` counts from 1."""

    cell: str
    line: int
    code: str


def folded(output: Output) -> tuple[str, str]:
    """Return an error in the lines that matter, and its whole traceback (empty if no more)."""
    whole = as_shown("\n".join(_strings(output.get("traceback", ()))))
    plain = stripped(whole)
    text = as_shown(_said(str(output.get("ename", "")), str(output.get("evalue", ""))))
    frame = _own(_frames(_CAUSE.split(plain)[-1]))
    if frame:
        text = f"line {frame.line}: {frame.code}".rstrip(": ") + f"\n{text}"
    return text, whole if plain.strip() not in {"", stripped(text)} else ""


def _strings(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return (value,)
    return [str(line).rstrip("\n") for line in value] if isinstance(value, (list, tuple)) else ()


def _said(name: str, value: str) -> str:
    value = _PLACE.sub("", stripped(as_shown(value)))
    if not value.strip():
        return name or "Error"
    # R and Julia say "Error in f(): …" themselves.
    return value if not name or _SAYS_SO.match(value) else f"{name}: {value}"


def _frames(traceback: str) -> list[_Frame]:
    headers = list(_FRAME.finditer(traceback))
    ends = [found.start() for found in headers[1:]] + [len(traceback)] * bool(headers)
    frames = (
        _frame(found, traceback[found.end() : end])
        for found, end in zip(headers, ends, strict=True)
    )
    return [frame for frame in frames if frame]


def _frame(header: re.Match[str], body: str) -> _Frame | None:
    cell = header["cell"] or header["input"] or header["old"]
    own_file = header["file"] and _OWN_FILE.match(header["file"])
    if not cell and not own_file:
        return None
    arrow = _ARROW.search(body)
    if arrow:
        return _Frame(cell=cell or "", line=int(arrow["line"]), code=arrow["code"].strip())
    line = header["line"] or header["input_line"] or header["file_line"]
    code = next((line.strip() for line in body.split("\n") if line.strip()), "")
    return _Frame(cell=cell or "", line=int(line), code=code) if line else None


def _own(frames: Sequence[_Frame]) -> _Frame | None:
    """Return the innermost frame of the cell that was run: the code beside this error."""
    return next((f for f in reversed(frames) if f.cell == frames[0].cell), None)
