"""Drift as a page of its own: offline, without a script."""

from __future__ import annotations

from base64 import b64encode

from abreast import assets
from abreast.publish.drift import words
from abreast.publish.drift.changes import Drift, Picture
from abreast.publish.drift.previous import DRIFT_HTML, DRIFT_JSON
from abreast.publish.drift.report import drift_json

_SHEETS = ("theme.css", "drift.css")
_SIGNS = "→±·⋯"


def drift_files(drift: Drift | None) -> dict[str, str]:
    """Return what a build writes of its drift, by name; nothing for a first build.

    Where nothing changed there is no page to look at.
    """
    if drift is None:
        return {}
    page = {} if drift.is_silent else {DRIFT_HTML: drift_html(drift)}
    return {DRIFT_JSON: drift_json(drift), **page}


def drift_html(drift: Drift) -> str:
    """Return drift as one HTML page that requests nothing and works from file://."""
    from abreast.render.fonts import font_css, font_notices  # noqa: PLC0415 - rules need no page
    from abreast.render.views import environment  # noqa: PLC0415 - as above

    folder = assets.templates()
    sheets = [(folder / name).read_text(encoding="utf-8") for name in _SHEETS]
    styles = [*sheets, font_css(drift_json(drift) + _SIGNS)]
    return (
        environment()
        .get_template("drift.html.j2")
        .render(
            drift=drift,
            words=words,
            source=_source,
            styles=[assets.for_style(style) for style in styles],
            notice=assets.for_comment(font_notices()),
        )
    )


def _source(picture: Picture) -> str:
    """Return a picture as the address of an image: scripts in an SVG do not run there."""
    data = picture.data
    if picture.mime == "image/svg+xml":
        data = b64encode(data.encode()).decode()
    return f"data:{picture.mime};base64,{data}"
