"""The line with a time below a column's code: what of it the column's width leaves room for."""

from __future__ import annotations

import re

from abreast.slides.metrics import floor_px, prose_width

_DIGIT = re.compile(r"\d")
COST_PX = 14.0
TIGHT_PX = floor_px(3)
"""Where the line leaves no room: no smaller than code may be anywhere."""
PILL_X, BESIDE_X = 11.0, 10.0
"""Left and right inside a badge; before a part beside it, the space and its padding, px."""


def fit_cost(badge: str, aside: str, device: str, width: float) -> tuple[str, str]:
    """Return what stands beside a badge in a column of `width` px: the first run and the device.

    The device is told in any case, in one word where there is no room for more: times on unlike
    devices are not to be compared.
    """
    word = device.partition(",")[0]
    choices = [(aside, device), (aside, word), ("", device), ("", word)]
    return next((choice for choice in choices if _width(badge, choice) <= width), ("", word))


def is_tight(badge: str, beside: tuple[str, str], width: float) -> bool:
    """Say whether a badge and what stands beside it need smaller type in a column of `width` px."""
    return _width(badge, beside) > width


def _width(badge: str, beside: tuple[str, str]) -> float:
    # Its digits are all of one width, which is at most that of a zero.
    words = _DIGIT.sub("0", badge)
    pill = prose_width(words, COST_PX, strong=True) + 2 * PILL_X + 2 if badge else 0.0
    return pill + sum(BESIDE_X + prose_width(text, COST_PX) for text in beside if text)
