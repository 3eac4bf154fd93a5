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
    help="json: rows of cell indices from 0, their confidence, and bands of lines: these count "
    "from 1 over a row's code cells, with a blank line between two.",
)
@click.option("--explain", "reasons", is_flag=True, help="Say of each row why it is one.")
@click.option(
    "--write-pins",
    is_flag=True,
    help="Write the rows into the notebooks as tags: they stay as they are from then on.",
)
def command(notebooks: tuple[str, ...], form: str, reasons: bool, write_pins: bool) -> None:
    """Show which cells of NOTEBOOK… do the same step.

    The framework is a notebook's file name, or give NAME=FILE; of a notebook whose cells begin with
    %%tab NAME it is each of these. The tag abreast:step=NAME pins cells
    to one row, abreast:alone sets a cell apart.
    """
    from abreast import frameworks
    from abreast.align import align_cells, explain
    from abreast.cli.console import progress
    from abreast.deck.sources import read_notebook

    paths = _named(notebooks)
    read = {name: read_notebook(path, framework=name) for name, path in paths.items()}
    cells = {name: notebook.cells for name, notebook in read.items()}
    vocabularies = frameworks.vocabularies(read)
    with progress(as_json=False) as tell:
        rows = align_cells(cells, vocabularies, tell)
    if form == "json":
        record = _record(rows, read, vocabularies)
        if reasons:
            record["why"] = explain(cells, rows)
        click.echo(json.dumps(record))
    else:
        _show(rows, cells, reasons=reasons)
    if write_pins:
        _pin(rows, cells, paths)


def _named(notebooks: tuple[str, ...]) -> dict[str, Path]:
    from abreast.errors import UsageError

    named: dict[str, Path] = {}
    for name, path in (pair for given in notebooks for pair in _meant(given)):
        if name in named:
            raise UsageError(f"two notebooks are called '{name}'.", remedy="Give NAME=FILE.")
        named[name] = path
    return named


def _meant(given: str) -> list[tuple[str, Path]]:
    """Return the names and the file that an argument means."""
    from abreast.deck.sources import tabs
    from abreast.errors import UsageError

    name, separator, file = given.partition("=")
    path = Path(given)
    if separator and name and not path.exists():
        path = Path(file)
    if not path.is_file():
        lack = "is a folder" if path.is_dir() else "does not exist"
        raise UsageError(f"'{path}' {lack}.", remedy="Give the path of a notebook.")
    if path == Path(given):
        return [(tab, path) for tab in tabs(path)] or [(path.stem, path)]
    return [(name, path)]


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
    written = [line for line in cell.source.strip().split("\n") if line.strip()] or ["(empty)"]
    code = [line for line in written if not line.lstrip().startswith("#")]
    lines = code if code and cell.cell_type == "code" else written
    # A notebook may hold anything, the terminal's own commands too.
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in lines[0])
    first = shown if len(shown) <= _WIDTH else shown[: _WIDTH - 1] + "…"
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


def _pin(
    rows: Sequence[Row], cells: Mapping[str, Sequence[Cell]], paths: Mapping[str, Path]
) -> None:
    from abreast.deck.pins import write_pins
    from abreast.errors import counted

    steps: dict[Path, dict[int, str]] = {path: {} for path in paths.values()}
    for row in rows:
        members = {name: [cells[name][i] for i in run] for name, run in row.cells.items()}
        step = _step(members)
        for name, run in row.cells.items():
            steps[paths[name]].update(dict.fromkeys(run, step))
    for path, count in write_pins(steps).items():
        click.echo(f"{path}: {counted(count, 'cell')} pinned")
    click.echo("Remove the tags abreast:step=… of a row to have it aligned anew.")


def _step(members: Mapping[str, Sequence[Cell]]) -> str:
    """Return the name that the author gave the row, else one that only these cells have."""
    from hashlib import sha256

    from abreast.model import PIN

    given = sorted(pin for run in members.values() for cell in run for pin in cell.values_of(PIN))
    if given:
        return given[0]
    said = json.dumps({name: [c.source for c in run] for name, run in sorted(members.items())})
    places = "-".join(f"{run[0].number}" for run in members.values())
    return f"row-{places}-{sha256(said.encode()).hexdigest()[:6]}"
