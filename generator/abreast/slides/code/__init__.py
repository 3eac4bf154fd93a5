"""Code to the width of a column: broken where its author would, and still the same program.

tokens -> reading (rows, brackets) -> joining (which rows are set together), indents
-> flows (words; places where to break) -> breaking (lines) -> same (is it still the program?)
"""

from abreast.slides.code.column import set_code

__all__ = ["set_code"]
