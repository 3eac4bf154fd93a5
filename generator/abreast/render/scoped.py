"""Harmless HTML of an output -> HTML that shares a page: its names and its styles are its own."""

from __future__ import annotations

import re
from hashlib import sha256

# Harmless HTML is written in one way only: attributes in double quotes, no "<" in a value.
_TAG = re.compile(r'<(?P<tag>[a-z][\w:.-]*)(?P<attributes>(?: [\w:.-]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' (?P<name>[\w:.-]+)="(?P<value>[^"]*)"')
_STYLE = re.compile(r"<style>(?P<css>[^<]*)</style>")
_NAMES = frozenset({
    "id", "class", "for", "name", "headers", "list", "aria-labelledby", "aria-describedby",
    "aria-controls", "aria-owns",
})  # fmt: skip
_POINTED = re.compile(r"\A#(?P<id>\S+)\Z|\burl\(#(?P<url>[^)]+)\)")
_SELECTED = re.compile(r"(?P<kind>[.#])(?P<name>-?[A-Za-z_][\w-]*)(?=[^{}]*\{)")
_ROOT = re.compile(r"(?P<before>^|[},;])(?P<space>\s*)(?:html|body|:root|:host)(?=\s*[,{])")


def scoped(html: str, place: str) -> tuple[str, str]:
    """Return HTML with its names prefixed and its rules nested, and the id that its box must have.

    `place` tells equal outputs apart, whose labels must find the boxes beside them.
    """
    own = "h" + sha256(f"{place} {html}".encode()).hexdigest()[:8]
    html = _TAG.sub(lambda found: _prefixed(found, own), html)
    return _STYLE.sub(lambda found: f"<style>{_nested(found['css'], own)}</style>", html), own


def _prefixed(found: re.Match[str], own: str) -> str:
    def value(attribute: re.Match[str]) -> str:
        name, text = attribute["name"], attribute["value"]
        if name in _NAMES:
            text = " ".join(f"{own}-{word}" for word in text.split())
        elif "#" in text:
            text = _POINTED.sub(lambda pointer: _repointed(pointer, own), text)
        return f' {name}="{text}"'

    return f"<{found['tag']}{_ATTRIBUTE.sub(value, found['attributes'])}>"


def _repointed(pointer: re.Match[str], own: str) -> str:
    return f"#{own}-{pointer['id']}" if pointer["id"] else f"url(#{own}-{pointer['url']})"


def _nested(css: str, own: str) -> str:
    css = _ROOT.sub(r"\g<before>\g<space>&", css)
    css = _SELECTED.sub(lambda found: f"{found['kind']}{own}-{found['name']}", css)
    return f"#{own}{{{css}}}"
