"""The deck as one file: a plain function over the templates, shared with nbconvert's door."""

from __future__ import annotations

from abreast import assets
from abreast.model import Presentation
from abreast.render.views import environment, slide_view


def render_html(presentation: Presentation) -> str:
    """Return the deck as one HTML page that requests nothing and works from file://."""
    views = [slide_view(slide, presentation, inline=False) for slide in presentation.slides]
    folder = assets.templates()
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            presentation=presentation,
            stacks=_stacks(views),
            styles=[
                assets.for_style(assets.npm_text("reveal.js", "dist/reveal.css")),
                assets.for_style((folder / "deck.css").read_text(encoding="utf-8")),
            ],
            scripts=[
                assets.for_script(assets.npm_text("reveal.js", "dist/reveal.js")),
                assets.for_script(assets.npm_text("reveal.js", "dist/plugin/notes.js")),
                assets.for_script((folder / "deck.js").read_text(encoding="utf-8")),
            ],
            notice=assets.npm_text("reveal.js", "LICENSE").replace("--", "- -"),
            seconds=round(presentation.minutes * 60) if presentation.minutes else None,
        )
    )


def _stacks(views: list[dict[str, object]]) -> list[list[dict[str, object]]]:
    """Group slides into reveal's vertical stacks."""
    stacks: list[list[dict[str, object]]] = []
    for view in views:
        slide = view["slide"]
        if stacks and getattr(slide, "below", False):
            stacks[-1].append(view)
        else:
            stacks.append([view])
    return stacks
