"""A new deck: from nothing, or around notebooks that exist."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from abreast import frameworks
from abreast.deck.deckfile import FILE_NAME
from abreast.deck.sources import read_notebook
from abreast.errors import UsageError, nearest, shown

_QUESTION = "## A matrix by its transpose\n\nThe same question in each column."
_PARAMETERS = "rows, columns = 2, 3"
_PRODUCTS = {
    "pytorch": """\
import torch

a = torch.arange(rows * columns)
a = a.reshape(rows, columns)
print(a @ a.T)""",
    "tensorflow": """\
import tensorflow as tf

a = tf.range(rows * columns)
a = tf.reshape(a, (rows, columns))
print(a @ tf.transpose(a))""",
    "mxnet": """\
from mxnet import np

a = np.arange(rows * columns)
a = a.reshape(rows, columns)
print(np.dot(a, a.T))""",
}


def new_deck(folder: Path, notebooks: tuple[Path, ...]) -> tuple[Path, ...]:
    """Write a deck into `folder`, which must not exist, and return the files written.

    Each notebook becomes a column whose framework is the one its file name holds.

    Raises UsageError where a file name holds no framework's name, or two hold the same.
    """
    if folder.exists():
        raise UsageError(f"'{shown(folder)}' exists already.", remedy="Choose another name.")
    sources = {_framework_in(path): path for path in notebooks}
    if len(sources) < len(notebooks):
        raise UsageError(
            "two of the notebooks are of the same framework.", remedy="Rename one of them."
        )
    for path in notebooks:
        read_notebook(path)
    folder.mkdir(parents=True)
    names = list(sources) or list(_PRODUCTS)
    columns = {name: f"{name}{sources[name].suffix if sources else '.ipynb'}" for name in names}
    for name, file_name in columns.items():
        if sources:
            shutil.copyfile(sources[name], folder / file_name)
        else:
            (folder / file_name).write_text(_starter(name), encoding="utf-8")
    (folder / FILE_NAME).write_text(_deck_file(folder.name, columns), encoding="utf-8")
    return (folder / FILE_NAME, *(folder / name for name in columns.values()))


def _framework_in(path: Path) -> str:
    if not path.is_file():
        raise UsageError(f"'{path}' does not exist.", remedy="Give the path of a notebook.")
    words = re.split(r"[^a-z0-9]+", path.stem.lower())
    known = frameworks.names()
    found = [name for name in known if name in words]
    if len(found) != 1:
        raise UsageError(
            f"no framework's name in '{path.name}'.",
            where=shown(path),
            remedy=f"Rename it, as in {known[0]}.ipynb. {nearest(path.stem, known)}",
        )
    return found[0]


def _deck_file(name: str, columns: dict[str, str]) -> str:
    title = json.dumps(name.replace("-", " ").replace("_", " ").capitalize())
    listed = "".join(f"      {column}: {path}\n" for column, path in columns.items())
    return (
        f"title: {title}\n"
        "minutes: 10\n"
        f"frameworks: [{', '.join(columns)}]\n"
        "sections:\n"
        "  - title: Side by side\n"
        "    minutes: 10\n"
        "    abreast:\n"
        f"{listed}"
    )


def _starter(framework: str) -> str:
    title = frameworks.load(framework).title
    cells: list[dict[str, object]] = []
    steps = (
        ("markdown", _QUESTION, ()),
        ("code", _PARAMETERS, ("parameters",)),
        ("code", _PRODUCTS[framework], ()),
    )
    for number, (cell_type, source, tags) in enumerate(steps):
        cell: dict[str, object] = {
            "cell_type": cell_type,
            "id": f"step-{number}",
            "metadata": {"tags": list(tags)} if tags else {},
            "source": source,
        }
        if cell_type == "code":
            cell |= {"execution_count": None, "outputs": []}
        cells.append(cell)
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": title, "language": "python"}
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1) + "\n"
