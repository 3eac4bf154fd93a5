"""outputs/<deck>/ is swapped in as a whole, with a manifest; other people's files stay."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from abreast.errors import AbreastError, UsageError, shown

MANIFEST = "manifest.json"
_MAKER = "abreast"


def output_folder(deck_path: Path, name: str) -> Path:
    """Return outputs/<name> beside the deck's decks/, else in the working directory."""
    decks = deck_path.parent.parent
    root = decks.parent if decks.name == "decks" else Path.cwd()
    return root / "outputs" / name


def check_folder(folder: Path) -> None:
    """Raise UsageError when `folder` has files and was not made by abreast."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not _ours(folder):
        raise UsageError(
            "this folder was not made by abreast, so it is left alone.",
            where=shown(folder),
            remedy="Move it away, or choose another with --name.",
        )


def publish(folder: Path, files: Mapping[str, str], manifest: Mapping[str, Any]) -> Path:
    """Replace `folder` by these files (text by relative path) and a manifest; return its path.

    Everything is written beside it first, so that a failure leaves the old folder. Files in it
    that the last manifest does not list are carried over.

    Raises UsageError for a folder that is not ours, AbreastError when the disk refuses.
    """
    check_folder(folder)
    record = {
        "made_by": _MAKER,
        **manifest,
        "files": {name: _entry(text) for name, text in sorted(files.items())},
    }
    everything = {**files, MANIFEST: json.dumps(record, indent=2, sort_keys=True) + "\n"}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            staged.chmod(0o755)
            for name, text in everything.items():
                path = staged / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            _carry_over(folder, staged)
            _swap(folder, staged)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        raise AbreastError(
            f"cannot write the deck: {error.strerror}.",
            where=shown(folder),
            remedy="The deck that was there is unchanged.",
        ) from error
    return folder


def _entry(text: str) -> dict[str, Any]:
    content = text.encode()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _ours(folder: Path) -> bool:
    return _listed(folder) is not None


def _listed(folder: Path) -> set[str] | None:
    try:
        record = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return {MANIFEST, *record["files"]} if record.get("made_by") == _MAKER else None


def _carry_over(folder: Path, staged: Path) -> None:
    listed = _listed(folder) or set()
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        target = staged / name
        if path.is_file() and name not in listed and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)


def _swap(folder: Path, staged: Path) -> None:
    if not folder.exists():
        staged.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    os.replace(folder, old)  # noqa: PTH105 - an empty directory may be replaced, as in rename(2)
    try:
        staged.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old)
