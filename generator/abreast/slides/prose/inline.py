"""Lines of prose before any browser: words, formulas and pictures with their widths, broken.

Lengths are em of the block's own type unless they are called px. Breaks are those of Unicode's
line breaking (UAX 14) that both Chromium and the words below know; where they doubt, none is
taken, so that no text is reckoned shorter than it is drawn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from abreast.slides.imagesizes import Size
from abreast.slides.mathematics import Formula, typeset
from abreast.slides.metrics import ADVANCE, SANS, has_glyph, mono_width, prose_width

ASCENT, DESCENT = 0.96875, 0.24121
"""Of the embedded proportional face."""
CODE = 0.92
"""The size of inline code, in em of the words around it."""
_TABULAR = dict.fromkeys("0123456789-*", 0.65) | dict.fromkeys("()[]", 0.395)
"""The widths (em) that tabular figures have, where they are wider than others."""
_OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"

# Scripts that need no spaces between words: CJK, and Thai, Lao, Burmese and Khmer.
_WIDE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u1100-\u11ff\u2e80-\u2fff\u3001-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
)
_IS_WIDE = re.compile(f"[{_WIDE}]")
_NO_START = frozenset(
    ")]}.,:;!?%’”»…·、。，．：；！？）］｝〉》」』】〕〗〙〟々ー～ゝゞヽヾ゠–ぁぃぅぇぉっゃゅょゎゕゖ"
    "ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ％℃°′″\N{NO-BREAK SPACE}\N{WORD JOINER}"
)
_NO_END = frozenset("([{‘“«（［｛〈《「『【〔〖〘〝$£¥€￥＄\N{NO-BREAK SPACE}\N{WORD JOINER}")


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

    def lines(
        self, width: float, strut: Extent, shrink: Callable[[Size], Size]
    ) -> Iterator[Extent]:
        """Yield the extents of the lines; `shrink` turns a picture's natural px into em."""
        used, gap, line = 0.0, 0.0, strut
        for piece in self.pieces:
            if piece.kind == "space":
                gap = piece.width if used else 0.0
                continue
            if piece.kind == "break":
                yield line
                used, gap, line = 0.0, 0.0, strut
                continue
            own, extent = _sized(piece, shrink)
            if used and used + gap + own > width:
                yield line
                used, gap, line = 0.0, 0.0, strut
            if own > width and own == piece.glyph:  # a formula, which shrinks
                own = width
            elif own > width and piece.picture is None:
                full, own = divmod(own, max(width - piece.glyph, piece.glyph))
                yield from [line] * int(full)
            used += gap + own
            gap = 0.0
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
        for char in re.sub(r"[ \t\r\n]+", " ", words):
            width = advance(char, strong=strong, code=code)
            if self._tabular and not code:
                width = _TABULAR.get(char, width)
            self._glyphs.append(_Glyph(char, width))

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
        self._glyphs.append(_Glyph(_OBJECT, picture=size))

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
            self._glyphs.append(_Glyph(_OBJECT, width, extent))

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


def _pieces(glyphs: Sequence[_Glyph]) -> Iterator[Piece]:
    """Join what is not to be parted into words."""
    word: list[_Glyph] = []
    for i, glyph in enumerate(glyphs):
        if glyph.char in " \n\u200b":
            yield from _word(word)
            word = []
            kind: Literal["space", "break"] = "break" if glyph.char == "\n" else "space"
            yield Piece(kind, glyph.width * (glyph.char == " "))
            continue
        if word and _may_break(glyphs, i):
            yield from _word(word)
            word = []
        word.append(glyph)
    yield from _word(word)


def _word(glyphs: Sequence[_Glyph]) -> Iterator[Piece]:
    if not glyphs:
        return
    extent = _FLAT
    for glyph in glyphs:
        extent = extent.over(glyph.extent)
    widths = [glyph.width for glyph in glyphs]
    yield Piece("word", sum(widths), extent, glyphs[0].picture, max(widths))


def _may_break(glyphs: Sequence[_Glyph], i: int) -> bool:
    """Say whether a line may end before the i-th of two that no space parts."""
    before, after = glyphs[i - 1], glyphs[i]
    if before.picture or after.picture:
        return True
    a, b = before.char, after.char
    if b in _NO_START or a in _NO_END:
        return False
    if a == _OBJECT or b == _OBJECT:
        return a == b
    if _IS_WIDE.match(a) or _IS_WIDE.match(b):
        return True
    if a == "-":
        return b.isalpha() and i > 1 and glyphs[i - 2].char.isalnum()
    return b == "—" or a in "–—" or (a in "?…" and b.isalnum())


@cache
def advance(char: str, *, strong: bool = False, code: bool = False) -> float:
    """Return the width of a character of prose, em of its type.

    A character that the embedded face lacks is drawn by some font of the viewer's: these are the
    widths of the wider ones (DejaVu, Noto).
    """
    if code:
        return CODE * ADVANCE * mono_width(char)
    if has_glyph(char, SANS):
        return prose_width(char, 1.0, strong=strong)
    direction, category = unicodedata.bidirectional(char), unicodedata.category(char)
    if category in {"Mn", "Me", "Cf"}:
        return 0.0
    if direction == "AL":
        return 0.59 if strong else 0.5
    if direction == "R":
        return 0.64 if strong else 0.58
    if category in {"So", "Sk"} and mono_width(char) == 2:
        return 1.3  # emoji
    if category in {"Sm", "So"}:
        return 0.88
    return 0.35 if category == "Mc" else prose_width(char, 1.0, strong=strong)

