"""A run's identity: all that can change what a notebook computes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from os.path import relpath
from pathlib import Path

from abreast.deck import parameters as parameter_cells
from abreast.deck.directives import without_directives
from abreast.deck.modules import modules_beside
from abreast.model import (
    MAY_RAISE,
    REPEAT,
    Cell,
    CodeIdentity,
    Identity,
    Notebook,
    Recipe,
    Value,
)

SCHEMA = 3
"""Raise it when runs that are stored must not be used any more."""

# Only these tags change what is executed or kept.
_EXECUTION_TAGS = frozenset({parameter_cells.TAG, MAY_RAISE, REPEAT})


def identity(
    notebook: Notebook,
    recipe: Recipe,
    parameters: Mapping[str, Value],
    files: Iterable[Path] = (),
) -> Identity:
    """Return what a run of the notebook would be.

    Code cells with the parameters in effect, their execution tags, what the kernel is made of and
    runs on, the content of declared files and folders and of modules beside the notebook, and the
    probe count. Prose, slide metadata, directives, cell ids, outputs and display names do not.
    """
    known = {**parameter_cells.defaults(notebook), **parameters}
    return Identity(
        schema=SCHEMA,
        probe=_file_digest(Path(__file__).with_name("probe.py")),
        language=notebook.language,
        cells=tuple(_code(cell, notebook, known) for cell in code_cells(notebook)),
        recipe=recipe,
        parameters=dict(sorted(known.items())),
        files=_digests([*files, *modules_beside(notebook)], notebook.path.parent),
    )


def code_cells(notebook: Notebook) -> list[Cell]:
    """Return the cells that an identity has digests of, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _code(cell: Cell, notebook: Notebook, values: Mapping[str, Value]) -> CodeIdentity:
    source = cell.source
    if parameter_cells.TAG in cell.tags and notebook.language == "python":
        # The values that count are among the parameters.
        source = parameter_cells.with_values(source, dict.fromkeys(values))
    digest = hashlib.sha256(without_directives(source).encode()).hexdigest()
    return CodeIdentity(source=digest, tags=tuple(sorted(cell.tags & _EXECUTION_TAGS)))


def _digests(paths: Iterable[Path], folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file, and of each in a folder, by its place seen from `folder`."""
    files = [file for path in paths for file in ([path] if path.is_file() else _inside(path))]
    return {Path(relpath(file, folder)).as_posix(): _file_digest(file) for file in files}


def _inside(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if "__pycache__" not in path.parts]


def _file_digest(path: Path) -> str:
    status = path.stat()
    return _digest_as_of(path, status.st_mtime_ns, status.st_size, status.st_ino)


@cache
def _digest_as_of(path: Path, *_: int) -> str:
    """Read a file once while a process lives, and again when it was written anew."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
