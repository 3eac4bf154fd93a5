"""HTML of outputs -> HTML that is safe in a deck: it runs nothing, loads nothing, breaks nothing.

What is written is parsed once and written again, so that it is balanced and quoted throughout.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from abreast.slides.outputs.tags import read_tags

# Left out with all that is in them: what runs, loads, or does nothing without a script.
_DROPPED = frozenset({
    "script", "iframe", "frame", "frameset", "object", "embed", "applet", "noscript",
    "noembed", "noframes", "template", "title", "form", "button", "select", "textarea", "xmp",
    "plaintext", "portal", "fencedframe",
})  # fmt: skip
# Left out, while what is in them stays.
_UNWRAPPED = frozenset({"html", "head", "body", "base", "link", "meta", "param", "basefont"})
VOID = frozenset({
    "area", "br", "col", "hr", "img", "input", "source", "track", "wbr", "base", "link",
    "meta", "embed", "param", "frame", "basefont",
})  # fmt: skip
"""Elements that have no end."""
_ADDRESSES = frozenset({
    "src", "href", "xlink:href", "poster", "background", "data", "action", "formaction",
    "cite", "longdesc", "srcset", "ping", "lowsrc", "dynsrc", "classid", "codebase", "usemap",
    "manifest", "profile", "imagesrcset",
})  # fmt: skip
_ATTRIBUTES_DROPPED = frozenset({
    "srcset", "ping", "srcdoc", "imagesrcset", "autofocus", "autoplay", "slot", "nonce", "is",
})  # fmt: skip
_TICKS = frozenset({"checkbox", "radio"})
_EMBEDDED = re.compile(r"\s*data:(?:image|audio|video|font)/", re.IGNORECASE)
_LINK = re.compile(r"\s*(?:https?:|mailto:|#)", re.IGNORECASE)
_ATTRIBUTE_NAME = re.compile(r"[a-z_][\w:.-]*", re.IGNORECASE)
_ANIMATED = frozenset({"set", "animate", "animatetransform", "animatemotion"})

_STYLE = re.compile(r'<style>[^<]*</style>|(?<=<table) border="[^"]*"')
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_IMPORT = re.compile(r"@(?:import|charset|namespace)\b[^;]*;?", re.IGNORECASE)
_CSS_URL = re.compile(
    r"(?:url|image-set|image|src)\(\s*(?!['\"]?\s*(?:data:|#))[^)]*\)", re.IGNORECASE
)
_CSS_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_CSS_HARMFUL = re.compile(r"[\\\"']|image-set|expression\s*\(|javascript:|behaviou?r\s*:|-moz-binding", re.IGNORECASE)
# The deck has themes of its own, whatever the system's.
_CSS_DARK = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)", re.IGNORECASE)
_CSS_FIXED = re.compile(r"position\s*:\s*(?:fixed|sticky)", re.IGNORECASE)


@lru_cache(maxsize=256)
def harmless(html: str) -> str:
    """Return HTML without scripts, handlers, frames, forms, and all that it would load.

    Its links stay, and open in a page of their own; <style> stays, where it loads nothing.
    """
    cleaner = _Cleaner()
    read_tags(html, cleaner)
    return cleaner.result().strip()


def unstyled(html: str) -> str:
    """Return harmless HTML without its <style> and borders: a page's own styles suffice."""
    return _STYLE.sub("", html)


def harmless_css(css: str) -> str:
    """Return a stylesheet's rules, or a style's declarations, without what they would load."""
    css = _CSS_IMPORT.sub("", _CSS_COMMENT.sub(" ", css))
    css = _CSS_DARK.sub("(max-width:0)", css)
    css = _CSS_FIXED.sub("position:static", _CSS_URL.sub("none", css))
    # A "<" would end a <style> inside an SVG; brackets that do not match would end a scope, and an
    # escape outside a string may spell anything.
    bare = _CSS_STRING.sub("", css)
    balanced = all(bare.count(a) == bare.count(b) for a, b in ("{}", "()"))
    return css if balanced and "<" not in css and not _CSS_HARMFUL.search(bare) else ""


class _Cleaner:
    """Writes what it reads, but for what is harmful."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[str] = []
        self._dropped: list[str] = []
        self._css: list[str] | None = None

    def result(self) -> str:
        self._end_style()
        while self._open:
            self._parts.append(f"</{self._open.pop()}>")
        return "".join(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._dropped or tag in _DROPPED:
            if tag not in VOID:
                self._dropped.append(tag)
            return
        if tag in _UNWRAPPED or not _ATTRIBUTE_NAME.fullmatch(tag):
            return
        given = {name: value or "" for name, value in attrs}
        if tag == "style":
            self._css = []
        elif not _is_idle(tag, given):
            self._parts.append(f"<{tag}{_attributes(tag, given)}>")
            if tag not in VOID:
                self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        # HTML knows no empty elements by this mark; SVG does.
        if tag not in VOID and "svg" in self._open:
            self.handle_endtag(tag)
        elif tag in _DROPPED and self._dropped and self._dropped[-1] == tag and tag != "script":
            self._dropped.pop()

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            if tag in self._dropped:
                while self._dropped.pop() != tag:
                    pass
        elif tag == "style":
            self._end_style()
        elif tag in self._open:
            while (closed := self._open.pop()) != tag:
                self._parts.append(f"</{closed}>")
            self._parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._dropped:
            return
        if self._css is not None:
            self._css.append(data)
        else:
            self._parts.append(escape(data, quote=False))

    def _end_style(self) -> None:
        css = harmless_css("".join(self._css or ())).strip()
        self._css = None
        if css:
            self._parts.append(f"<style>{css}</style>")


def _is_idle(tag: str, given: dict[str, str]) -> bool:
    """Say whether an element does nothing without a script, or would change a link."""
    if tag == "input":
        return given.get("type", "").lower() not in _TICKS
    target = given.get("attributename", "").lower()
    return tag in _ANIMATED and (target.startswith("on") or target.endswith("href"))


def _attributes(tag: str, given: dict[str, str]) -> str:
    values = {name: _value(tag, name, value) for name, value in given.items()}
    kept = {name: value for name, value in values.items() if value is not None}
    if tag == "a" and kept.get("href", "").lower().lstrip().startswith("http"):
        kept |= {"target": "_blank", "rel": "noopener"}
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _value(tag: str, name: str, value: str) -> str | None:
    """Return what an attribute may say, or None where it may not stand."""
    if not _ATTRIBUTE_NAME.fullmatch(name) or name.startswith("on"):
        return None
    if name in _ATTRIBUTES_DROPPED:
        return None
    if name == "style":
        return harmless_css(value) or None
    if name in _ADDRESSES:
        allowed = _LINK if tag in {"a", "area"} else _EMBEDDED
        inside = value.lstrip().startswith("#")
        return value if inside or allowed.match(value) else None
    return _CSS_URL.sub("none", value) if "(" in value else value
