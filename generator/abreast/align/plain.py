"""Alignment of plain data, for programs that know nothing of abreast's types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias, TypedDict, cast

from abreast import frameworks
from abreast.align.columns import align_cells, align_statements
from abreast.align.features import Vocabulary
from abreast.model import Cell

CellType: TypeAlias = Literal["code", "markdown", "raw"]


class PlainCell(TypedDict):
    """A cell as nbformat writes it, as far as alignment looks at it."""

    cell_type: str
    source: str | list[str]


def align_notebooks(
    notebooks: Mapping[str, Sequence[PlainCell]],
    vocabularies: Mapping[str, Vocabulary] | None = None,
) -> list[dict[str, list[int]]]:
    """Return rows in order: for each framework a run of cell indices from 0.

    Without `vocabularies`, those of the frameworks that abreast knows by these names are used;
    an empty mapping uses none. The method: `align_cells`.
    """
    cells = {
        name: [
            Cell(
                index=i,
                cell_type=cast("CellType", cell["cell_type"]),
                source="".join(cell["source"]),
            )
            for i, cell in enumerate(members)
        ]
        for name, members in notebooks.items()
    }
    spoken = frameworks.vocabularies(notebooks) if vocabularies is None else vocabularies
    return [{n: list(run) for n, run in row.cells.items()} for row in align_cells(cells, spoken)]


def align_code(
    code: Mapping[str, str],
    languages: Mapping[str, str] | None = None,
    vocabularies: Mapping[str, Vocabulary] | None = None,
) -> list[dict[str, list[int]]]:
    """Return bands in order: for each framework its lines, counted from 1.

    `languages` are Pygments' names, Python where none is given; `vocabularies` as for
    `align_notebooks`. The method: `align_statements`.
    """
    spoken = frameworks.vocabularies(code) if vocabularies is None else vocabularies
    bands = align_statements(code, languages, spoken)
    return [{name: list(lines) for name, lines in band.lines.items()} for band in bands]
