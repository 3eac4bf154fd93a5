"""Mathematics: TeX -> HTML by KaTeX when the deck is built, with its lengths before any browser.

KaTeX (https://katex.org) is JavaScript, so it runs in V8 through mini-racer; mathematics.js reads
the lengths from KaTeX's own layout tree.
"""

from __future__ import annotations

import atexit
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import accumulate
from pathlib import Path
from threading import Lock
from typing import Any

from abreast import assets
from abreast.slides.metrics import ADVANCE, mono_width

_SIZE = 1.21
"""The size that katex.min.css sets a formula at, in em of the surrounding type."""
_LINE = 1.2 * _SIZE
_GAP = 1.0  # between a formula and its tag, at least
ERROR_SIZE = 0.85
"""The size of a source that could not be typeset, in em of the surrounding type; see prose.css."""

# What MathJax knows and KaTeX does not, or numbers: nobody refers to the numbers of a slide.
_ENVIRONMENTS = {
    "align": "align*",
    "alignat": "alignat*",
    "equation": "equation*",
    "gather": "gather*",
    "flalign": "align*",
    "flalign*": "align*",
    "multline": "gather*",
    "multline*": "gather*",
    "eqnarray": "darray",
    "eqnarray*": "darray",
}
_INLINE = {"align": "aligned", "alignat": "alignedat", "gather": "gathered", "equation": "gathered"}
_OPENING = {"darray": r"\begin{darray}{rcl}"}
_ENVIRONMENT = re.compile(r"\\(?P<side>begin|end)\{(?P<name>[a-z]+\*?)\}")
_MACROS = {
    r"\label": r"\@firstoftwo{}{#1}",
    r"\require": r"\@firstoftwo{}{#1}",
    r"\ref": r"\text{#1}",
    r"\eqref": r"(\text{#1})",
    r"\mathbbm": r"\mathbb{#1}",
    r"\DeclareMathOperator": r"\gdef#1{\operatorname{#2}}",
}
_NEW = re.compile(r"\\newcommand\*?(?P<name>\{\\[a-zA-Z]+\}|\\[a-zA-Z]+)")
_LOCK = Lock()
_WIDEST = 36.0
"""Of a displayed formula, in em of KaTeX's own type, which is larger than the text's."""
_BASE, _NEWLINE = '<span class="katex-base">', '<span class="mspace katex-newline"></span>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A formula as HTML and MathML, with its lengths in em of the surrounding type.

    `height` and `depth` are above and below the baseline; `parts` are the widths of the pieces
    between which a line may break, and `width` is their sum, or the widest line's where there are
    several. `fonts` are the KaTeX font files that draw it; `problem` says in one line why its
    source is shown instead, or is empty.
    """

    html: str
    width: float
    height: float
    depth: float
    fonts: frozenset[str]
    problem: str = ""
    parts: tuple[float, ...] = ()


@cache
def typeset(tex: str, *, display: bool) -> Formula:
    """Return a formula, typeset; one that KaTeX does not understand is shown as its source."""
    source = _ENVIRONMENT.sub(lambda found: _environment(found, display=display), tex.strip())
    # MathJax lets \newcommand name what there is already, such as \R; KaTeX does not.
    source = _NEW.sub(r"\\providecommand\g<name>{}\\renewcommand\g<name>", source)
    with _LOCK:  # V8 answers one question at a time
        answer = _katex().call("typeset", source, display, _MACROS)
    if "problem" in answer:
        return _as_source(tex.strip(), answer["problem"])
    answer = _broken(answer) if display else answer
    lines = answer["lines"]
    widths = [sum(line["parts"]) for line in lines]
    # The tag stands at the right of a formula that stays in the middle.
    tag = 2 * (answer["tag"] + _GAP) if answer["tag"] else 0.0
    below = sum(max(_LINE, _SIZE * (line["height"] + line["depth"])) for line in lines[1:])
    return Formula(
        html=answer["html"],
        width=_SIZE * (max(widths) + tag),
        height=_SIZE * lines[0]["height"],
        depth=_SIZE * lines[0]["depth"] + below,
        fonts=frozenset(answer["fonts"]),
        parts=tuple(_SIZE * part for line in lines for part in line["parts"]),
    )


def _broken(answer: dict[str, Any]) -> dict[str, Any]:
    """Break a formula that is wider than a slide where KaTeX lets a line end."""
    if len(answer["lines"]) > 1 or answer["tag"] or sum(answer["lines"][0]["parts"]) <= _WIDEST:
        return answer
    (line,) = answer["lines"]
    rows: list[list[float]] = [[]]
    for part in line["parts"]:
        if rows[-1] and sum(rows[-1]) + part > _WIDEST:
            rows.append([])
        rows[-1].append(part)
    head, *bases = answer["html"].split(_BASE)
    # Every part is a base; a newline of KaTeX's own stands before the first of each row.
    starts = set(accumulate(len(row) for row in rows[:-1]))
    html = head + "".join(
        (_NEWLINE if n in starts else "") + _BASE + b for n, b in enumerate(bases)
    )
    return {**answer, "html": html, "lines": [{**line, "parts": row} for row in rows]}


def _environment(found: re.Match[str], *, display: bool) -> str:
    name, side = found["name"], found["side"]
    new = _ENVIRONMENTS.get(name, name) if display else _INLINE.get(name.rstrip("*"), name)
    return _OPENING.get(new, f"\\begin{{{new}}}") if side == "begin" else f"\\end{{{new}}}"


def _as_source(tex: str, problem: str) -> Formula:
    width = ERROR_SIZE * ADVANCE * mono_width(tex)
    # KaTeX marks the place with combining lines, which say nothing in a terminal.
    problem = " ".join(problem.removeprefix("KaTeX parse error: ").replace("\u0332", "").split())
    return Formula(
        html=f'<span class="katex-error" title="{escape(problem)}">{escape(tex)}</span>',
        width=width,
        height=ERROR_SIZE,
        depth=0.25,
        fonts=frozenset(),
        problem=problem,
        parts=(width,),
    )


@cache
def _katex() -> Any:
    """Return the process's JavaScript context; V8 takes 0.2 s to start and to read KaTeX."""
    from py_mini_racer import MiniRacer  # noqa: PLC0415 - a deck without mathematics needs no V8

    context = MiniRacer()
    # Left to garbage collection at exit, its event loop would be torn down while it runs.
    atexit.register(context.close)
    context.eval(assets.npm_text("katex", "dist/katex.min.js"))
    context.eval(Path(__file__).with_suffix(".js").read_text(encoding="utf-8"))
    return context
