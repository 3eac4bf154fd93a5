"""Where templates and the npm assets are: the packaged copy first, else the checkout's."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Container, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from abreast.errors import AbreastError

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]
_LIBRARIES = ("jinja2", "markdown-it-py", "mini-racer", "pillow", "pygments", "wcwidth")
_OWN = (".py", ".js", ".css", ".j2", ".txt", ".json")


def templates() -> Path:
    """Return the folder of the Jinja templates, styles and scripts."""
    packaged = _PACKAGE / "templates" / "abreast"
    return packaged if packaged.is_dir() else _CHECKOUT / "templates" / "abreast"


def is_packaged(path: Path) -> bool:
    """Say whether a path lies in an installed package: nobody edits it there."""
    return path.is_relative_to(_PACKAGE)


@cache
def maker() -> str:
    """Return the SHA-256 of what draws decks: abreast's code, templates, npm packages, libraries.

    It is the same for a version of abreast wherever and however that is installed.
    """
    digest = hashlib.sha256()
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\0".encode())
    for name, content in sorted(_own_files()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _own_files() -> Iterator[tuple[str, bytes]]:
    """Yield abreast's files by names that do not tell where they are."""
    yield from _read("abreast", _PACKAGE, but={"assets", "templates"})
    yield from _read("templates", templates())
    # The pins tell what npm brought, the faces what was read from its fonts.
    yield from ((f"assets/{name}", npm_bytes("", name)) for name in ("pins.txt", "faces.json"))


def _read(name: str, folder: Path, but: Container[str] = ()) -> Iterator[tuple[str, bytes]]:
    start = len(str(folder))
    for top, folders, files in os.walk(folder):
        below = top[start:]
        folders[:] = [one for one in folders if below or one not in but]
        own = (file for file in files if file.endswith(_OWN))
        yield from ((f"{name}{below}/{file}", Path(top, file).read_bytes()) for file in own)


@cache
def npm_bytes(package: str, path: str) -> bytes:
    """Return a file of an npm package. Raises AbreastError when the build did not fetch it."""
    try:
        return (_PACKAGE / "assets" / package / path).read_bytes()
    except OSError:
        raise AbreastError(
            f"the installed package lacks {package}/{path}.",
            remedy="Install it again: pip install --force-reinstall .",
        ) from None


@cache
def npm_text(package: str, path: str) -> str:
    """Return a text file of an npm package. Raises AbreastError when the build did not fetch it."""
    return npm_bytes(package, path).decode("utf-8")


@cache
def font_faces() -> tuple[dict[str, Any], ...]:
    """Return the text fonts' faces: family, weight, subset, file, range and advance widths.

    `advances` maps code points, as decimal text, to thousandths of an em.
    """
    return tuple(json.loads(npm_text("", "faces.json")))


def for_style(css: str) -> str:
    """Return CSS that can stand inside <style>."""
    return re.sub(r"</(style)", r"<\\/\1", css, flags=re.IGNORECASE).replace("<!--", "<\\!--")


def for_comment(text: str) -> str:
    """Return text that can stand inside <!-- -->: nothing that ends it."""
    return text.replace("--", "- -")


def for_script(script: str) -> str:
    """Return JavaScript that can stand inside <script>: no end tag, no comment opening."""
    script = re.sub(r"</(script)", r"<\\/\1", script, flags=re.IGNORECASE)
    return script.replace("<!--", "<\\!--")
