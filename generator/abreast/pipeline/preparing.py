"""A deck's files -> what it says, and what of it must run."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from abreast.deck.deckfile import FILE_NAME, load_deck, profile_parameters
from abreast.deck.modules import shared_modules
from abreast.deck.paths import along, cells_along, check_paths
from abreast.deck.sources import read_notebook
from abreast.deck.tags import check_tags
from abreast.errors import UsageError, shown
from abreast.model import Cell, Deck, Notebook, SlidesSection
from abreast.pipeline.requests import Prepared, Request, Status
from abreast.publish.inputs import changed, inputs
from abreast.publish.outputs import output_folder, recover_folder
from abreast.run.committed import Committed, read_committed
from abreast.run.executions import foreseen
from abreast.run.kernels import outfits
from abreast.run.library import Library
from abreast.run.locks import locks_folder
from abreast.run.machine import Machine, this_machine
from abreast.run.plan import check_parameters, plan, read_sections

_MAY_HAVE_PICTURES = re.compile(r"!\[|<(?:img|video|audio|source)\b", re.IGNORECASE)


def status(request: Request) -> Status:
    """Return what a build would do, and why.

    Raises UsageError with all that is wrong with the deck's files.
    """
    prepared = prepare(request)
    executions = foreseen(prepared.tasks)
    made_of = inputs(prepared.deck, prepared.prose, executions, prepared.css, prepared.modules)
    different = changed(prepared.folder, made_of)
    return Status(
        deck=prepared.deck,
        path=request.path,
        folder=prepared.folder,
        tasks=prepared.tasks,
        changed=None if different is None else tuple(different),
    )


def prepare(request: Request, machine: Machine | None = None) -> Prepared:
    """Read a deck and find what must run on a machine, this one unless given.

    Raises UsageError with all that is wrong with its files, EnvironmentMissingError.
    """
    deck = load_deck(request.deck)
    prose, notebooks = _prose(deck), _notebooks(deck)
    read = [*prose.values(), *notebooks.values()]
    check_tags(read)
    css = _css(deck)
    values = {**profile_parameters(deck, request.profile), **request.parameters}
    check_parameters(deck, notebooks, values, request.parameters)
    check_paths(deck, read, request.path)
    deck, prose, notebooks = _along(request.path or deck.on_path, deck, prose, notebooks)
    folder = output_folder(deck.path, _name(deck, request))
    recover_folder(folder)
    tasks = plan(
        deck,
        notebooks,
        values,
        outfits(machine or this_machine(), locks_folder(deck.path.parent.parent)),
        Library(*_committed(deck, folder)),
    )
    return Prepared(
        deck=deck,
        folder=folder,
        prose=prose,
        tasks=tuple(tasks),
        css=css,
        modules=shared_modules(deck, notebooks),
    )


def _along(
    path: str,
    deck: Deck,
    prose: dict[str, Notebook],
    notebooks: dict[tuple[str, str], Notebook],
) -> tuple[Deck, dict[str, Notebook], dict[tuple[str, str], Notebook]]:
    """Return what of a deck and its notebooks is along a path: all without one."""
    if not path:
        return deck, prose, notebooks
    deck = along(deck, path)
    titles = {section.title for section in deck.sections}
    return (
        deck,
        {title: cells_along(one, path) for title, one in prose.items() if title in titles},
        {key: cells_along(one, path) for key, one in notebooks.items() if key[0] in titles},
    )


def _name(deck: Deck, request: Request) -> str:
    """Return what the deck is called in outputs/: one along a path stands beside the whole one.

    Raises UsageError where that is another deck's name.
    """
    if request.name or not request.path:
        return request.name or deck.name
    name = f"{deck.name}-{request.path}"
    if (deck.folder.parent / name / FILE_NAME).is_file():
        raise UsageError(
            f"the deck '{name}' has the name that this one would get in outputs/.",
            where=shown(deck.folder.parent / name),
            remedy="Give another with --name.",
        )
    return name


def _committed(deck: Deck, folder: Path) -> list[Committed]:
    """Return the runs in outputs/: of this build, and of the deck that goes by its own name."""
    places = dict.fromkeys([folder, output_folder(deck.path, deck.name)])
    return [read_committed(place) for place in places]


def _notebooks(deck: Deck) -> dict[tuple[str, str], Notebook]:
    return {key: _embedded(notebook) for key, notebook in read_sections(deck).items()}


def _prose(deck: Deck) -> dict[str, Notebook]:
    prose = {}
    for section in deck.sections:
        if isinstance(section, SlidesSection):
            prose[section.title] = _embedded(read_notebook(section.slides))
    return prose


def _embedded(notebook: Notebook) -> Notebook:
    return replace(notebook, cells=tuple(_with_pictures(cell, notebook) for cell in notebook.cells))


def _with_pictures(cell: Cell, notebook: Notebook) -> Cell:
    if cell.cell_type != "markdown" or not _MAY_HAVE_PICTURES.search(cell.source):
        return cell
    from abreast.render.prose import embed_images  # noqa: PLC0415 - few cells have pictures

    source = embed_images(cell.source, notebook.path.parent, notebook.path)
    return replace(cell, source=source)


def _css(deck: Deck) -> str:
    if deck.stylesheet is None:
        return ""
    from abreast.render.styles import own_stylesheet  # noqa: PLC0415 - few decks have one

    return own_stylesheet(deck.stylesheet)
