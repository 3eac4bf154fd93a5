"""The doors to both levels. One column has nothing to be aligned with, and does not pay for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from abreast.align.features import Vocabulary
from abreast.align.pins import pin_of
from abreast.align.units import statement_lines
from abreast.events import Sink, ignore
from abreast.model import Band, Cell, Row


def align_cells(
    notebooks: Mapping[str, Sequence[Cell]],
    vocabularies: Mapping[str, Vocabulary] | None = None,
    tell: Sink = ignore,
) -> list[Row]:
    """Return rows in order: each cell of each notebook in exactly one; see `cells.py`.

    Raises UsageError when pins contradict one another.
    """
    pins = (pin_of(cell) for mine in notebooks.values() for cell in mine)
    if len(notebooks) == 1 and all(pin is None for pin in pins):
        return [Row(cells={n: (cell.index,)}) for n, mine in notebooks.items() for cell in mine]
    from abreast.align import cells  # noqa: PLC0415 - NumPy takes 0.1 s to import

    return cells.align_cells(notebooks, vocabularies, tell)


def align_statements(
    code: Mapping[str, str],
    languages: Mapping[str, str] | None = None,
    vocabularies: Mapping[str, Vocabulary] | None = None,
) -> list[Band]:
    """Return bands in order; each line of all code in exactly one; see `statements.py`."""
    if len(code) == 1:
        ((name, source),) = code.items()
        units = statement_lines(source, (languages or {}).get(name, "python"))
        return [Band(lines={name: unit}) for unit in units]
    from abreast.align import statements  # noqa: PLC0415 - NumPy takes 0.1 s to import

    return statements.align_statements(code, languages, vocabularies)
