"""What stands inside a block: inline tokens and raw HTML -> runs, formulas, pictures.

Of HTML only what takes room is read: an estimate, for browsers know more of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html.parser import HTMLParser

from markdown_it.common.html_blocks import block_names
from markdown_it.token import Token

from abreast.slides.imagesizes import UNKNOWN, Size, address_size, declared_size
from abreast.slides.prose.blocks import Flow, Paragraph, Small
from abreast.slides.prose.inline import Setter

_STRONG = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_CODE = frozenset({"code", "tt", "kbd", "samp", "pre"})
_SILENT = frozenset({"script", "style", "title"})
_CELLS = frozenset({"td", "th", "tbody", "thead", "tfoot", "col", "colgroup", "body", "html"})
_BLOCKS = frozenset({*block_names, "pre"}) - _CELLS


def picture_size(address: str) -> Size:
    """Return the natural size (px) of the picture at a data: address; 640 by 480 for others."""
    return address_size(address) or UNKNOWN


class Reader(HTMLParser):
    """Reads inline tokens, or raw HTML, into the flows of paragraphs."""

    def __init__(self, *, strong: bool = False, tabular: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self._strong, self._tabular = strong, tabular
        self._setter = Setter(strong=strong, tabular=tabular)
        self._paragraphs: list[list[Flow]] = [[]]
        self._small = False
        self._silent = False

    def read(self, found: Sequence[Token]) -> Reader:
        """Read a block's inline tokens."""
        for token in found:
            taker = _TAKERS.get(token.type)
            if taker:
                taker(self, self._setter, token)
        return self

    def flows(self) -> tuple[Flow, ...]:
        """Return what was read, as one paragraph."""
        self.close()
        self._end_flows()
        return tuple(flow for paragraph in self._paragraphs for flow in paragraph)

    def paragraphs(self) -> list[Paragraph]:
        """Return what was read, parted where HTML's blocks begin and end."""
        self.close()
        self._end_flows()
        return [Paragraph(flows=tuple(flows)) for flows in self._paragraphs if flows]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an opening tag of raw HTML."""
        if tag in _BLOCKS:
            self._end_paragraph()
        self._silent = self._silent or tag in _SILENT
        if tag == "br":
            self._setter.line_break()
        elif tag == "img":
            self._setter.picture(_declared_size(dict(attrs)))
        elif tag in {"td", "th"}:
            self._setter.text("\N{EM SPACE}")
        elif tag == "small":
            self._end_flows()
            self._small = True
        self._mark(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        """Take a closing tag of raw HTML."""
        if tag in _BLOCKS:
            self._end_paragraph()
        elif tag == "small":
            self._end_flows()
        self._silent = self._silent and tag not in _SILENT
        self._mark(tag, -1)

    def handle_data(self, data: str) -> None:
        """Take the text between tags."""
        if not self._silent:
            self._setter.text(data)

    def _mark(self, tag: str, by: int) -> None:
        if tag in _STRONG:
            self._setter.embolden(by)
        elif tag in _CODE:
            self._setter.encode(by)

    def _end_paragraph(self) -> None:
        self._end_flows()
        self._paragraphs.append([])

    def _end_flows(self) -> None:
        flows = self._setter.flows()
        if flows and self._small:
            self._paragraphs[-1].append(Small(flows=tuple(flows)))
        else:
            self._paragraphs[-1] += flows
        self._small = False
        self._setter = Setter(strong=self._strong, tabular=self._tabular)


def _declared_size(attributes: dict[str, str | None]) -> Size:
    natural = picture_size(attributes.get("src") or "")
    return declared_size(natural, attributes.get("width"), attributes.get("height"))


def _code(reader: Reader, setter: Setter, token: Token) -> None:
    del reader
    setter.encode(1)
    setter.text(token.content)
    setter.encode(-1)


_TAKERS: dict[str, Callable[[Reader, Setter, Token], None]] = {
    "text": lambda _, setter, token: setter.text(token.content),
    "softbreak": lambda _, setter, __: setter.text(" "),
    "hardbreak": lambda _, setter, __: setter.line_break(),
    "strong_open": lambda _, setter, __: setter.embolden(1),
    "strong_close": lambda _, setter, __: setter.embolden(-1),
    "code_inline": _code,
    "image": lambda _, setter, token: setter.picture(picture_size(str(token.attrs["src"]))),
    "math_inline": lambda _, setter, token: setter.formula(token.content),
    "math_inline_double": lambda _, setter, token: setter.display(token.content),
    "html_inline": lambda reader, _, token: reader.feed(token.content),
}
