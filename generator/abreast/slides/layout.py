"""Code at one size of type: each column's bands set to its width, and how high they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from abreast.model import Band, Line
from abreast.slides.code import set_code
from abreast.slides.drafts import Draft
from abreast.slides.metrics import BAND_Y, HAIRLINE, LINE, characters

Set = Mapping[str, tuple[Line, ...]]
"""The lines of one band, by framework."""

_CHANGED, _CONTINUED, _SOFT = 0.08, 0.3, 1.0
_PACKED = 0.97


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A row's code at `font_px`, band by band; `broken` weighs the lines not as written."""

    font_px: float
    bands: tuple[Set, ...]
    broken: float = 0.0
    packed: bool = False

    @property
    def height(self) -> float:
        """Return the height of all bands, px."""
        return sum(band_height(band, self.font_px) for band in self.bands)

    @property
    def merit(self) -> float:
        """Return how well it reads: the size of its type, less for lines that had to be broken.

        The author's own lines at a smaller size read better than larger ones in pieces.
        """
        return self.font_px / (1 + self.broken) * (_PACKED if self.packed else 1)


def best_merit(font_px: float, widths: Sequence[Sequence[int]], wide: int) -> float:
    """Return what a layout can merit at best, before it is set: lines wider than `wide` break.

    `widths` are those of each column's lines, in characters.
    """
    broken = max((sum(width > wide for width in column) for column in widths), default=0)
    return font_px / (1 + _CHANGED * broken)


def lay_out(draft: Draft, font_px: float, *, pack: bool = False) -> Layout:
    """Set a row's code at a size of type; bands in which no line is left are dropped."""
    wide = characters(len(draft.columns), font_px)
    by_column = {
        column.framework: set_code(
            column.source,
            column.language,
            [band.lines.get(column.framework, ()) for band in draft.bands],
            wide,
            pack=pack,
        )
        for column in draft.columns
        if column.source
    }
    bands = tuple(
        {name: lines[i] for name, lines in by_column.items() if lines[i]}
        for i in range(len(draft.bands))
    )
    broken = max(
        (_broken(c.source, by_column.get(c.framework, ())) for c in draft.columns), default=0
    )
    return Layout(font_px=font_px, bands=tuple(filter(None, bands)), broken=broken, packed=pack)


def _broken(source: str, pieces: Sequence[tuple[Line, ...]]) -> float:
    written = {line.strip() for line in source.splitlines()}
    lines = [line for piece in pieces for line in piece]
    changed = [line.text for line in lines if line.text.strip() not in written]
    # A backslash where no bracket is open, then words cut anywhere: what nobody would write.
    continued = sum(text.endswith("\\") for text in changed)
    soft = sum(line.soft for line in lines)
    return _CHANGED * len(changed) + _CONTINUED * continued + _SOFT * soft


def band_height(band: Set, font_px: float) -> float:
    """Return the height of a band, px: its highest column, with padding and hairline."""
    return (max(map(len, band.values())) * LINE + BAND_Y) * font_px + HAIRLINE


def pages(layout: Layout, room: float, first: float) -> list[tuple[Set, ...]]:
    """Part a layout's bands into as few slides as there must be, about equally full.

    `room` is the height (px) of a slide, `first` of the first one. All columns are cut together; a
    band that is higher than a slide is cut between lines.
    """
    # Cut by the first slide's room, so that any piece may stand on any slide.
    pieces = [piece for band in layout.bands for piece in _pieces(band, layout.font_px, first)]
    heights = [band_height(piece, layout.font_px) for piece in pieces]
    fewest = _filled(heights, room, first)
    if len(fewest) < 2:
        return [tuple(pieces)] if pieces else []
    low, high = 0.0, first / 2
    for _ in range(6):
        spared = (low + high) / 2
        equal = _filled(heights, room - spared, first - spared)
        if len(equal) > len(fewest):
            high = spared
        else:
            low, fewest = spared, equal
    return [tuple(pieces[n] for n in page) for page in fewest]


def _filled(heights: Sequence[float], room: float, first: float) -> list[list[int]]:
    """Fill one slide after the other with what has these heights; what is higher stands alone."""
    result: list[list[int]] = [[]]
    left = first
    for n, height in enumerate(heights):
        if height > left and (result[-1] or left < room):
            result.append([])
            left = room
        result[-1].append(n)
        left -= height
    return [page for page in result if page]


def _pieces(band: Set, font_px: float, room: float) -> list[Set]:
    most = max(1, math.floor(((room - HAIRLINE) / font_px - BAND_Y) / LINE))
    longest = max(map(len, band.values()))
    return [
        {name: lines[at : at + most] for name, lines in band.items() if lines[at : at + most]}
        for at in range(0, longest, most)
    ]


def numbered(bands: tuple[Set, ...]) -> tuple[dict[str, tuple[Line, ...]], tuple[Band, ...]]:
    """Return each column's lines, and the bands as numbers of these lines from 1."""
    lines: dict[str, list[Line]] = {}
    result = []
    for band in bands:
        numbers = {}
        for name, own in band.items():
            start = len(lines.setdefault(name, []))
            lines[name] += own
            numbers[name] = tuple(range(start + 1, start + len(own) + 1))
        result.append(Band(lines=numbers))
    return {name: tuple(own) for name, own in lines.items()}, tuple(result)
