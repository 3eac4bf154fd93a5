"""Keeping a deck up to date, as its author does over the years."""

import json
import os
import shutil
import zipfile
from dataclasses import asdict, replace

import pytest
from abreast import frameworks
from abreast.model import Recipe
from abreast.run.committed import read_committed
from abreast.run.locks import lock_of
from abreast.run.recorded import identity_of

from tests.conftest import code, prose, write_notebook

pytestmark = pytest.mark.kernel

DECK = """\
title: Two kernels
frameworks: [{name: one, kernel: python3}, {name: two, kernel: python3}]
lib: [../lib]
sections:
  - {title: Words, slides: words.ipynb}
  - title: Side by side
    abreast: {one: one.ipynb, two: two.ipynb}
"""
ONE = (
    prose("## A number"),
    code("n = 3", "parameters"),
    code("import shared\nprint(shared.A * n)"),
)
TWO = (*ONE, code("'two'"))


@pytest.fixture
def deck(project):
    folder = project.deck("deck", DECK, one=ONE, two=TWO, words=(prose("# Hello"),))
    (project.folder / "decks" / "lib").mkdir()
    (project.folder / "decks" / "lib" / "shared.py").write_text("A = 7\n")
    return folder


def status(project, *arguments):
    done = project.call("status", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)
    return found


def states(project, *arguments):
    found = status(project, *arguments)["notebooks"]
    return {one["framework"]: (one["state"], *one["why"]) for one in found}


