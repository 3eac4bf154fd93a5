"""Rows -> bands: which statements of the frameworks' code correspond."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Punctuation, String, is_token_subtype
from pygments.util import ClassNotFound

from abreast.align.sequences import align_pair
from abreast.align.similarity import Vector, cosine, mean, vectors
from abreast.model import Band

GAP = 0.15
_SPREAD = 4
"""A bracketed statement of at least this many lines is taken apart into its elements."""


@dataclass(frozen=True, slots=True)
class _Unit:
    lines: Mapping[str, tuple[int, ...]]
    vector: Vector


def align_statements(
    code: Mapping[str, str], languages: Mapping[str, str] | None = None
) -> list[Band]:
    """Return bands in order; each line of each framework's code is in exactly one.

    The unit is a statement, or an element of a bracketed statement that spreads over several
    lines. Progressive alignment as for cells; time is proportional to the product of the two
    longest statement counts.
    """
    languages = languages or {}
    pieces = [
        (name, lines, "\n".join(source.splitlines()[n - 1] for n in lines))
        for name, source in code.items()
        for lines in statement_lines(source, languages.get(name, "python"))
    ]
    spoken = vectors([text for _, _, text in pieces])
    units: dict[str, list[_Unit]] = {name: [] for name in code}
    for (name, lines, _), vector in zip(pieces, spoken, strict=True):
        units[name].append(_Unit({name: lines}, vector))
    columns = list(units.values())
    bands = columns[0] if columns else []
    for column in columns[1:]:
        pairs = align_pair(bands, column, lambda a, b: cosine(a.vector, b.vector), GAP)
        bands = [
            _merged(([bands[i]] if i is not None else []) + ([column[j]] if j is not None else []))
            for i, j in pairs
        ]
    return [Band(lines=unit.lines) for unit in bands]


def statement_lines(source: str, language: str = "python") -> list[tuple[int, ...]]:
    """Cut code into statements, as runs of 1-based physical lines that cover it all.

    Brackets are counted over Pygments tokens, so any language works, and so do magics and
    syntax errors. Blank lines, comments and lines of closing brackets go with a neighbour.
    """
    depths = _depths(source, language)
    starts = [0, *(end for _, end, _ in depths[:-1])]
    units: list[list[int]] = []
    logical: list[int] = []
    for number, (_, end, kind) in enumerate(depths, 1):
        logical.append(number)
        if end == 0 and kind == "code":
            units += _taken_apart(logical, starts, depths)
            logical = []
    if logical:
        code = any(depths[n - 1][2] == "code" for n in logical)
        if code or not units:
            units.append(logical)
        else:
            units[-1] += logical
    return [tuple(unit) for unit in units if unit]


def _taken_apart(
    logical: list[int], starts: list[int], depths: list[tuple[int, int, str]]
) -> list[list[int]]:
    """Split a long bracketed statement at the elements of its outermost open bracket."""
    code = [n for n in logical if depths[n - 1][2] != "quiet"]
    if len(code) < _SPREAD:
        return [logical]
    level = depths[code[0] - 1][1]
    units = [[n for n in logical if n <= code[0]]]
    for number in (n for n in logical if n > code[0]):
        lowest = depths[number - 1][0]
        opens = starts[number - 1] == level and lowest >= level
        if opens and depths[number - 1][2] == "code":
            units.append([number])
        else:
            units[-1].append(number)
    return units


def _depths(source: str, language: str) -> list[tuple[int, int, str]]:
    """Return for each line its lowest bracket depth, the depth at its end, and code or quiet."""
    depth = lowest = 0
    kind = "quiet"
    result = []
    for token, text in _lexer(language).get_tokens(source):
        for part in text.splitlines(keepends=True):
            word = part.strip()
            if word and not is_token_subtype(token, Comment):
                kind = "code"
            if is_token_subtype(token, Punctuation):
                for character in word:
                    depth += (character in "([{") - (character in ")]}")
                    depth = max(depth, 0)
                    lowest = min(lowest, depth)
            if part.endswith("\n"):
                # Inside a string of several lines the statement goes on.
                inside = is_token_subtype(token, String) and not text.endswith(part)
                result.append((lowest, depth + inside, kind))
                kind, lowest = "quiet", depth
    wanted = len(source.splitlines())
    return (result + [(0, 0, "quiet")] * wanted)[:wanted]


def _lexer(language: str) -> Lexer:
    options = {"stripnl": False, "ensurenl": True}
    try:
        return get_lexer_by_name(language, **options)
    except ClassNotFound:
        return get_lexer_by_name("text", **options)


def _merged(units: list[_Unit]) -> _Unit:
    if len(units) == 1:
        return units[0]
    lines = {name: numbers for unit in units for name, numbers in unit.lines.items()}
    return _Unit(lines, mean(unit.vector for unit in units))
