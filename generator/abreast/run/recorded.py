"""A run as JSON, without what its cells are: the store and a deck's manifest keep it so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
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
_COUNTED = "wall_seconds"  # in full, also where all samples share it: so many there are


def run_record(run: Run) -> dict[str, Any]:
    """Return all of a run but its cells and their outputs.

    `code_cells` are the indices of its code cells from 0; by such an index `kernels` has, for each
    kernel that executed it, the samples of a cell (their fields by name, each with the values of
    all, or with the one that they share), `remarks` what kept it from being measured.
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


def packages_once(records: Iterable[Record]) -> tuple[list[Record], dict[str, Mapping[str, str]]]:
    """Return records of runs that name their packages by a digest, and the packages by it.

    The runs of a framework in one deck have the same hundred of them.
    """
    packages: dict[str, Mapping[str, str]] = {}

    def named(found: Mapping[str, str]) -> str:
        name = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:12]
        packages[name] = found
        return name

    return [_with_packages(r, named) if "versions" in r else r for r in records], packages


def with_packages(record: Record, packages: Mapping[str, Mapping[str, str]]) -> Record:
    """Return a record with its packages in place of their names. Raises KeyError for others."""
    return _with_packages(record, packages.__getitem__)


def _with_packages(record: Record, packages: Callable[[Any], Any]) -> Record:
    found = {**record, "versions": packages(record["versions"])}
    if identity := record["identity"]:
        recipe = identity["recipe"]
        recipe = {**recipe, "packages": packages(recipe["packages"])}
        found["identity"] = {**identity, "recipe": recipe}
    return found


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
    count = len(columns[_COUNTED])
    whole = [[*values] * (count if len(values) == 1 else 1) for values in columns.values()]
    values = zip(*whole, strict=True)
    return tuple(from_record(Sample, dict(zip(columns, one, strict=True))) for one in values)


def _columns(samples: Sequence[Sample]) -> dict[str, list[float | None]]:
    """Return samples by field: a cell may have hundreds. What nobody could tell is left out."""
    columns = {field.name: [getattr(s, field.name) for s in samples] for field in fields(Sample)}
    return {
        name: values if name == _COUNTED or len(set(values)) > 1 else values[:1]
        for name, values in columns.items()
        if set(values) != {None}
    }
