"""Runs on disk: a directory a run, renamed into place as a whole, so no lock is needed."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from abreast.model import Cell, Notebook, Provenance, Round, Run, Sample
from abreast.model.records import from_record
from abreast.run.home import home, make_home

_FILE = "run.json"


def load(key: str, notebook: Notebook) -> Run | None:
    """Return the stored run of `key`, its outputs on the notebook's present cells.

    None when there is none, or when it cannot be read (it is then made again).
    """
    try:
        record = json.loads((_folder(key) / _FILE).read_text(encoding="utf-8"))
        return _decode(record, notebook)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(run: Run) -> None:
    """Store a run that succeeded, in place of one of the same key.

    Raises ValueError for a failed run: those are never stored.
    """
    if run.failure is not None:
        raise ValueError("a failed run is not stored")
    runs = make_home() / "runs"
    runs.mkdir(exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".new-", dir=runs))
    try:
        with (staged / _FILE).open("w", encoding="utf-8") as file:
            json.dump(_encode(run), file)
            file.flush()
            os.fsync(file.fileno())
        target = _folder(run.key)
        shutil.rmtree(target, ignore_errors=True)
        staged.rename(target)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _folder(key: str) -> Path:
    return home() / "runs" / key


def _encode(run: Run) -> dict[str, Any]:
    # Code only, in order: prose may change without making a run stale.
    code = [cell for cell in run.cells if cell.cell_type == "code"]
    return {
        "key": run.key,
        "outputs": [list(cell.outputs) for cell in code],
        "rounds": [
            [[asdict(sample) for sample in samples.get(cell.index, ())] for cell in code]
            for samples in run.rounds
        ],
        "remarks": [run.remarks.get(cell.index) for cell in code],
        "parameters": dict(run.parameters),
        "clock": run.clock,
        "provenance": asdict(run.provenance),
    }


def _decode(record: dict[str, Any], notebook: Notebook) -> Run:
    code = [cell.index for cell in notebook.cells if cell.cell_type == "code"]
    outputs = dict(zip(code, record["outputs"], strict=True))
    remarks = dict(zip(code, record["remarks"], strict=True))
    return Run(
        key=record["key"],
        cells=tuple(with_outputs(c, outputs.get(c.index, ())) for c in notebook.cells),
        parameters=record["parameters"],
        rounds=tuple(_round(code, samples) for samples in record["rounds"]),
        remarks={index: remark for index, remark in remarks.items() if remark is not None},
        clock=record["clock"],
        provenance=from_record(Provenance, record["provenance"]),
    )


def _round(code: list[int], record: list[list[dict[str, Any]]]) -> Round:
    return {
        index: tuple(from_record(Sample, sample) for sample in samples)
        for index, samples in zip(code, record, strict=True)
        if samples
    }


def with_outputs(cell: Cell, outputs: Any) -> Cell:
    """Return a code cell with these outputs in place of its own; other cells as they are."""
    return replace(cell, outputs=tuple(outputs)) if cell.cell_type == "code" else cell
