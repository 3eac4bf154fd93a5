"""Tasks -> executions: what is stale is run, what is not is taken from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from abreast.deck.mistakes import place
from abreast.errors import (
    EnvironmentMissingError,
    Mistake,
    NotebookError,
    UsageError,
    counted,
    shown,
)
from abreast.events import Said, Sink, Warned
from abreast.model import Deck, Execution, Job, Lack, Run
from abreast.run.executors import Executor
from abreast.run.executors.rounds import run_jobs
from abreast.run.plan import NEVER, Task
from abreast.run.recorded import onto


def executed(
    deck: Deck, tasks: Sequence[Task], *, force: bool, executor: Executor, emit: Sink
) -> tuple[Execution, ...]:
    """Execute what has no stored run, or all with `force`, and return every task's execution.

    Raises UsageError where the deck asks for times of what runs alone and the executor cannot,
    EnvironmentMissingError for what must run and cannot.
    """
    # By key: columns that would run the same thing share one run.
    stale: dict[str, Job] = {}
    for task in tasks:
        if isinstance(task.target, Job) and (force or task.state == "stale"):
            stale.setdefault(task.target.key, task.target)
    if stale:
        _check_turns(deck, executor)
    _check_installed(tasks, force=force)
    _tell_plan(deck, tasks, stale, emit)
    begun = {} if force else {t.stored.key: t.stored for t in tasks if t.stored and _runs(t, stale)}
    runs = run_jobs(list(stale.values()), executor, emit, begun)
    executions = tuple(_executed_task(task, {run.key: run for run in runs}) for task in tasks)
    _tell_remarks(executions, emit)
    return executions


def as_stored(tasks: Sequence[Task], emit: Sink) -> tuple[Execution, ...]:
    """Return stored runs, else what the notebooks' files hold, marked as found; run nothing."""
    kept = tuple(_without_running(task) for task in tasks if task.stored or not task.swept)
    found = sum(not task.stored and not task.swept for task in tasks)
    if found:
        told = f"{counted(found, 'notebook')} without a stored run that fits: shown as found"
        emit(Said(text=f"{told}, without times"))
    _tell_remarks(kept, emit)
    return kept


def foreseen(tasks: Sequence[Task]) -> tuple[Execution, ...]:
    """Return what would come of tasks if nothing had to run."""
    return tuple(_executed_task(task, {}) for task in tasks)


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


def _check_installed(tasks: Sequence[Task], *, force: bool) -> None:
    lacks = {
        task.target.reason: None
        for task in tasks
        if isinstance(task.target, Lack) and task.target.missing
        if force or task.state == "stale"
    }
    if lacks:
        raise EnvironmentMissingError.of([Mistake(what=reason) for reason in lacks])


def _tell_plan(deck: Deck, tasks: Sequence[Task], stale: Mapping[str, Job], emit: Sink) -> None:
    """Say how many notebooks must run, and why each of them."""
    if not tasks:
        return
    ready = sum(task.stored is not None and not _runs(task, stale) for task in tasks)
    turns = f", by {deck.kernels} kernels each" if deck.kernels > 1 and stale else ""
    emit(Said(text=f"{ready} of {len(tasks)} notebooks are up to date, {len(stale)} to run{turns}"))
    told = {_reason(task): None for task in tasks if task.why and _is_told(task, stale)}
    for reason in told:
        emit(Said(text=reason))


def _runs(task: Task, stale: Mapping[str, Job]) -> bool:
    return isinstance(task.target, Job) and task.target.key in stale


def _is_told(task: Task, stale: Mapping[str, Job]) -> bool:
    """Say whether a task needs a word: what never ran has nothing to explain."""
    return task.state == "kept" or (_runs(task, stale) and task.why != (NEVER,))


def _reason(task: Task) -> str:
    kept = "kept, " if task.state == "kept" else ""
    return f"{task.label}: {kept}{', '.join(task.why)}"


def _check_turns(deck: Deck, executor: Executor) -> None:
    if deck.kernels > 1 and not executor.one_by_one:
        raise UsageError(
            "'timing' asks for times of notebooks that run alone, in turns, on one machine.",
            where=place(deck.path, ("timing", "runs")),
            remedy="Leave out --jobs and --executor.",
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
    """Return what came of a task: its new run, the one that is kept, or why there is none."""
    new = runs.get(task.target.key) if isinstance(task.target, Job) else None
    if new is not None:
        return execution_of(task, onto(new, task.notebook))
    lack = task.target if isinstance(task.target, Lack) else Lack(reason="")
    return execution_of(task, task.stored or lack)


def execution_of(task: Task, result: Run | Lack, stale: frozenset[int] = frozenset()) -> Execution:
    """Return a task with what came of it; `stale` are the cells (indices) that changed since."""
    return Execution(
        section=task.section.title,
        column=task.column,
        notebook=task.notebook,
        result=result,
        swept=task.swept,
        stale=stale,
    )


def _without_running(task: Task) -> Execution:
    """Take the stored run, else what the notebook's file holds, marked as found."""
    as_found = Run(key="", cells=task.notebook.cells)
    return execution_of(task, task.stored or as_found)
