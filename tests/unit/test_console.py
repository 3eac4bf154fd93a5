"""What a terminal shows while notebooks run."""

import io

from abreast.cli import console
from abreast.events import CellPrinted, CellStarted, JobFailed, JobFinished, JobStarted
from rich.console import Console


def shown(*events):
    """Return the lines that stand on a terminal after these events."""
    bars = console._rich_progress()
    bars.console.file = io.StringIO()
    sink = console._RichSink(bars)
    for event in events:
        sink(event)
    paper = Console(file=io.StringIO(), width=100)
    paper.print(bars.get_renderable())
    return [line.rstrip() for line in paper.file.getvalue().splitlines() if line.strip()]


def test_a_notebook_has_one_line_that_goes_on_and_ends():
    began = (JobStarted(job="a", cells=3), CellStarted(job="a", number=2, cells=3))
    assert shown(*began, CellPrinted(job="a", line="loss [0.5]")) == [
        "a cell 2 of 3 0:00:00 loss [0.5]"
    ]
    assert shown(*began, JobFinished(job="a", seconds=1.0)) == ["a cell 2 of 3 0:00:00 done"]
    assert len(shown(*began, *began)) == 1  # its worker was lost
    assert len(shown(*began, JobFinished(job="a", seconds=1.0), *began)) == 2


def test_a_notebook_that_never_began_has_a_line_too():
    (failed,) = shown(JobFailed(job="one [b] · x.ipynb", seconds=0.0, message="no [/worker] left"))
    assert failed.startswith("one [b] · x.ipynb")
    assert failed.endswith("failed: no [/worker] left")
    assert "cell" not in failed
    (finished,) = shown(JobFinished(job="a", seconds=0.0))
    assert finished.endswith("done")
    (cell,) = shown(CellStarted(job="a", number=1, cells=2))
    assert cell.startswith("a cell 1 of 2")
    (printed,) = shown(CellPrinted(job="a", line="hello"))
    assert printed.endswith("hello")
