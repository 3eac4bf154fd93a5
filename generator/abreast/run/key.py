"""A run's identity: all that can change what a notebook computes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from os.path import relpath
from pathlib import Path

from abreast.deck import parameters as parameter_cells
from abreast.deck.directives import without_directives
from abreast.deck.folders import files_in
from abreast.deck.modules import modules_used
from abreast.model import (
    MAY_RAISE,
    REPEAT,
    SKIP,
    Cell,
    CodeIdentity,
    Identity,
    Notebook,
    Recipe,
    Value,
)

SCHEMA = 4
"""Raise it when runs that are stored must not be used any more."""

# Only these tags change what is executed or kept.
_EXECUTION_TAGS = frozenset({parameter_cells.TAG, MAY_RAISE, REPEAT, SKIP})


def identity(
    notebook: Notebook,
    recipe: Recipe,
    parameters: Mapping[str, Value],
    data: Iterable[Path] = (),
    lib: Sequence[Path] = (),
) -> Identity:
    """Return what a run of the notebook would be.

    Code cells with the parameters in effect, their execution tags, what the kernel is made of and
    runs on, the content of `data` and of the modules that it imports from its folder and from `lib`
    (files and folders), and the probe count. Prose, slide metadata, directives, cell ids, outputs
    and display names do not.
    """
    defaults = parameter_cells.defaults(notebook)
    first = parameter_cells.parameters_cell(notebook.cells) if defaults else None
    return Identity(
        schema=SCHEMA,
        probe=_file_digest(Path(__file__).with_name("probe.py")),
        language=notebook.language,
        cells=tuple(_code(cell, plain=cell is first) for cell in code_cells(notebook.cells)),
        recipe=recipe,
        parameters=dict(sorted({**defaults, **parameters}.items())),
        files=_digests([*data, *modules_used(notebook, lib)], notebook.path.parent),
    )


def code_cells(cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells that an identity has digests of, in order: those with code in them."""
    return [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]


def _code(cell: Cell, *, plain: bool) -> CodeIdentity:
    """Return what a code cell is; of `plain` parameters only the names: values are told apart."""
    source = without_directives(cell.source)
    if plain:
        source = ", ".join(sorted(parameter_cells.assigned(cell.source)))
    digest = hashlib.sha256(source.encode()).hexdigest()
    return CodeIdentity(source=digest, tags=tuple(sorted(cell.tags & _EXECUTION_TAGS)))


def _digests(paths: Iterable[Path], folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file, and of each in a folder, by its place seen from `folder`."""
    files = [file for path in paths for file in ([path] if path.is_file() else files_in(path))]
    return {Path(relpath(file, folder)).as_posix(): _file_digest(file) for file in files}


def _file_digest(path: Path) -> str:
    status = path.stat()
    return _digest_as_of(path, status.st_mtime_ns, status.st_size, status.st_ino)


@lru_cache(maxsize=4096)
def _digest_as_of(path: Path, *_: int) -> str:
    """Read a file once while a process lives, and again when it was written anew."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
