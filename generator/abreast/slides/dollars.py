"""Where mathematics stands in Markdown, as notebooks write it: rules for the parser.

Not mdit-py-plugins' rules: dollarmath takes "$5 and $" for mathematics or refuses "$x$" at the
head of a paragraph that ends in a digit; amsmath knows few environments, nor where they end.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_inline import StateInline

_ENVIRONMENT = r"(?P<environment>\\begin\{(?P<name>[a-zA-Z]+\*?)\}.*?\\end\{(?P=name)\})"
_BLOCK = re.compile(
    rf"[ \t]*(?:\$\$(?P<double>(?:(?!\$\$).)+?)\$\$|{_ENVIRONMENT})[ \t]*(?:\n|\Z)", re.DOTALL
)
_INLINE = re.compile(
    r"\$\$(?P<double>(?:\\.|[^$\\])+?)\$\$"
    r"|\$(?P<single>(?:\\.|[^$\\])+?)\$(?!\d)"
    r"|\\\\\((?P<round>.+?)\\\\\)"
    r"|\\\\\[(?P<square>.+?)\\\\\]"
    rf"|{_ENVIRONMENT}",
    re.DOTALL,
)
_BLANK = re.compile(r"\n[ \t]*\n")
_PIPED = re.compile(r"(?<![\\$])\$(?P<tex>(?:\\.|[^$\\\n])+)\$(?!\$)")
_PIPE = "\ue000"  # stands for a bar while its table is read
_TEX = re.compile(r"[\\^_={}<>+*/|-]")
_INTERRUPTS = ["paragraph", "reference", "blockquote", "list"]


def dollars_plugin(markdown: MarkdownIt) -> None:
    r"""Add the tokens `math_block`, `math_inline_double` (both displayed) and `math_inline`.

    They are written `$$…$$` and `\begin{…}…\end{…}`, `$…$`, and as Jupyter has it `\\[…\\]` and
    `\\(…\\)`. A token's markup holds what opens it.
    """
    markdown.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    markdown.block.ruler.before("fence", "math_block", _math_block, {"alt": _INTERRUPTS})
    markdown.inline.ruler.before("escape", "math_inline", _math_inline)


def is_price(tex: str, before: str = "", after: str = "") -> bool:
    """Say whether text between dollars is no mathematics: "$5 and $6", "5$ to 6$"."""
    spaced = tex[:1].isspace(), tex[-1:].isspace()
    if spaced[0] != spaced[1] or after.isdigit():
        return True
    if before.isdigit() and tex.strip()[-1:].isdigit():
        return True
    return tex.strip()[:1].isdigit() and " " in tex and not _TEX.search(tex)


def bars_kept(text: str, *, back: bool = False) -> str:
    """Return text of a table whose formulas have no bars that would end cells, or what it was."""
    return text.replace(_PIPE, "|") if back else _PIPED.sub(_without_bars, text)


def _math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read mathematics that fills its lines."""
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if state.is_code_block(start) or not first.startswith(("$$", "\\begin{")):
        return False
    found = _BLOCK.match(state.getLines(start, end, state.blkIndent, keepLastLF=False))
    if found is None or _BLANK.search(found[0].rstrip()):
        return False
    if not silent:
        state.line = start + found[0].removesuffix("\n").count("\n") + 1
        token = state.push("math_block", "math", 0)
        token.block = True
        token.content = (found["double"] or found["environment"]).strip()
        token.markup = "$$" if found["double"] else ""
        token.map = [start, state.line]
    return True


def _math_inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    found = _INLINE.match(state.src, state.pos, state.posMax)
    if found is None or (found["single"] and _is_text(state.src, found)):
        return False
    if not silent:
        double = bool(found["double"] or found["square"] or found["environment"])
        token = state.push("math_inline_double" if double else "math_inline", "math", 0)
        token.content = next(filter(None, found.groups())).strip()
        token.markup = "" if found["environment"] else "$$" if double else "$"
    state.pos = found.end()
    return True


def _is_text(source: str, found: re.Match[str]) -> bool:
    before = source[found.start() - 1] if found.start() else ""
    return is_price(found["single"], before, source[found.end() : found.end() + 1])


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table; bars inside formulas do not end its cells, as in Jupyter."""
    source, known = state.src, len(state.tokens)
    if "|" in source[state.bMarks[start] : state.eMarks[start]] and "$" in source:
        lines = slice(state.bMarks[start], state.eMarks[end - 1])
        state.src = source[: lines.start] + bars_kept(source[lines]) + source[lines.stop :]
    found = table(state, start, end, silent)
    state.src = source
    for token in state.tokens[known:]:
        token.content = bars_kept(token.content, back=True)
    return found


def _without_bars(found: re.Match[str]) -> str:
    return found[0] if is_price(found["tex"]) else found[0].replace("|", _PIPE)
