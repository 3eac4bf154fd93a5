"""The one Markdown parser: CommonMark, tables, strikes, raw HTML and mathematics, as in Jupyter.

Its tokens are measured by `slides.prose` and drawn by `render.prose`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import validateLink
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from abreast.slides.dollars import dollars_plugin
from abreast.slides.mathematics import Formula, typeset

TIGHT = "tight"
"""In the meta of a paragraph's token: it is of a tight list, where others draw no paragraph."""
SHRINKS_FROM = 18.0
"""Width (em) from which a formula says what place it needs."""
TALLEST_PX = 440.0
"""Of a display formula, px."""
FILLED = 0.98
"""How much of its place a formula that shrinks fills: browsers round the widths of small type."""

_DIRECTED = frozenset(
    {"paragraph_open", "heading_open", "blockquote_open", "th_open", "td_open"}
    | {"bullet_list_open", "ordered_list_open", "list_item_open"}
)
_TEX = re.compile(r"[$\\]")
_PICTURE = re.compile(r"!\[|<img\b", re.IGNORECASE)
_IMG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"[^"]*[^"\s]|'[^']*[^'\s]|[^"'\s>])""", re.IGNORECASE)
_SHOWN = 60


def parser() -> MarkdownIt:
    """Return a parser whose mathematics is typeset; a formula too wide for its place shrinks."""
    markdown = MarkdownIt("commonmark", {"html": True})
    markdown.validateLink = _may_link  # type: ignore[method-assign]
    markdown.use(dollars_plugin).enable(["table", "strikethrough"])
    markdown.core.ruler.push("paragraphs", _show_paragraphs)
    markdown.core.ruler.push("directions", _add_directions)
    markdown.add_render_rule("math_block", _draw_display)
    markdown.add_render_rule("math_inline_double", _draw_display)
    markdown.add_render_rule("math_inline", _draw_inline)
    return markdown


# A text is measured when its slide is composed, and drawn with all the others of the deck between.
@lru_cache(maxsize=512)
def tokens(markdown: str) -> tuple[Token, ...]:
    """Return the block tokens of a text; they are shared, not to be changed."""
    return tuple(_shared().parse(markdown))


def definitions(markdown: str) -> dict[str, str]:
    """Return the link definitions of a text, `[label]: address`, by label in lower case."""
    found: dict[str, Any] = {}
    _shared().parse(markdown, found)
    lines = markdown.split("\n")
    return {
        label.lower(): "\n".join(lines[slice(*entry["map"])]).strip()
        for label, entry in found.get("references", {}).items()
    }


def leaves(found: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens that hold text, pictures, code, HTML or mathematics, in order."""
    for token in found:
        if token.type == "inline":
            yield from token.children or ()
        else:
            yield token


def formulas(markdown: str) -> list[Formula]:
    """Return the formulas of a text, typeset: what fonts they need, and what is wrong with them."""
    if not _TEX.search(markdown):
        return []
    return [
        typeset(token.content, display=token.type != "math_inline")
        for token in leaves(tokens(markdown))
        if token.type.startswith("math_")
    ]


def images_without_alt(markdown: str) -> list[str]:
    """Return the addresses, shortened, of the pictures that say nothing to those who cannot see."""
    found: list[str] = []
    if not _PICTURE.search(markdown):
        return found
    for token in leaves(tokens(markdown)):
        if token.type == "image" and not token.content.strip():
            found.append(str(token.attrs["src"]))
        elif token.type in {"html_inline", "html_block"}:
            found += [_address(tag) for tag in _IMG.findall(token.content) if not _ALT.search(tag)]
    return [_shortened(address) for address in found]


@cache
def _shared() -> MarkdownIt:
    return parser()


def _address(tag: str) -> str:
    source = _SOURCE.search(tag)
    return source[1] if source else tag


def _shortened(address: str) -> str:
    if address.startswith("data:"):
        return address.partition(",")[0] + ",…"
    return address if len(address) <= _SHOWN else "…" + address[1 - _SHOWN :]


def _may_link(url: str) -> bool:
    """Allow what markdown-it allows, and drawings: it takes only bitmaps for harmless."""
    return url.lower().startswith("data:image/") or validateLink(url)


def _show_paragraphs(state: StateCore) -> None:
    """Draw the paragraphs of tight lists too: one kind of list is one set of lengths."""
    for token in state.tokens:
        if token.hidden and token.type.startswith("paragraph_"):
            token.hidden = False
            token.meta[TIGHT] = True


def _add_directions(state: StateCore) -> None:
    """Give each block the direction of its first letter."""
    for i, token in enumerate(state.tokens):
        if token.type in _DIRECTED:
            # "auto" would not look into nested blocks that have a direction of their own.
            token.attrSet("dir", "rtl" if _is_rtl(state.tokens, i) else "auto")


def _is_rtl(found: Sequence[Token], start: int) -> bool:
    for token in found[start + 1 :]:
        if token.level <= found[start].level:
            break
        text = "".join(c.content for c in token.children or () if c.type == "text")
        kinds = (unicodedata.bidirectional(char) for char in text)
        strong = next((kind for kind in kinds if kind in {"L", "R", "AL"}), None)
        if strong:
            return strong != "L"
    return False


def _draw_inline(self: Any, found: Sequence[Token], index: int, *_: Any) -> str:
    del self
    formula = typeset(found[index].content, display=False)
    style = _shrinking(max(formula.parts, default=0.0), 0.0)
    return f'<span class="math"{_fonts(formula)}{style}>{formula.html}</span>'


def _draw_display(self: Any, found: Sequence[Token], index: int, *_: Any) -> str:
    del self
    formula = typeset(found[index].content, display=True)
    style = _shrinking(formula.width, formula.height + formula.depth)
    tag, end = ("div", "\n") if found[index].block else ("span", "")
    inner = f"<{tag}{style}>{formula.html}</{tag}>"
    return f'<{tag} class="math display"{_fonts(formula)}>{inner}</{tag}>{end}'


def _fonts(formula: Formula) -> str:
    names = " ".join(sorted(formula.fonts))
    return f' data-fonts="{names}"' if names else ""


def _shrinking(width: float, height: float) -> str:
    """Return a style that fits a formula of so many em to its place, whose width CSS knows."""
    limits = ["1em"]
    if width > SHRINKS_FROM:
        limits.append(f"{100 * FILLED:g}cqi/{width:.2f}")
    if height > SHRINKS_FROM / 2:
        limits.append(f"{TALLEST_PX:g}px/{height:.2f}")
    return f' style="font-size:min({",".join(limits)})"' if len(limits) > 1 else ""
