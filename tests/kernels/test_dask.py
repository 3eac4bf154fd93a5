"""Notebooks on Dask's workers: a scheduler and workers as processes, in empty folders."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from importlib import metadata

import psutil
import pytest
from abreast import frameworks
from abreast.events import ignore
from abreast.model import Cell, Column, Framework, Job, Kernel, Notebook
from abreast.run.executors.cluster import started
from abreast.run.executors.dask import DaskExecutor
from abreast.run.executors.delivery import Delivery
from abreast.run.executors.turn import Turn
from abreast.run.executors.worker import Terms
from abreast.run.kernels import outfits
from abreast.run.machine import Machine
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import code, expect_end, prose, until

pytestmark = pytest.mark.kernel

ONE = "title: T\nframeworks: [{name: one, kernel: python3}]\nsections:\n  - title: S\n    abreast: {one: one.ipynb}\n"


class Cluster:
    """A scheduler and its workers on loopback."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        self.processes = []
        self.workers = []

    def __enter__(self):
        try:
            self._start(
                "scheduler", "--host", "127.0.0.1", "--port", "0",
                "--dashboard-address", "127.0.0.1:0",
            )  # fmt: skip
            log = self.folder / "scheduler.log"
            until(lambda: "Scheduler at:" in log.read_text("utf-8"))
            self.address = log.read_text("utf-8").partition("Scheduler at:")[2].split()[0]
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self, kind, *arguments, name="scheduler", env=()):
        folder = self.folder / name
        folder.mkdir()
        home = self.folder / f"{name}-home"
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--no-dashboard", *map(str, arguments)],
                cwd=folder, stdout=log, stderr=log, env={**os.environ, "ABREAST_HOME": str(home), **dict(env)},
            )  # fmt: skip
        self.processes.append(process)
        return process

    def worker(self, *options, **env):
        name = f"worker{len(self.workers)}"
        local = self.folder / f"{name}-local"
        process = self._start(
            "worker", self.address, "--nthreads", "1", "--no-nanny", "--name", name,
            "--local-directory", local, "--host", "127.0.0.1", *options, name=name, env=env,
        )  # fmt: skip
        self.workers.append(process)
        log = self.folder / f"{name}.log"
        until(lambda: "Registered to" in log.read_text("utf-8"))
        return process

    def __exit__(self, *_):
        children = [c for p in self.processes if p.poll() is None for c in kernels_of(p)]
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        expect_end(children)


def kernels_of(process):
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


@pytest.fixture
def cluster(tmp_path):
    with Cluster(tmp_path / "cluster") as made:
        yield made


def deck_of(project, name="deck", sweep=0, data=False, **notebooks):
    frameworks = ", ".join(f"{{name: {stem}, kernel: python3}}" for stem in notebooks)
    text = f"title: T\nframeworks: [{frameworks}]\n"
    if data:
        text += "data: [../data/numbers.txt, ../data/more]\nlib: [../lib]\n"
    names = ", ".join(f"{stem}: {stem}.ipynb" for stem in notebooks)
    text += f"sections:\n  - title: S\n    abreast: {{{names}}}\n"
    if sweep:
        text += f"    sweep: {{n: {list(range(1, sweep + 1))}}}\n"
    return project.deck(name, text, **notebooks)


