"""What a session left -> a run: outputs, times where they can be believed, or why it failed."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from abreast.deck.sources import joined
from abreast.model import SKIP, Device, Failure, Job, Provenance, Run, Sample
from abreast.run.recorded import with_outputs
from abreast.run.session import Request, Session

_CELL_LINE = re.compile(r"Cell In ?\[\d+\], line (\d+)")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_INJECTED = "injected-parameters"
_SLACK_SECONDS = 0.05


def injected(cell: Any) -> bool:
    """Say whether papermill put a cell there: it is none of the author's."""
    return _INJECTED in cell.metadata.get("tags", ())


def is_work(cell: Any) -> bool:
    """Say whether a cell is executed: nbclient does nothing for others, and says nothing of it."""
    skipped = SKIP in cell.metadata.get("tags", ())
    return cell.cell_type == "code" and bool(cell.source.strip()) and not skipped


def run_of(job: Job, session: Session, problem: Exception | None) -> Run:
    """Put the record of a session onto the job's cells.

    `problem` kept the notebook from running at all. A failed cell gets no time.
    """
    places = [i for i, cell in enumerate(session.cells) if not injected(cell)]
    report = session.report or {}
    scrub = _scrubber(job)
    failure = _failure(job, session, problem, places)
    if failure:
        failure = replace(failure, message=scrub(failure.message))
    cells = list(job.notebook.cells)
    samples: dict[int, tuple[Sample, ...]] = {}
    remarks: dict[int, str] = {}
    for cell, place in zip(job.notebook.cells, places, strict=False):
        outputs = session.cells[place].get("outputs", ())
        cells[cell.index] = with_outputs(cell, [scrub(joined(o)) for o in outputs])
        requests = session.requests.get(place, ())
        if place in session.stumbles:
            raised = session.stumbles[place]
            remarks[cell.index] = f"its run {len(requests) + 1} raised {raised}"
        if not requests or requests[0].error or (failure and failure.cell == cell.index):
            continue
        measured = _measured(requests, session.report)
        if isinstance(measured, str):
            remarks[cell.index] = measured
        else:
            samples[cell.index] = measured
    return Run(
        key=job.key,
        identity=job.identity,
        subject=job.subject,
        cells=tuple(cells),
        parameters=job.parameters,
        rounds=(samples,),
        remarks=remarks,
        clock="kernel" if report else "client",
        provenance=Provenance(
            device=Device(**report["device"]) if report else Device(),
            versions=report.get("versions", {}),
            language_version=report.get("language_version", ""),
        ),
        failure=failure,
    )


def _measured(
    requests: Sequence[Request], report: Mapping[str, Any] | None
) -> tuple[Sample, ...] | str:
    """Return what the probe measured of requests, or why it cannot be believed.

    Without a probe, what the client saw of them.
    """
    if report is None:
        return tuple(Sample(wall_seconds=request.seconds) for request in requests)
    problems = [report["problems"][r.id] for r in requests if r.id in report["problems"]]
    if problems:
        return f"it has no time, for {problems[0]}"
    if any(request.id not in report["samples"] for request in requests):
        return "it has no time, for the probe in its kernel did not see it"
    samples = tuple(Sample(**report["samples"][request.id]) for request in requests)
    if not all(map(_is_believable, samples, requests)):
        return "it has no time, for the clock jumped while it was measured"
    return samples


def _is_believable(sample: Sample, request: Request) -> bool:
    """Say whether the kernel's clock went as the client's did: it cannot have gone further."""
    return 0 <= sample.wall_seconds <= request.seconds + _SLACK_SECONDS


def _failure(
    job: Job, session: Session, problem: Exception | None, places: list[int]
) -> Failure | None:
    if problem is not None:
        return Failure(kind="no start", message=_first_line(str(problem)) or repr(problem))
    index = places.index(session.current) if session.current in places else None
    if session.problem is not None:
        return _explain(job, session, index)
    if job.kernel.executable and session.report:
        executable = session.report["executable"]
        if executable != str(job.kernel.executable):
            told = f"the kernel runs {executable}, not {job.kernel.executable}"
            return Failure(kind="wrong kernel", message=told)
    code = [i for i in places if is_work(session.cells[i])]
    if not set(code) <= session.requests.keys():
        return Failure(kind="dead kernel", message="not every cell left a record")
    return None


def _explain(job: Job, session: Session, index: int | None) -> Failure:
    from nbclient.exceptions import CellExecutionError, DeadKernelError  # noqa: PLC0415

    from abreast.run.client import in_words  # noqa: PLC0415 - nbclient takes half a second

    problem = session.problem
    if isinstance(problem, CellExecutionError):
        line = _raising_line(session.cells[session.current or 0])
        source = job.notebook.cells[index].source.splitlines() if index is not None else []
        return Failure(
            kind="error",
            message=in_words({"ename": problem.ename, "evalue": problem.evalue}),
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
    places = {
        str(known): os.path.relpath(path, job.cwd)
        for path in (*job.data, *job.lib)
        for known in (path, path.resolve())  # what a link is called, and what it points to
    }
    places |= {str(job.cwd): ".", str(Path.home()): "~"}
    if job.kernel.executable:
        places[str(job.kernel.executable.parents[1])] = "<environment>"
    # Longer ones first: one may lie in another.
    known = sorted((path for path in places if len(path) > 1), key=len, reverse=True)

    def scrub(value: Any) -> Any:
        if isinstance(value, str):
            for path in known:
                value = value.replace(path, places[path])
            return value
        if isinstance(value, Mapping):
            return {key: scrub(item) for key, item in value.items()}
        if isinstance(value, list):
            return [scrub(item) for item in value]
        return value

    return scrub


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
