"""Lengths of a slide and of the type on it: what fits is arithmetic over these numbers.

All lengths are pixels of a slide of 1280 by 720; the page scales as a whole. The templates are
given the same numbers, so that the browser draws what was reckoned here.
"""

from __future__ import annotations

from functools import cache

from wcwidth import iter_graphemes, wcswidth

from abreast import assets

WIDTH, HEIGHT = 1280, 720
MARGIN = 48
TOP, FOOT = 34, 44
GAP = 20
"""Between columns."""
HEAD = 42
"""Of a column's head: name, version and mark, with its rule."""
BAND_X = 7
"""Left and right of the code in a band."""
BAND_Y = 0.45
"""Above and below the code of a band, in its type's size."""
HAIRLINE = 1.0
COST = 40
"""Of the line with a time and a device, below the code."""
LINE = 1.45
"""The height of a line of code, in its type's size."""
ADVANCE = 0.6
"""The advance of the embedded monospaced face, in its type's size."""
MONO, SANS = "JetBrains Mono", "Inter"

_LARGEST = {1: 26.0, 2: 22.0}
_FLOORS = {1: 0.028, 2: 0.024}
_STEP = 1.0
_FALLBACK = 620  # thousandths of an em, of a narrow letter that no embedded face has
_SLACK = 1.015  # of prose: kerning, and browsers that round each word


def floor_px(columns: int) -> float:
    """Return the smallest type allowed for this many columns of code."""
    return HEIGHT * _FLOORS.get(columns, 0.018)


def sizes(columns: int) -> tuple[float, ...]:
    """Return the sizes that code in this many columns may have, the largest first."""
    floor = floor_px(columns)
    count = int((_LARGEST.get(columns, 19.0) - floor) / _STEP)
    return (*(floor + _STEP * n for n in range(count, 0, -1)), floor)


def column_width(columns: int) -> float:
    """Return the width of one of so many equal columns."""
    return (WIDTH - 2 * MARGIN - GAP * (columns - 1)) / columns


def characters(columns: int, font_px: float) -> int:
    """Return how many monospaced characters a line of a column holds."""
    return int((column_width(columns) - 2 * BAND_X) / (font_px * ADVANCE) + 1e-6)


def mono_width(text: str) -> int:
    """Return how many monospaced columns a text takes: two for CJK and emoji, none for marks."""
    if text.isascii():
        return len(text)
    return sum(max(0, wcswidth(grapheme)) for grapheme in iter_graphemes(text))


def prose_width(text: str, font_px: float, *, strong: bool = False) -> float:
    """Return the width of a line of prose in the embedded proportional face."""
    advances = _advances(SANS, 600 if strong else 400)
    total = 0
    for char in text:
        known = advances.get(char)
        total += _unknown(char) if known is None else known
    return total * font_px / 1000 * _SLACK


def prose_lines(text: str, width: float, font_px: float, *, strong: bool = False) -> int:
    """Return how many lines a paragraph takes, broken at spaces, and inside CJK and long words."""
    space = prose_width(" ", font_px, strong=strong)
    lines, used = 1, 0.0
    for word in text.split():
        length = prose_width(word, font_px, strong=strong)
        if used and used + space + length <= width:
            used += space + length
        elif length <= width:
            lines += bool(used)
            used = length
        else:
            # A word wider than the line, or CJK, which needs no spaces, runs on.
            run = (used + space if used else 0.0) + length
            lines += int(run // width)
            used = run % width
    return lines


def has_glyph(char: str, family: str) -> bool:
    """Say whether an embedded face of this family draws a character."""
    return char in _advances(family, 400)


@cache
def _advances(family: str, weight: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for face in assets.font_faces():
        if (face["family"], face["weight"]) == (family, weight):
            found |= {chr(int(code)): width for code, width in face["advances"].items()}
    return found


@cache
def _unknown(char: str) -> int:
    columns = wcswidth(char)
    return 1000 if columns == 2 else _FALLBACK * max(0, columns)
