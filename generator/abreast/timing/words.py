"""Durations in words, with no more digits than were measured."""

from __future__ import annotations

import math
from collections.abc import Callable

from abreast.model import Estimate

UNSTEADY = 0.10
"""A spread (interquartile range over median) above this is flagged."""

UNITS = ((1e-3, "ms", 1000), (1.0, "s", 100), (60.0, "min", 100), (3600.0, "h", math.inf))
"""Units of time: their seconds, their name, and how many of them are told in the next unit."""
_MOST_DIGITS = 3
_LEAST = 1e-3


def duration(seconds: float) -> str:
    """Return a duration (seconds) with two significant digits and its unit: 0.1184 is "120 ms".

    One measurement has an unknown spread: more digits would be invented.
    """
    return _told(seconds, lambda value, _unit: _place_of_digits(value, 2))


def estimated(estimate: Estimate) -> str:
    """Return an estimate in words: "412 ms ±3%", "first run 1.9 s", "410 ms ±18%, unsteady".

    ± is half the interquartile range, as a share of the median; it is told where there are enough
    samples for a spread. Digits are those that the spread supports, by the rule of the Particle
    Data Group (Review of Particle Physics, Introduction, section 5.3), three at most, two where it
    is unsteady.
    """
    first = "first run " if estimate.regime == "first run" else ""
    spread = estimate.spread
    if spread is None or estimate.median_seconds < _LEAST:
        return f"{first}{duration(estimate.median_seconds)}"
    seconds = estimate.median_seconds
    uncertainty = spread / 2 * seconds
    most = 2 if spread > UNSTEADY else _MOST_DIGITS
    words = _told(seconds, lambda value, unit: _supported(value, uncertainty / unit, most))
    flag = ", unsteady" if spread > UNSTEADY else ""
    return f"{first}{words} ±{max(1, round(spread / 2 * 100))}%{flag}"


def _told(seconds: float, place_of_last: Callable[[float, float], int]) -> str:
    if seconds < _LEAST:
        return "under 1 ms"
    told = ""
    for unit, name, most in UNITS:
        value = seconds / unit
        place = place_of_last(value, unit)
        rounded = round(value, -place)
        told = f"{rounded:.{max(0, -place)}f} {name}"
        if rounded < most:
            break
    return told


def _supported(value: float, uncertainty: float, digits: int) -> int:
    """Return the power of ten of the last digit that an uncertainty leaves a value."""
    most, fewest = _place_of_digits(value, digits), _place_of_digits(value, 1)
    if uncertainty <= 0:
        return most
    exponent = math.floor(math.log10(uncertainty))
    leading = round(uncertainty / 10.0 ** (exponent - 2))
    # 100 to 354 keep two digits, 355 to 949 one; 950 and more are 1000, with two.
    place = exponent - 1 if leading < 355 else exponent
    return min(max(place, most), fewest)


def _place_of_digits(value: float, digits: int) -> int:
    """Return the power of ten of a value's last digit when it is rounded to so many digits."""
    place = math.floor(math.log10(value)) - digits + 1
    # 9.96 rounds to 10, which has a digit more.
    return math.floor(math.log10(round(value, -place))) - digits + 1
