"""What the templates are given: a slide's blocks with their code and outputs as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from abreast import assets
from abreast.align import physical_lines
from abreast.model import CodeColumn, CodeRow, ColumnHead, Presentation, Prose, Slide, Table
from abreast.render.highlight import highlight_lines
from abreast.render.mime import output_html
from abreast.render.prose import inline_html, markdown_html
from abreast.slides.fit import characters

MARKS = {
    "circle": "border-radius:50%",
    "square": "",
    "triangle": "clip-path:polygon(50% 0,100% 100%,0 100%)",
    "diamond": "transform:rotate(45deg) scale(.85)",
    "hexagon": "clip-path:polygon(25% 0,75% 0,100% 50%,75% 100%,25% 100%,0 50%)",
    "bar": "height:5px",
}


@cache
def environment() -> Environment:
    """Return the Jinja environment of the templates; everything is escaped unless marked safe."""
    result = Environment(
        loader=FileSystemLoader(assets.templates()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    result.filters["markdown"] = lambda text: Markup(markdown_html(text))  # noqa: S704 - author's
    result.filters["inline_markdown"] = lambda text: Markup(inline_html(text))  # noqa: S704
    return result


def slide_view(slide: Slide, presentation: Presentation, *, inline: bool) -> dict[str, Any]:
    """Return what `slide.html.j2` and `cell.html.j2` need of a slide."""
    heads = {head.framework.name: head for head in presentation.heads}
    return {
        "slide": slide,
        "blocks": [_block(block, heads, inline=inline) for block in slide.blocks],
    }


def _block(
    block: Prose | CodeRow | Table, heads: dict[str, ColumnHead], *, inline: bool
) -> dict[str, Any]:
    fragment = {"fragment": block.fragment}
    if isinstance(block, Prose):
        return {"kind": "prose", "markdown": block.markdown, **fragment}
    if isinstance(block, Table):
        return {"kind": "table", "table": block, **fragment}
    lines = {c.framework: _lines(c, inline=inline) for c in block.columns}
    sources = {c.framework: physical_lines(c.source) for c in block.columns}
    wide = characters(len(block.columns), block.font_px)
    return {
        "kind": "code",
        "font_px": block.font_px,
        "show_outputs": block.show_outputs,
        "columns": [_column(c, heads[c.framework]) for c in block.columns],
        "bands": [
            [
                _code(
                    lines[c.framework], sources[c.framework], band.lines.get(c.framework, ()), wide
                )
                for c in block.columns
            ]
            for band in (block.bands if block.show_code else ())
        ],
        **fragment,
    }


def _column(column: CodeColumn, head: ColumnHead) -> dict[str, Any]:
    title = head.framework.title
    return {
        "title": title,
        "version": head.version,
        "colour": head.framework.colour,
        "mark": MARKS[head.framework.mark],
        "source": column.source,
        "badge": column.badge,
        "device": column.device,
        "problem": column.problem,
        "outputs": [Markup(output_html(output, title)) for output in column.outputs],  # noqa: S704
    }


def _lines(column: CodeColumn, *, inline: bool) -> list[str]:
    return highlight_lines(column.source, column.language, inline=inline)


def _code(html: list[str], sources: list[str], numbers: Iterable[int], wide: int) -> Markup:
    # Blank lines around a band would only push its neighbours apart.
    chosen = [number - 1 for number in numbers]
    while chosen and not sources[chosen[0]].strip():
        chosen.pop(0)
    while chosen and not sources[chosen[-1]].strip():
        chosen.pop()
    if all(len(sources[i]) <= wide for i in chosen):
        return Markup("\n".join(html[i] for i in chosen))  # noqa: S704 - highlight_lines escapes
    return Markup("".join(_hanging(html[i], sources[i]) for i in chosen))  # noqa: S704


def _hanging(html: str, source: str) -> str:
    """Return a line whose soft-wrapped rest is indented under it, as a person would break it."""
    hang = len(source) - len(source.lstrip()) + 4
    style = f"display:block;padding-left:{hang}ch;text-indent:-{hang}ch"
    return f'<span style="{style}">{html or "&#8203;"}</span>'
