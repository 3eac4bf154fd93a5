"""A run as JSON, without what its cells are: the store and a deck's manifest keep it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from difflib import SequenceMatcher
from typing import Any

from abreast.model import (
    Cell,
    Device,
    Failure,
    Identity,
    Notebook,
    Output,
    Provenance,
    Round,
    Run,
    Sample,
)
from abreast.model.records import from_record
from abreast.run.key import code_cells

Record = Mapping[str, Any]
Columns = Mapping[str, Sequence[float | None]]


def run_record(run: Run) -> dict[str, Any]:
    """Return all of a run but its cells and their outputs.

    `code_cells` are the indices of its code cells from 0; by such an index `kernels` has, for each
    kernel that executed it, the samples of a cell (their fields by name, each with the values of
    all), `remarks` what kept it from being measured.
    """
    provenance = run.provenance
    return {
        "key": run.key,
        "identity": asdict(run.identity) if run.identity else None,
        "parameters": dict(run.parameters),
        "device": asdict(provenance.device),
        "language_version": provenance.language_version,
        "versions": dict(provenance.versions),
        "started": provenance.started,
        "run_seconds": provenance.seconds,
        "alone": provenance.alone,
        "others_share": provenance.others_share,
        "clock": run.clock,
        "remarks": {str(index): remark for index, remark in sorted(run.remarks.items())},
        "code_cells": [cell.index for cell in code_cells(run.cells)],
        "kernels": [
            {str(index): _columns(samples) for index, samples in sorted(one.items())}
            for one in run.rounds
        ],
    }


def identity_of(record: Record) -> Identity | None:
    """Return the identity of a record; None for one that another version of abreast wrote."""
    try:
        return from_record(Identity, record)
    except (KeyError, TypeError):
        return None


def recorded_run(
    record: Record, outputs: Sequence[Sequence[Output]], notebook: Notebook, now: Identity
) -> Run:
    """Return the run that a record holds, put onto the present cells of its notebook.

    `outputs` are those of its code cells, in order, `now` is what the notebook is at present.
    Cells whose code has changed get nothing, those that moved get what was theirs. Raises
    KeyError, TypeError, ValueError and IndexError for what is no record of a run.
    """
    identity = from_record(Identity, record["identity"])
    before = [f"{index}" for index in record["code_cells"]]
    places = dict(_same_code(identity, now, notebook))
    here = {before[old]: new for old, new in places.items()}
    found = {new: outputs[old] for old, new in places.items()}
    return Run(
        key=record["key"],
        identity=identity,
        cells=tuple(with_outputs(cell, found.get(cell.index, ())) for cell in notebook.cells),
        parameters=record["parameters"],
        rounds=tuple(_round(one, here) for one in record["kernels"]),
        remarks={here[old]: text for old, text in record["remarks"].items() if old in here},
        clock=record["clock"],
        provenance=Provenance(
            device=from_record(Device, record["device"]),
            versions=record["versions"],
            language_version=record["language_version"],
            started=record["started"],
            seconds=record["run_seconds"],
            alone=record["alone"],
            others_share=record["others_share"],
        ),
    )


def onto(run: Run, notebook: Notebook) -> Run:
    """Return a run on the cells of another notebook with the same code: its prose may be elsewhere.

    Cells beside its code keep what the notebook has.
    """
    pairs = zip(code_cells(run.cells), code_cells(notebook.cells), strict=True)
    here = {ran.index: cell.index for ran, cell in pairs}
    outputs = {here[cell.index]: cell.outputs for cell in run.cells if cell.index in here}
    return replace(
        run,
        cells=tuple(with_outputs(cell, outputs.get(cell.index, ())) for cell in notebook.cells),
        rounds=tuple({here[n]: samples for n, samples in one.items()} for one in run.rounds),
        remarks={here[n]: remark for n, remark in run.remarks.items()},
        failure=_failure_onto(run.failure, here),
    )


def _failure_onto(failure: Failure | None, here: Mapping[int, int]) -> Failure | None:
    if failure is None or failure.cell is None:
        return failure
    return replace(failure, cell=here[failure.cell])


def with_outputs(cell: Cell, outputs: Sequence[Output]) -> Cell:
    """Return a code cell with these outputs in place of its own; other cells as they are."""
    return replace(cell, outputs=tuple(outputs)) if cell.cell_type == "code" else cell


def _same_code(before: Identity, now: Identity, notebook: Notebook) -> list[tuple[int, int]]:
    """Return which code cells of a run, counted from 0, are which of the notebook's cells now."""
    cells = code_cells(notebook.cells)
    old, new = [c.source for c in before.cells], [c.source for c in now.cells]
    blocks = SequenceMatcher(a=old, b=new, autojunk=False).get_matching_blocks()
    return [(a + k, cells[b + k].index) for a, b, size in blocks for k in range(size)]


def _round(record: Mapping[str, Columns], here: Mapping[str, int]) -> Round:
    return {here[index]: _samples(found) for index, found in record.items() if index in here}


def _samples(columns: Columns) -> tuple[Sample, ...]:
    if not isinstance(columns, Mapping):
        raise TypeError("samples are kept by field")  # another version kept them one by one
    values = zip(*columns.values(), strict=True)
    return tuple(from_record(Sample, dict(zip(columns, one, strict=True))) for one in values)


def _columns(samples: Sequence[Sample]) -> dict[str, list[float | None]]:
    """Return samples by field: a cell may have hundreds. What nobody could tell is left out."""
    columns = {field.name: [getattr(s, field.name) for s in samples] for field in fields(Sample)}
    return {name: values for name, values in columns.items() if any(v is not None for v in values)}
