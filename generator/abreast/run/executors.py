"""Jobs -> runs on this machine: papermill in threads, kernels as processes of their own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from abreast.events import (
    CellPrinted,
    CellStarted,
    JobFailed,
    JobFinished,
    JobStarted,
    Sink,
    Warned,
)
from abreast.model import Job, Run
from abreast.run import store
from abreast.run.machine import Reading, others_share, read_processors
from abreast.run.record import injected, run_of
from abreast.run.session import Session

_DISTURBED = 0.25
"""Where others use more than this share of the processors, a notebook did not run alone."""


def run_jobs(jobs: Sequence[Job], *, workers: int, emit: Sink) -> list[Run]:
    """Execute jobs, `workers` at a time on CPU cores and one at a time on the GPU.

    A job that asks for several kernels gets them in rounds, interleaved with the others' (A B C,
    A B C), so that what the machine does meanwhile meets all alike.

    Each run that succeeds is stored when it ends. Returns the runs in the order of `jobs`, failed
    ones among them. On KeyboardInterrupt every kernel is killed before it propagates.
    """
    runs = {job.key: run for job, run in zip(jobs, _round(jobs, 1, workers, emit), strict=True)}
    for number in range(2, max((job.kernels for job in jobs), default=1) + 1):
        again = [job for job in jobs if _is_sound(job, runs[job.key], number)]
        for job, run in zip(again, _round(again, number, workers, emit), strict=True):
            runs[job.key] = _with_round(job, runs[job.key], run, number, emit)
    return [runs[job.key] for job in jobs]


def _is_sound(job: Job, run: Run, number: int) -> bool:
    """Say whether a job wants its kernel of this number, and none before it failed."""
    return job.kernels >= number and len(run.rounds) == number - 1 and run.failure is None


def _with_round(job: Job, run: Run, other: Run, number: int, emit: Sink) -> Run:
    """Return a run with what another kernel measured, stored; as it is where that one failed."""
    if other.failure or other.clock != run.clock:
        why = other.failure.message if other.failure else "it could not be measured as the others"
        told = f"{job.label}: kernel {number} of {job.kernels} does not count: {why}."
        told += " Its times come from those before it; the next build runs all of them again."
        emit(Warned(text=told))
        return run
    shares = (run.provenance.others_share, other.provenance.others_share)
    both = replace(
        run,
        rounds=(*run.rounds, *other.rounds),
        remarks={**other.remarks, **run.remarks},
        provenance=replace(
            run.provenance,
            alone=run.provenance.alone and other.provenance.alone,
            others_share=max((share for share in shares if share is not None), default=None),
        ),
    )
    store.save(both)
    return both


@dataclass(frozen=True, slots=True, kw_only=True)
class _Execution:
    """One kernel of a job. `number` counts the job's kernels, `alone` says none runs beside it."""

    job: Job
    session: Session
    number: int
    alone: bool

    @property
    def label(self) -> str:
        count = self.job.kernels
        return (
            f"{self.job.label} · kernel {self.number} of {count}" if count > 1 else self.job.label
        )


def _round(jobs: Sequence[Job], number: int, workers: int, emit: Sink) -> list[Run]:
    """Execute each job once."""
    if not jobs:
        return []
    alone = workers == 1 or len(jobs) == 1
    executions = [
        _Execution(job=job, session=Session(), number=number, alone=alone) for job in jobs
    ]
    gpu = threading.Lock()
    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="abreast")
    futures = [pool.submit(_execute, execution, gpu, emit) for execution in executions]
    try:
        _join(futures)
        return [future.result() for future in futures]
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        while any(not future.done() for future in futures):
            # Again and again: a kernel may be about to start.
            for execution in executions:
                execution.session.kill()
            wait(futures, timeout=0.1)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _join(futures: Sequence[Future[Run]]) -> None:
    # Waiting with a time limit lets the main thread take Ctrl-C.
    pending = set(futures)
    while pending:
        _, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)


def _execute(execution: _Execution, gpu: threading.Lock, emit: Sink) -> Run:
    job, session = execution.job, execution.session
    with gpu if job.kernel.device == "cuda" else nullcontext():
        before = read_processors()
        started = datetime.now(UTC)
        clock = time.monotonic()
        cells = sum(c.cell_type == "code" for c in job.notebook.cells)
        emit(JobStarted(job=execution.label, cells=cells))
        session.progress = _progress(execution, cells, emit)
        run = run_of(job, session, _papermill(job, session))
        seconds = time.monotonic() - clock
        others = _others(session, before)
        provenance = replace(
            run.provenance,
            started=started.isoformat(timespec="seconds"),
            seconds=seconds,
            alone=execution.alone and (others or 0.0) <= _DISTURBED,
            others_share=others,
        )
        run = replace(run, provenance=provenance)
        if run.failure and session.killed:
            return run  # on Ctrl-C, which is no failure of the notebook
        if run.failure:
            emit(JobFailed(job=execution.label, seconds=seconds, message=run.failure.message))
            return run
        if execution.number == 1:
            # At once: an interruption later must not lose it.
            store.save(run)
        emit(JobFinished(job=execution.label, seconds=seconds))
        if execution.alone and not run.provenance.alone:
            share = f"other programs used {others:.0%} of the processors meanwhile"
            emit(Warned(text=f"{execution.label}: {share}. Its times may be too long."))
        return run


def _others(session: Session, before: Reading | None) -> float | None:
    after = read_processors()
    if before is None or after is None or session.cpu_seconds is None:
        return None
    return others_share(before, after, session.cpu_seconds)


def _progress(execution: _Execution, cells: int, emit: Sink) -> Any:
    session = execution.session

    def progress(index: int, line: str) -> None:
        if line:
            emit(CellPrinted(job=execution.label, line=line))
        elif not injected(session.cells[index]):
            before = session.cells[: index + 1]
            number = sum(c.cell_type == "code" and not injected(c) for c in before)
            emit(CellStarted(job=execution.label, number=number, cells=cells))

    return progress


def _papermill(job: Job, session: Session) -> Exception | None:
    """Execute through papermill; return what kept the notebook from running at all, if so."""
    from papermill import execute_notebook  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    session.kernel_dirs = job.kernel.kernel_dirs
    session.cwd = job.cwd
    session.cell_seconds = job.timeouts.cell_seconds
    session.run_seconds = job.timeouts.run_seconds
    if job.lib:
        session.env["PYTHONPATH"] = os.pathsep.join(str(path) for path in job.lib)
    try:
        execute_notebook(
            _document(job),
            None,
            parameters=dict(job.parameters),
            engine_name="abreast",
            kernel_name=job.kernel.name,
            language=job.kernel.language,
            progress_bar=False,
            request_save_on_cell_execute=False,
            session=session,
        )
    except PapermillExecutionError:
        return None  # a cell raised; the session has the record
    except Exception as error:  # noqa: BLE001 - whatever kept the kernel from starting
        return error
    return None


def _document(job: Job) -> Any:
    from nbformat import v4  # noqa: PLC0415

    makers: Mapping[str, Any] = {
        "code": v4.new_code_cell,
        "markdown": v4.new_markdown_cell,
        "raw": v4.new_raw_cell,
    }
    cells = [
        makers[cell.cell_type](cell.source, metadata={"tags": sorted(cell.tags)})
        for cell in job.notebook.cells
    ]
    kernel = job.kernel
    spec = {"name": kernel.name, "language": kernel.language, "display_name": kernel.name}
    return v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=cells, metadata={"kernelspec": spec}
    )
