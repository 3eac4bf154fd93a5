"""Where templates and the npm assets are: the packaged copy first, else the checkout's."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from abreast.errors import AbreastError

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]
_OWN = {".py", ".js", ".css", ".j2", ".txt", ".json"}


def templates() -> Path:
    """Return the folder of the Jinja templates, styles and scripts."""
    packaged = _PACKAGE / "templates" / "abreast"
    return packaged if packaged.is_dir() else _CHECKOUT / "templates" / "abreast"


def is_packaged(path: Path) -> bool:
    """Say whether a path lies in an installed package: nobody edits it there."""
    return path.is_relative_to(_PACKAGE)


@cache
def own_digest() -> str:
    """Return the SHA-256 of abreast itself: its code, its templates, what npm brought."""
    digest = hashlib.sha256()
    for folder in (_PACKAGE, templates()):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _OWN and path.is_file():
                digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


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


def for_script(script: str) -> str:
    """Return JavaScript that can stand inside <script>: no end tag, no comment opening."""
    script = re.sub(r"</(script)", r"<\\/\1", script, flags=re.IGNORECASE)
    return script.replace("<!--", "<\\!--")
