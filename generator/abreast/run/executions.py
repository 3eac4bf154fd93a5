"""Tasks -> executions: what is stale is run, what is not is taken from the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from abreast.deck.mistakes import place
from abreast.errors import EnvironmentMissingError, Mistake, NotebookError, UsageError, shown
from abreast.events import Said, Sink, Warned
from abreast.model import Column, Deck, Execution, Job, Kernel, Lack, Run
from abreast.run.environments import gpu_names, kernel_for, preferred_device
from abreast.run.executors import run_jobs
from abreast.run.plan import Task


def executed(
    deck: Deck, tasks: Sequence[Task], *, force: bool, workers: int, emit: Sink
) -> tuple[Execution, ...]:
    """Execute what has no stored run, or all with `force`, and return every task's execution.

    Raises UsageError for several `workers` where the deck asks for times of what runs alone.
    """
    _check_workers(deck, workers)
    # By key: columns that would run the same thing share one run.
    stale: dict[str, Job] = {}
    for task in tasks:
        if isinstance(task.target, Job) and (force or not task.is_fresh):
            stale.setdefault(task.target.key, task.target)
    ready = sum(isinstance(t.target, Job) and t.target.key not in stale for t in tasks)
    if tasks:
        turns = f", by {deck.kernels} kernels each" if deck.kernels > 1 and stale else ""
        told = f"{ready} of {len(tasks)} notebooks are up to date, {len(stale)} to run{turns}"
        emit(Said(text=told))
    runs = run_jobs(list(stale.values()), workers=workers, emit=emit)
    executions = tuple(_executed_task(task, {run.key: run for run in runs}) for task in tasks)
    _tell_remarks(executions, emit)
    return executions


def as_stored(tasks: Sequence[Task], emit: Sink) -> tuple[Execution, ...]:
    """Return stored runs, else what the notebooks' files hold, marked as found; run nothing."""
    kept = tuple(_without_running(task) for task in tasks if task.stored or not task.swept)
    found = sum(not task.stored and not task.swept for task in tasks)
    if found:
        told = f"{found} notebooks have no stored run that fits: they are shown as found"
        emit(Said(text=f"{told}, without times"))
    _tell_remarks(kept, emit)
    return kept


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


def kernels(*, execute: bool) -> Callable[[Column], Kernel | Lack]:
    """Return what finds a column's kernel; a lack for a missing one where nothing is executed."""
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


def _check_workers(deck: Deck, workers: int) -> None:
    if workers > 1 and deck.kernels > 1:
        raise UsageError(
            f"'timing' asks for times of notebooks that run alone, not {workers} at once.",
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
