"""Lines of prose before any browser: words, formulas and pictures with their widths, broken.

Lengths are em of the block's own type unless they are called px.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from abreast.slides.imagesizes import Size
from abreast.slides.mathematics import Formula, typeset
from abreast.slides.metrics import ADVANCE, mono_width
from abreast.slides.prose.characters import OBJECT, advance, may_break

ASCENT, DESCENT = 0.96875, 0.24121
"""Of the embedded proportional face."""


class Extent(NamedTuple):
    """How far a line reaches above and below its baseline, em."""

    above: float
    below: float

    @property
    def height(self) -> float:
        """Return the line's height."""
        return self.above + self.below

    def over(self, other: Extent) -> Extent:
        """Return what holds both."""
        return Extent(max(self.above, other.above), max(self.below, other.below))


_FLAT = Extent(0.0, 0.0)
MATH = Extent(0.99, 0.31)
"""Of the letters of a formula, whose line height is 1."""
_PARTS = re.compile(r"[ \t\r\n]+|[^ \t\r\n]+")
_WHITE = " \t\r\n"
_UNPARTED = re.compile("(?P<word>[^ \n\u200b]+)|[ \n\u200b]")
_ROUNDING = 0.04  # browsers round where a formula stands to whole pixels


class Piece(NamedTuple):
    """What no line is broken in, a space, or a forced break.

    `picture` is a natural size, px; `glyph` the width of the widest character.
    """

    kind: Literal["word", "space", "break"]
    width: float = 0.0
    extent: Extent = _FLAT
    picture: Size | None = None
    glyph: float = 0.0


class _Glyph(NamedTuple):
    char: str
    width: float = 0.0
    extent: Extent = _FLAT
    picture: Size | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A paragraph's pieces in order."""

    pieces: tuple[Piece, ...]

    @property
    def has_tall(self) -> bool:
        """Say whether it has formulas or pictures, which make lines of unequal height."""
        return any(piece.extent != _FLAT or piece.picture for piece in self.pieces)

    def lines(
        self, width: float, strut: Extent, shrink: Callable[[Size], Size], word: float = 0.0
    ) -> Iterator[Extent]:
        """Yield the extents of the lines; `shrink` turns a picture's natural px into em.

        A word that is longer than a line is broken, unless it is not longer than `word`.
        """
        used, gap, line = 0.0, 0.0, strut
        for piece in self.pieces:
            if piece.kind == "space":
                gap = piece.width if used else 0.0
                continue
            if piece.kind == "break":
                yield line
                used, gap, line = 0.0, 0.0, strut
                continue
            own, extent = piece.width, piece.extent
            if piece.picture:
                own, extent = _sized(piece, shrink)
            if used and used + gap + own > width:
                yield line
                used, gap, line = 0.0, 0.0, strut
            if width < own <= max(word, piece.glyph):  # a formula shrinks
                own = width
            elif own > width and piece.picture is None:
                full, own = divmod(own, max(width - piece.glyph, piece.glyph))
                yield from [line] * int(full)
            used += gap + own
            gap = 0.0
            if extent is not _FLAT:
                line = line.over(extent)
        if used or not self.pieces or self.pieces[-1].kind != "break":
            yield line

    def widest(self, shrink: Callable[[Size], Size]) -> float:
        """Return the width without any but forced breaks."""
        best = used = 0.0
        for piece in self.pieces:
            used = 0.0 if piece.kind == "break" else used + _sized(piece, shrink)[0]
            best = max(best, used)
        return best

    def narrowest(self, shrink: Callable[[Size], Size]) -> float:
        """Return the width of the longest word."""
        return max((_sized(p, shrink)[0] for p in self.pieces if p.kind == "word"), default=0.0)


def _sized(piece: Piece, shrink: Callable[[Size], Size]) -> tuple[float, Extent]:
    if piece.picture is None:
        return piece.width, piece.extent
    width, height = shrink(piece.picture)
    # vertical-align: middle, at half the height of an x (0.546 em)
    return width, Extent(height / 2 + 0.273, height / 2 - 0.273)


