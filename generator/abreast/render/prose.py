"""Markdown -> HTML; images are embedded, because a deck makes no requests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from abreast.errors import UsageError, shown
from abreast.render.addresses import file_address
from abreast.render.highlight import highlight_lines
from abreast.slides.markdown import TIGHT, leaves, parser, tokens
from abreast.slides.prose.markup import picture_size
from abreast.slides.prose.outline import table_of

_TEXT = r"(?:[^\[\]\\]|\\.)*"
_INLINE = re.compile(
    rf"(?P<before>!\[{_TEXT}(?:\[{_TEXT}\]{_TEXT})*\]\(\s*)(?P<source><[^>\n]*>|[^\s)]+)"
)
_REFERENCE = re.compile(r"(?m)(?P<before>^ {0,3}\[[^\]]+\]:[ \t]*)(?P<source><[^>\n]*>|\S+)")
_HTML = re.compile(
    r"(?i)(?P<before><(?:img|video|audio|source)\b[^>]*?\bsrc\s*=\s*)"
    r"(?P<source>\"[^\"]*\"|'[^']*'|[^\s>\"']+)"
)
_SAFE_IN_TEX = {"<": r"\lt ", ">": r"\gt "}


def markdown_html(text: str, *, tex: bool = False) -> str:
    """Return the HTML of a Markdown text; raw HTML in it passes through, as in Jupyter.

    Its mathematics is typeset; with `tex` it stays TeX between dollars, for MathJax to typeset.
    """
    found: Sequence[Token] = tokens(text)
    if tex:
        # The notebook's page has its own stylesheet: its lists are drawn as it likes.
        found = [token.copy(hidden=True) if TIGHT in token.meta else token for token in found]
    parser_ = _parser(tex=tex)
    html: str = parser_.renderer.render(found, parser_.options, {})
    return html


@lru_cache(maxsize=1024)
def inline_html(text: str, *, tex: bool = False) -> str:
    """Return the HTML of one line of Markdown, without a paragraph around it."""
    html: str = _parser(tex=tex).renderInline(text)
    return html


def embed_images(text: str, folder: Path, notebook: Path) -> str:
    """Return Markdown whose relative images, those of raw HTML too, are data: addresses.

    Raises UsageError for an image that is missing or elsewhere: a deck must work offline.
    """
    if "![" not in text and not _HTML.search(text):
        return text
    wanted = {unquote(source) for source in _image_sources(text)}
    embedded = set()

    def embed(found: re.Match[str]) -> str:
        name = unquote(found["source"].strip("<>\"' "))
        if name not in wanted:
            return found[0]
        embedded.add(name)
        quote = found["source"][0] if found["source"][0] in "\"'" else ""
        return f"{found['before']}{quote}{_data_address(name, folder, notebook)}{quote}"

    for places in (_INLINE, _REFERENCE, _HTML):
        text = places.sub(embed, text)
    for name in sorted(wanted - embedded):
        raise UsageError(
            f"the image '{name}' cannot be embedded as it is written.",
            where=shown(notebook),
            remedy="Write ![what it shows](name.png).",
        )
    return text


def image_files(text: str, folder: Path) -> list[Path]:
    """Return the files that Markdown in a notebook of `folder` shows, there or not."""
    sources = [source for source in _image_sources(text) if not urlsplit(source).scheme]
    return [(folder / unquote(source)).resolve() for source in sources]


def _image_sources(text: str) -> list[str]:
    found = []
    for token in leaves(tokens(text)):
        if token.type == "image":
            found.append(str(token.attrs["src"]))
        elif token.type in {"html_inline", "html_block"}:
            found += [tag["source"].strip("\"'") for tag in _HTML.finditer(token.content)]
    return [source for source in found if not source.startswith(("data:", "attachment:"))]


def _data_address(source: str, folder: Path, notebook: Path) -> str:
    if urlsplit(source).scheme:
        raise UsageError(
            f"the image {source} is not in the deck.",
            where=shown(notebook),
            remedy="Save it beside the notebook: a deck makes no requests.",
        )
    try:
        return file_address(folder / unquote(source))
    except OSError:
        raise UsageError(
            f"the image '{source}' does not exist.",
            where=shown(notebook),
            remedy="Paths are relative to the notebook.",
        ) from None


@cache
def _parser(*, tex: bool) -> MarkdownIt:
    markdown = parser()
    markdown.add_render_rule("fence", _draw_code)
    markdown.add_render_rule("code_block", _draw_code)
    markdown.add_render_rule("table_open", _draw_table)
    markdown.add_render_rule("image", _draw_image)
    if tex:
        for name in ("math_inline", "math_inline_double", "math_block"):
            markdown.add_render_rule(name, _draw_tex)
    return markdown


def _draw_code(self: Any, found: Sequence[Token], index: int, *_: Any) -> str:
    del self
    token = found[index]
    language = token.info.split(maxsplit=1)[0] if token.info.strip() else "text"
    code = "\n".join(highlight_lines(token.content.rstrip("\n"), language))
    return f"<pre><code>{code}</code></pre>\n"


def _draw_table(self: Any, found: Sequence[Token], index: int, *_: Any) -> str:
    del self
    end = next(i for i in range(index, len(found)) if found[i].type == "table_close")
    table = table_of(found[index : end + 1])
    crowded = ' class="crowded"' if table.crowded else ""
    return f'<table{crowded} style="--wide:{sum(table.widest):.2f}">\n'


def _draw_image(
    self: RendererHTML, found: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    address = str(found[index].attrs["src"])
    html = self.image(found, index, options, env)
    if not address.startswith("data:image/svg"):
        return html
    # A drawing that names no size but a shape would fill the slide.
    width, height = picture_size(address)
    style = f"width:min({width:g}px,var(--image,440px)*{width / height:.4f})"
    return html.replace("<img ", f'<img style="{style}" ', 1)


def _draw_tex(self: Any, found: Sequence[Token], index: int, *_: Any) -> str:
    """Draw mathematics as its TeX, without what HTML or Markdown would read as theirs."""
    del self
    token = found[index]
    tex = "".join(_SAFE_IN_TEX.get(char, char) for char in token.content)
    tex = re.sub(r"&(?=\w)", "& ", re.sub(r"\n\s*\n", "\n", tex))
    return f"{token.markup}{tex}{token.markup}" + "\n" * token.block