class Command:
    """The command line as a process whose events are read while it runs."""

    def __init__(self, project, *arguments):
        self.events = []
        self.process = subprocess.Popen(
            project.command(*arguments, "--json"), cwd=project.folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        self.events.extend(map(json.loads, self.process.stdout))

    def of(self, kind):
        return [event for event in self.events if event["event"] == kind]

    def until(self, condition):
        until(lambda: condition() or self.process.poll() is not None)
        assert self.process.poll() is None, self.process.stderr.read()

    def ended(self, timeout=120):
        """Return its exit code and what it wrote about errors."""
        self._reader.join(timeout)
        return self.process.wait(timeout), self.process.stderr.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        self.process.stdout.close()
        self.process.stderr.close()


def stored(project):
    folder = project.folder.parent / "home" / "runs"
    return (
        sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.exists() else []
    )


def outputs_of(project):
    folder = project.folder.parent / "home" / "runs"
    return {key: (folder / key / "outputs.json").read_text("utf-8") for key in stored(project)}


READS = """\
import os, time
from pathlib import Path
import helper, beside
time.sleep(0.3)
number = int(Path("../data/numbers.txt").read_text()) + int(Path("../data/more/deep/one.txt").read_text())
print("got", helper.double(number), beside.NAME, n)
print(Path.cwd(), Path("../data/numbers.txt").resolve(), helper.__file__)
1 / (n - 100)
"""


def test_24_notebooks_on_4_workers_of_which_one_is_killed_are_each_stored_once(project, cluster):
    decks = project.folder / "decks"
    for path, text in {
        "data/numbers.txt": "20", "data/more/deep/one.txt": "1",
        "lib/helper.py": "def double(x): return 2 * x\n",
    }.items():  # fmt: skip
        (decks / path).parent.mkdir(parents=True, exist_ok=True)
        (decks / path).write_text(text, "utf-8")
    cells = (prose("# Words"), code("n = 0", "parameters"), code(READS))
    folder = deck_of(project, sweep=23, data=True, one=cells)
    (folder / "beside.py").write_text("NAME = 'found'\n", "utf-8")
    for _ in range(4):
        cluster.worker()
    victim = cluster.workers[0]
    with Command(project, "run", "deck", "--executor", cluster.address) as command:
        command.until(lambda: len(command.of("JobFinished")) >= 4 and kernels_of(victim))
        kernels = kernels_of(victim)
        victim.kill()
        assert command.ended() == (0, "")
        finished = [event["job"] for event in command.of("JobFinished")]
        assert len(finished) == len(set(finished)) == 24
        assert {event["job"] for event in command.of("CellStarted")} == set(finished)
        assert any("it runs again" in event["text"] for event in command.of("Warned"))
    assert len(stored(project)) == 24
    texts = outputs_of(project)
    assert len(set(texts.values())) == 24
    for text in texts.values():
        assert "got 42 found" in text
        assert ". ../data/numbers.txt ../lib/helper.py" in text
    for number in range(4):
        assert not list((cluster.folder / f"worker{number}").iterdir())
        assert not list((cluster.folder / f"worker{number}-home").glob("runs/*"))
    expect_end(kernels)
    again = project.call("run", "deck", "--executor", cluster.address)
    assert "24 of 24 notebooks are up to date, 0 to run" in again.stderr


def test_a_notebook_whose_worker_is_always_killed_fails_after_two_more_runs(project, cluster):
    deadly = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"
    deck_of(project, one=(code(deadly),), two=(code("print('fine')"),))
    for _ in range(4):
        cluster.worker()
    done = project.call("run", "deck", "--executor", cluster.address)
    assert done.returncode == 3
    assert done.stderr.count("it runs again") == 2
    told = "error: decks/deck/one.ipynb: each of the 3 workers that ran it was lost."
    assert told in done.stderr
    assert [process.poll() for process in cluster.workers].count(-signal.SIGKILL) == 3
    assert len(stored(project)) == 1


def test_a_scheduler_that_gives_up_at_once_is_asked_again(project, tmp_path, monkeypatch):
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    flag = tmp_path / "flag"
    source = (
        f"import os, pathlib, signal\nflag = pathlib.Path({str(flag)!r})\nif not flag.exists():\n"
        "    flag.touch()\n    os.kill(os.getppid(), signal.SIGKILL)"
    )
    deck_of(project, one=(code(source),))
    with Cluster(tmp_path / "cluster") as impatient:
        for _ in range(2):
            impatient.worker()
        done = project.call("run", "deck", "--executor", impatient.address)
    assert done.returncode == 0, done.stderr
    assert flag.exists()
    assert len(stored(project)) == 1


def test_interrupting_kills_kernels_on_workers_and_leaves_the_workers(project, cluster):
    slow = (code("import time\ntime.sleep(300)"),)
    deck_of(project, sweep=3, one=(code("n = 0", "parameters"), *slow))
    for _ in range(2):
        cluster.worker()
    with Command(project, "run", "deck", "--executor", cluster.address) as command:
        command.until(lambda: len(command.of("CellStarted")) >= 4)
        kernels = [kernel for worker in cluster.workers for kernel in kernels_of(worker)]
        assert len(kernels) >= 2
        command.process.send_signal(signal.SIGINT)
        code_, errors = command.ended(timeout=30)
    assert code_ == 130
    assert "Traceback" not in errors
    expect_end(kernels)
    assert [worker.poll() for worker in cluster.workers] == [None, None]
    time.sleep(1)
    assert not any(kernels_of(worker) for worker in cluster.workers)
    assert stored(project) == []


def test_workers_with_another_abreast_are_refused(project, cluster, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import abreast\nabreast.__version__ = '9.9'\n")
    deck_of(project, one=(code("1"),))
    cluster.worker(PYTHONPATH=str(tmp_path))
    done = project.call("run", "deck", "--executor", cluster.address)
    assert done.returncode == 2
    assert "has abreast 9.9, not " in done.stderr
    assert "pip install 'abreast[dask]==" in done.stderr


def test_no_scheduler_and_no_worker_are_told(project, cluster, monkeypatch):
    deck_of(project, one=(code("1"),))
    nowhere = project.call("run", "deck", "--executor", "tcp://127.0.0.1:1")
    assert nowhere.returncode == 2
    assert "no Dask scheduler answers at 'tcp://127.0.0.1:1'" in nowhere.stderr
    alone = project.call("run", "deck", "--executor", cluster.address)
    assert alone.returncode == 2
    assert "no worker has joined the scheduler." in alone.stderr


def test_a_kernel_that_only_the_client_has_is_told(project, cluster, tmp_path, monkeypatch):
    cluster.worker()
    folder = tmp_path / "jupyter" / "kernels" / "echo"
    folder.mkdir(parents=True)
    spec = {
        "argv": [sys.executable, "-f", "{connection_file}"],
        "display_name": "E",
        "language": "echo",
    }
    (folder / "kernel.json").write_text(json.dumps(spec), "utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    text = ONE.replace("python3", "echo")
    project.deck("deck", text, one=(code("1"),))
    done = project.call("run", "deck", "--executor", cluster.address)
    assert done.returncode == 3
    assert "there is no Jupyter kernel 'echo'. Installed: python3" in done.stderr


def test_a_cluster_of_this_machine_is_started_and_ended(project, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    shown = code("import os\nprint('threads', os.environ.get('OMP_NUM_THREADS'))")
    deck_of(project, one=(code("print(1)"),), two=(shown,))
    with Command(project, "run", "deck", "--executor", "dask", "--jobs", "2") as command:
        command.until(lambda: command.of("JobStarted"))
        mine = psutil.Process(command.process.pid).children(recursive=True)
        assert command.ended() == (0, "")
        assert len(command.of("JobFinished")) == len(stored(project)) == 2
    # Dask's nannies tell libraries to use one thread; notebooks run as they do elsewhere.
    assert any("threads None" in text for text in outputs_of(project).values())
    expect_end(mine)


def test_workers_of_this_machine_bind_a_gpu_each(tmp_path, monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    source = "import os, time\ntime.sleep(0.3)\nprint(os.environ['CUDA_VISIBLE_DEVICES'])"
    cells = (Cell(index=0, cell_type="code", source=source),)
    turns = [
        Turn(
            job=Job(
                section="S", framework=Framework(name="one", title="One"), key=str(n), cwd=tmp_path,
                notebook=Notebook(path=tmp_path / f"{n}.ipynb", cells=cells),
                kernel=Kernel(name="python3", device="cuda"),
            )
        )
        for n in range(4)
    ]  # fmt: skip
    runs = []
    with started(2, gpus=True) as client:
        terms = Terms(machine=Machine(), gpus=("4", "5"))
        Delivery(client, terms, lambda _, run: runs.append(run), ignore).run(turns)
    assert [run.failure for run in runs] == [None] * 4
    assert {run.cells[0].outputs[0]["text"] for run in runs} == {"4\n", "5\n"}
    assert not any(run.provenance.alone for run in runs)


def test_a_worker_with_another_gpu_than_the_key_names_does_not_run_it(tmp_path):
    cells = (Cell(index=0, cell_type="code", source="1"),)
    turn = Turn(
        job=Job(
            section="S", framework=Framework(name="one", title="One"), key="k", cwd=tmp_path,
            notebook=Notebook(path=tmp_path / "n.ipynb", cells=cells),
            kernel=Kernel(name="python3", device="cuda"),
        )
    )  # fmt: skip
    runs = []
    with started(1, gpus=True) as client:
        terms = Terms(machine=Machine(gpus=("NVIDIA H200",), driver="570.1"))
        Delivery(client, terms, lambda _, run: runs.append(run), ignore).run([turn])
    (run,) = runs
    assert run.failure.kind == "no start"
    assert "there is no GPU, not NVIDIA H200 (driver 570.1)" in run.failure.message


def pins(name, known=None):
    """Return what `name` needs, itself included, at the versions that are installed here."""
    known = {} if known is None else known
    if name not in known:
        known[name] = metadata.version(name)
        for text in metadata.requires(name) or ():
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                pins(canonicalize_name(needed.name), known)
    return known


def only_the_client_knows(project, monkeypatch):
    """Make a deck of a framework that no worker knows; return its lock, which the project has."""
    found = project.folder.parent / "client"
    (found / "tiny-1.dist-info").mkdir(parents=True)
    (found / "tiny-1.dist-info" / "METADATA").write_text("Name: tiny\nVersion: 1\n", "utf-8")
    points = "[abreast.frameworks]\ntiny = tiny:FRAMEWORK\n"
    (found / "tiny-1.dist-info" / "entry_points.txt").write_text(points, "utf-8")
    made = "from abreast.model import Framework\nFRAMEWORK = Framework(name='tiny', title='Tiny', distributions=('ipykernel',), locks=('cpu',))\n"
    (found / "tiny.py").write_text(made, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(found))
    text = ONE.replace("{name: one, kernel: python3}", "tiny").replace("one:", "tiny:")
    project.deck("deck", text, one=(code("import sys\nprint(sys.executable)"),))
    lock = project.folder / "decks" / "locks" / "tiny-cpu.txt"
    lock.parent.mkdir()
    pinned = pins("ipykernel").items()
    lock.write_text("".join(f"{name}=={version}\n" for name, version in pinned), "utf-8")
    return lock


def test_workers_of_this_machine_install_what_is_absent(tmp_path, monkeypatch):
    monkeypatch.setenv("ABREAST_HOME", str(tmp_path))
    executor = DaskExecutor("", 1)
    column = Column(framework=frameworks.load("pytorch"))
    assert isinstance(outfits(executor.machine(), None)(column).kernel, Kernel)
    executor.close()


@pytest.mark.network
def test_a_worker_of_this_machine_installs_an_environment_that_is_missing(project, monkeypatch):
    only_the_client_knows(project, monkeypatch)
    assert project.call("run", "deck").returncode == 4
    done = project.call("run", "deck", "--executor", "dask")
    assert done.returncode == 0, done.stderr
    assert "tiny (cpu): creating a virtualenv" in done.stderr
    assert "<environment>/bin/python" in next(iter(outputs_of(project).values()))
    assert "1 of 1 notebooks are up to date" in project.call("run", "deck").stderr


@pytest.mark.network
def test_a_worker_installs_an_environment_from_the_clients_lock(project, cluster, monkeypatch):
    cluster.worker()
    lock = only_the_client_knows(project, monkeypatch)
    pinned = lock.read_text("utf-8")
    done = project.call("run", "deck", "--executor", cluster.address)
    assert done.returncode == 0, done.stderr
    assert "tiny is not installed yet" in done.stderr
    assert "tiny (cpu): creating a virtualenv" in done.stderr
    (installed,) = (cluster.folder / "worker0-home" / "environments").glob("*tiny-cpu*")
    assert (installed / "lock.txt").read_text("utf-8") == pinned
    assert "<environment>/bin/python" in next(iter(outputs_of(project).values()))
    assert not (project.folder.parent / "home" / "environments").exists()
    lock.write_text(pinned + "tiny-that-nobody-made==1\n", "utf-8")
    refused = project.call("run", "deck", "--executor", cluster.address)
    assert refused.returncode == 3
    assert "on the worker tcp://127.0.0.1:" in refused.stderr
    assert "pip cannot resolve the lock" in refused.stderr
