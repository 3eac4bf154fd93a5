"""Tables that were drawn with characters, as rich, Keras, polars and databases print them -> grids.

A table of 80 characters, broken into the 47 of a column, is unreadable; as a table it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from abreast.slides.metrics import mono_width
from abreast.slides.outputs.grids import Cells, Grid
from abreast.slides.outputs.sgr import stripped

_TOP = re.compile(r"\s*[┌┏╭╔+][─━═╌╍┄┅-]+(?:[┬┳╦┯┰+][─━═╌╍┄┅-]+)+[┐┓╮╗+]\s*")
_RULE = re.compile(
    r"\s*[├┡┢┝┞┟┠┣╞╟╠└┗╰╚+│┃║|][─━═╌╍┄┅=+┼╇╈┿╂╋╪╫╬┴┻╩┷┸┬┳╦-]+[┤┩┪┥┨┫╡╢╣┘┛╯╝+│┃║|]\s*"
)
_BOTTOM = re.compile(r"\s*[└┗╰╚+].*[┘┛╯╝+]\s*")
_JOINTS = frozenset("┌┏╭╔┬┳╦┯┰┐┓╮╗+")
_BARS = frozenset("│┃║┆┇┊┋╎╏|")
_DASHES = frozenset("-—─")
_MARGIN = re.compile(r"\A(?P<styles>(?:\x1b\[[\d;]*m)*) +| +(?=(?:\x1b\[[\d;]*m)*\Z)")
_FEWEST = 3  # lines: top, one row, bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A table in a text: its grid and its own lines."""

    grid: Grid
    text: str


@lru_cache(maxsize=128)
def parted(text: str) -> tuple[str | Drawn, ...]:
    """Return a text's parts, in order: drawn tables, and what is between them."""
    lines = text.split("\n")
    parts: list[str | Drawn] = []
    at = begin = 0
    while at < len(lines):
        end = _end(lines, at)
        drawn = _drawn(lines[at:end]) if end - at >= _FEWEST else None
        if drawn is None:
            at += 1
            continue
        parts += _text(lines[begin:at])
        parts.append(drawn)
        at = begin = end
    parts += _text(lines[begin:])
    return tuple(map(_uncentred, parts)) if len(parts) > 1 else tuple(parts)


def _text(lines: Sequence[str]) -> Iterator[str]:
    text = "\n".join(lines).strip("\n")
    if stripped(text).strip():
        yield text


def _uncentred(part: str | Drawn) -> str | Drawn:
    """Return a title of one line without the spaces that put it above the middle of its table."""
    if isinstance(part, Drawn) or "\n" in part:
        return part
    return _MARGIN.sub(r"\g<styles>", part)


def _end(lines: Sequence[str], at: int) -> int:
    """Return the number of the line after the table that begins here; the same where none does."""
    if not _TOP.fullmatch(stripped(lines[at])):
        return at
    end = at + 1
    while end < len(lines):
        plain = stripped(lines[end]).strip()
        if plain[:1] not in _BARS and not _RULE.fullmatch(plain):
            break
        end += 1
        below = stripped(lines[end]).strip()[:1] if end < len(lines) else ""
        if _BOTTOM.fullmatch(plain) and (plain[0] != "+" or below not in _BARS):
            break
    return end if _BOTTOM.fullmatch(stripped(lines[end - 1])) else at


def _drawn(lines: Sequence[str]) -> Drawn | None:
    plain = [stripped(line).rstrip() for line in lines]
    joints = [at for char, at in _placed(plain[0]) if char in _JOINTS]
    sections: list[list[tuple[str, ...]]] = [[]]
    for line in plain[1:-1]:
        if _RULE.fullmatch(line):
            sections.append([])
            continue
        cells = _cells(line, joints)
        if cells is None:
            return None
        sections[-1].append(cells)
    sections = [section for section in sections if section]
    if not sections:
        return None
    head, body = (sections[0], sections[1:]) if len(sections) > 1 else ([], sections)
    rows = body[0] if len(body) == 1 else [_joined(section) for section in body]
    return Drawn(grid=_grid(_head(head), tuple(rows)), text="\n".join(lines))


def _grid(head: Cells, rows: Cells) -> Grid:
    return Grid(head=head, rows=rows, under_head=head, under_rows=rows)


def _placed(line: str) -> Iterator[tuple[str, int]]:
    """Yield each character with the column that it stands in."""
    at = 0
    for char in line:
        yield char, at
        at += mono_width(char)


def _cells(line: str, joints: Sequence[int]) -> tuple[str, ...] | None:
    """Return the texts between the bars under the joints; None where a bar is missing."""
    places = {at: n for n, (_, at) in enumerate(_placed(line))}
    bars = [places.get(at) for at in joints]
    found = [n for n in bars if n is not None and line[n] in _BARS]
    if len(found) != len(joints):
        return None
    return tuple(line[left + 1 : right].strip() for left, right in pairwise(found))


def _joined(section: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return one row of the lines that its texts were broken into."""
    return tuple(" ".join(filter(None, texts)) for texts in zip(*section, strict=True))


def _head(section: Sequence[tuple[str, ...]]) -> Cells:
    if not section:
        return ()
    if any(set("".join(row)) <= _DASHES for row in section):  # polars: a name, dashes, a type
        return tuple(row for row in section if not set("".join(row)) <= _DASHES)
    return (_joined(section),)
