"""A turn as content, for machines that share no disk with this one, and its run back.

Notebook, data and lib keep their places to each other: all lie in one folder, at the paths that
they have here below the folder that holds them all (which may be the root: `/a/x` and `/b/y` lie
at `a/x` and `b/y`).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from abreast.deck.folders import files_in
from abreast.deck.modules import modules_beside
from abreast.errors import UsageError, shown
from abreast.model import Cell, Job, Run
from abreast.run.executors.turn import Turn
from abreast.run.recorded import with_outputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A file or a folder. `place` is where it lies below the folder that holds all.

    `files` are its files' content by their paths in it; a single file's is ".".
    """

    place: Path
    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """The SHA-256 of it all, in hexadecimal."""
        digest = hashlib.sha256(self.place.as_posix().encode())
        for name, data in self.files.items():
            digest.update(f"\0{name}\0{len(data)}\0".encode())
            digest.update(data)
        return digest.hexdigest()


def packed(turn: Turn) -> tuple[Turn, dict[Path, Path]]:
    """Return a turn whose paths are below the folder that holds all, without prose and outputs.

    With it the files and folders that must come along, and their places: what the deck declares,
    and modules beside the notebook. Raises UsageError where no folder holds all.
    """
    job = turn.job
    paths = dict.fromkeys((*job.data, *job.lib, *modules_beside(job.notebook, job.lib)))
    root = _root(job.notebook.path, paths)

    def place(path: Path) -> Path:
        return Path(os.path.relpath(path, root))

    notebook = replace(
        job.notebook,
        path=place(job.notebook.path),
        cells=tuple(map(_bare, job.notebook.cells)),
    )
    below = _at(
        replace(job, notebook=notebook), notebook.path, map(place, job.data), map(place, job.lib)
    )
    return replace(turn, job=below), {path: place(path) for path in paths}


def content_of(path: Path, place: Path) -> Content:
    """Read a file, or what counts in a folder."""
    if path.is_file():
        return Content(place=place, files={".": path.read_bytes()})
    return Content(
        place=place,
        files={file.relative_to(path).as_posix(): file.read_bytes() for file in files_in(path)},
    )


@contextmanager
def unpacked(turn: Turn, contents: Iterable[Content], within: str) -> Iterator[Turn]:
    """Yield a packed turn with its files in a temporary folder, which is removed in the end."""
    with tempfile.TemporaryDirectory(
        prefix="abreast-", dir=within, ignore_cleanup_errors=True
    ) as name:
        root = Path(name).resolve()
        for content in contents:
            _write(content, root)
        job = turn.job
        path = root / job.notebook.path
        path.parent.mkdir(parents=True, exist_ok=True)
        # Outputs must not show the temporary folder either.
        data = [*(root / place for place in job.data), root]
        here = _at(job, path, data, [root / place for place in job.lib])
        yield replace(turn, job=here)


def restored(run: Run, job: Job) -> Run:
    """Return the run of a packed turn with its outputs on the cells that the job has here."""
    pairs = zip(job.notebook.cells, run.cells, strict=True)
    return replace(run, cells=tuple(with_outputs(cell, ran.outputs) for cell, ran in pairs))


def _root(notebook: Path, paths: Iterable[Path]) -> str:
    folders = [notebook.parent, *(path.parent for path in paths)]
    try:
        # Links are not resolved: where one lies is where the notebook looks for it.
        return os.path.commonpath([os.path.abspath(folder) for folder in folders])  # noqa: PTH100
    except ValueError:
        raise UsageError(
            "'data' or 'lib' lies on another drive, so no folder holds all of it.",
            where=shown(notebook),
            remedy="Keep it beside the decks, or leave out --executor.",
        ) from None


def _at(job: Job, notebook: Path, data: Iterable[Path], lib: Iterable[Path]) -> Job:
    """Return a job with its files at other places."""
    return replace(
        job,
        notebook=replace(job.notebook, path=notebook),
        cwd=notebook.parent,
        data=tuple(data),
        lib=tuple(lib),
    )


def _bare(cell: Cell) -> Cell:
    """Return what a kernel needs of a cell, in its place."""
    if cell.cell_type == "code":
        return with_outputs(cell, ())
    return replace(cell, source="", attachments={})


def _write(content: Content, root: Path) -> None:
    for name, data in content.files.items():
        path = root / content.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
