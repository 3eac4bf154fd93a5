"""abreast align."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from abreast.model import Cell, Notebook, Row

_UNSURE = 0.5
"""A row less likely than this to be right is listed with what would settle it."""
_WIDTH = 44


@click.command("align")
@click.argument("notebooks", nargs=-1, required=True, metavar="NOTEBOOK…")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: rows of cell indices from 0, their confidence, and bands of lines from 1.",
)
@click.option("--explain", "reasons", is_flag=True, help="Say of each row why it is one.")
@click.option(
    "--write-pins",
    is_flag=True,
    help="Write the rows into the notebooks as tags: they stay as they are from then on.",
)
def command(notebooks: tuple[str, ...], form: str, reasons: bool, write_pins: bool) -> None:
    """Show which cells of NOTEBOOK… do the same step.

    The framework is a notebook's file name, or give NAME=FILE. The tag abreast:step=NAME pins cells
    to one row, abreast:alone sets a cell apart.
    """
    from abreast import frameworks
    from abreast.align import align_cells
    from abreast.cli.console import progress
    from abreast.deck.sources import read_notebook

    paths = _named(notebooks)
    read = {name: read_notebook(path, framework=name) for name, path in paths.items()}
    cells = {name: notebook.cells for name, notebook in read.items()}
    vocabularies = frameworks.vocabularies(read)
    with progress(as_json=False) as tell:
        rows = align_cells(cells, vocabularies, tell)
    if form == "json":
        click.echo(json.dumps(_record(rows, read, vocabularies)))
    else:
        _show(rows, cells, reasons=reasons)
    if write_pins:
        _pin(rows, paths)


def _named(notebooks: tuple[str, ...]) -> dict[str, Path]:
    from abreast.errors import UsageError

    named: dict[str, Path] = {}
    for given in notebooks:
        name, separator, file = given.partition("=")
        path = Path(file if separator else given)
        name = name if separator else path.stem
        if name in named:
            raise UsageError(f"two notebooks are called '{name}'.", remedy="Give NAME=FILE.")
        if not path.is_file():
            raise UsageError(f"'{path}' does not exist.", remedy="Give the path of a notebook.")
        named[name] = path
    return named


def _record(
    rows: Sequence[Row],
    read: Mapping[str, Notebook],
    vocabularies: Mapping[str, Mapping[str, str]],
) -> dict[str, object]:
    return {
        "rows": [{name: list(run) for name, run in row.cells.items()} for row in rows],
        "confidence": [round(row.confidence, 3) for row in rows],
        "bands": [_bands(row, read, vocabularies) for row in rows],
    }


def _bands(
    row: Row, read: Mapping[str, Notebook], vocabularies: Mapping[str, Mapping[str, str]]
) -> list[dict[str, list[int]]]:
    """Return the bands of a row; lines count from 1 over its code cells, a blank one between."""
    from abreast.align import align_statements

    runs = {name: [read[name].cells[i] for i in run] for name, run in row.cells.items()}
    code = {
        name: "\n\n".join(cell.source for cell in run if cell.cell_type == "code")
        for name, run in runs.items()
        if any(cell.cell_type == "code" for cell in run)
    }
    languages = {name: read[name].language for name in code}
    bands = align_statements(code, languages, vocabularies)
    return [{name: list(lines) for name, lines in band.lines.items()} for band in bands]


def _show(rows: Sequence[Row], cells: Mapping[str, Sequence[Cell]], *, reasons: bool) -> None:
    from abreast.align import explain
    from abreast.cli.console import table

    why = explain(cells, rows) if reasons else [""] * len(rows)
    lines = [
        (
            str(number),
            f"{row.confidence:.0%}",
            *(_first_lines(cells[name], row.cells.get(name, ())) for name in cells),
            *([reason] if reasons else []),
        )
        for number, (row, reason) in enumerate(zip(rows, why, strict=True), 1)
    ]
    table("Rows", ("", "sure", *cells, *(["why"] if reasons else [])), lines)
    unsure = [
        f"  row {number} ({row.confidence:.0%}): {_settled_by(row, number, cells)}"
        for number, row in enumerate(rows, 1)
        if row.confidence < _UNSURE
    ]
    if unsure:
        click.echo("\nWhat would settle the rows that are unsure:")
        click.echo("\n".join(unsure))


def _first_lines(cells: Sequence[Cell], indices: Sequence[int]) -> str:
    return "\n".join(_first_line(cells[index]) for index in indices)


def _first_line(cell: Cell) -> str:
    lines = cell.source.strip().splitlines() or ["(empty)"]
    first = lines[0] if len(lines[0]) <= _WIDTH else lines[0][: _WIDTH - 1] + "…"
    return f"{cell.number}: {first}"


def _settled_by(row: Row, number: int, cells: Mapping[str, Sequence[Cell]]) -> str:
    members = [(name, cells[name][i].number) for name, run in row.cells.items() for i in run]
    if len(row.cells) > 1 or not row.missing:
        return f"tag {_listed(members)} with abreast:step=row-{number}"
    name, (index, probability) = max(row.missing.items(), key=lambda item: item[1][1])
    rival = (name, cells[name][index].number)
    return (
        f"tag {_listed([*members, rival])} with abreast:step=row-{number}, which is "
        f"{probability:.0%} likely, or {_listed(members)} with abreast:alone"
    )


def _listed(members: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"cell {number} of {name}" for name, number in members)


def _pin(rows: Sequence[Row], paths: Mapping[str, Path]) -> None:
    from abreast.deck.pins import write_pins

    width = len(str(len(rows)))
    for name, path in paths.items():
        steps = {
            index: f"row-{number:0{width}}"
            for number, row in enumerate(rows, 1)
            for index in row.cells.get(name, ())
        }
        click.echo(f"wrote {write_pins(path, steps)} tags into {path}")
    click.echo("Remove the tags abreast:step=… of a row to have it aligned anew.")
