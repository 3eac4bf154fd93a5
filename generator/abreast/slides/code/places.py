"""Where a person would break a line of code, and how gladly.

Prices are in the units of `breaking.LINE`: what is cheaper than a line decides between breakings
into as many lines, and what is dearer is worth another line to avoid.
"""

from __future__ import annotations

from typing import NamedTuple

from abreast.slides.code.breaking import LINE
from abreast.slides.code.reading import NO_OPERANDS, Bracket
from abreast.slides.code.tokens import Token

_COMMA, _STRINGS, _OPEN, _ALONE = 10, 20, 45, 90
_GROUP, _SUBSCRIPT, _VALUE, _KEYWORD = (LINE * n // 10 for n in (3, 6, 8, 12))
_BACKSLASH, _TUPLE, _ASSIGNED, _TARGETS = LINE // 2, LINE // 7, LINE // 2, LINE
_BOUND, _EMPTY, _NAME, _DOTTED = (LINE * n for n in (2, 3, 3, 4))
_CHAIN, _METHOD, _TIGHT = 40, 400, 200

_WORDS = {"for": 20, "async": 20, "if": 30, "else": 30}
_OPERATORS = {
    **dict.fromkeys(("and", "or"), 30),
    **dict.fromkeys(("|", "&", "^"), 60),
    **dict.fromkeys(("+", "-"), 100),
    **dict.fromkeys(("*", "/", "//", "%", "@"), 140),
    **dict.fromkeys(("<", ">", "==", "!=", "<=", ">=", "is", "in", "not"), 150),
    **dict.fromkeys(("<<", ">>"), 300),
}
_OUTSIDE = {"import": 50, "if": 30, "else": 30, "from": 200, "as": LINE // 5, "->": 300}
_PIPES = frozenset({"%>%", "|>", "%<>%"})
_FOREIGN = {
    **dict.fromkeys(_PIPES, 20),
    **dict.fromkeys(("||", "&&", "and", "or"), 30),
    **dict.fromkeys(("+", "-", "|", "&", "%+%"), 80),
    **dict.fromkeys(("*", "/", "%*%"), 130),
    **dict.fromkeys(("==", "!=", "<=", ">="), 150),
}
_GIVING = frozenset({"=", "<-", "<<-", ":="})
_CLAUSES = _PIPES | {"and", "or", "for", "async", "if", "else", "||", "&&"}
ASSIGNMENTS = frozenset(
    {"=", "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**="}
)
"""Operators of statements; the first gives names to arguments too."""


class Place(NamedTuple):
    """A place where a line may be broken.

    `inner`: the next line goes on with the element that this one ends with. `tail` ends this line.
    `parts`: it parts whole elements or clauses. `opens`: it comes after the beginning of a bracket.
    """

    price: int
    inner: bool = False
    tail: str = ""
    parts: bool = False
    opens: bool = False


class Spot(NamedTuple):
    """A gap in a line: two tokens before it, three after it; the bracket it is in.

    `statement` is the first token of the statement; `target` says that it stands before an `=`,
    `chained` that there are several calls of methods one after the other.
    """

    earlier: Token | None
    before: Token
    after: Token
    later: tuple[Token, ...]
    bracket: Bracket | None
    glue: str
    statement: Token | None
    target: bool
    chained: bool


def python_place(spot: Spot) -> Place | None:
    """Return what a break costs in Python, None where no one would break."""
    if spot.before.kind == "open" and spot.after.kind == "close":
        return Place(_EMPTY)
    if spot.after.kind in {"close", "comma", "backslash"}:
        return None
    if spot.before.kind == "comma" and spot.earlier and spot.earlier.text == "*":
        return None  # the star in front of keyword-only parameters
    return _outside(spot) if spot.bracket is None else _inside(spot, spot.bracket)


def other_place(spot: Spot, language: str) -> Place | None:
    """Return what a break costs in another language: after commas, brackets and operators.

    There a line goes on in all of them; inside { it may not, but after a comma.
    """
    before, bracket = spot.before, spot.bracket
    if spot.after.kind in {"close", "comma"}:
        return None
    if before.kind == "comma":
        julia = language == "julia" and bracket is None
        return None if julia else Place(_COMMA, parts=True)
    if bracket and (bracket.sign == "{" or (language == "julia" and bracket.sign == "[")):
        return None  # in Julia a newline ends the row of a matrix
    if before.kind == "operator":
        return _foreign_operator(spot)
    if before.kind != "open" or bracket is None or before.text == spot.after.text:
        return None
    return Place(_OPEN if bracket.several else _ALONE, opens=True)


def _foreign_operator(spot: Spot) -> Place | None:
    text = spot.before.text
    if not spot.glue:
        return None
    if spot.bracket is None and text in _GIVING:
        return Place(_TARGETS, inner=True)
    return Place(_FOREIGN[text], inner=True, parts=text in _CLAUSES) if text in _FOREIGN else None


def _inside(spot: Spot, bracket: Bracket) -> Place | None:
    subscript = bracket.sign == "[" and not bracket.literal
    place = _after(spot, bracket) or _before(spot)
    if place is None or not subscript:
        return place
    return place._replace(price=place.price + _SUBSCRIPT, parts=False)


def _after(spot: Spot, bracket: Bracket) -> Place | None:
    """Return what a break costs for the sake of the token before it."""
    before = spot.before
    if before.kind == "comma":
        return Place(_COMMA, parts=True)
    if before.kind == "open":
        price = _OPEN if bracket.several else _ALONE
        return Place(price + _GROUP * (bracket.literal and not bracket.several), opens=True)
    prices = {"=": _KEYWORD, ",": _BOUND, ":": _VALUE if bracket.sign == "{" else 0}
    found = prices.get(before.text, 0) if before.kind == "operator" else 0
    return Place(found, inner=True) if found else None


def _before(spot: Spot) -> Place | None:
    """Return what a break costs for the sake of the token after it."""
    before, after = spot.before, spot.after
    if before.kind == after.kind == "string":
        return Place(_STRINGS, inner=True, parts=True)
    if after.kind == "word" and after.text in _WORDS and before.text != "async":
        return Place(_WORDS[after.text], inner=True, parts=True)
    price = _operator(spot) or _chain(spot)
    return Place(price, inner=True, parts=_is_clause(spot)) if price else None


def _is_clause(spot: Spot) -> bool:
    """Say whether a clause begins after a gap, or a method of a chain."""
    chained = spot.chained and spot.after.text == "." and spot.before.kind == "close"
    return chained or spot.after.text in _CLAUSES


def _outside(spot: Spot) -> Place | None:
    """Return what a break with a backslash costs."""
    before, after = spot.before, spot.after
    listing = spot.statement is not None and spot.statement.text in {
        "assert",
        "from",
        "import",
        "with",
    }
    price = _operator(spot) or _chain(spot)
    if before.kind == "comma":
        price = _COMMA if listing else _TARGETS if spot.target else _TUPLE
    elif before.kind == "operator" and before.text == ",":
        price = _BOUND
    elif before.text == ";" or (before.text == "import" and listing):
        price = _COMMA
    elif before.kind == "operator" and before.text in ASSIGNMENTS:
        price = _ASSIGNED
    elif after.text in _OUTSIDE and after.kind in {"word", "operator"}:
        price = _OUTSIDE[after.text]
    if not price:
        return None
    if after.text == "in" and spot.statement and spot.statement.text == "for":
        price = LINE // 5
    parts = _is_clause(spot) or before.text == ";"
    parts = parts or (before.kind == "comma" and not spot.target)
    return Place(price + _BACKSLASH, inner=True, tail=" \\", parts=parts)


def _operator(spot: Spot) -> int:
    """Return the price of a break before a binary operator, 0 where there is none."""
    before, after, later = spot.before, spot.after, spot.later
    if after.text not in _OPERATORS or after.kind not in {"word", "operator"}:
        return 0
    if before.kind in {"open", "comma", "operator"} or before.text in NO_OPERANDS:
        return 0
    if after.text == "not" and (not later or later[0].text != "in"):
        return 0
    return _OPERATORS[after.text] + (0 if spot.glue else _TIGHT)


def _chain(spot: Spot) -> int:
    """Return the price of a break before a dot: of a method of what a call has returned, or any."""
    if spot.after.text != "." or spot.after.kind != "operator":
        return 0
    if spot.before.kind in {"close", "string"}:
        return _CHAIN if spot.chained else _METHOD
    called = len(spot.later) > 1 and spot.later[1].kind == "open"
    return _NAME if called else _DOTTED
