"""What the templates are given: a slide's blocks with their code and outputs as HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from abreast import assets
from abreast.align import differing
from abreast.errors import AbreastError
from abreast.model import (
    Band,
    BarChart,
    Block,
    Chart,
    CodeColumn,
    CodeRow,
    ColumnHead,
    Display,
    HtmlDisplay,
    ImageDisplay,
    PlotRow,
    Presentation,
    Prose,
    Slide,
    Step,
    Table,
)
from abreast.render.boxes import soft_mark
from abreast.render.cellsizes import (
    CELL_GAP_PX,
    CELL_LINE,
    CELL_RULE_PX,
    cell_prose,
    cell_sizes,
)
from abreast.render.displays import display_html
from abreast.render.highlight import Token, highlight_lines, line_html, line_tokens
from abreast.render.prose import inline_html, markdown_html
from abreast.run.home import make_cache, templates_folder
from abreast.slides.costs import is_tight
from abreast.slides.metrics import column_width

MARKS = {
    "circle": "border-radius:50%",
    "square": "",
    "triangle": "clip-path:polygon(50% 0,100% 100%,0 100%)",
    "diamond": "transform:rotate(45deg) scale(.85)",
    "hexagon": "clip-path:polygon(25% 0,75% 0,100% 50%,75% 100%,25% 100%,0 50%)",
    "bar": "height:5px",
}
# What the class of this name says, where viewers keep inline styles only.
_UNSEEN = (
    "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"
)


@cache
def environment() -> Environment:
    """Return the Jinja environment of the templates; everything is escaped unless marked safe."""
    result = Environment(
        loader=FileSystemLoader(assets.templates()),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=_compiled(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., str]] = {
        "markdown": markdown_html,
        "inline_markdown": inline_html,
        "cell_prose": cell_prose,
        "python_code": lambda source: "\n".join(highlight_lines(source, "python")),
    }
    for name, draw in filters.items():
        # The author's own words: raw HTML in them is meant.
        result.filters[name] = lambda text, draw=draw, **options: Markup(  # noqa: S704
            draw(text, **options)
        )
    return result


class _Compiled(FileSystemBytecodeCache):
    """Templates that were compiled before; where none can be kept they are compiled again."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled() -> BytecodeCache | None:
    try:
        return _Compiled(str(make_cache(templates_folder())))
    except (OSError, AbreastError):
        return None


def slide_view(
    slide: Slide, presentation: Presentation, places: Sequence[str], *, inline: bool
) -> dict[str, Any]:
    """Return what `slide.html.j2` and `cell.html.j2` need of a slide.

    `places` tell its displays, in order, from those like them on other slides; see `places_of`.
    """
    heads = {head.framework.name: head for head in presentation.heads}
    own = iter(places)
    return {
        "slide": slide,
        "blocks": [
            _block(block, heads, presentation.steps, own, inline=inline) for block in slide.blocks
        ],
    }


def places_of(slides: Iterable[Slide]) -> list[tuple[str, ...]]:
    """Return for each slide what tells its displays from others like them: how many come before.

    Names that are made of it differ, and stay when a slide is put in somewhere.
    """
    known: Counter[tuple[str, str]] = Counter()

    def place(framework: str, display: Display) -> str:
        if isinstance(display, HtmlDisplay | ImageDisplay):
            like = (framework, display.html if isinstance(display, HtmlDisplay) else display.data)
            known[like] += 1
            return str(known[like])
        return ""  # it has no names

    return [
        tuple(
            place(column.framework, display)
            for block in slide.blocks
            if isinstance(block, CodeRow)
            for column in block.columns
            for display in column.outputs
        )
        for slide in slides
    ]


