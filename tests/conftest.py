import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from abreast.locking import locked
from abreast.run.home import VARIABLE, home, make_home
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
FRAMEWORKS = ("pytorch", "mxnet", "tensorflow", "jax")
DECKS = sorted(path.parent.name for path in (ROOT / "decks").glob("*/deck.yml"))

# How long an example takes says more about the machine than about the code.
settings.register_profile("abreast", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("abreast")


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory):
    """The user's environments with a store of the tests' own: what they run stays theirs."""
    users = home()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("home")))
        if (users / "jupyter").exists():
            (make_home() / "environments").symlink_to(users / "environments")
            shutil.copytree(users / "jupyter", home() / "jupyter")
            for spec in home().glob("jupyter/kernels/*/kernel.json"):
                spec.write_text(spec.read_text("utf-8").replace(str(users), str(home())), "utf-8")
        yield


def until(condition, *, seconds=60, told=lambda: "it did not come"):
    """Wait until `condition` gives something true, and return that; `told` says what is missing."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, told()
        time.sleep(0.05)
    return found


def expect_end(processes):
    """Expect processes to end."""
    _, alive = psutil.wait_procs(processes, timeout=60)
    assert not alive


def code(source, *tags, outputs=(), slide_type=""):
    metadata = {"tags": list(tags)} if tags else {}
    if slide_type:
        metadata["slideshow"] = {"slide_type": slide_type}
    return {
        "cell_type": "code", "id": f"c{abs(hash((source, tags))) % 10**8}", "metadata": metadata,
        "source": source, "outputs": list(outputs), "execution_count": None,
    }  # fmt: skip


def prose(source, slide_type=""):
    metadata = {"slideshow": {"slide_type": slide_type}} if slide_type else {}
    return {
        "cell_type": "markdown",
        "id": f"m{abs(hash(source)) % 10**8}",
        "metadata": metadata,
        "source": source,
    }


def text_output(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def write_notebook(path, *cells):
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document = {
        "cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def samples_of(run):
    """Return by kernel and cell the samples of a run as a manifest has it."""

    def samples(found):
        count = len(found["wall_seconds"])
        whole = [own * count if len(own) == 1 else own for own in found.values()]
        return [dict(zip(found, one, strict=True)) for one in zip(*whole, strict=True)]

    return [{cell: samples(found) for cell, found in one.items()} for one in run["kernels"]]


class Project:
    """A folder with decks/, and the command line in a process of its own."""

    def __init__(self, folder):
        self.folder = folder

    def deck(self, name, text, **notebooks):
        folder = self.folder / "decks" / name
        folder.mkdir(parents=True)
        for stem, cells in notebooks.items():
            write_notebook(folder / f"{stem}.ipynb", *cells)
        (folder / "deck.yml").write_text(text, encoding="utf-8")
        return folder

    def command(self, *arguments):
        return [sys.executable, "-m", "abreast", *map(str, arguments)]

    def call(self, *arguments, timeout=300, **environment):
        return subprocess.run(
            self.command(*arguments), cwd=self.folder, capture_output=True, text=True,
            timeout=timeout, check=False, env={**os.environ, **environment},
        )  # fmt: skip


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("ABREAST_HOME", str(tmp_path / "home"))
    folder = tmp_path / "project"
    folder.mkdir()
    return Project(folder)


class Library(Project):
    """A copy of the project's decks with what is committed of them, built as for who clones it.

    The processes that share the tests share it.
    """

    def __init__(self, folder):
        super().__init__(folder)
        folder.parent.mkdir(exist_ok=True)
        with locked(self._lock("all")):
            for name in ("decks", "outputs"):
                if not (folder / name).exists():
                    shutil.copytree(ROOT / name, folder / f"{name}.new")
                    (folder / f"{name}.new").rename(folder / name)

    def built(self, name):
        """Return outputs/NAME, drawn anew: what its committed runs do not fit any more is run.

        One deck is executed whatever there is, so that a framework that broke is noticed.
        """
        folder, done = self.folder / "outputs" / name, self.folder / f"{name}.built"
        with locked(self._lock(name)):
            if not done.exists():
                (folder / "index.html").unlink(missing_ok=True)
                force = ["--force"] if name == "alexnet" else []
                # Beside other tests, threads that spin while they wait take twice as long.
                built = self.call("build", name, *force, timeout=1800, OMP_WAIT_POLICY="passive")
                assert built.returncode == 0, built.stderr
                done.touch()
        return folder

    def _lock(self, name):
        return self.folder.with_name(f"{self.folder.name}.{name}.lock")


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return Library(shared / "library")


@pytest.fixture(scope="session")
def alexnet(library):
    return library.built("alexnet")
