"""Code -> HTML, a string for each line, so that lines can stand in bands."""

from __future__ import annotations

from html import escape

from pygments import lex
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    is_token_subtype,
)

from abreast.align import lexer, physical_lines

# Few colours: the eye should find what differs. The first that holds a token's type wins.
_CLASSES = (
    (Comment, "c"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (String, "s"),
    (Number, "n"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "f"),
    (Punctuation, "p"),
    (Operator, "p"),
)
COLOURS = {
    "c": "#6a6f78",
    "k": "#7a3e9d",
    "s": "#1f6b40",
    "n": "#1b5fa8",
    "f": "#101722",
    "p": "#59626e",
}


def highlight_lines(source: str, language: str, *, inline: bool = False) -> list[str]:
    """Return each line of `source` as HTML; `inline` writes colours where no stylesheet is."""
    lines = [""]
    for token, text in lex(source, lexer(language)):
        css = next((name for kind, name in _CLASSES if is_token_subtype(token, kind)), "")
        for i, part in enumerate(text.split("\n")):
            if i:
                lines.append("")
            lines[-1] += _span(part, css, inline=inline)
    wanted = len(physical_lines(source))
    return (lines + [""] * wanted)[:wanted]


def _span(text: str, css: str, *, inline: bool) -> str:
    if not css or not text.strip():
        return escape(text)
    attribute = f'style="color:{COLOURS[css]}"' if inline else f'class="{css}"'
    return f"<span {attribute}>{escape(text)}</span>"
