"""The order of the stages: deck -> run -> align -> timing -> slides -> render -> publish."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from abreast.deck.deckfile import QUICK, load_deck, profile_parameters
from abreast.deck.mistakes import place
from abreast.deck.sources import read_notebook
from abreast.errors import EnvironmentMissingError, Mistake, NotebookError, UsageError, shown
from abreast.events import Said, Sink, Warned, Wrote, ignore
from abreast.model import (
    Column,
    ColumnHead,
    Costs,
    Deck,
    Execution,
    Job,
    Kernel,
    Lack,
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
from abreast.run.environments import gpu_names, kernel_for, preferred_device
from abreast.run.executors import run_jobs
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
class Built:
    """What came of a build: the folder, and the notebooks that failed."""

    folder: Path
    page: Path
    failures: tuple[Execution, ...] = ()


def run(request: Request, emit: Sink = ignore) -> tuple[Execution, ...]:
    """Execute what has no stored run and return every notebook's execution.

    Raises UsageError, EnvironmentMissingError.
    """
    deck = load_deck(request.deck)
    return _executions(deck, _notebooks(deck), request, emit)


def build(request: Request, emit: Sink = ignore) -> Built:
    """Bring outputs/<deck>/ up to date, running only what has no stored run.

    A notebook that fails becomes a column that says so. Raises UsageError,
    EnvironmentMissingError, AbreastError.
    """
    deck = load_deck(request.deck)
    folder = output_folder(deck.path, request.name or deck.name)
    check_folder(folder)
    prose, notebooks = _prose(deck), _notebooks(deck)
    check_seconds([*prose.values(), *notebooks.values()])
    css = own_stylesheet(deck.stylesheet) if deck.stylesheet else ""
    executions = _executions(deck, notebooks, request, emit)
    composition = compose(deck, prose, executions, emit)
    slides = composition.slides
    if not slides:
        raise UsageError(
            "the deck has no slides.",
            where=shown(deck.path),
            remedy="Write Markdown or code cells that are not skipped.",
        )
    presentation = _presentation(deck, folder.name, slides, executions, css)
    files = {
        "index.html": render_html(presentation),
        f"{folder.name}.ipynb": _json(merged_notebook(presentation)),
        **_executed(executions),
        **_timings(composition.costs),
    }
    publish(
        folder,
        files,
        manifest(deck, request.profile or QUICK, executions, slides, composition.costs),
    )
    page = folder / "index.html"
    emit(Wrote(path=page, what=f"{len(slides)} slides", bytes=page.stat().st_size))
    return Built(folder=folder, page=page, failures=failed(executions))


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


def failed(executions: Sequence[Execution]) -> tuple[Execution, ...]:
    """Return the executions whose notebook did not finish."""
    failures = (e for e in executions if isinstance(e.result, Run) and e.result.failure)
    return tuple(_once_a_run(tuple(failures)))


def failure_error(executions: Sequence[Execution]) -> NotebookError:
    """Return one error that names notebook, cell, line and exception of each failed execution."""
    mistakes = []
    for execution in executions:
        assert isinstance(execution.result, Run)  # noqa: S101 - failed() chose them
        failure = execution.result.failure
        assert failure is not None  # noqa: S101
        where = _place(execution)
        if failure.cell is not None:
            where += f", cell {failure.cell + 1}"
        if failure.line:
            where += f", line {failure.line}"
        source = f" in `{failure.source_line}`" if failure.source_line else ""
        mistakes.append(
            Mistake(
                what=f"{failure.message}{source}.",
                where=where,
                remedy="Mend the cell and build again: the other notebooks will not run anew.",
            )
        )
    return NotebookError.of(mistakes)


def _notebooks(deck: Deck) -> dict[tuple[str, str], Notebook]:
    return {key: _embedded(notebook) for key, notebook in read_sections(deck).items()}


def _place(execution: Execution) -> str:
    """Return a notebook as messages name it, with what a sweep sets in it."""
    swept = "".join(f", {name} {value}" for name, value in execution.swept.items())
    return f"{shown(execution.notebook.path)}{swept}"


def _once_a_run(executions: Sequence[Execution]) -> list[Execution]:
    """Return an execution for each run: a point of a sweep may be what the deck itself sets."""
    first: dict[str, Execution] = {}
    for n, execution in enumerate(executions):
        key = execution.result.key if isinstance(execution.result, Run) else ""
        first.setdefault(key or f"{n}", execution)
    return list(first.values())


def _executions(
    deck: Deck, notebooks: Mapping[tuple[str, str], Notebook], request: Request, emit: Sink
) -> tuple[Execution, ...]:
    values = {**profile_parameters(deck, request.profile), **request.parameters}
    check_parameters(deck, notebooks, values, request.parameters)
    tasks = plan(deck, notebooks, values, _kernels(execute=request.execute))
    if not request.execute:
        kept = tuple(_without_running(task) for task in tasks if task.stored or not task.swept)
        found = sum(not task.stored and not task.swept for task in tasks)
        if found:
            told = f"{found} notebooks have no stored run that fits: they are shown as found"
            emit(Said(text=f"{told}, without times"))
        _tell_remarks(kept, emit)
        return kept
    _check_workers(deck, request)
    # By key: columns that would run the same thing share one run.
    stale: dict[str, Job] = {}
    for task in tasks:
        if isinstance(task.target, Job) and (request.force or not task.is_fresh):
            stale.setdefault(task.target.key, task.target)
    ready = sum(isinstance(t.target, Job) and t.target.key not in stale for t in tasks)
    if tasks:
        turns = f", by {deck.kernels} kernels each" if deck.kernels > 1 and stale else ""
        told = f"{ready} of {len(tasks)} notebooks are up to date, {len(stale)} to run{turns}"
        emit(Said(text=told))
    runs = run_jobs(list(stale.values()), workers=request.workers, emit=emit)
    executions = tuple(_executed_task(task, {run.key: run for run in runs}) for task in tasks)
    _tell_remarks(executions, emit)
    return executions


def _check_workers(deck: Deck, request: Request) -> None:
    if request.workers > 1 and deck.kernels > 1:
        raise UsageError(
            f"'timing' asks for times of notebooks that run alone, not {request.workers} at once.",
            where=place(deck.path, ("timing", "runs")),
            remedy="Leave out --jobs.",
        )


def _tell_remarks(executions: Sequence[Execution], emit: Sink) -> None:
    """Say of stored runs too what kept a cell from being measured as it was asked."""
    for execution in _once_a_run(executions):
        remarks = execution.result.remarks if isinstance(execution.result, Run) else {}
        for index, remark in sorted(remarks.items()):
            where = f"{_place(execution)}, cell {index + 1}"
            told = f"{where}: {remark}. Its other times are kept; to measure it again add --force"
            emit(Warned(text=told))


def _executed_task(task: Task, runs: Mapping[str, Run]) -> Execution:
    result: Run | Lack
    if isinstance(task.target, Lack):
        result = task.target
    else:
        result = runs.get(task.target.key) or task.stored or Lack(reason="")
    return _execution(task, result)


def _execution(task: Task, result: Run | Lack) -> Execution:
    return Execution(
        section=task.section.title,
        column=task.column,
        notebook=task.notebook,
        result=result,
        swept=task.swept,
    )


def _without_running(task: Task) -> Execution:
    """Take the stored run, else what the notebook's file holds, marked as found."""
    as_found = Run(key="", cells=task.notebook.cells)
    return _execution(task, task.stored or as_found)


def _kernels(*, execute: bool) -> Callable[[Column], Kernel | Lack]:
    gpu = bool(gpu_names())

    def choose(column: Column) -> Kernel | Lack:
        device = preferred_device(column.framework, gpu=gpu)
        try:
            return kernel_for(column, device)
        except EnvironmentMissingError as error:
            if execute:
                raise
            return Lack(reason=str(error))

    return choose


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