class Setter:
    """Takes a paragraph's words, formulas and pictures, and sets them as runs and displays."""

    def __init__(self, *, strong: bool = False, tabular: bool = False) -> None:
        self._strong = int(strong)
        self._tabular = tabular
        self._code = 0
        self._glyphs: list[_Glyph] = []
        self._flows: list[Run | Formula] = []

    def text(self, words: str) -> None:
        """Add words; white space is as in HTML."""
        strong, code = bool(self._strong), bool(self._code)
        for part in _PARTS.findall(words):
            self._glyphs += _set(part, strong=strong, code=code, tabular=self._tabular)

    def embolden(self, by: int) -> None:
        """Begin (1) or end (-1) strong words."""
        self._strong = max(0, self._strong + by)

    def encode(self, by: int) -> None:
        """Begin (1) or end (-1) monospaced words."""
        self._code = max(0, self._code + by)

    def line_break(self) -> None:
        """Begin a new line."""
        self._glyphs.append(_Glyph("\n"))

    def picture(self, size: Size) -> None:
        """Add a picture of this natural size, px."""
        self._glyphs.append(_Glyph(OBJECT, picture=size))

    def formula(self, tex: str) -> None:
        """Add an inline formula; lines may break between its parts."""
        formula = typeset(tex, display=False)
        if formula.problem:
            self._code += 1
            self.text(tex)
            self._code -= 1
            return
        above, below = Extent(formula.height, formula.depth).over(MATH)
        extent = Extent(above + _ROUNDING, below + _ROUNDING)
        for width in formula.parts:
            self._glyphs.append(_Glyph(OBJECT, width, extent))

    def display(self, tex: str) -> None:
        """Add a displayed formula, which stands on lines of its own."""
        self._end_run()
        self._flows.append(typeset(tex, display=True))

    def flows(self) -> list[Run | Formula]:
        """Return what was added: runs of lines, and the displayed formulas between them."""
        self._end_run()
        return self._flows

    def _end_run(self) -> None:
        if any(glyph.char != " " for glyph in self._glyphs):
            self._flows.append(Run(tuple(_pieces(self._glyphs))))
        self._glyphs = []


def code_run(line: str) -> Run:
    """Return a line of code, whose spaces count, in em of the code's type."""
    parts = re.findall(r"\s+|\S+", line.expandtabs(4))
    glyphs = []
    for i, part in enumerate(parts):
        if part.isspace():
            glyphs.append(_Glyph("\N{NO-BREAK SPACE}" if i == 0 else " ", len(part) * ADVANCE))
        else:
            glyphs += [_Glyph(char, mono_width(char) * ADVANCE) for char in part]
    return Run(tuple(_pieces(glyphs)))


@lru_cache(maxsize=1 << 13)
def _set(part: str, *, strong: bool, code: bool, tabular: bool) -> tuple[_Glyph, ...]:
    """Return the glyphs of a word, or of the white space between two, which is one space."""
    chars = " " if part[0] in _WHITE else part
    return tuple(
        _Glyph(char, advance(char, strong=strong, code=code, tabular=tabular)) for char in chars
    )


def _pieces(glyphs: Sequence[_Glyph]) -> Iterator[Piece]:
    """Join what is not to be parted into words."""
    chars = "".join([glyph.char for glyph in glyphs])
    for found in _UNPARTED.finditer(chars):
        part = glyphs[found.start() : found.end()]
        if found["word"]:
            yield from _words(tuple(part))
        else:
            kind: Literal["space", "break"] = "break" if found[0] == "\n" else "space"
            yield Piece(kind, part[0].width * (found[0] == " "))


@lru_cache(maxsize=1 << 13)
def _words(glyphs: tuple[_Glyph, ...]) -> tuple[Piece, ...]:
    """Return what stands between two spaces, parted where a line may be broken."""
    places = [i for i in range(1, len(glyphs)) if _may_part(glyphs, i)]
    return tuple(_word(glyphs[a:b]) for a, b in pairwise([0, *places, len(glyphs)]) if b)


def _word(glyphs: Sequence[_Glyph]) -> Piece:
    extent = _FLAT
    for glyph in glyphs:
        if glyph.extent is not _FLAT:
            extent = extent.over(glyph.extent)
    widths = [glyph.width for glyph in glyphs]
    return Piece("word", sum(widths), extent, glyphs[0].picture, max(widths))


def _may_part(glyphs: Sequence[_Glyph], i: int) -> bool:
    if glyphs[i - 1].picture or glyphs[i].picture:
        return True
    before = glyphs[i - 2].char if i > 1 else ""
    return may_break(before, glyphs[i - 1].char, glyphs[i].char)
