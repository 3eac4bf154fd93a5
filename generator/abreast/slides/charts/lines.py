"""Words of charts: plain, broken into lines, cut to a width. Lengths in px."""

from __future__ import annotations

from abreast.slides.markdown import leaves, tokens
from abreast.slides.metrics import prose_width

CUT = "…"
_SAID = frozenset({"text", "code_inline", "math_inline"})
_BREAKS = frozenset({"softbreak", "hardbreak"})


def plain_words(title: str) -> str:
    """Return a title without its Markdown: drawings have no markup."""
    found = list(leaves(tokens(f"# {title}")))
    said = [" " if t.type in _BREAKS else t.content for t in found if t.type in _SAID | _BREAKS]
    return " ".join("".join(said).split())


def broken(text: str, width: float, font_px: float, most: int) -> tuple[str, ...]:
    """Return a title in strong type as `most` lines at most, the last cut where it must be."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if prose_width(longer, font_px, strong=True) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines[most - 1 :] = [" ".join(lines[most - 1 :])]
    return tuple(shortened(line, width, font_px, strong=True) for line in lines)


def shortened(text: str, width: float, font_px: float, *, strong: bool = False) -> str:
    """Return a text that is `width` wide at most, cut at its end."""
    kept = text
    while kept and prose_width(kept, font_px, strong=strong) > width:
        kept = kept.removesuffix(CUT)[:-1].rstrip() + CUT if kept != CUT else ""
    return kept
