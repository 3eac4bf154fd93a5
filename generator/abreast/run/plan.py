"""What must run: a job for each notebook, fresh when the store has its run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from abreast.deck import parameters as parameter_cells
from abreast.deck.mistakes import place
from abreast.deck.shadowing import hidden_modules
from abreast.deck.sources import read_notebook
from abreast.errors import Mistake, UsageError, nearest, shown
from abreast.model import AbreastSection, Column, Deck, Job, Kernel, Lack, Notebook, Run, Value
from abreast.run import store
from abreast.run.key import run_key

KernelFor = Callable[[Column], Kernel | Lack]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A notebook of a section: what would run it, and the stored run, if there is one.

    `swept` are the parameters that the section's sweep sets; without any its slides show it.
    `previous` is the last run of a notebook that has none which fits, outputs on the cells that are
    still the same.
    """

    section: AbreastSection
    column: Column
    notebook: Notebook
    target: Job | Lack
    stored: Run | None = None
    previous: Run | None = None
    swept: Mapping[str, Value] = field(default_factory=dict)

    @property
    def is_fresh(self) -> bool:
        """Say whether the stored run is all that is asked for: as many kernels as well."""
        enough = isinstance(self.target, Job) and self.target.kernels
        return self.stored is not None and len(self.stored.rounds) >= enough


def read_sections(deck: Deck) -> dict[tuple[str, str], Notebook]:
    """Read every notebook of the abreast sections, by section title and framework.

    Raises UsageError with all notebooks that cannot be read, or hide a module that they import.
    """
    notebooks: dict[tuple[str, str], Notebook] = {}
    mistakes: list[Mistake] = []
    for section in abreast_sections(deck):
        for framework, path in section.notebooks.items():
            try:
                notebooks[section.title, framework] = read_notebook(path, framework)
            except UsageError as error:
                mistakes += error.mistakes
    mistakes += hidden_modules(notebooks.values())
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
        _undeclared(name, known, "command line" if name in given else shown(deck.path))
        for name in values
        if name not in known
    ]
    for index, section in enumerate(deck.sections):
        sweep = section.sweep if isinstance(section, AbreastSection) else {}
        mine = [nb for (title, _), nb in notebooks.items() if title == section.title]
        declared = sorted({name for nb in mine for name in parameter_cells.declared(nb)})
        mistakes += [
            _undeclared(name, declared, place(deck.path, ("sections", index, "sweep", name)))
            for name in sweep
            if name not in declared
        ]
        known_to_all = any(sweep.keys() <= parameter_cells.declared(nb) for nb in mine)
        if sweep and sweep.keys() <= set(declared) and not known_to_all:
            what = f"no notebook declares all of {', '.join(sweep)}."
            where = place(deck.path, ("sections", index, "sweep"))
            mistakes.append(Mistake(what=what, where=where, remedy="Sweep over those of one."))
    if mistakes:
        raise UsageError.of(mistakes)


def _undeclared(name: str, known: list[str], where: str) -> Mistake:
    return Mistake(
        what=f"no notebook declares the parameter '{name}'.",
        where=where,
        remedy=nearest(name, known) or "Tag a code cell with 'parameters' and assign it there.",
    )


def plan(
    deck: Deck,
    notebooks: Mapping[tuple[str, str], Notebook],
    values: Mapping[str, Value],
    kernel_for: KernelFor,
) -> list[Task]:
    """Return a task for each notebook of the deck and for each point of its sweeps, in order.

    A notebook that does not declare all of a sweep's parameters has no part in it.
    """
    kernels = {column.name: kernel_for(column) for column in deck.columns}
    columns = {column.name: column for column in deck.columns}
    return [
        _task(deck, section, columns[name], notebook, kernels[name], {**values, **swept}, swept)
        for section in abreast_sections(deck)
        for swept in ({}, *settings(section.sweep))
        for name in section.notebooks
        for notebook in [notebooks[section.title, name]]
        if swept.keys() <= parameter_cells.declared(notebook)
    ]


def settings(grid: Mapping[str, Sequence[Value]]) -> list[dict[str, Value]]:
    """Return every combination of a grid's values, the first parameter's changing slowest."""
    combined = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    return combined if grid else []


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
    swept: Mapping[str, Value],
) -> Task:
    if isinstance(kernel, Lack):
        return Task(section=section, column=column, notebook=notebook, target=kernel, swept=swept)
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
        swept=swept,
        kernels=deck.kernels,
        data=deck.data,
        lib=deck.lib,
        timeouts=deck.timeouts,
    )
    stored = store.load(key, notebook)
    return Task(
        section=section, column=column, notebook=notebook, target=job, stored=stored, swept=swept
    )
