"""Jobs -> runs on this machine: papermill in threads, kernels as processes of their own."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from abreast.deck.sources import joined
from abreast.events import CellPrinted, CellStarted, JobFailed, JobFinished, JobStarted, Sink
from abreast.model import Failure, Job, Provenance, Run
from abreast.run import store
from abreast.run.store import with_outputs

_CELL_LINE = re.compile(r"Cell In ?\[\d+\], line (\d+)")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_INJECTED = "injected-parameters"


def run_jobs(jobs: Sequence[Job], *, workers: int, emit: Sink) -> list[Run]:
    """Execute jobs, `workers` at a time on CPU cores and one at a time on the GPU.

    Each run that succeeds is stored when it ends. Returns the runs in the order of `jobs`, failed
    ones among them. On KeyboardInterrupt every kernel is killed before it propagates.
    """
    if not jobs:
        return []
    from abreast.run.session import Session  # noqa: PLC0415 - nbclient takes half a second

    sessions = [Session() for _ in jobs]
    gpu = threading.Lock()
    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="abreast")
    futures = [
        pool.submit(_execute, job, session, gpu if job.kernel.device == "cuda" else None, emit)
        for job, session in zip(jobs, sessions, strict=True)
    ]
    try:
        _join(futures)
        return [future.result() for future in futures]
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        while any(not future.done() for future in futures):
            # Again and again: a kernel may be about to start.
            for session in sessions:
                session.kill()
            wait(futures, timeout=0.1)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _join(futures: Sequence[Future[Run]]) -> None:
    # Waiting with a time limit lets the main thread take Ctrl-C.
    pending = set(futures)
    while pending:
        _, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)


def _execute(job: Job, session: Any, gpu: threading.Lock | None, emit: Sink) -> Run:
    with gpu or nullcontext():
        started = datetime.now(UTC)
        clock = time.monotonic()
        cells = sum(c.cell_type == "code" for c in job.notebook.cells)
        emit(JobStarted(job=job.label, cells=cells))
        session.progress = _progress(job, session, cells, emit)
        run = _run(job, session, _papermill(job, session))
        seconds = time.monotonic() - clock
        provenance = replace(
            run.provenance, started=started.isoformat(timespec="seconds"), seconds=seconds
        )
        run = replace(run, provenance=provenance)
        if run.failure:
            emit(JobFailed(job=job.label, seconds=seconds, message=run.failure.message))
        else:
            # At once: an interruption later must not lose it.
            store.save(run)
            emit(JobFinished(job=job.label, seconds=seconds))
        return run


def _progress(job: Job, session: Any, cells: int, emit: Sink) -> Any:
    def progress(index: int, line: str) -> None:
        if line:
            emit(CellPrinted(job=job.label, line=line))
        elif not _injected(session.cells[index]):
            before = session.cells[: index + 1]
            number = sum(c.cell_type == "code" and not _injected(c) for c in before)
            emit(CellStarted(job=job.label, number=number, cells=cells))

    return progress


def _papermill(job: Job, session: Any) -> Exception | None:
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

    makers: dict[str, Any] = {
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


def _run(job: Job, session: Any, problem: Exception | None) -> Run:
    """Put the record of a session onto the job's cells, with times where they can be believed."""
    executed = enumerate(session.cells)
    places = [i for i, cell in executed if not _injected(cell)]
    report = session.report or {}
    order = sorted(session.client_seconds)
    in_kernel = dict(zip(order, report.get("seconds", ()), strict=False))
    measured = in_kernel if report else session.client_seconds
    failure = _failure(job, session, problem, places)
    scrub = _scrubber(job)
    cells, seconds = list(job.notebook.cells), {}
    for cell, place in zip(job.notebook.cells, places, strict=False):
        outputs = session.cells[place].get("outputs", ())
        cells[cell.index] = with_outputs(cell, [scrub(joined(o)) for o in outputs])
        if place in session.executed and place in measured:
            seconds[cell.index] = measured[place]
    return Run(
        key=job.key,
        cells=tuple(cells),
        parameters=job.parameters,
        seconds=seconds,
        clock="kernel" if report else "client",
        provenance=Provenance(
            device=report.get("device", ""),
            device_class=report.get("device_class", "cpu"),
            versions=report.get("versions", {}),
            language_version=report.get("language_version", ""),
        ),
        failure=failure,
    )


def _failure(
    job: Job, session: Any, problem: Exception | None, places: list[int]
) -> Failure | None:
    if problem is not None:
        return Failure(kind="no start", message=_first_line(str(problem)) or repr(problem))
    index = places.index(session.current) if session.current in places else None
    if session.problem is not None:
        return _explain(job, session, index)
    executable = (session.report or {}).get("executable")
    if job.kernel.executable and executable != str(job.kernel.executable):
        return Failure(
            kind="wrong kernel",
            message=f"the kernel runs {executable}, not {job.kernel.executable}",
        )
    code = [i for i in places if _is_work(session.cells[i])]
    if not set(code) <= session.executed:
        return Failure(kind="dead kernel", message="not every cell left a record")
    return None


def _explain(job: Job, session: Any, index: int | None) -> Failure:
    from nbclient.exceptions import CellExecutionError, DeadKernelError  # noqa: PLC0415

    problem = session.problem
    if isinstance(problem, CellExecutionError):
        line = _raising_line(session.cells[session.current])
        source = job.notebook.cells[index].source.splitlines() if index is not None else []
        return Failure(
            kind="error",
            message=_first_line(_ANSI.sub("", f"{problem.ename}: {problem.evalue}")),
            cell=index,
            line=line,
            source_line=source[line - 1].strip() if line and line <= len(source) else "",
        )
    if isinstance(problem, DeadKernelError):
        return Failure(kind="dead kernel", message="the kernel died", cell=index)
    limits = job.timeouts
    return Failure(
        kind="timeout",
        message=f"timed out (a cell may take {limits.cell_seconds:g} s, "
        f"the notebook {limits.run_seconds:g} s)",
        cell=index,
    )


def _raising_line(cell: Any) -> int | None:
    """Return the cell's own line that raised: the last of its frames in the traceback."""
    for output in cell.get("outputs", ()):
        if output["output_type"] == "error":
            text = _ANSI.sub("", "\n".join(output["traceback"]))
            lines = _CELL_LINE.findall(text)
            if lines:
                return int(lines[-1])
    return None


def _scrubber(job: Job) -> Any:
    """Return a function that replaces this machine's paths in an output by words."""
    places = {str(job.cwd): ".", str(Path.home()): "~"}
    if job.kernel.executable:
        places = {str(job.kernel.executable.parents[1]): "<environment>", **places}
    places = {path: word for path, word in places.items() if len(path) > 1}

    def scrub(value: Any) -> Any:
        if isinstance(value, str):
            for path, word in places.items():
                value = value.replace(path, word)
            return value
        if isinstance(value, Mapping):
            return {key: scrub(item) for key, item in value.items()}
        if isinstance(value, list):
            return [scrub(item) for item in value]
        return value

    return scrub


def _injected(cell: Any) -> bool:
    return _INJECTED in cell.metadata.get("tags", ())


def _is_work(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
