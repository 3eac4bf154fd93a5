"""The order of the stages: deck -> run -> align -> timing -> slides -> render -> publish."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from abreast.deck.deckfile import QUICK, load_deck, profile_parameters
from abreast.deck.sources import read_notebook
from abreast.errors import UsageError, shown
from abreast.events import Sink, Wrote, ignore
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
from abreast.publish.manifest import manifest
from abreast.publish.outputs import check_folder, output_folder, publish
from abreast.publish.timings import timings_csv, timings_json
from abreast.render.html import render_html
from abreast.render.notebook import executed_notebook, merged_notebook
from abreast.render.prose import embed_images
from abreast.render.styles import own_stylesheet
from abreast.run.executions import as_stored, executed, failed, kernels
from abreast.run.plan import Task, check_parameters, plan, read_sections
from abreast.slides.cells import check_seconds
from abreast.slides.compose import compose


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for. `workers` is how many notebooks may run at once."""

    deck: Path
    profile: str | None = None
    parameters: Mapping[str, Value] = field(default_factory=dict)
    execute: bool = True
    force: bool = False
    workers: int = 1
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A deck as it was read: its prose by section, and what must run."""

    deck: Deck
    prose: Mapping[str, Notebook]
    tasks: tuple[Task, ...]
    css: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What came of a build: the folder, and the notebooks that failed."""

    folder: Path
    page: Path
    failures: tuple[Execution, ...] = ()


def run(request: Request, emit: Sink = ignore) -> tuple[Execution, ...]:
    """Execute what has no stored run and return every notebook's execution.

    Raises UsageError, EnvironmentMissingError.
    """
    return _executions(prepare(request), request, emit)


def build(request: Request, emit: Sink = ignore) -> Built:
    """Bring outputs/<deck>/ up to date, running only what has no stored run.

    A notebook that fails becomes a column that says so. Raises UsageError,
    EnvironmentMissingError, AbreastError.
    """
    prepared = prepare(request)
    deck = prepared.deck
    folder = output_folder(deck.path, request.name or deck.name)
    check_folder(folder)
    executions = _executions(prepared, request, emit)
    presentation, costs = present(prepared, folder.name, executions, emit)
    slides = presentation.slides
    files = {
        "index.html": render_html(presentation),
        f"{folder.name}.ipynb": _json(merged_notebook(presentation)),
        **_executed(executions),
        **_timings(costs),
    }
    publish(folder, files, manifest(deck, request.profile or QUICK, executions, slides, costs))
    page = folder / "index.html"
    emit(Wrote(path=page, what=f"{len(slides)} slides", bytes=page.stat().st_size))
    return Built(folder=folder, page=page, failures=failed(executions))


def prepare(request: Request) -> Prepared:
    """Read a deck and find what must run.

    Raises UsageError with all that is wrong with its files, EnvironmentMissingError.
    """
    deck = load_deck(request.deck)
    prose, notebooks = _prose(deck), _notebooks(deck)
    check_seconds([*prose.values(), *notebooks.values()])
    css = own_stylesheet(deck.stylesheet) if deck.stylesheet else ""
    values = {**profile_parameters(deck, request.profile), **request.parameters}
    check_parameters(deck, notebooks, values, request.parameters)
    tasks = plan(deck, notebooks, values, kernels(execute=request.execute))
    return Prepared(deck=deck, prose=prose, tasks=tuple(tasks), css=css)


def present(
    prepared: Prepared, name: str, executions: Sequence[Execution], emit: Sink = ignore
) -> tuple[Presentation, Costs]:
    """Return the deck with what its notebooks gave, ready to be drawn, and what its steps cost.

    Raises UsageError for a deck without slides, or where slides are given more time than there is.
    """
    deck = prepared.deck
    composition = compose(deck, prepared.prose, executions, emit)
    if not composition.slides:
        raise UsageError(
            "the deck has no slides.",
            where=shown(deck.path),
            remedy="Write Markdown or code cells that are not skipped.",
        )
    presentation = _presentation(deck, name, composition.slides, executions, prepared.css)
    return presentation, composition.costs


def _executions(prepared: Prepared, request: Request, emit: Sink) -> tuple[Execution, ...]:
    if not request.execute:
        return as_stored(prepared.tasks, emit)
    return executed(
        prepared.deck, prepared.tasks, force=request.force, workers=request.workers, emit=emit
    )


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


def _executed(executions: Sequence[Execution]) -> dict[str, str]:
    """Return the executed notebooks; of a sweep only the times are kept."""
    files = {}
    for execution in executions:
        if isinstance(execution.result, Run) and not execution.swept:
            name = f"notebooks/{slug(execution.section)}/{execution.column.name}.ipynb"
            files[name] = _json(executed_notebook(execution.result, execution.notebook.language))
    return files


def _timings(costs: Costs) -> dict[str, str]:
    if costs == Costs():
        return {}
    return {"timings.csv": timings_csv(costs), "timings.json": timings_json(costs)}


def slug(title: str) -> str:
    """Return a title as a file name: lower case, words joined by hyphens."""
    words = "".join(c.lower() if c.isalnum() else " " for c in title).split()
    return "-".join(words) or "section"


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
