"""Styles that terminals know (ECMA-48, "select graphic rendition"): read, applied, written.

A style is written as one sequence that says all of it (`ESC[0;1;31m`), so that what is open at any
place of a line is the last sequence before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

Colour: TypeAlias = int | tuple[int, int, int] | None
"""A place in the palette of 256, or red, green and blue from 0 to 255, or the default."""

SEQUENCE = re.compile(r"\x1b\[([0-9;:]*)m")
"""One style sequence; its group holds the parameters."""

_ON: dict[int, dict[str, bool]] = {
    1: {"bold": True},
    2: {"faint": True},
    3: {"italic": True},
    4: {"underline": True},
    7: {"inverse": True},
    9: {"strike": True},
    21: {"underline": True},
    22: {"bold": False, "faint": False},
    23: {"italic": False},
    24: {"underline": False},
    27: {"inverse": False},
    29: {"strike": False},
}
_LAYERS, _GROUNDS = frozenset({3, 4, 9, 10}), frozenset({4, 10})  # tens of the codes
_FLAGS = {"bold": 1, "faint": 2, "italic": 3, "underline": 4, "inverse": 7, "strike": 9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How characters look; the defaults are a terminal's after a reset."""

    colour: Colour = None
    background: Colour = None
    bold: bool = False
    faint: bool = False
    italic: bool = False
    underline: bool = False
    inverse: bool = False
    strike: bool = False

    def then(self, parameters: str) -> Style:
        """Return the style after a sequence with these parameters (`1;38;5;208`)."""
        style = self
        codes = _codes(parameters)
        for code in codes:
            style = _applied(style, code, codes)
        return style

    def sequence(self) -> str:
        """Return the sequence that sets this style, whatever was set before."""
        codes = ["0", *(str(code) for name, code in _FLAGS.items() if getattr(self, name))]
        codes += _colour_codes(self.colour, 30) + _colour_codes(self.background, 40)
        return f"\x1b[{';'.join(codes)}m"


PLAIN = Style()


def stripped(text: str) -> str:
    """Return text without its styles."""
    return SEQUENCE.sub("", text)


def _codes(parameters: str) -> Iterator[int]:
    # Colons part the same numbers; `38:2::r:g:b` has an empty place for a colour space.
    groups = parameters.replace(":2::", ":2:").replace(":", ";").split(";")
    return iter([min(int(group or 0), 999) for group in groups])


def _applied(style: Style, code: int, rest: Iterator[int]) -> Style:
    if code == 0:
        return PLAIN
    if code in _ON:
        return replace(style, **_ON[code])
    layer, place = divmod(code, 10)
    if layer not in _LAYERS:
        return style
    colour: Colour = None
    if place == 8:
        colour = _extended(rest)
    elif place < 8:
        colour = place + 8 * (layer >= 9)
    ground = layer in _GROUNDS
    return replace(style, background=colour) if ground else replace(style, colour=colour)


def _extended(rest: Iterator[int]) -> Colour:
    kind = next(rest, None)
    if kind == 5:
        return min(next(rest, 0), 255)
    if kind == 2:
        red, green, blue = (min(next(rest, 0), 255) for _ in range(3))
        return red, green, blue
    return None


def _colour_codes(colour: Colour, base: int) -> list[str]:
    if colour is None:
        return []
    if isinstance(colour, tuple):
        return [str(base + 8), "2", *map(str, colour)]
    if colour < 8:
        return [str(base + colour)]
    return [str(base + 52 + colour)] if colour < 16 else [str(base + 8), "5", str(colour)]
