"""Cells -> rows: which cells of several notebooks do the same step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from abreast.align import weights
from abreast.align.blocks import align_in_blocks
from abreast.align.features import Features, Vocabulary, code_features, prose_features
from abreast.align.pieces import Piece
from abreast.align.pins import ordered_pins, pin_of
from abreast.align.sequences import Aligned
from abreast.events import Sink, ignore
from abreast.model import ALONE, Cell, Row

Span: TypeAlias = tuple[int, int]
"""The first place of a run of cells in its notebook, and the place after its last."""

_NOTHING = Features(bags={}, size=0.0)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row by the places of the notebooks and of the cells in them."""

    spans: Mapping[int, Span]
    confidence: float
    missing: Mapping[int, tuple[int, float]]


def align_cells(
    notebooks: Mapping[str, Sequence[Cell]],
    vocabularies: Mapping[str, Vocabulary] | None = None,
    tell: Sink = ignore,
) -> list[Row]:
    """Return rows in order: each cell of each notebook in exactly one, its order kept.

    Code is aligned first, prose then in what the code leaves open. Cells that are pinned to one
    step share a row; a cell that is set apart has one of its own. `vocabularies` say by framework
    what its words mean; they only add to what the code says. `tell` hears when notebooks are so
    long that they are aligned in blocks.

    The method, its objective and its sources: `sequences.py`. Time is proportional to the product
    of two notebooks' lengths, for each two notebooks.

    Raises UsageError when pins contradict one another.
    """
    steps = ordered_pins(notebooks)
    # The order of the frameworks decides the order of the columns and nothing else.
    names = sorted(notebooks)
    cells = [list(notebooks[name]) for name in names]
    spoken = [(vocabularies or {}).get(name, {}) for name in names]
    rows = _prose_rows(cells, _code_rows(cells, spoken, steps, tell), tell)
    column = {name: names.index(name) for name in notebooks}
    return [
        Row(
            cells={
                name: tuple(cell.index for cell in cells[f][slice(*row.spans[f])])
                for name, f in column.items()
                if f in row.spans
            },
            confidence=row.confidence,
            missing={
                name: (cells[f][row.missing[f][0]].index, row.missing[f][1])
                for name, f in column.items()
                if f in row.missing
            },
        )
        for row in rows
    ]


def _code_rows(
    notebooks: Sequence[Sequence[Cell]],
    vocabularies: Sequence[Vocabulary],
    steps: Sequence[str],
    tell: Sink,
) -> list[_Placed]:
    """Align the code, and whatever else an author has spoken of."""
    places = [[i for i, cell in enumerate(cells) if _comes_first(cell)] for cells in notebooks]
    pieces = [
        [_code_piece(cells, i, vocabulary) for i in mine]
        for cells, mine, vocabulary in zip(notebooks, places, vocabularies, strict=True)
    ]
    return [
        _Placed(
            # Prose inside a run of code belongs to the run.
            {f: (places[f][run[0]], places[f][run[-1]] + 1) for f, run in row.group.items()},
            row.confidence,
            {f: (places[f][i], p) for f, (i, p) in row.missing.items()},
        )
        for row in align_in_blocks(pieces, weights.cells, steps, tell)
    ]


def _comes_first(cell: Cell) -> bool:
    return cell.cell_type == "code" or pin_of(cell) is not None or ALONE in cell.tags


def _code_piece(cells: Sequence[Cell], place: int, vocabulary: Vocabulary) -> Piece:
    """Return the cell at a place as what is aligned; the prose before it introduces it."""
    cell = cells[place]
    start = place
    while start and cells[start - 1].cell_type != "code":
        start -= 1
    before = "\n".join(c.source for c in cells[start:place])
    code = cell.cell_type == "code"
    return Piece(
        text=cell.source,
        features=code_features(cell.source, before, vocabulary)
        if code
        else prose_features(cell.source),
        kind=cell.cell_type,
        step=pin_of(cell),
        alone=ALONE in cell.tags,
    )


def _prose_rows(
    notebooks: Sequence[Sequence[Cell]], code: Sequence[_Placed], tell: Sink
) -> list[_Placed]:
    """Put the rest, the prose, between the rows of code: these are pinned where they are."""
    atoms: list[list[tuple[Span, Piece]]] = []
    for f, cells in enumerate(notebooks):
        starts = {row.spans[f][0]: r for r, row in enumerate(code) if f in row.spans}
        mine: list[tuple[Span, Piece]] = []
        place = 0
        while place < len(cells):
            if place in starts:
                row = starts[place]
                span = code[row].spans[f]
                # A row uses what introduces it: prose right before corresponding code corresponds.
                features = replace(_NOTHING, uses=frozenset([str(place)]))
                mine.append((span, Piece(text="", features=features, kind="row", step=str(row))))
            else:
                cell = cells[place]
                span = (place, place + 1)
                features = replace(prose_features(cell.source), defines=frozenset([str(span[1])]))
                mine.append((span, Piece(text=cell.source, features=features, kind=cell.cell_type)))
            place = span[1]
        atoms.append(mine)
    if all(piece.step is not None for mine in atoms for _, piece in mine):
        return list(code)
    pieces = [[piece for _, piece in mine] for mine in atoms]
    found = align_in_blocks(pieces, weights.prose, [str(r) for r in range(len(code))], tell)
    return [_placed(row, atoms, code) for row in found]


def _placed(
    row: Aligned, atoms: Sequence[Sequence[tuple[Span, Piece]]], code: Sequence[_Placed]
) -> _Placed:
    # Prose is aligned piece by piece: a run has one atom.
    firsts = {f: atoms[f][run[0]] for f, run in row.group.items()}
    step = next(iter(firsts.values()))[1].step
    if step is not None:
        return code[int(step)]
    return _Placed(
        {f: span for f, (span, _) in firsts.items()},
        row.confidence,
        {f: (atoms[f][i][0][0], p) for f, (i, p) in row.missing.items()},
    )
