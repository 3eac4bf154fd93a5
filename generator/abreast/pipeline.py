"""The order of the stages: deck -> run -> align -> timing -> slides -> render -> publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from abreast.deck.deckfile import QUICK, load_deck, profile_parameters
from abreast.deck.sources import read_notebook
from abreast.errors import AbreastError, Mistake, UsageError, shown
from abreast.events import Drifted, Said, Sink, Warned, Wrote, ignore
from abreast.fragments import Fragments, digest, kept_fragments
from abreast.model import (
    Column,
    ColumnHead,
    Costs,
    Deck,
    Execution,
    Notebook,
    Presentation,
    Run,
    Slide,
    SlidesSection,
    Value,
)
from abreast.publish.drift import (
    DRIFT_HTML,
    Drift,
    Rule,
    broken,
    build_drift,
    drift_files,
    standing_drift,
    terminal_lines,
)
from abreast.publish.inputs import changed, inputs
from abreast.publish.manifest import manifest, notebook_name
from abreast.publish.outputs import Content, check_folder, output_folder, publish, recover_folder
from abreast.publish.timings import timings_csv, timings_json
from abreast.render.html import draw_slides, page_pieces
from abreast.render.notebook import executed_notebook, merged_notebook
from abreast.render.prose import embed_images
from abreast.render.styles import own_stylesheet
from abreast.run import executors, roots
from abreast.run.committed import read_committed
from abreast.run.executions import as_stored, executed, failed
from abreast.run.home import home, make_home
from abreast.run.kernels import outfits
from abreast.run.library import Library
from abreast.run.locks import locks_folder
from abreast.run.machine import Machine, this_machine
from abreast.run.plan import Task, check_parameters, plan, read_sections
from abreast.slides.cells import check_seconds
from abreast.slides.compose import compose


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for. `workers` is how many notebooks may run at once on `executor`.

    `fail_on` says which drift is too much.
    """

    deck: Path
    profile: str | None = None
    parameters: Mapping[str, Value] = field(default_factory=dict)
    execute: bool = True
    force: bool = False
    executor: str = "local"
    workers: int = 1
    name: str | None = None
    fail_on: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A deck as it was read: its prose by section, what must run, and where it is built."""

    deck: Deck
    folder: Path
    prose: Mapping[str, Notebook]
    tasks: tuple[Task, ...]
    css: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What came of a build: the folder, and the notebooks that failed.

    `wrote` says that something had changed since the build before; `drift` is what, None for the
    first build, `too_much` what of it the request does not allow.
    """

    folder: Path
    page: Path
    failures: tuple[Execution, ...] = ()
    wrote: bool = True
    drift: Drift | None = None
    too_much: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a build would do.

    `changed` names what the deck in `folder` was made of otherwise; None where it is not built.
    """

    deck: Deck
    folder: Path
    tasks: tuple[Task, ...]
    changed: tuple[str, ...] | None

    @property
    def is_stale(self) -> bool:
        """Say whether a build would run or write anything."""
        return self.changed != () or any(task.state == "stale" for task in self.tasks)


def run(request: Request, emit: Sink = ignore) -> tuple[Execution, ...]:
    """Execute what has no stored run and return every notebook's execution.

    Raises UsageError, EnvironmentMissingError.
    """
    return _executed_deck(request, emit, lambda _: None)[1]


def build(request: Request, emit: Sink = ignore) -> Built:
    """Bring outputs/<deck>/ up to date, running only what has no stored run.

    A notebook that fails becomes a column that says so. Raises UsageError,
    EnvironmentMissingError, AbreastError.
    """
    prepared, executions = _executed_deck(request, emit, check_folder)
    deck, folder = prepared.deck, prepared.folder
    _note(deck, request, executions, emit)
    page = folder / "index.html"
    made_of = inputs(deck, prepared.prose, executions, prepared.css)
    if changed(folder, made_of) == []:
        emit(Said(text=f"{shown(folder)} is up to date"))
        drift = standing_drift(folder) if request.fail_on else None
        return _built(folder, request, executions, drift, wrote=False)
    with kept_fragments(_fragments_file(folder)) as fragments:
        presentation, costs = present(prepared, folder.name, executions, emit, fragments)
        slides = presentation.slides
        drawn = draw_slides(presentation, fragments=fragments, cells=True)
        files: dict[str, Content] = {
            "index.html": partial(page_pieces, presentation, drawn),
            f"{folder.name}.ipynb": partial(merged_notebook, presentation, fragments),
            **_executed(executions),
            **_timings(costs),
        }
        profile = request.profile or QUICK
        record = manifest(deck, profile, executions, slides, costs, made_of)
        drift = build_drift(folder, files, record)
        publish(folder, {**files, **drift_files(drift)}, record)
    if drift:
        emit(Drifted(since=drift.since, lines=terminal_lines(drift), page=folder / DRIFT_HTML))
    emit(Wrote(path=page, what=f"{len(slides)} slides", bytes=page.stat().st_size))
    return _built(folder, request, executions, drift)


def _built(
    folder: Path,
    request: Request,
    executions: Sequence[Execution],
    drift: Drift | None,
    *,
    wrote: bool = True,
) -> Built:
    return Built(
        folder=folder,
        page=folder / "index.html",
        failures=failed(executions),
        wrote=wrote,
        drift=drift,
        too_much=broken(drift, request.fail_on) if drift else (),
    )


def status(request: Request) -> Status:
    """Return what a build would do, and why.

    Raises UsageError with all that is wrong with the deck's files.
    """
    prepared = prepare(request)
    executions = as_stored(prepared.tasks, ignore)
    made_of = inputs(prepared.deck, prepared.prose, executions, prepared.css)
    different = changed(prepared.folder, made_of)
    return Status(
        deck=prepared.deck,
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
    check_seconds([*prose.values(), *notebooks.values()])
    css = own_stylesheet(deck.stylesheet) if deck.stylesheet else ""
    values = {**profile_parameters(deck, request.profile), **request.parameters}
    check_parameters(deck, notebooks, values, request.parameters)
    folder = output_folder(deck.path, request.name or deck.name)
    recover_folder(folder)
    tasks = plan(
        deck,
        notebooks,
        values,
        outfits(machine or this_machine(), locks_folder(deck.path.parent.parent)),
        Library(committed=read_committed(folder)),
    )
    return Prepared(deck=deck, folder=folder, prose=prose, tasks=tuple(tasks), css=css)


def present(
    prepared: Prepared,
    name: str,
    executions: Sequence[Execution],
    emit: Sink = ignore,
    fragments: Fragments | None = None,
) -> tuple[Presentation, Costs]:
    """Return the deck with what its notebooks gave, ready to be drawn, and what its steps cost.

    What `fragments` has is not composed again.

    Raises UsageError for a deck without slides, or where slides are given more time than there is.
    """
    deck = prepared.deck
    composition = compose(deck, prepared.prose, executions, emit, fragments)
    if not composition.slides:
        raise UsageError(
            "the deck has no slides.",
            where=shown(deck.path),
            remedy="Write Markdown or code cells that are not skipped.",
        )
    presentation = _presentation(deck, name, composition.slides, executions, prepared.css)
    return presentation, composition.costs


def _executed_deck(
    request: Request, emit: Sink, check: Callable[[Path], None]
) -> tuple[Prepared, tuple[Execution, ...]]:
    """Return a deck with its executions: what is stale is run, once its folder is checked."""
    if not request.execute:
        prepared = prepare(request)
        check(prepared.folder)
        return prepared, as_stored(prepared.tasks, emit)
    with closing(executors.load(request.executor, request.workers)) as executor:
        prepared = prepare(request, executor.machine())
        check(prepared.folder)
        deck, tasks = prepared.deck, prepared.tasks
        runs = executed(deck, tasks, force=request.force, executor=executor, emit=emit)
        return prepared, runs


def _note(deck: Deck, request: Request, executions: Sequence[Execution], emit: Sink) -> None:
    """Note what this build used, so that `abreast clean` keeps it."""
    used = {
        e.result.key: e.result.identity
        for e in executions
        if isinstance(e.result, Run) and e.result.identity
    }
    parameters = {**profile_parameters(deck, request.profile), **request.parameters}
    locks = {identity.recipe.environment for identity in used.values()}
    try:
        roots.note(deck.path, parameters, used, locks)
    except AbreastError as error:
        emit(Warned(text=f"`abreast clean` will not know what this deck uses. {error}"))


def _presentation(
    deck: Deck, name: str, slides: tuple[Slide, ...], executions: Sequence[Execution], css: str
) -> Presentation:
    return Presentation(
        name=name,
        title=deck.title,
        heads=tuple(_head(column, executions) for column in deck.columns),
        slides=slides,
        speaker=deck.speaker,
        event=deck.event,
        minutes=deck.minutes,
        language=deck.language,
        theme=deck.theme,
        css=css,
        steps=deck.steps,
    )


def _notebooks(deck: Deck) -> dict[tuple[str, str], Notebook]:
    return {key: _embedded(notebook) for key, notebook in read_sections(deck).items()}


def _prose(deck: Deck) -> dict[str, Notebook]:
    prose = {}
    for section in deck.sections:
        if isinstance(section, SlidesSection):
            prose[section.title] = _embedded(read_notebook(section.slides))
    return prose


def _embedded(notebook: Notebook) -> Notebook:
    cells = tuple(
        replace(cell, source=embed_images(cell.source, notebook.path.parent, notebook.path))
        if cell.cell_type == "markdown"
        else cell
        for cell in notebook.cells
    )
    return replace(notebook, cells=cells)


def _head(column: Column, executions: Sequence[Execution]) -> ColumnHead:
    versions = [
        execution.result.provenance.versions.get(name)
        for execution in executions
        if execution.column == column and isinstance(execution.result, Run)
        for name in column.framework.distributions
    ]
    version = next((v for v in versions if v), "")
    return ColumnHead(framework=column.framework, version=version.partition("+")[0])


def _executed(executions: Sequence[Execution]) -> dict[str, Content]:
    """Return the executed notebooks: the runs that a deck is committed with."""
    return {
        notebook_name(e): partial(executed_notebook, e.result, e.notebook.language)
        for e in executions
        if isinstance(e.result, Run)
    }


def _timings(costs: Costs) -> dict[str, Content]:
    if costs == Costs():
        return {}
    return {"timings.csv": timings_csv(costs), "timings.json": timings_json(costs)}


def _fragments_file(folder: Path) -> Path:
    """Return where the fragments of the deck in a folder are kept, for this user."""
    with suppress(AbreastError):  # where nothing can be written nothing is kept
        make_home()
    return home() / "fragments" / digest(str(folder.resolve()))
