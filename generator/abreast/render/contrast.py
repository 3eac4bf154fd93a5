"""Contrast of colours as WCAG 2 reckons it, and colours that can be read on the papers."""

from __future__ import annotations

Rgb = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

LIGHT_PAPER: Rgb = (0xFC, 0xFB, 0xF8)
DARK_PAPER: Rgb = (0x14, 0x18, 0x1F)
ENOUGH = 4.5
"""The contrast that text needs (WCAG 2, level AA)."""


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: Rgb, paper: Rgb) -> Rgb:
    """Return the colour, or the nearest to it on the way to black or white that can be read."""
    end = 0 if _luminance(paper) > 0.18 else 255
    for step in range(21):
        mixed = _mixed(colour, (end, end, end), step / 20)
        if contrast(mixed, paper) >= ENOUGH:
            return mixed
    return (end, end, end)


def written(colour: Rgb) -> str:
    """Return a colour as CSS writes it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _mixed(one: Rgb, other: Rgb, part: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
