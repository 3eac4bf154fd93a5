"""Rows -> bands: which statements of the frameworks' code correspond."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import dedent

from abreast.align import weights
from abreast.align.blocks import align_in_blocks
from abreast.align.features import Vocabulary, code_features
from abreast.align.lexers import physical_lines
from abreast.align.pieces import Piece
from abreast.align.units import statement_lines
from abreast.events import ignore
from abreast.model import Band


def align_statements(
    code: Mapping[str, str],
    languages: Mapping[str, str] | None = None,
    vocabularies: Mapping[str, Vocabulary] | None = None,
) -> list[Band]:
    """Return bands in order; each line of each framework's code is in exactly one.

    The unit is a statement, a comment, or an element of a bracketed statement that spreads over
    several lines; a band may hold several units of one framework. The method is that of the cells:
    see `sequences.py`. Time is proportional to the product of two statement counts, for each two
    frameworks.
    """
    names = sorted(code)
    units = [statement_lines(code[name], (languages or {}).get(name, "python")) for name in names]
    pieces = [
        [_piece(code[name], lines, (vocabularies or {}).get(name, {})) for lines in mine]
        for name, mine in zip(names, units, strict=True)
    ]
    column = {name: names.index(name) for name in code}
    return [
        Band(
            lines={
                name: tuple(n for place in row.group[f] for n in units[f][place])
                for name, f in column.items()
                if f in row.group
            }
        )
        for row in align_in_blocks(pieces, weights.statements, (), ignore)
    ]


def _piece(source: str, lines: Sequence[int], vocabulary: Vocabulary) -> Piece:
    whole = physical_lines(source)
    text = dedent("\n".join(whole[n - 1] for n in lines))
    return Piece(text=text, features=code_features(text, vocabulary=vocabulary))
