"""One kernel's turn at a job: papermill executes the notebook, the record becomes a run."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from abreast.events import CellPrinted, CellStarted, JobStarted, Sink, Warned
from abreast.model import Job, Run
from abreast.run.executors.turn import Turn
from abreast.run.machine import others_share, read_processors
from abreast.run.record import injected, run_of
from abreast.run.session import Progress, Session

_DISTURBED = 0.25
"""Where others use more than this share of the processors, a notebook did not run alone."""


def session_of(job: Job, gpu: str | None = None) -> Session:
    """Return what an execution of a job asks of the engine, bound to a GPU where one is given."""
    session = Session(
        kernel_dirs=job.kernel.kernel_dirs,
        cwd=job.cwd,
        cell_seconds=job.timeouts.cell_seconds,
        run_seconds=job.timeouts.run_seconds,
    )
    if job.lib:
        session.env["PYTHONPATH"] = os.pathsep.join(str(path) for path in job.lib)
    if gpu is not None:
        # In the order in which the driver counts them: that is how they were named to us.
        order = os.environ.get("CUDA_DEVICE_ORDER", "PCI_BUS_ID")
        session.env |= {"CUDA_VISIBLE_DEVICES": gpu, "CUDA_DEVICE_ORDER": order}
    return session


def execute(
    turn: Turn, session: Session, emit: Sink, *, alone: bool, beside: Session | None = None
) -> Run:
    """Execute a job's notebook once and return the run, failed or not.

    `alone` says that no other notebook of ours runs meanwhile; at most a kernel is started,
    `beside`.
    """
    meter = _Meter(session, beside)
    started = datetime.now(UTC)
    clock = time.monotonic()
    emit(JobStarted(job=turn.label, cells=turn.cells))
    session.progress = _progress(turn, session, emit)
    run = run_of(turn.job, session, _papermill(turn.job, session))
    others = meter.others_share()
    if alone and (others or 0.0) > _DISTURBED and not session.killed:
        share = f"other programs used {others:.0%} of the processors meanwhile"
        emit(Warned(text=f"{turn.label}: {share}. Its times may be too long."))
    provenance = replace(
        run.provenance,
        started=started.isoformat(timespec="seconds"),
        seconds=time.monotonic() - clock,
        alone=alone and (others or 0.0) <= _DISTURBED,
        others_share=others,
    )
    return replace(run, provenance=provenance)


class _Meter:
    """Measures what others did of the processors' work during an execution."""

    def __init__(self, session: Session, beside: Session | None) -> None:
        self._session = session
        self._beside = beside
        self._before = read_processors()
        # Kernels that were started ahead have worked already.
        self._kernels_before = _seconds(session) + _seconds(beside)

    def others_share(self) -> float | None:
        """Return the share of others so far, from 0 to 1; None where it is unknown."""
        after = read_processors()
        if self._before is None or after is None or self._session.cpu_seconds is None:
            return None
        kernels = self._session.cpu_seconds + _seconds(self._beside) - self._kernels_before
        return others_share(self._before, after, kernels)


def _seconds(session: Session | None) -> float:
    return (session and session.group_seconds()) or 0.0


def _progress(turn: Turn, session: Session, emit: Sink) -> Progress:
    def progress(index: int, line: str) -> None:
        if line:
            emit(CellPrinted(job=turn.label, line=line))
        elif not injected(session.cells[index]):
            before = session.cells[: index + 1]
            number = sum(c.cell_type == "code" and not injected(c) for c in before)
            emit(CellStarted(job=turn.label, number=number, cells=turn.cells))

    return progress


def _papermill(job: Job, session: Session) -> Exception | None:
    """Execute through papermill; return what kept the notebook from running at all, if so."""
    from papermill import execute_notebook  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

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
