"""Characters of prose: how wide they are, and between which of them a line may be broken.

Breaks are those of Unicode's line breaking (UAX 14) that Chromium takes; where that is in doubt
none is taken, so that no text is reckoned shorter than it is drawn.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from abreast.slides.metrics import ADVANCE, SANS, has_glyph, mono_width, prose_width

CODE = 0.92
"""The size of inline code, in em of the words around it."""
OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for a piece of a formula."""

_TABULAR = dict.fromkeys("0123456789-*", 0.65) | dict.fromkeys("()[]", 0.395)
"""The widths (em) that tabular figures have, where they are wider than others."""
# Scripts that need no spaces between words: CJK, and Thai, Lao, Burmese and Khmer.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fff\u3001-\u303e"
    "\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60"
    "\uffe0-\uffe6\U00020000-\U0003ffff]"
)
_GLUE = "\N{NO-BREAK SPACE}\N{WORD JOINER}"
_NO_START = frozenset(f"%{_GLUE}\N{IDEOGRAPHIC ITERATION MARK}\N{DEGREE SIGN}")
_DASHES = "\N{EN DASH}\N{EM DASH}"


def may_break(earlier: str, before: str, after: str) -> bool:
    """Say whether a line may be broken between two characters that no space parts.

    `earlier` is the one in front of them, or "".
    """
    if after in _NO_START or unicodedata.category(after) in {"Pe", "Pf", "Po"}:
        return False
    if before in _GLUE or unicodedata.category(before) in {"Ps", "Pi", "Sc"}:
        return False
    if OBJECT in {before, after}:
        return before == after
    if _UNSPACED.match(before) or _UNSPACED.match(after):
        return True
    if before == "-":
        return after.isalpha() and earlier.isalnum()
    ending = before in "?\N{HORIZONTAL ELLIPSIS}" and after.isalnum()
    return ending or before in _DASHES or after == "\N{EM DASH}"


@cache
def advance(char: str, *, strong: bool = False, code: bool = False, tabular: bool = False) -> float:
    """Return the width of a character of prose, em of its type."""
    if code:
        return CODE * ADVANCE * mono_width(char)
    if tabular and char in _TABULAR:
        return _TABULAR[char]
    if has_glyph(char, SANS):
        return prose_width(char, 1.0, strong=strong)
    return _foreign(char, strong=strong)


def _foreign(char: str, *, strong: bool) -> float:
    """Return the width of a character that some font of the viewer's draws: of the wider ones.

    Measured with DejaVu Sans and Noto Sans.
    """
    category = unicodedata.category(char)
    widths = {"Mn": 0.0, "Me": 0.0, "Cf": 0.0, "Mc": 0.35, "Sm": 0.88, "So": 0.88}
    if category in {"So", "Sk"} and mono_width(char) == 2:
        return 1.3  # emoji
    if category in widths:
        return widths[category]
    scripts = {"AL": (0.5, 0.59), "R": (0.58, 0.64)}
    normal = prose_width(char, 1.0, strong=strong)
    return scripts.get(unicodedata.bidirectional(char), (normal, normal))[strong]
