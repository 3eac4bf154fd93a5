"""Cells and what came of them -> the columns of a row, before they are fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from abreast.deck import parameters as parameter_cells
from abreast.model import Cell, Column, Execution, Lack, Output, Run
from abreast.slides.cells import alt_text, shown_source
from abreast.slides.drafts import DraftColumn
from abreast.slides.wordings import Members
from abreast.timing.costs import badge

_NO_INPUT = frozenset({"hide-input", "remove-input"})
_NO_OUTPUT = frozenset({"hide-output", "remove-output"})


def draft_columns(
    columns: Sequence[Column], by_name: Mapping[str, Execution], members: Members
) -> tuple[DraftColumn, ...]:
    """Return what each column of the deck has in the row of these cells."""
    return tuple(
        _draft_column(column, by_name.get(column.name), members.get(column.name, ()))
        for column in columns
    )


def _draft_column(
    column: Column, execution: Execution | None, cells: Sequence[Cell]
) -> DraftColumn:
    if execution is None or not cells:
        return DraftColumn(framework=column.name)
    language = execution.notebook.language
    result = execution.result
    values = result.parameters if isinstance(result, Run) else {}
    source = "\n\n".join(
        _source(cell, language, values) for cell in cells if not cell.tags & _NO_INPUT
    )
    base = DraftColumn(
        framework=column.name,
        language=language,
        source=source,
        alt="; ".join(filter(None, map(alt_text, cells))),
    )
    if isinstance(result, Lack):
        return replace(base, problem=f"Not run. {result.reason}")
    outputs = tuple(
        output
        for cell in cells
        if not cell.tags & _NO_OUTPUT
        for output in result.cells[cell.index].outputs
    )
    stale = any(cell.index in execution.stale for cell in cells)
    # What an older run took says nothing about this code.
    told, aside = ("", "") if stale else badge(result, [cell.index for cell in cells])
    return replace(
        base,
        outputs=outputs,
        badge=told,
        aside=aside,
        device=result.provenance.device.words if told and result.clock != "none" else "",
        problem="" if _tell_the_error(outputs) else _problem(result, cells),
        stale=stale,
    )


def _source(cell: Cell, language: str, values: Mapping[str, object]) -> str:
    source = shown_source(cell)
    if parameter_cells.TAG in cell.tags and language == "python" and values:
        return parameter_cells.with_values(source, values)  # type: ignore[arg-type]
    return source


def _tell_the_error(outputs: Sequence[Output]) -> bool:
    return any(output.get("output_type") == "error" for output in outputs)


def _problem(run: Run, cells: Sequence[Cell]) -> str:
    failure = run.failure
    if failure is None:
        return ""
    indices = [cell.index for cell in cells]
    if failure.cell is None or failure.cell in indices:
        at = f"Line {failure.line}: " if failure.line else ""
        return f"{at}{failure.message}"
    return "Not run: a cell before it failed." if min(indices) > failure.cell else ""
