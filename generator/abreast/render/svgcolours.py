"""Colours of drawings -> colours of the theme: what is grey goes from ink to paper."""

from __future__ import annotations

import re

from abreast.render.contrast import Rgb

_GREYS = {
    "black": 0,
    "dimgray": 105,
    "dimgrey": 105,
    "gray": 128,
    "grey": 128,
    "darkgray": 169,
    "darkgrey": 169,
    "silver": 192,
    "lightgray": 211,
    "lightgrey": 211,
    "gainsboro": 220,
    "whitesmoke": 245,
    "white": 255,
}
_COLOUR = re.compile(
    r"(?P<hex>#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})(?![\w-]))"
    r"|\brgba?\((?P<rgb>[^()]*)\)"
    rf"|(?<![\w.#-])(?P<name>{'|'.join(_GREYS)})(?![\w-])(?!\s*[({{:])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d*\.?\d+)(%?)")
_TINT = 10
"""Channels may differ by so much in what still counts as grey."""


def themed(css: str) -> str:
    """Return a value or rules of CSS in which greys are mixed from the theme's ink and paper."""
    return _COLOUR.sub(_mixed, css)


def _mixed(found: re.Match[str]) -> str:
    colour = _read(found)
    if colour is None:
        return found[0]
    (red, green, blue), alpha = colour
    if max(red, green, blue) - min(red, green, blue) > _TINT:
        return found[0]
    ink = round(100 * (1 - (red + green + blue) / 765))
    mixed = _mix("var(--ink)", ink, "var(--paper)")
    return mixed if alpha >= 1 else _mix(mixed, round(100 * alpha), "transparent")


def _mix(colour: str, percent: int, other: str) -> str:
    if percent in {0, 100}:
        return colour if percent else other
    return f"color-mix(in srgb, {colour} {percent}%, {other})"


def _read(found: re.Match[str]) -> tuple[Rgb, float] | None:
    if found["name"]:
        grey = _GREYS[found["name"].lower()]
        return (grey, grey, grey), 1.0
    if found["hex"]:
        return _hex(found["hex"][1:])
    numbers = [
        float(number) * (2.55 if percent and n < 3 else 0.01 if percent else 1)
        for n, (number, percent) in enumerate(_NUMBER.findall(found["rgb"]))
    ]
    if len(numbers) not in {3, 4}:
        return None
    red, green, blue = (min(255, round(number)) for number in numbers[:3])
    return (red, green, blue), numbers[3] if len(numbers) == 4 else 1.0


def _hex(digits: str) -> tuple[Rgb, float]:
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, alpha = (int(digits[n : n + 2] or "ff", 16) for n in (0, 2, 4, 6))
    return (red, green, blue), alpha / 255
