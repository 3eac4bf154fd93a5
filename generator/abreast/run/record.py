"""What a session left -> a run: outputs, times where they can be believed, or why it failed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from abreast.deck.sources import joined
from abreast.model import Device, Failure, Job, Provenance, Run, Sample
from abreast.run.store import with_outputs

_CELL_LINE = re.compile(r"Cell In ?\[\d+\], line (\d+)")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_INJECTED = "injected-parameters"
_SLACK_SECONDS = 0.05


def injected(cell: Any) -> bool:
    """Say whether papermill put a cell there: it is none of the author's."""
    return _INJECTED in cell.metadata.get("tags", ())


def run_of(job: Job, session: Any, problem: Exception | None) -> Run:
    """Put the record of a session onto the job's cells.

    `problem` kept the notebook from running at all. A failed cell gets no time.
    """
    places = [i for i, cell in enumerate(session.cells) if not injected(cell)]
    report = session.report or {}
    failure = _failure(job, session, problem, places)
    scrub = _scrubber(job)
    cells = list(job.notebook.cells)
    samples: dict[int, tuple[Sample, ...]] = {}
    remarks: dict[int, str] = {}
    for cell, place in zip(job.notebook.cells, places, strict=False):
        outputs = session.cells[place].get("outputs", ())
        cells[cell.index] = with_outputs(cell, [scrub(joined(o)) for o in outputs])
        if place in session.stumbles:
            number = len(session.requests[place]) + 1
            remarks[cell.index] = f"its run {number} raised {_raised(session.stumbles[place])}"
        if place in session.requests and not _has_raised(session.cells[place]):
            measured = _samples(session.requests[place], report.get("samples"))
            if all(map(_is_believable, measured, session.requests[place])):
                samples[cell.index] = measured
            else:
                remarks[cell.index] = "the clock jumped while it was measured"
    return Run(
        key=job.key,
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


def _samples(
    requests: Sequence[Any], in_kernel: Mapping[str, Mapping[str, Any]] | None
) -> tuple[Sample, ...]:
    """Return what the probe measured of requests; without a probe what the client saw of them."""
    if in_kernel is None:
        return tuple(Sample(wall_seconds=request.seconds) for request in requests)
    return tuple(Sample(**in_kernel[request.id]) for request in requests)


def _is_believable(sample: Sample, request: Any) -> bool:
    """Say whether the kernel's clock went as the client's did: it cannot have gone further."""
    most: float = request.seconds + _SLACK_SECONDS
    return 0 <= sample.wall_seconds <= most


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
    if not set(code) <= session.requests.keys():
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
            message=_raised(problem),
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


def _raised(error: Any) -> str:
    """Return an exception in a kernel as one line: "ValueError: no such class"."""
    return _first_line(_ANSI.sub("", f"{error.ename}: {error.evalue}"))


def _has_raised(cell: Any) -> bool:
    return any(output["output_type"] == "error" for output in cell.get("outputs", ()))


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


def _is_work(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
