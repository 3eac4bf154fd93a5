"""abreast align."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from abreast.model import Notebook


@click.command("align")
@click.argument("notebooks", nargs=-1, required=True, metavar="NOTEBOOK…")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: rows of cell indices from 0, bands of lines from 1.",
)
def command(notebooks: tuple[str, ...], form: str) -> None:
    """Show which cells of NOTEBOOK… do the same step.

    The framework is a notebook's file name, or give NAME=FILE.
    """
    from abreast.align import align_cells
    from abreast.cli.console import table
    from abreast.deck.sources import read_notebook

    read = {name: read_notebook(path) for name, path in _named(notebooks).items()}
    rows = align_cells({name: notebook.cells for name, notebook in read.items()})
    if form == "json":
        bands = [_bands(row.cells, read) for row in rows]
        record = {"rows": [{n: list(c) for n, c in row.cells.items()} for row in rows],
                  "bands": bands}  # fmt: skip
        click.echo(json.dumps(record))
        return
    lines = [
        (str(number), *(_first_line(read[name], row.cells.get(name, ())) for name in read))
        for number, row in enumerate(rows, 1)
    ]
    table("Rows", ("", *read), lines)


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


def _bands(
    cells: Mapping[str, tuple[int, ...]], read: Mapping[str, Notebook]
) -> list[dict[str, list[int]]]:
    from abreast.align import align_statements

    code = {
        name: "\n\n".join(read[name].cells[i].source for i in indices)
        for name, indices in cells.items()
        if all(read[name].cells[i].cell_type == "code" for i in indices)
    }
    languages = {name: read[name].language for name in code}
    return [{n: list(lines) for n, lines in band.lines.items()}
            for band in align_statements(code, languages)]  # fmt: skip


def _first_line(notebook: Notebook, indices: tuple[int, ...]) -> str:
    if not indices:
        return ""
    source = notebook.cells[indices[0]].source.strip().splitlines()
    return f"{indices[0]}: {source[0][:40] if source else ''}"
