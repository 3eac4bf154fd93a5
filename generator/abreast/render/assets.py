"""Where templates and the npm assets are: the packaged copy first, else the checkout's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from abreast.errors import AbreastError

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]


def templates() -> Path:
    """Return the folder of the Jinja templates, styles and scripts."""
    packaged = _PACKAGE / "templates" / "abreast"
    return packaged if packaged.is_dir() else _CHECKOUT / "templates" / "abreast"


@cache
def npm_text(package: str, path: str) -> str:
    """Return a text file of an npm package. Raises AbreastError when the build did not fetch it."""
    file = _PACKAGE / "assets" / package / path
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        raise AbreastError(
            f"the installed package lacks {package}/{path}.",
            remedy="Install it again: pip install --force-reinstall .",
        ) from None


def for_style(css: str) -> str:
    """Return CSS that can stand inside <style>."""
    return css.replace("</style", "<\\/style").replace("<!--", "<\\!--")


def for_script(script: str) -> str:
    """Return JavaScript that can stand inside <script>: no end tag, no comment opening."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
