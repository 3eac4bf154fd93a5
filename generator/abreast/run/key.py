"""A run's identity: a hash over all that can change what a notebook computes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from abreast.model import MAY_RAISE, REPEAT, Kernel, Notebook, Value

SCHEMA = 2
"""Raise it when runs that are stored must not be used any more."""

# Only these tags change what is executed or kept.
_EXECUTION_TAGS = frozenset({"parameters", MAY_RAISE, REPEAT})


def run_key(
    notebook: Notebook,
    kernel: Kernel,
    parameters: Mapping[str, Value],
    files: Iterable[Path],
) -> str:
    """Return the SHA-256 key of a run, in hexadecimal.

    Code cells, their execution tags, parameters, the kernel's identity (environment lock or
    kernelspec), the content of declared files and the probe count. Prose, slide metadata, cell
    ids, outputs and display names do not.
    """
    parts = {
        "schema": SCHEMA,
        "probe": file_digest(Path(__file__).with_name("probe.py")),
        "language": notebook.language,
        "kernel": kernel.identity,
        "parameters": dict(sorted(parameters.items())),
        "cells": [
            [cell.source, sorted(cell.tags & _EXECUTION_TAGS)]
            for cell in notebook.cells
            if cell.cell_type == "code"
        ],
        "files": sorted((path.name, content_digest(path)) for path in files),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def content_digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder's files with their names."""
    if path.is_file():
        return file_digest(path)
    digest = hashlib.sha256()
    for child in sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        digest.update(f"{child.relative_to(path).as_posix()}\0{file_digest(child)}\0".encode())
    return digest.hexdigest()


@cache
def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal; read once a process."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
