"""Where notebooks run: how executors are found, and this machine."""

import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from abreast.errors import EnvironmentMissingError, UsageError
from abreast.events import CellStarted, ignore
from abreast.model import REPEAT, SKIP, Cell, Framework, Job, Kernel, Notebook
from abreast.run import executors
from abreast.run.executors import local, notebook
from abreast.run.executors.local import LocalExecutor
from abreast.run.executors.turn import Turn
from abreast.run.machine import Reading

from tests.conftest import code

PYTHON = Framework(name="python", title="Python")


def turn(folder, key, *sources, tags=frozenset(), device="cpu", **more):
    cells = [
        Cell(index=n, cell_type="code", source=source, tags=frozenset(tags))
        for n, source in enumerate(sources)
    ]
    return Turn(
        job=Job(
            section="S", framework=PYTHON, key=key, cwd=Path(folder),
            notebook=Notebook(path=Path(folder) / f"{key}.ipynb", cells=tuple(cells)),
            kernel=Kernel(name="python3", device=device), **more,
        )
    )  # fmt: skip


class Watch:
    """An `emit` and a `take` that remember; says how many ran at once."""

    def __init__(self):
        self.runs = {}
        self.order = []
        self.lock = threading.Lock()

    def take(self, one, run):
        with self.lock:
            self.runs[one.job.key] = run
            self.order.append(one.job.key)

    def text(self, key):
        return "".join(output["text"] for cell in self.runs[key].cells for output in cell.outputs)


def spans(watch, keys):
    """Return when each notebook printed that it began and that it ended."""
    return {key: tuple(map(float, watch.text(key).split())) for key in keys}


SPAN = "import time\nprint(time.time())\ntime.sleep(0.6)\nprint(time.time())"


def meeting(folder, number):
    """Return a cell that ends when so many notebooks are in it at once, and fails if none come."""
    folder.mkdir(exist_ok=True)
    return (
        "import os, time\nfrom pathlib import Path\nprint(time.time())\n"
        f"folder, end = Path({str(folder)!r}), time.monotonic() + 60\n"
        "(folder / str(os.getpid())).touch()\n"
        f"while len([*folder.iterdir()]) < {number}:\n"
        "    assert time.monotonic() < end, 'alone'\n    time.sleep(0.02)\nprint(time.time())"
    )


def overlaps(one, other):
    return one[0] < other[1] and other[0] < one[1]


def kernels_of_ours():
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if "ipykernel_launcher" in " ".join(child.cmdline())
    ]


def test_unknown_executors_are_told_with_the_nearest_name():
    with pytest.raises(UsageError, match=r"unknown executor 'lokal'. Did you mean 'local'\?"):
        executors.load("lokal", 1)
    with pytest.raises(UsageError, match="Did you mean 'dask'"):
        executors.load("dusk", 1)


def test_dask_that_is_not_installed_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EnvironmentMissingError, match=r"pip install 'abreast\[dask\]'"):
        executors.load("tcp://127.0.0.1:8786", 1)


def test_the_command_line_takes_an_executor(project):
    project.deck("deck", "title: T\nframeworks: []\nsections: []\n")
    done = project.call("run", "deck", "--executor", "dsk")
    assert done.returncode == 2
    assert done.stderr.startswith("error: unknown executor 'dsk'. Did you mean 'dask'?")


def test_kernels_that_are_started_ahead_are_none_of_the_others(monkeypatch):
    """Ours took 1 s of the processors before its turn and 2 s in it; the next one takes 1.5 s."""
    readings = [
        Reading(busy_seconds=0.0, all_seconds=0.0, own_seconds=0.0),
        Reading(busy_seconds=8.0, all_seconds=20.0, own_seconds=0.5),
    ]
    monkeypatch.setattr(notebook, "read_processors", lambda: readings.pop(0))
    ours = SimpleNamespace(cpu_seconds=3.0, group_seconds=iter([1.0]).__next__)
    ahead = SimpleNamespace(group_seconds=iter([None, 1.5]).__next__)
    meter = notebook._Meter(ours, ahead)
    assert meter.others_share() == pytest.approx((8 - 0.5 - 2 - 1.5) / 20)


@pytest.mark.kernel
def test_so_many_run_at_once_as_asked_and_those_that_are_timed_alone(tmp_path):
    turns = [
        turn(tmp_path, "timed", SPAN, kernels=2),
        *(turn(tmp_path, f"plain{n}", meeting(tmp_path / "here", 3)) for n in range(3)),
    ]
    watch = Watch()
    LocalExecutor("", 3).execute(turns, watch.take, ignore)
    assert {key: run.failure for key, run in watch.runs.items()} == dict.fromkeys(watch.runs)
    found = spans(watch, watch.runs)
    timed = found.pop("timed")
    assert len(found) == 3
    assert not any(overlaps(timed, other) for other in found.values())
    assert watch.runs["timed"].provenance.others_share is not None
    assert not watch.runs["plain0"].provenance.alone


@pytest.mark.kernel
@pytest.mark.parametrize("skipped", [{0}, {1, 3}])
def test_a_cell_that_is_tagged_to_be_skipped_has_neither_time_nor_output(tmp_path, skipped):
    one = turn(tmp_path, "one", "print(0)", "print(1)", "print(2)", "print(3)")
    cells = tuple(
        replace(cell, tags=frozenset({SKIP, REPEAT} if cell.index in skipped else ()))
        for cell in one.job.notebook.cells
    )
    tagged = replace(one.job, notebook=replace(one.job.notebook, cells=cells))
    watch = Watch()
    LocalExecutor("", 1).execute([replace(one, job=tagged)], watch.take, ignore)
    run = watch.runs["one"]
    assert run.failure is None
    executed = {0, 1, 2, 3} - skipped
    assert run.rounds[0].keys() == executed
    assert watch.text("one") == "".join(f"{index}\n" for index in sorted(executed))