def _block(
    block: Block,
    heads: dict[str, ColumnHead],
    steps: tuple[Step, ...],
    places: Iterator[str],
    *,
    inline: bool,
) -> dict[str, Any]:
    if isinstance(block, Prose | Table):
        return {"kind": block.kind, "block": block, "fragment": block.fragment}
    if isinstance(block, BarChart | PlotRow):
        return _chart(block, heads, inline=inline)
    stepping = "code" in steps and len(block.bands) > 1 and not block.fragment
    return {
        "kind": "code",
        "block": block,
        "fragment": block.fragment,
        "stepping": stepping,
        "outputs_step": len(block.bands) * stepping if "outputs" in steps and block.bands else None,
        "columns": [
            _column(c, heads[c.framework], places, count=len(block.columns), inline=inline)
            for c in block.columns
        ],
        "bands": _bands(block, inline=inline),
        "sizes": cell_sizes(block) if inline else None,
        "gap_px": CELL_GAP_PX,
        "line": CELL_LINE,
        "rule_px": CELL_RULE_PX,
    }


def _chart(block: Chart, heads: dict[str, ColumnHead], *, inline: bool) -> dict[str, Any]:
    from abreast.render.charts.blocks import drawings  # noqa: PLC0415 - most slides have none
    from abreast.slides.charts.plots import PLOTS_APART  # noqa: PLC0415

    frameworks = {name: head.framework for name, head in heads.items()}
    return {
        "kind": "chart",
        "fragment": block.fragment,
        "apart": PLOTS_APART,
        "unseen": _UNSEEN if inline else "",
        "drawings": [
            {"svg": Markup(svg), "readout": readout}  # noqa: S704 - it escapes
            for svg, readout in drawings(block, frameworks, inline=inline)
        ],
    }


def _column(
    column: CodeColumn, head: ColumnHead, places: Iterator[str], *, count: int, inline: bool
) -> dict[str, Any]:
    title = head.framework.title
    return {
        "name": column.framework,
        "title": title,
        "version": head.version,
        "colour": head.framework.colour,
        "mark": MARKS[head.framework.mark],
        "source": column.source,
        "last": column.last,
        "badge": column.badge,
        "aside": column.aside,
        "device": column.device,
        "tight": is_tight(column.badge, (column.aside, column.device), column_width(count)),
        "problem": column.problem,
        "stale": column.stale,
        "outputs": [
            Markup(display_html(display, title, inline=inline, place=next(places)))  # noqa: S704 - it escapes
            for display in column.outputs
        ],
    }


def _bands(row: CodeRow, *, inline: bool) -> list[list[dict[str, Any]]]:
    tokens = {c.framework: line_tokens(c.lines, c.language) for c in row.columns}
    return [_band(band, row, tokens, inline=inline) for band in row.bands]


def _band(
    band: Band,
    row: CodeRow,
    tokens: dict[str, tuple[tuple[Token, ...], ...]],
    *,
    inline: bool,
) -> list[dict[str, Any]]:
    own = {
        name: [tokens[name][number - 1] for number in numbers]
        for name, numbers in band.lines.items()
    }
    strong = _strong(own)
    most = max(map(len, own.values()), default=1)
    result = []
    for column in row.columns:
        name = column.framework
        lines = [column.lines[number - 1] for number in band.lines.get(name, ())]
        html = [
            soft_mark(line, inline=inline) + line_html(words, emphasised, inline=inline)
            for line, words, emphasised in zip(
                lines, own.get(name, ()), strong.get(name, ()), strict=True
            )
        ]
        numbers = ",".join(str(line.number) for line in lines)
        text = "\n".join(html)
        # An empty line would end the HTML of a Markdown cell.
        text = text.replace("\n\n", "\n&#10;") if inline else text
        code = Markup(text)  # noqa: S704 - line_html escapes
        fewer = most - max(1, len(lines))
        result.append({"column": name, "code": code, "numbers": numbers, "fewer": fewer})
    return result


def _strong(band: dict[str, list[tuple[Token, ...]]]) -> dict[str, list[frozenset[int]]]:
    """Return, line by line, the indices of the tokens that differ from the other columns'."""
    if len(band) == 1:
        return {name: [frozenset()] * len(lines) for name, lines in band.items()}
    words = {
        name: [(at, i) for at, line in enumerate(lines) for i, t in enumerate(line) if t.is_word]
        for name, lines in band.items()
    }
    texts = {name: [band[name][at][i].text for at, i in where] for name, where in words.items()}
    different = differing(texts)
    return {
        name: [
            frozenset(words[name][k][1] for k in different[name] if words[name][k][0] == at)
            for at in range(len(lines))
        ]
        for name, lines in band.items()
    }
