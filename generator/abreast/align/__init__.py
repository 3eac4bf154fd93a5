"""Stage three: which cells do the same step, and inside a row which lines say the same."""

from abreast.align.columns import align_cells, align_statements
from abreast.align.differences import differing
from abreast.align.explain import explain
from abreast.align.lexers import lexed, lexer, physical_lines
from abreast.align.plain import align_code, align_notebooks

__all__ = [
    "align_cells",
    "align_code",
    "align_notebooks",
    "align_statements",
    "differing",
    "explain",
    "lexed",
    "lexer",
    "physical_lines",
]
