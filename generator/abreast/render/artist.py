"""One slide after the other as HTML, for the page and for the merged notebook; none drawn twice."""

from __future__ import annotations

import re

from abreast import assets
from abreast.fragments import Fragments, digest
from abreast.model import Presentation, Slide
from abreast.model.records import Written, json_text
from abreast.render.views import environment, places_of, slide_view

_BLANK = re.compile(r"\n\s*\n+")


class Artist:
    """Draws the slides of a deck, counted from 0, but for those that its fragments have."""

    def __init__(self, presentation: Presentation, fragments: Fragments) -> None:
        self._presentation = presentation
        self._fragments = fragments
        self._places = places_of(presentation.slides)
        self._setting = digest(json_text(presentation.heads), presentation.steps)

    def page(self, number: int, *, notes: bool, legend: bool, cell: bool = False) -> str:
        """Return a slide as it stands in the page, as inert text.

        With `cell` its cell is drawn too, while what was read of its code and words is at hand.
        """
        slide = self._presentation.slides[number]
        said = slide.notes if notes else ""
        key = digest("page", self._key(number), said, slide.opening, legend)
        html = self._fragments.text(key, lambda: self._page(number, notes=notes, legend=legend))
        if cell:
            self.cell(number)
        return html

    def cell(self, number: int) -> Written:
        """Return a slide as the source of a Markdown cell, with inline styles only: its JSON."""
        key = digest("cell", self._key(number), self._presentation.slides[number].notes)
        return Written(self._fragments.text(key, lambda: json_text(self._cell(number))))

    def _key(self, number: int) -> tuple[object, ...]:
        slide = self._presentation.slides[number]
        names = [self._fragments.name(block) for block in slide.blocks]
        return self._setting, slide.title, slide.lede, names, self._places[number]

    def _page(self, number: int, *, notes: bool, legend: bool) -> str:
        template = environment().get_template("slide.html.j2")
        view = self._view(number, inline=False)
        return assets.for_script(template.render(**view, notes=notes, legend=legend))

    def _cell(self, number: int) -> str:
        template = environment().get_template("cell.html.j2")
        # Raw HTML in a Markdown cell ends at a blank line.
        return _BLANK.sub("\n", template.render(**self._view(number, inline=True))).strip()

    def _view(self, number: int, *, inline: bool) -> dict[str, object]:
        slide: Slide = self._presentation.slides[number]
        return slide_view(slide, self._presentation, self._places[number], inline=inline)