def build(project, *arguments):
    """Build, and return the labels of the notebooks that were executed."""
    done = project.call("build", "deck", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return [event["job"] for event in events if event["event"] == "JobStarted"]


def test_only_what_changed_runs_and_status_says_why(project, deck):
    assert states(project) == {
        "one": ("stale", "never run here"),
        "two": ("stale", "never run here"),
    }
    assert project.call("status", "--check").returncode == 6
    assert len(build(project)) == 2
    assert states(project) == {"one": ("fresh",), "two": ("fresh",)}
    done = project.call("status", "--check", "deck")
    assert done.returncode == 0
    assert "outputs/deck is up to date" in done.stdout

    write_notebook(deck / "one.ipynb", prose("## Another\n\nWord."), *ONE[1:])
    write_notebook(deck / "words.ipynb", prose("# Hello again"))
    assert states(project) == {"one": ("fresh",), "two": ("fresh",)}
    stale = project.call("status", "--check")
    assert stale.returncode == 6
    assert "words.ipynb" in stale.stdout
    assert build(project) == []
    assert "Hello again" in (project.folder / "outputs/deck/index.html").read_text()

    write_notebook(deck / "two.ipynb", *TWO[:2], code("import shared\nprint(shared.A + n)"), TWO[3])
    assert states(project) == {"one": ("fresh",), "two": ("stale", "cell 3 changed")}
    assert build(project) == ["two · two.ipynb"]

    (project.folder / "decks" / "lib" / "shared.py").write_text("A = 8\n")
    assert states(project)["one"] == ("stale", "shared.py changed")
    assert states(project, "-p", "n", "4")["one"] == (
        "stale", "parameter n 3 → 4", "shared.py changed",
    )  # fmt: skip


def test_a_build_that_has_nothing_to_do_writes_nothing(project, deck):
    build(project)
    page = project.folder / "outputs/deck/index.html"
    before = (page.stat().st_ino, page.stat().st_mtime_ns)
    done = project.call("build", "deck")
    assert "outputs/deck is up to date" in done.stderr
    assert (page.stat().st_ino, page.stat().st_mtime_ns) == before
    page.write_text("edited")
    assert project.call("build", "deck").returncode == 0
    assert "A number" in page.read_text()


def test_a_clone_takes_the_runs_that_were_committed(project, deck):
    build(project)
    shutil.rmtree(os.environ["ABREAST_HOME"])
    assert states(project) == {"one": ("fresh",), "two": ("fresh",)}
    write_notebook(deck / "words.ipynb", prose("# Hello again"))
    assert build(project) == []
    assert "21" in (project.folder / "outputs/deck/index.html").read_text()


LOCKED = """\
title: A framework
frameworks: [pytorch]
sections:
  - title: Code
    abreast: {pytorch: one.ipynb}
"""


def test_a_clone_without_any_environment_shows_the_committed_runs(project, tmp_path):
    """What was executed elsewhere is shown where the framework is not installed."""
    folder = project.deck("deck", LOCKED, one=ONE[:2])
    own = project.deck(
        "own", LOCKED.replace("[pytorch]", "[{name: pytorch, kernel: python3}]"), one=ONE[:2]
    )
    assert project.call("build", "own").returncode == 0
    outputs = project.folder / "outputs"
    (outputs / "own").rename(outputs / "deck")
    manifest = outputs / "deck" / "manifest.json"
    lock = lock_of(frameworks.load("pytorch"), "cpu")
    relabelled(manifest, Recipe(environment=lock.digest, packages=lock.packages))
    shutil.rmtree(os.environ["ABREAST_HOME"])
    shutil.rmtree(own)
    assert states(project) == {"pytorch": ("fresh",)}
    assert build(project) == []
    assert "Not run" not in (outputs / "deck" / "index.html").read_text()
    write_notebook(folder / "one.ipynb", *ONE[:2], code("n + 1"))
    missing = project.call("build", "deck")
    assert missing.returncode == 4
    assert "abreast env install pytorch" in missing.stderr


def test_a_kernel_that_is_not_here_does_not_take_its_runs_away(project, deck):
    build(project)
    text = (deck / "deck.yml").read_text().replace("kernel: python3", "kernel: gone")
    (deck / "deck.yml").write_text(text)
    shutil.rmtree(os.environ["ABREAST_HOME"])
    kept = ("kept", "its kernel is not installed here")
    assert states(project) == {"one": kept, "two": kept}
    assert build(project) == []
    assert "21" in (project.folder / "outputs/deck/index.html").read_text()


def test_sections_whose_titles_make_one_file_name_keep_their_own_runs(project):
    section = "  - {title: %s, abreast: {one: %s.ipynb}}\n"
    text = "title: T\nframeworks: [{name: one, kernel: python3}]\nsections:\n"
    text += section % ("C", "c") + section % ("C++", "cpp")
    project.deck("deck", text, c=(code("print('from C')"),), cpp=(code("print('from CPP')"),))
    build(project)
    shutil.rmtree(os.environ["ABREAST_HOME"])
    assert build(project) == []
    kept = sorted(p.name for p in (project.folder / "outputs/deck/notebooks/c").iterdir())
    assert kept == ["one.ipynb", "one~2.ipynb"]
    page = (project.folder / "outputs/deck/index.html").read_text()
    assert page.index("from C<") < page.index("from CPP")


def test_a_new_title_of_a_section_loses_no_run(project, deck):
    build(project)
    as_on_an_h200(project.folder / "outputs" / "deck")
    shutil.rmtree(os.environ["ABREAST_HOME"])
    text = (deck / "deck.yml").read_text().replace("Side by side", "Two columns")
    (deck / "deck.yml").write_text(text)
    assert {state for state, *_ in states(project).values()} == {"kept"}


def test_a_run_from_a_gpu_that_is_not_here_is_kept_until_it_is_forced(project, deck):
    build(project)
    as_on_an_h200(project.folder / "outputs" / "deck")
    shutil.rmtree(os.environ["ABREAST_HOME"])
    kept = ("kept", "ran on NVIDIA H200, this is a CPU")
    assert states(project) == {"one": kept, "two": kept}
    assert project.call("status", "--check").returncode == 6  # the manifest was edited, above
    assert build(project) == []
    assert states(project) == {"one": kept, "two": kept}
    assert project.call("status", "--check").returncode == 0
    assert len(build(project, "--force")) == 2
    assert states(project) == {"one": ("fresh",), "two": ("fresh",)}


def as_on_an_h200(folder):
    """Make the runs in a built deck's folder such as a GPU machine would have left."""
    recipe = Recipe(environment="cuda", device="NVIDIA H200", driver="550")
    relabelled(folder / "manifest.json", recipe)
    assert len(read_committed(folder).known()) == 2


def relabelled(path, recipe):
    """Say in a manifest that its runs were executed with something else."""
    manifest = json.loads(path.read_text())
    manifest["packages"]["none"] = {}
    for run in manifest["runs"]:
        own = replace(identity_of(run["identity"]), recipe=recipe)
        made_with = {**asdict(recipe), "packages": "none"}
        run |= {"identity": {**asdict(own), "recipe": made_with}, "key": own.key}
    path.write_text(json.dumps(manifest))


def test_clean_keeps_what_the_last_build_took(project, deck):
    build(project)
    build(project, "-p", "n", "5")
    write_notebook(deck / "one.ipynb", *ONE[:2], code("print(n)"))
    build(project)
    done = project.call("clean", "--older-than", "0")
    assert "freed" in done.stdout
    assert done.stdout.count("runs/") == 1
    assert build(project, "-p", "n", "5") == ["one · one.ipynb"]  # its code is new
    assert build(project) == []


def wheel(folder, name, version, requires=()):
    """Write a wheel that holds nothing but its metadata."""
    info = f"{name}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {one}" for one in requires]
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", "\n".join(lines) + "\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")