@pytest.mark.kernel
def test_each_notebook_gets_a_gpu_of_its_own_and_sees_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "like_gpus", lambda: ["4", "5"])
    source = f"import os\nprint(os.environ['CUDA_VISIBLE_DEVICES'])\n{SPAN}"
    turns = [turn(tmp_path, str(n), source, device="cuda") for n in range(4)]
    turns.append(turn(tmp_path, "cpu", "import os\nprint(os.environ.get('CUDA_VISIBLE_DEVICES'))"))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    watch = Watch()
    LocalExecutor("", 4).execute(turns, watch.take, ignore)
    assert watch.text("cpu").strip() == "None"
    on = {key: watch.text(key).split() for key in "0123"}
    assert {gpu for gpu, *_ in on.values()} == {"4", "5"}
    for gpu in ("4", "5"):
        same = [tuple(map(float, span)) for name, *span in on.values() if name == gpu]
        assert not any(overlaps(a, b) for a in same for b in same if a is not b)


@pytest.mark.kernel
def test_the_next_kernel_starts_while_one_runs_but_not_beside_one_that_is_timed(
    tmp_path, monkeypatch
):
    seen = {}
    real = notebook._papermill

    def spied(job, session):
        result = real(job, session)
        seen[job.key] = (session, len(kernels_of_ours()))
        return result

    monkeypatch.setattr(notebook, "_papermill", spied)
    slow = "import time\ntime.sleep(2.5)"
    turns = [
        turn(tmp_path, "a", slow),
        turn(tmp_path, "b", slow),
        turn(tmp_path, "repeated", "sum(range(10))", tags={REPEAT}),
        turn(tmp_path, "also", "1", tags={REPEAT}),
    ]
    watch = Watch()
    LocalExecutor("", 1).execute(turns, watch.take, ignore)
    assert watch.order == ["a", "b", "repeated", "also"]
    started_ahead = {key: session.ahead is not None for key, (session, _) in seen.items()}
    assert started_ahead == {"a": False, "b": True, "repeated": True, "also": False}
    beside = {key: count for key, (_, count) in seen.items()}
    assert beside == {"a": 1, "b": 1, "repeated": 0, "also": 0}
    # The start of our own next kernel is nobody else's work.
    session, _ = seen["b"]
    assert session.cpu_seconds > 0.1
    assert not kernels_of_ours()


@pytest.mark.kernel
def test_a_kernel_that_was_started_ahead_is_ended_when_its_turn_does_not_come(tmp_path):
    def take(one, run):
        time.sleep(1.5)  # the next kernel starts meanwhile
        raise RuntimeError("the disk is full")

    turns = [turn(tmp_path, key, "1") for key in "ab"]
    with pytest.raises(RuntimeError, match="the disk is full"):
        LocalExecutor("", 1).execute(turns, take, ignore)
    assert not kernels_of_ours()


@pytest.mark.kernel
def test_interrupting_kills_the_kernels_that_run_and_the_one_that_waits(tmp_path, monkeypatch):
    def emit(event):
        if isinstance(event, CellStarted):
            threading.Timer(1.5, raising.set).start()

    raising = threading.Event()
    real = local.wait

    def waiting(*arguments, **options):
        if raising.is_set():
            raising.clear()
            raise KeyboardInterrupt
        return real(*arguments, **options)

    monkeypatch.setattr(local, "wait", waiting)
    watch = Watch()
    turns = [turn(tmp_path, key, "import time\ntime.sleep(3000)") for key in "ab"]
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        LocalExecutor("", 1).execute(turns, watch.take, emit)
    assert time.monotonic() - began < 300
    assert watch.runs == {}
    assert not kernels_of_ours()


@pytest.mark.kernel
def test_a_kernel_that_cannot_start_ahead_fails_its_own_notebook_only(tmp_path):
    turns = [turn(tmp_path, "a", "1"), turn(tmp_path, "lost", "1"), turn(tmp_path, "b", "2")]
    lost = replace(turns[1].job, kernel=Kernel(name="nowhere"))
    turns[1] = replace(turns[1], job=lost)
    watch = Watch()
    LocalExecutor("", 1).execute(turns, watch.take, ignore)
    failures = {key: run.failure and run.failure.kind for key, run in watch.runs.items()}
    assert failures == {"a": None, "lost": "no start", "b": None}


def test_jobs_refuses_rounds_of_timed_kernels_where_they_cannot_take_turns(project):
    deck = (
        "title: T\ntiming: {runs: 5}\nframeworks: [{name: one, kernel: python3}]\nsections:\n"
        "  - {title: S, abreast: {one: one.ipynb}}\n"
    )
    project.deck("deck", deck, one=(code("1"),))
    done = project.call("run", "deck", "--executor", "dask")
    assert done.returncode == 2
    assert "deck.yml:2: 'timing' asks for times of notebooks that run alone" in done.stderr
    assert "Leave out --jobs and --executor." in done.stderr


@pytest.mark.kernel
def test_rounds_that_have_been_timed_are_no_reason_to_refuse_other_executors(project):
    deck = (
        "title: T\ntiming: {runs: 5}\nframeworks: [{name: one, kernel: python3}]\nsections:\n"
        "  - {title: S, abreast: {one: one.ipynb}}\n"
    )
    project.deck("deck", deck, one=(code("1"),))
    assert project.call("run", "deck").returncode == 0
    for options in (["--jobs", "2"], ["--executor", "dask"]):
        again = project.call("run", "deck", *options)
        assert again.returncode == 0, again.stderr
        assert "1 of 1 notebooks are up to date, 0 to run" in again.stderr
