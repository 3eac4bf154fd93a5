"""Blocks of prose and their heights, as templates/abreast/prose.css draws them.

Lengths are em of the prose's type unless they are called px.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from abreast.slides.imagesizes import Size
from abreast.slides.markdown import FILLED, TALLEST_PX
from abreast.slides.mathematics import Formula
from abreast.slides.metrics import floor_px
from abreast.slides.prose.inline import ASCENT, DESCENT, MATH, Extent, Run

LINE = 1.5
GAP, ITEM_GAP = 16 / 26, 10 / 26
INDENT = 1.2
QUOTE_X, QUOTE_Y, QUOTE_RULE_PX = 20 / 26, 2 / 26, 3
CODE, CODE_LINE, CODE_X, CODE_Y = 0.7, 1.45, 0.88, 0.66  # the paddings in em of the code
TABLE, TABLE_LINE, CELL_X, CELL_Y = 0.85, 1.4, 1.09, 0.27  # the paddings in em of the table
SMALL, SMALL_LINE, SMALL_ABOVE = 16 / 26, 1.45, 0.75  # the padding in em of the small
_KERNED = 0.025
"""How much narrower words may be than reckoned, which decides how formulas share lines."""
DISPLAY_Y = 0.15
HEADINGS = {1: 1.2, 2: 1.2, 3: 1.08}
HEADING_LINE, HEADING_LEAD, HEADING_GAP = 1.3, 0.75, 0.3  # in em of the heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where prose is set, px: its type, the width it has there, the width that all of it has.

    Pictures are at most `image_px` high. Words no longer than `word` are not broken.
    """

    px: float
    width: float
    whole: float
    image_px: float
    word: float = 0.0

    def narrowed(self, by: float) -> Place:
        """Return the place with an inset of so many px."""
        return replace(self, width=max(self.px, self.width - by))

    def drawn(self, size: Size) -> Size:
        """Return the size that a picture of this natural size is drawn at, px."""
        width, height = size
        scale = min(1.0, self.width / width, self.image_px / height)
        return width * scale, height * scale


class Block(Protocol):
    """What stands on lines of its own; `lead` and `gap` are its margins above and below."""

    @property
    def lead(self) -> float:
        """Return the margin above, where anything stands above."""

    @property
    def gap(self) -> float:
        """Return the margin below, where anything stands below."""

    def height(self, place: Place) -> float:
        """Return the height without margins, px."""


def stacked(blocks: Sequence[Block], place: Place) -> float:
    """Return the height of blocks one below the other, px; margins collapse."""
    between = (max(a.gap, b.lead) for a, b in pairwise(blocks))
    return sum(block.height(place) for block in blocks) + sum(between) * place.px


def strut(line: float) -> Extent:
    """Return how far a line of this height reaches around its baseline, em."""
    leading = (line - ASCENT - DESCENT) / 2
    return Extent(ASCENT + leading, DESCENT + leading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """A source or a remark: small type on lines of its own, inside a paragraph."""

    flows: tuple[Run | Formula, ...]


Flow = Run | Formula | Small


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph or a heading: lines, with displayed formulas between them."""

    flows: tuple[Flow, ...]
    scale: float = 1.0
    line: float = LINE
    lead: float = 0.0
    gap: float = GAP

    def height(self, place: Place) -> float:
        """Return the height without margins, px."""
        return sum(self._flow(flow, place) for flow in self.flows)

    def first_above(self, place: Place) -> float:
        """Return how far its first line reaches above its baseline, px."""
        if not self.flows or not isinstance(self.flows[0], Run):
            return 0.0
        first = next(iter(self.lines(self.flows[0], place)))
        return first.above * self.scale * place.px

    def _flow(self, flow: Flow, place: Place) -> float:
        px = place.px * self.scale
        if isinstance(flow, Run):
            height = self._run(flow, place)
            return max(height, self._run(flow, place, _KERNED)) if flow.has_tall else height
        if isinstance(flow, Formula):
            return display_height(flow, px, place.width)
        inner = Paragraph(flows=flow.flows, scale=SMALL, line=SMALL_LINE)
        return inner.height(place) + SMALL_ABOVE * SMALL * place.px

    def _run(self, run: Run, place: Place, wider: float = 0.0) -> float:
        inner = replace(place, width=place.width * (1 + wider))
        return self.scale * place.px * sum(line.height for line in self.lines(run, inner))

    def lines(self, run: Run, place: Place) -> Iterable[Extent]:
        """Return the lines of a run in em of its own type."""
        px = place.px * self.scale

        def shrink(size: Size) -> Size:
            width, height = place.drawn(size)
            return width / px, height / px

        return run.lines(place.width / px, strut(self.line), shrink, place.word / px)


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """A displayed formula between paragraphs."""

    formula: Formula
    lead: float = 0.0
    gap: float = GAP

    def height(self, place: Place) -> float:
        """Return the height without margins, px."""
        return display_height(self.formula, place.px, place.width)


def display_height(formula: Formula, px: float, width: float) -> float:
    """Return the height of a displayed formula, px: one too large for its place is shrunk."""
    if formula.problem:
        lines = -(-formula.width * px // max(width - px, px))
        return lines * LINE * px + 2 * DISPLAY_Y * px
    extent = Extent(formula.height, formula.depth).over(MATH)
    tallest = TALLEST_PX / max(formula.height + formula.depth, 1e-6)
    own = min(px, FILLED * width / max(formula.width, 1e-6), tallest)
    # A shrunk formula stands on a line of the type around it.
    return max(own * extent.height, 0.0) + 2 * DISPLAY_Y * px + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list; each item is a stack of blocks."""

    items: tuple[tuple[Block, ...], ...]
    lead: float = 0.0
    gap: float = GAP

    def height(self, place: Place) -> float:
        """Return the height without margins, px."""
        inner = place.narrowed(INDENT * place.px)
        heights = [stacked(item, inner) if item else LINE * place.px for item in self.items]
        return sum(heights) + ITEM_GAP * place.px * (len(heights) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quotation, set in from a rule."""

    blocks: tuple[Block, ...]
    lead: float = 0.0
    gap: float = GAP

    def height(self, place: Place) -> float:
        """Return the height without margins, px."""
        inner = place.narrowed(QUOTE_X * place.px + QUOTE_RULE_PX)
        return stacked(self.blocks, inner) + 2 * QUOTE_Y * place.px


@dataclass(frozen=True, slots=True, kw_only=True)
class Html:
    """Raw HTML: an estimate, as if all of it were set in and had a margin below inside."""

    blocks: tuple[Block, ...]
    lead: float = 0.0
    gap: float = GAP

    def height(self, place: Place) -> float:
        """Return the height without margins, px."""
        inner = place.narrowed(INDENT * place.px * (len(self.blocks) > 1))
        return stacked(self.blocks, inner) + GAP * place.px * (len(self.blocks) > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Lines of code; a long one goes on below."""

    lines: tuple[Run, ...]
    lead: float = 0.0
    gap: float = GAP

    def height(self, place: Place) -> float:
        """Return the height without margins, px."""
        px = max(min(place.px, floor_px(1)), place.px * CODE)
        width = place.width / px - 2 * CODE_X
        flat = Extent(0.0, CODE_LINE)
        count = sum(len(list(run.lines(width, flat, lambda size: size))) for run in self.lines)
        return px * (max(1, count) * CODE_LINE + 2 * CODE_Y)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A thematic break."""

    lead: float = 0.0
    gap: float = GAP

    def height(self, place: Place) -> float:  # noqa: ARG002 - as the others
        """Return the height without margins, px."""
        return 1.0
