"""The page's stylesheets: lengths as they were reckoned, fonts, themes, the deck's own on top."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from abreast import assets
from abreast.errors import Mistake, UsageError, shown
from abreast.render.addresses import file_address
from abreast.slides import costs, fit, header, metrics

_SHEETS = ("theme.css", "deck.css", "prose.css", "outputs.css")
_LOAD = re.compile(r"""url\(\s*(["']?)(?P<url>[^"')]+)\1\s*\)|@import\s+(["'])(?P<sheet>[^"']+)""")
_FALLBACK_SANS = '"Segoe UI","Helvetica Neue","DejaVu Sans",sans-serif'
_FALLBACK_MONO = '"DejaVu Sans Mono",Consolas,monospace'


def stylesheets() -> list[str]:
    """Return the styles of every deck, in the order in which they apply."""
    folder = assets.templates()
    sheets = [(folder / name).read_text(encoding="utf-8") for name in _SHEETS]
    return [assets.npm_text("reveal.js", "dist/reveal.css"), _lengths(), *sheets]


def own_stylesheet(path: Path) -> str:
    """Return a deck's own CSS with the files that it names as data: addresses.

    Raises UsageError, with all mistakes, for what it would load from elsewhere and for files that
    are missing: a deck makes no requests.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot be read: {error}.", where=shown(path)) from None
    mistakes: list[Mistake] = []

    def embed(found: re.Match[str]) -> str:
        address = found["url"]
        if address and address.startswith(("data:", "#")):
            return found[0]
        file = path.parent / unquote(address or "")
        if address and "//" not in address and file.is_file():
            return f"url({file_address(file)})"
        line = text[: found.start()].count("\n") + 1
        mistakes.append(_not_here(address or found["sheet"], f"{shown(path)}:{line}"))
        return found[0]

    embedded = _LOAD.sub(embed, text)
    if mistakes:
        raise UsageError.of(mistakes)
    return embedded


def files_named_by(path: Path) -> list[Path]:
    """Return the files that a deck's own CSS would have embedded, there or not."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    addresses = (found["url"] or "" for found in _LOAD.finditer(text))
    local = (address for address in addresses if address and ":" not in address)
    return [(path.parent / unquote(address)).resolve() for address in local]


def _not_here(address: str, where: str) -> Mistake:
    return Mistake(
        what=f"'{address}' is not a file beside the stylesheet.",
        where=where,
        remedy="Save it there and write url(name): a deck makes no requests.",
    )


def _lengths() -> str:
    """Return the lengths that fitting reckons with, as custom properties."""
    lengths = {
        "top": metrics.TOP,
        "foot": metrics.FOOT,
        "margin": metrics.MARGIN,
        "gap": metrics.GAP,
        "head": metrics.HEAD,
        "cost": metrics.COST,
        "tight": costs.TIGHT_PX,
        "band-x": metrics.BAND_X,
        "title": header.TITLE_PX,
        "title-below": header.TITLE_BELOW,
        "lede": header.LEDE_PX,
        "below": header.BELOW,
        "opening": header.OPENING_PX,
        "opening-top": header.OPENING_TOP,
        "problem": fit.PROBLEM_PX,
        "floor": metrics.floor_px(1),
    }
    ratios = {
        "line": metrics.LINE,
        "band-y": metrics.BAND_Y,
        "title-line": header.TITLE_LINE,
        "lede-line": header.LEDE_LINE,
        "opening-line": header.OPENING_LINE,
    }
    rules = [f"--{name}:{value:g}px" for name, value in lengths.items()]
    rules += [f"--{name}:{value:g}" for name, value in ratios.items()]
    rules += [
        f'--sans:"{metrics.SANS}",{_FALLBACK_SANS}',
        f'--mono:"{metrics.MONO}",{_FALLBACK_MONO}',
    ]
    return f":root{{{';'.join(rules)}}}"
