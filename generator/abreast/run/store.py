"""Runs on disk: a directory a run, renamed into place as a whole, so no lock is needed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from abreast.errors import AbreastError, shown
from abreast.exchange import exchange, recover, staging
from abreast.model import Identity, Notebook, Run
from abreast.run.home import home, make_cache
from abreast.run.key import code_cells
from abreast.run.recorded import recorded_run, run_record
from abreast.writing import disk_remedy, write_synced

_RUN, _OUTPUTS, _HEAD = "run.json", "outputs.json", "head.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A run that is kept somewhere, without its outputs.

    `work` is the digest of its identity without what it was executed with; `identity` and
    `subject`, what people know it by, are records. `started` is ISO 8601, `rounds` counts the
    kernels that executed it; `committed` says that outputs/ has it.
    """

    key: str
    work: str
    subject: Mapping[str, Any]
    identity: Mapping[str, Any]
    started: str
    rounds: int
    committed: bool = False

    @property
    def device(self) -> str:
        """What it was executed on: "cpu", or a GPU's name."""
        return str(self.identity["recipe"]["device"])


def runs_folder() -> Path:
    """Return where runs are stored."""
    return home() / "runs"


def load(key: str, notebook: Notebook, now: Identity) -> Run | None:
    """Return the stored run of `key`, its outputs on the cells of the notebook as it is `now`.

    None when there is none, or when it cannot be read (it is then made again).
    """
    folder = runs_folder() / key
    try:
        return recorded_run(_read(folder / _RUN), _read(folder / _OUTPUTS), notebook, now)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def known(key: str) -> Known | None:
    """Return what is stored of `key`, or None."""
    folder = runs_folder() / key
    if not folder.exists():
        recover(folder)  # where no folders can be exchanged in one step
    return _known(folder / _HEAD)


def all_known() -> list[Known]:
    """Return all that is stored."""
    found = (_known(head) for head in runs_folder().glob(f"*/{_HEAD}"))
    return [one for one in found if one is not None]


def _known(head: Path) -> Known | None:
    try:
        return Known(key=head.parent.name, **_read(head))
    except (OSError, ValueError, TypeError):
        return None  # of another version, torn by hand, or removed meanwhile


def save(run: Run) -> None:
    """Store a run that succeeded, in place of one of the same key.

    Raises ValueError for a failed run and for one that abreast did not execute: those are never
    stored. Raises AbreastError when the disk refuses; what was there is then as before.
    """
    if run.failure is not None or run.identity is None or run.subject is None:
        raise ValueError("only a run that abreast executed, and that succeeded, is stored")
    target = make_cache(runs_folder()) / run.key
    head = {
        "work": run.identity.work,
        "subject": asdict(run.subject),
        "identity": asdict(run.identity),
        "started": run.provenance.started,
        "rounds": len(run.rounds),
    }
    outputs = [list(cell.outputs) for cell in code_cells(run.cells)]
    recover(target)
    try:
        with staging(target) as new:
            _write(new / _HEAD, head)
            _write(new / _RUN, run_record(run))
            _write(new / _OUTPUTS, outputs)
            for old in exchange(new, target):
                shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise AbreastError(
            f"cannot store a run: {error.strerror}.",
            where=shown(target.parent),
            remedy=disk_remedy(error).strip(),
        ) from error


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, record: Any) -> None:
    write_synced(path, json.dumps(record).encode())
