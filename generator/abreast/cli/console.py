"""What the user sees while abreast works: rich lines, plain lines, or one JSON event a line."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from abreast.errors import shown
from abreast.events import (
    CellPrinted,
    CellStarted,
    Drifted,
    Event,
    JobFailed,
    JobFinished,
    JobStarted,
    Said,
    Sink,
    Warned,
    Wrote,
)

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@contextmanager
def progress(*, as_json: bool, bars: bool = True) -> Iterator[Sink]:
    """Yield the sink that fits where the output goes: JSON asked for, a terminal, or neither.

    Without `bars` a terminal gets lines, too: for what does not end.
    """
    if as_json:
        yield _json_event
    elif bars and sys.stderr.isatty():
        with _rich_progress() as lines:
            yield _RichSink(lines)
    else:
        yield _plain_event


def table(
    title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[str] = ()
) -> None:
    """Print a table to stdout, as wide as the terminal; the columns `numbers` to the right."""
    from rich.console import Console
    from rich.table import Table

    shown_table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in head:
        shown_table.add_column(
            name, overflow="fold", justify="right" if name in numbers else "left"
        )
    for row in rows:
        shown_table.add_row(*row)
    # Titles and code may have brackets, which rich would take for its markup.
    width = None if sys.stdout.isatty() else 160
    Console(width=width, highlight=False, markup=False).print(shown_table)


def _json_event(event: Event) -> None:
    record = {"event": type(event).__name__, **asdict(event)}
    sys.stdout.write(json.dumps(record, default=str) + "\n")
    sys.stdout.flush()


def _plain_event(event: Event) -> None:
    text = _sentence(event)
    if text:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def _sentence(event: Event) -> str:
    match event:
        case Said(text=text):
            return text
        case Warned(text=text):
            return f"warning: {text}"
        case JobStarted(job=job, cells=cells):
            return f"{job}: {cells} cells"
        case CellStarted(job=job, number=number, cells=cells):
            return f"{job}: cell {number} of {cells}"
        case JobFinished(job=job, seconds=seconds):
            return f"{job}: done in {seconds:.1f} s"
        case JobFailed(job=job, seconds=seconds, message=message):
            return f"{job}: failed after {seconds:.1f} s: {message}"
        case Drifted(lines=lines, page=page):
            see = [f"  see {shown(page)}"] if page else []
            return "\n".join([*lines, *see])
        case Wrote(path=path, what=what, bytes=size):
            return f"wrote {shown(Path(path))} ({what}, {size / 1e3:.0f} kB)"
        case _:
            return ""


def _rich_progress() -> Progress:
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    # What notebooks are called and print may have brackets, which rich would take for its markup.
    return Progress(
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.fields[cell]}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[line]}", style="dim", markup=False),
        console=Console(stderr=True),
    )


class _RichSink:
    """Draws a line for each notebook; called from the threads that run them."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._lock = threading.Lock()

    def __call__(self, event: Event) -> None:
        with self._lock:
            match event:
                case JobStarted(job=job, cells=cells):
                    self._bars.update(self._row(job), cell=f"cell 0 of {cells}")
                case CellStarted(job=job, number=number, cells=cells):
                    self._bars.update(self._row(job), cell=f"cell {number} of {cells}")
                case CellPrinted(job=job, line=line):
                    self._bars.update(self._row(job), line=line[:40])
                case JobFinished(job=job):
                    self._end(job, "done")
                case JobFailed(job=job, message=message):
                    self._end(job, f"failed: {message[:40]}")
                case _:
                    self._bars.console.print(_sentence(event), highlight=False, markup=False)

    def _row(self, job: str) -> TaskID:
        """Return the line of a notebook; one that never began may fail, too."""
        if job not in self._tasks:
            self._tasks[job] = self._bars.add_task(job, total=None, cell="", line="")
        return self._tasks[job]

    def _end(self, job: str, line: str) -> None:
        row = self._row(job)
        self._bars.update(row, line=line)
        self._bars.stop_task(row)
        del self._tasks[job]
