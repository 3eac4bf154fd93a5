"""What must run: a job for each notebook, fresh when the store has its run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Literal, NamedTuple, TypeAlias

from abreast.deck import parameters as parameter_cells
from abreast.deck.mistakes import place
from abreast.deck.modules import hidden_modules
from abreast.deck.sources import read_notebook
from abreast.errors import Mistake, UsageError, nearest, shown
from abreast.model import (
    AbreastSection,
    Column,
    Deck,
    Identity,
    Job,
    Kernel,
    Lack,
    Notebook,
    Recipe,
    Run,
    Subject,
    Value,
    label,
)
from abreast.run.kernels import Outfit
from abreast.run.key import identity
from abreast.run.library import Library
from abreast.run.reasons import away, is_away, reasons
from abreast.run.recorded import identity_of

OutfitFor = Callable[[Column], Outfit]

State: TypeAlias = Literal["fresh", "kept", "stale"]
"""Has the run that is asked for; one from a device that is not here; must be executed."""


NEVER = "never run here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A notebook of a section: what would run it, and the stored run, if there is one.

    `why` says in phrases why it is stale or kept. `previous` is the last run of a notebook that is
    stale, outputs on the cells that are still the same. `swept` are the parameters that the
    section's sweep sets; without any its slides show it.
    """

    section: AbreastSection
    column: Column
    notebook: Notebook
    target: Job | Lack
    state: State = "stale"
    why: tuple[str, ...] = ()
    stored: Run | None = None
    previous: Run | None = None
    swept: Mapping[str, Value] = field(default_factory=dict)

    @property
    def must_run(self) -> bool:
        """Say whether a build would execute it; what can never run here, it only tells."""
        can = isinstance(self.target, Job) or self.target.missing
        return self.state == "stale" and can

    @property
    def label(self) -> str:
        """What people see of it."""
        return label(self.column.framework, self.notebook, self.swept)


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
    outfit_for: OutfitFor,
    library: Library,
) -> list[Task]:
    """Return a task for each notebook of the deck and for each point of its sweeps, in order.

    A notebook that does not declare all of a sweep's parameters has no part in it. `library` has
    the runs that there are.
    """
    outfits = {column.name: outfit_for(column) for column in deck.columns}
    columns = {column.name: column for column in deck.columns}
    return [
        _task(deck, wanted, outfits[name], {**values, **swept}, library)
        for section in abreast_sections(deck)
        for swept in ({}, *settings(section.sweep))
        for name in section.notebooks
        for notebook in [notebooks[section.title, name]]
        if swept.keys() <= parameter_cells.declared(notebook)
        for wanted in [_Wanted(section, columns[name], notebook, swept)]
    ]


def settings(grid: Mapping[str, Sequence[Value]]) -> list[dict[str, Value]]:
    """Return every combination of a grid's values, the first parameter's changing slowest."""
    combined = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    return combined if grid else []


def abreast_sections(deck: Deck) -> list[AbreastSection]:
    """Return the deck's sections that have code."""
    return [section for section in deck.sections if isinstance(section, AbreastSection)]


class _Wanted(NamedTuple):
    """What a task is about."""

    section: AbreastSection
    column: Column
    notebook: Notebook
    swept: Mapping[str, Value]

    def subject(self, deck: Deck) -> Subject:
        """Return what people know it by."""
        return Subject(
            deck=deck.name,
            section=self.section.title,
            framework=self.column.name,
            swept=self.swept,
        )


def _task(
    deck: Deck,
    wanted: _Wanted,
    outfit: Outfit,
    values: Mapping[str, Value],
    library: Library,
) -> Task:
    names = parameter_cells.declared(wanted.notebook)
    mine = {name: value for name, value in values.items() if name in names}
    recipe = outfit.recipe or Recipe(environment="")
    now = identity(wanted.notebook, recipe, mine, deck.data, deck.lib)
    key = now.key
    target: Job | Lack = (
        outfit.kernel
        if isinstance(outfit.kernel, Lack)
        else _job(deck, wanted, outfit.kernel, key, now, mine)
    )
    task = Task(**wanted._asdict(), target=target)
    unknown = outfit.recipe is None
    for one in library.that_fit(key, now.work, lambda device: unknown or is_away(device, recipe)):
        stored = library.load(one, wanted.notebook, now)
        if stored is None:
            continue
        if one.key != key:
            why = "its kernel is not installed here" if unknown else away(one.device, recipe)
            return replace(task, state="kept", stored=stored, why=(why,))
        if len(stored.rounds) < deck.kernels and isinstance(target, Job):
            why = f"{len(stored.rounds)} of {deck.kernels} kernels have timed it"
            return replace(task, stored=stored, previous=stored, why=(why,))
        return replace(task, state="fresh", stored=stored)
    return _stale(task, wanted, deck, now, library)


def _stale(task: Task, wanted: _Wanted, deck: Deck, now: Identity, library: Library) -> Task:
    """Look among the runs of the same notebook: the nearest tells what changed."""
    framework = wanted.column.framework
    told = [
        (reasons(before, now, wanted.notebook, framework), one)
        for one in library.known(wanted.subject(deck))
        if (before := identity_of(one.identity))
    ]
    if not told:
        return replace(task, why=(NEVER,))
    why, nearest_run = min(told, key=lambda pair: len(pair[0]))
    return replace(task, why=why, previous=library.load(nearest_run, wanted.notebook, now))


def _job(
    deck: Deck,
    wanted: _Wanted,
    kernel: Kernel,
    key: str,
    now: Identity,
    parameters: Mapping[str, Value],
) -> Job:
    return Job(
        section=wanted.section.title,
        framework=wanted.column.framework,
        notebook=wanted.notebook,
        kernel=kernel,
        key=key,
        cwd=wanted.notebook.path.parent,
        identity=now,
        subject=wanted.subject(deck),
        parameters=parameters,
        swept=wanted.swept,
        kernels=deck.kernels,
        data=deck.data,
        lib=deck.lib,
        timeouts=deck.timeouts,
    )
