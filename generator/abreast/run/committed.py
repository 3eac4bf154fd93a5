"""Runs in outputs/: a store that is only read, behind the user's own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from abreast.deck.sources import from_document
from abreast.model import Identity, Notebook, Run
from abreast.run.key import code_cells
from abreast.run.recorded import identity_of, recorded_run, with_packages
from abreast.run.store import Known

MANIFEST, MAKER = "manifest.json", "abreast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """A built deck's folder, and what its manifest says of runs that can be used again.

    `deck` is the deck's name then; `records` has the runs by key, `digests` the SHA-256 of each
    file by name.
    """

    folder: Path
    deck: str = ""
    records: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)

    def load(self, key: str, notebook: Notebook, now: Identity) -> Run | None:
        """Return the run of `key` on the cells of the notebook as it is `now`, or None."""
        record = self.records.get(key)
        if record is None:
            return None
        path = self.folder / record["notebook"]
        try:
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() != self.digests[record["notebook"]]:
                return None  # edited by hand, or of another build
            executed = from_document(json.loads(content), path)
            outputs = [cell.outputs for cell in code_cells(executed.cells)]
            return recorded_run(record, outputs, notebook, now)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None

    def known(self) -> list[Known]:
        """Return what can be used again."""
        found = (_known(key, record, self.deck) for key, record in self.records.items())
        return [one for one in found if one is not None]


def _known(key: str, record: Mapping[str, Any], deck: str) -> Known | None:
    identity = identity_of(record["identity"])
    if identity is None:
        return None
    try:
        subject = {name: record[name] for name in ("section", "framework", "swept")}
        return Known(
            key=key,
            work=identity.work,
            subject={"deck": deck, **subject},
            identity=record["identity"],
            started=record["started"],
            rounds=len(record["kernels"]),
            committed=True,
        )
    except (KeyError, TypeError):
        return None  # of another version of abreast


def read_manifest(folder: Path) -> Mapping[str, Any] | None:
    """Return what a build wrote of itself into its folder; None for what abreast did not build."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        ours = manifest["made_by"] == MAKER and isinstance(manifest["files"], dict)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return manifest if ours else None


def read_committed(folder: Path) -> Committed:
    """Return the runs that a built deck's folder holds; none where it cannot be read."""
    manifest = read_manifest(folder)
    if manifest is None:
        return Committed(folder=folder)
    try:
        # A notebook that failed, or was shown as found, has nothing that could be used again.
        runs = [run for run in manifest["runs"] if run.get("identity") and not run["failure"]]
        return Committed(
            folder=folder,
            deck=manifest["deck"],
            records={run["key"]: with_packages(run, manifest["packages"]) for run in runs},
            digests={name: entry["sha256"] for name, entry in manifest["files"].items()},
        )
    except (KeyError, TypeError, AttributeError):
        return Committed(folder=folder)  # of another version of abreast
