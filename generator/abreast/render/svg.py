"""SVG drawings -> SVG inside the page, which follows the theme: black is ink, white is paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from xml.etree import ElementTree as ET

from abreast.model import ImageDisplay
from abreast.render.svgcolours import themed
from abreast.slides.imagesizes import svg_size
from abreast.slides.outputs.harmless import harmless_css

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}"
_XML = "{http://www.w3.org/XML/1998/namespace}"

_DROPPED = frozenset({"script", "metadata", "handler", "listener", "iframe", "audio", "video"})
_ANIMATED = frozenset({"animate", "set", "animateTransform", "animateMotion"})
# Black and white are no colours there: a mask's white shows, a filter's values are reckoned with.
_UNTHEMED = frozenset({"mask", "filter"})
_COLOURED = frozenset(
    {"fill", "stroke", "color", "stop-color", "flood-color", "lighting-color", "style"}
)
_SAFE_LINK = re.compile(r"\s*(?:https?:|mailto:|#)", re.IGNORECASE)
_EMBEDDED = re.compile(r"\s*(?:data:image/|#)", re.IGNORECASE)
_URL = re.compile(r"url\(\s*(['\"]?)#(?P<id>[^)'\"]+)\1\s*\)")
_ROOT_RULE = re.compile(r"(?P<before>^|[},])(?P<space>\s*)(?:svg|:root)(?=\s*[,{])")
_ID = re.compile(r"#[\w.:-]*[\w-](?=[^;}]*\{)")
_MOST = 400_000
"""Characters; a larger drawing is a picture, which the page need not lay out."""


def svg_html(display: ImageDisplay, label: str, place: str = "") -> str | None:
    """Return a drawing as an <svg> of the page, labelled; None where it must stay a picture.

    `place` tells equal drawings apart: their ids must differ too.
    """
    if len(display.data) > _MOST:
        return None
    try:
        root = ET.fromstring(display.data.strip())  # noqa: S314 - expat bounds entities
    except ET.ParseError:
        return None
    names = {_local(element.tag) for element in root.iter()}
    # HTML inside a drawing would need to be made harmless as HTML is.
    if _local(root.tag) != "svg" or "foreignObject" in names:
        return None
    prefix = "d" + sha256(f"{place} {label} {display.data}".encode()).hexdigest()[:8]
    writer = _Writer(prefix, {e.get("id", "") for e in root.iter()} - {""})
    try:
        inner = "".join(writer.children(root, themed_=True))
    except RecursionError:  # nested deeper than anything that draws
        return None
    return f"<svg{_root_attributes(root, display, prefix, label, writer)}>{inner}</svg>"


def _root_attributes(
    root: ET.Element, display: ImageDisplay, prefix: str, label: str, writer: _Writer
) -> str:
    own = dict(writer.attributes(root, "svg", themed_=True))
    width, height = svg_size(display.data) or (display.width_px, display.height_px)
    own.setdefault("viewBox", f"0 0 {width:g} {height:g}")
    own.setdefault("fill", "var(--ink)")
    own |= {"id": prefix, "width": f"{display.width_px:g}", "height": f"{display.height_px:g}"}
    own |= {"role": "img", "aria-label": label}
    return _written(own.items())


class _Writer:
    """Writes elements as HTML reads them, without what is harmful, their ids prefixed."""

    def __init__(self, prefix: str, ids: set[str]) -> None:
        self._prefix = prefix
        self._ids = ids

    def children(self, parent: ET.Element, *, themed_: bool) -> Iterator[str]:
        yield escape(_text(parent.text), quote=False)
        for child in parent:
            yield from self._element(child, themed_=themed_)
            yield escape(_text(child.tail), quote=False)

    def _element(self, element: ET.Element, *, themed_: bool) -> Iterator[str]:
        name = _local(element.tag)
        if not name or name in _DROPPED or (name in _ANIMATED and _is_harmful(element)):
            return
        if name == "style":
            css = self._css("".join(element.itertext()))
            yield f"<style>{css}</style>" if css else ""
            return
        themed_ = themed_ and name not in _UNTHEMED
        own = self.attributes(element, name, themed_=themed_)
        yield f"<{name}{_written(own)}>"
        yield from self.children(element, themed_=themed_)
        yield f"</{name}>"

    def attributes(
        self, element: ET.Element, name: str, *, themed_: bool
    ) -> Iterator[tuple[str, str]]:
        for given, value in element.attrib.items():
            key = given.replace(_XLINK, "").replace(_XML, "xml:")
            kept = None if "{" in key or key.startswith("on") else self._value(name, key, value)
            if kept is not None:
                yield key, themed(kept) if themed_ and key in _COLOURED else kept

    def _value(self, name: str, key: str, value: str) -> str | None:
        if key == "id":
            return f"{self._prefix}-{value}"
        if key == "href":
            allowed = _SAFE_LINK if name == "a" else _EMBEDDED
            inside = value.startswith("#")
            return self._pointed(value) if inside else value if allowed.match(value) else None
        if key in {"aria-labelledby", "aria-describedby"}:
            return " ".join(f"{self._prefix}-{word}" for word in value.split())
        if key in {"begin", "end"}:
            return None if "." in value else value
        value = _URL.sub(lambda found: f"url(#{self._prefix}-{found['id']})", value)
        if key == "style" or "(" in value:
            return harmless_css(value)
        return " ".join(value.split()) if key == "d" else value

    def _pointed(self, value: str) -> str:
        return f"#{self._prefix}-{value[1:]}"

    def _own(self, selector: str) -> str:
        return self._pointed(selector) if selector[1:] in self._ids else selector

    def _css(self, css: str) -> str:
        """Return a stylesheet that holds inside this drawing only."""
        css = harmless_css(css.replace("<!--", "").replace("-->", "")).strip()
        if not css:
            return ""
        css = _URL.sub(lambda found: f"url(#{self._prefix}-{found['id']})", css)
        css = _ID.sub(lambda found: self._own(found[0]), css)
        css = _ROOT_RULE.sub(r"\g<before>\g<space>&", css)
        return f"#{self._prefix}{{{themed(css)}}}"


def _written(attributes: Iterable[tuple[str, str]]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes)


def _is_harmful(animation: ET.Element) -> bool:
    target = animation.get("attributeName", "").lower()
    return target.startswith("on") or target.endswith("href")


def _text(text: str | None) -> str:
    # Indentation between elements is no text.
    return text if text and text.strip() else ""


def _local(tag: object) -> str:
    """Return an SVG element's name; nothing for comments and for what other programs left there."""
    if not isinstance(tag, str):
        return ""
    if tag.startswith("{"):
        space, _, name = tag[1:].partition("}")
        return name if space == _SVG or name == "foreignObject" else ""
    return tag