def test_a_framework_is_raised_with_what_it_needs_and_the_lock_stays_with_the_decks(
    project, deck, tmp_path, monkeypatch
):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for version, needs in (("1.0", "helper>=1"), ("2.0", "helper>=2"), ("3.0", "helper>=2")):
        wheel(wheels, "torch", version, [needs])
    for name in ("helper", "other"):
        for version in ("1.0", "2.0"):
            wheel(wheels, name, version)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    locks = project.folder / "decks" / "locks"
    locks.mkdir()
    lock = locks / "pytorch-cpu.txt"
    lock.write_text("torch==1.0 ; python_version > '3'\nhelper==1.0\nother==1.0\n")
    done = project.call("env", "update", "pytorch", "--to", "2.0", "--device", "cpu")
    assert done.returncode == 0, done.stderr
    assert "torch 1.0 → 2.0\nhelper 1.0 → 2.0\n" in done.stdout
    assert lock.read_text() == "torch==2.0 ; python_version > '3'\nhelper==2.0\nother==1.0\n"
    newest = project.call("env", "update", "pytorch", "--device", "cpu")
    assert "torch 2.0 → 3.0\n" in newest.stdout
    again = project.call("env", "update", "pytorch", "--device", "cpu")
    assert "nothing newer" in again.stderr
    assert again.stdout == ""
    before = lock.read_text()
    none = project.call("env", "update", "pytorch", "--to", "9.0", "--device", "cpu")
    assert none.returncode == 1
    assert "Traceback" not in none.stderr
    assert lock.read_text() == before


def test_a_path_through_the_deck_uses_the_whole_decks_runs(project):
    def on(cell, path):
        return {**cell, "metadata": {**cell["metadata"], "tags": [f"abreast:path={path}"]}}

    one = (code("n = 1"), on(code("print(n, 'by hand')"), "long"), on(code("n + 1"), "short"))
    two = (*one, code("'two'"))
    project.deck("deck", DECK.replace("lib: [../lib]\n", ""), one=one, two=two, words=())
    assert len(build(project)) == 2
    shutil.rmtree(project.folder.parent / "home" / "runs")  # a clone has only outputs/
    assert build(project, "--path", "short") == []
    page = (project.folder / "outputs" / "deck-short" / "index.html").read_text(encoding="utf-8")
    assert "by hand" not in page
    executed = project.folder / "outputs/deck-short/notebooks/side-by-side/one.ipynb"
    assert "1 by hand" in executed.read_text(encoding="utf-8")
