"""Stage three: which cells do the same step, and inside a row which lines say the same."""

from abreast.align.cells import align_cells
from abreast.align.differences import differing
from abreast.align.explain import explain
from abreast.align.lexers import lexer, physical_lines
from abreast.align.plain import align_code, align_notebooks
from abreast.align.statements import align_statements

__all__ = [
    "align_cells",
    "align_code",
    "align_notebooks",
    "align_statements",
    "differing",
    "explain",
    "lexer",
    "physical_lines",
]
