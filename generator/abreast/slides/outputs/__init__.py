"""Outputs of cells -> displays that fit their column: chosen, folded, measured and cut.

forms (which form of an output is shown) -> pieces, each with the heights it can have
    printed: terminal (text as a terminal leaves it; sgr) -> wrapping (lines of a column's width)
    tracebacks, jsontext -> printed
    tables: grids (of HTML), drawn (of characters) -> narrowing (texts shortened, columns left out)
    pictures, formulas, htmlboxes (of harmless HTML)
-> fitting (how the pieces share their room; rest: more of them than it holds)
"""

from abreast.slides.outputs.fitting import displays_height, fit_outputs, least_height

__all__ = ["displays_height", "fit_outputs", "least_height"]
