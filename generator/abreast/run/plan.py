"""What must run: a job for each notebook, fresh when the store has its run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from abreast.deck import parameters as parameter_cells
from abreast.deck.sources import read_notebook
from abreast.errors import Mistake, UsageError, nearest, shown
from abreast.model import AbreastSection, Column, Deck, Job, Kernel, Lack, Notebook, Run, Value
from abreast.run import store
from abreast.run.key import run_key

KernelFor = Callable[[Column], Kernel | Lack]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A notebook of a section: what would run it, and the stored run, if there is one."""

    section: AbreastSection
    column: Column
    notebook: Notebook
    target: Job | Lack
    stored: Run | None = None


def read_sections(deck: Deck) -> dict[tuple[str, str], Notebook]:
    """Read every notebook of the abreast sections, by section title and framework.

    Raises UsageError with all notebooks that cannot be read.
    """
    notebooks: dict[tuple[str, str], Notebook] = {}
    mistakes: list[Mistake] = []
    for section in abreast_sections(deck):
        for framework, path in section.notebooks.items():
            try:
                notebooks[section.title, framework] = read_notebook(path, framework)
            except UsageError as error:
                mistakes += error.mistakes
    if mistakes:
        raise UsageError.of(mistakes)
    return notebooks


def check_parameters(
    deck: Deck,
    notebooks: Mapping[tuple[str, str], Notebook],
    values: Mapping[str, Value],
    given: Mapping[str, Value],
) -> None:
    """Raise UsageError for parameters that no notebook declares; `given` on the command line."""
    known = sorted({name for nb in notebooks.values() for name in parameter_cells.declared(nb)})
    mistakes = [
        Mistake(
            what=f"no notebook declares the parameter '{name}'.",
            where="command line" if name in given else shown(deck.path),
            remedy=nearest(name, known) or "Tag a code cell with 'parameters' and assign it there.",
        )
        for name in values
        if name not in known
    ]
    if mistakes:
        raise UsageError.of(mistakes)


def plan(
    deck: Deck,
    notebooks: Mapping[tuple[str, str], Notebook],
    values: Mapping[str, Value],
    kernel_for: KernelFor,
) -> list[Task]:
    """Return a task for each notebook of the deck, in the deck's order."""
    kernels = {column.name: kernel_for(column) for column in deck.columns}
    columns = {column.name: column for column in deck.columns}
    return [
        _task(deck, section, columns[name], notebooks[section.title, name], kernels[name], values)
        for section in abreast_sections(deck)
        for name in section.notebooks
    ]


def abreast_sections(deck: Deck) -> list[AbreastSection]:
    """Return the deck's sections that have code."""
    return [section for section in deck.sections if isinstance(section, AbreastSection)]


def _task(
    deck: Deck,
    section: AbreastSection,
    column: Column,
    notebook: Notebook,
    kernel: Kernel | Lack,
    values: Mapping[str, Value],
) -> Task:
    if isinstance(kernel, Lack):
        return Task(section=section, column=column, notebook=notebook, target=kernel)
    names = parameter_cells.declared(notebook)
    mine = {name: value for name, value in values.items() if name in names}
    key = run_key(notebook, kernel, mine, (*deck.data, *deck.lib))
    job = Job(
        section=section.title,
        framework=column.framework,
        notebook=notebook,
        kernel=kernel,
        key=key,
        cwd=notebook.path.parent,
        parameters=mine,
        lib=deck.lib,
        timeouts=deck.timeouts,
    )
    stored = store.load(key, notebook)
    return Task(section=section, column=column, notebook=notebook, target=job, stored=stored)
