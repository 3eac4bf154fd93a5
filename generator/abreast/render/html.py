"""The deck as one file: a plain function over the templates, shared with nbconvert's door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from abreast import assets
from abreast.fragments import Fragments
from abreast.model import CodeRow, Presentation, Theme
from abreast.render.artist import Artist
from abreast.render.fonts import font_css, font_notices
from abreast.render.mathstyle import math_css
from abreast.render.styles import stylesheets
from abreast.render.views import environment

_FONTS = re.compile(r'data-fonts="([^"]*)"')
_SCRIPTS = ("deck.js", "columns.js", "dialogs.js", "copying.js", "pacing.js", "rehearsing.js")
_LIVE = ("live.js",)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSlide:
    """A slide as inert text, with what the page says of it outside."""

    html: str
    section: str
    origin: str
    seconds: int | None
    below: bool
    opening: bool


def render_html(
    presentation: Presentation, *, notes: bool = True, fragments: Fragments | None = None
) -> str:
    """Return the deck as one HTML page that requests nothing and works from file://.

    Without `notes` the speaker's words are not in the file.
    """
    return page_html(presentation, draw_slides(presentation, notes=notes, fragments=fragments))


def draw_slides(
    presentation: Presentation,
    *,
    notes: bool = True,
    fragments: Fragments | None = None,
    cells: bool = False,
) -> list[DrawnSlide]:
    """Return the deck's slides as HTML, in order. What `fragments` has is not drawn again.

    With `cells` it has those of the merged notebook then too: what was read of a slide's code and
    words for the one serves the other.
    """
    first = _first_with_bands(presentation)
    artist = Artist(presentation, fragments or Fragments())
    return [
        DrawnSlide(
            html=artist.page(number, notes=notes, legend=number == first, cell=cells),
            section=slide.section,
            origin=slide.origin,
            seconds=slide.seconds,
            below=slide.below,
            opening=slide.opening,
        )
        for number, slide in enumerate(presentation.slides)
    ]


def page_html(presentation: Presentation, drawn: Sequence[DrawnSlide], *, live: str = "") -> str:
    """Return the page that shows these slides of a deck; see `page_pieces`."""
    return "".join(page_pieces(presentation, drawn, live=live))


def page_pieces(
    presentation: Presentation, drawn: Sequence[DrawnSlide], *, live: str = ""
) -> Iterator[str]:
    """Yield the page that shows these slides of a deck, with all that it needs inside, in pieces.

    `live` names the state that it shows, for the server that keeps it up to date: only with it the
    page holds the script that listens to that server.
    """
    notices = [assets.npm_text("reveal.js", "LICENSE"), font_notices()]
    if _math_fonts(drawn):
        notices.append(assets.npm_text("katex", "LICENSE"))
    return (
        environment()
        .get_template("index.html.j2")
        .generate(
            presentation=presentation,
            themes=get_args(Theme),
            stacks=stacks(drawn),
            styles=page_styles(presentation, drawn),
            scripts=_scripts(_LIVE if live else ()),
            notice=assets.for_comment("\n\n".join(notices)),
            seconds=round(presentation.minutes * 60) if presentation.minutes else None,
            live=live,
            live_style=assets.for_style(_template("live.css")) if live else "",
        )
    )


def page_styles(presentation: Presentation, drawn: Sequence[DrawnSlide]) -> list[str]:
    """Return the stylesheets that these slides of a deck need, in the order in which they apply."""
    # Every deck has the faces of ASCII; most slides need no others.
    foreign = [slide.html for slide in drawn if not slide.html.isascii()]
    shown = set(_outside(presentation)).union(*foreign)
    styles = [
        *stylesheets(),
        font_css("".join(shown)),
        math_css(_math_fonts(drawn)),
        presentation.css,
    ]
    return [assets.for_style(style) for style in styles if style]


def _math_fonts(drawn: Iterable[DrawnSlide]) -> set[str]:
    typeset = (slide.html for slide in drawn if "data-fonts" in slide.html)
    return {name for html in typeset for names in _FONTS.findall(html) for name in names.split()}


def _outside(presentation: Presentation) -> str:
    """Return the words that stand beside the slides: in the footer and in the dialogs."""
    sections = {slide.section for slide in presentation.slides}
    heads = [head.framework.title for head in presentation.heads]
    modules = [module.source for module in presentation.modules]
    return "".join([presentation.title, *sections, *heads, *modules])


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


def stacks(slides: Sequence[DrawnSlide]) -> list[list[DrawnSlide]]:
    """Group slides into reveal's vertical stacks."""
    result: list[list[DrawnSlide]] = []
    for slide in slides:
        if result and slide.below:
            result[-1].append(slide)
        else:
            result.append([slide])
    return result


def _scripts(more: Sequence[str]) -> list[str]:
    npm = [
        assets.npm_text("reveal.js", name) for name in ("dist/reveal.js", "dist/plugin/notes.js")
    ]
    own = [_template(name) for name in (*_SCRIPTS, *more)]
    return [assets.for_script(script) for script in (*npm, *own)]


def _template(name: str) -> str:
    return (assets.templates() / name).read_text(encoding="utf-8")
