"""The deck as one file: a plain function over the templates, shared with nbconvert's door."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from abreast import assets
from abreast.model import CodeRow, Presentation, Theme
from abreast.render.fonts import font_css, font_notices
from abreast.render.mathstyle import math_css
from abreast.render.styles import stylesheets
from abreast.render.views import environment, slide_view

_FONTS = re.compile(r'data-fonts="([^"]*)"')
_SCRIPTS = ("deck.js", "columns.js", "dialogs.js", "copying.js", "pacing.js", "rehearsing.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSlide:
    """A slide as inert text, with what the page says of it outside."""

    html: str
    section: str
    origin: str
    seconds: int | None
    below: bool
    opening: bool


def render_html(presentation: Presentation, *, notes: bool = True) -> str:
    """Return the deck as one HTML page that requests nothing and works from file://.

    Without `notes` the speaker's words are not in the file.
    """
    return page_html(presentation, draw_slides(presentation, notes=notes))


def draw_slides(presentation: Presentation, *, notes: bool = True) -> list[DrawnSlide]:
    """Return the deck's slides as HTML, in order."""
    first = _first_with_bands(presentation)
    return [
        _draw(number, presentation, notes=notes, legend=number == first)
        for number in range(len(presentation.slides))
    ]


def page_html(presentation: Presentation, drawn: Sequence[DrawnSlide]) -> str:
    """Return the page that shows these slides of a deck, with all that it needs inside."""
    slides = "".join(slide.html for slide in drawn)
    notices = [assets.npm_text("reveal.js", "LICENSE"), font_notices()]
    mathematics = math_css(name for names in _FONTS.findall(slides) for name in names.split())
    if mathematics:
        notices.append(assets.npm_text("katex", "LICENSE"))
    styles = [
        *stylesheets(),
        font_css(slides + _outside(presentation)),
        mathematics,
        presentation.css,
    ]
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            presentation=presentation,
            themes=get_args(Theme),
            stacks=_stacks(drawn),
            styles=[assets.for_style(style) for style in styles if style],
            scripts=_scripts(),
            notice="\n\n".join(notices).replace("--", "- -"),
            seconds=round(presentation.minutes * 60) if presentation.minutes else None,
        )
    )


def _draw(number: int, presentation: Presentation, *, notes: bool, legend: bool) -> DrawnSlide:
    slide = presentation.slides[number]
    view = slide_view(number, presentation, inline=False)
    template = environment().get_template("slide.html.j2")
    return DrawnSlide(
        html=assets.for_script(template.render(**view, notes=notes, legend=legend)),
        section=slide.section,
        origin=slide.origin,
        seconds=slide.seconds,
        below=slide.below,
        opening=slide.opening,
    )


def _outside(presentation: Presentation) -> str:
    """Return the words that stand beside the slides: in the footer and in the dialogs."""
    sections = {slide.section for slide in presentation.slides}
    return "".join(
        [presentation.title, *sections, *(h.framework.title for h in presentation.heads)]
    )


def _first_with_bands(presentation: Presentation) -> int | None:
    """Return the first slide on which columns can be compared: it explains the emphasis, once."""
    if len(presentation.heads) < 2:
        return None
    rows = (
        number
        for number, slide in enumerate(presentation.slides)
        for block in slide.blocks
        if isinstance(block, CodeRow) and block.bands
    )
    return next(rows, None)


def _stacks(slides: Sequence[DrawnSlide]) -> list[list[DrawnSlide]]:
    """Group slides into reveal's vertical stacks."""
    stacks: list[list[DrawnSlide]] = []
    for slide in slides:
        if stacks and slide.below:
            stacks[-1].append(slide)
        else:
            stacks.append([slide])
    return stacks


def _scripts() -> list[str]:
    folder = assets.templates()
    npm = [
        assets.npm_text("reveal.js", name) for name in ("dist/reveal.js", "dist/plugin/notes.js")
    ]
    own = [(folder / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    return [assets.for_script(script) for script in (*npm, *own)]
