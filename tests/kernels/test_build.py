"""The whole way with real kernels, as a user goes it: `abreast` in a process of its own."""

import json
import signal
import subprocess
import time

import psutil
import pytest

from tests.conftest import code, expect_end, prose, text_output, write_notebook

pytestmark = pytest.mark.kernel

DECK = """\
title: Two kernels
frameworks: [{name: one, kernel: python3}, {name: two, kernel: python3}]
sections:
  - title: Side by side
    abreast: {one: one.ipynb, two: two.ipynb}
"""
GOOD = (
    prose("## A product\n\nTwo numbers, multiplied."),
    code("factor = 2", "parameters"),
    prose("Say it slowly.", "notes"),
    code("import sys, time\ntime.sleep(0.2)\nprint('product', 21 * factor)"),
)
OTHER = (*GOOD, code("# the second notebook"))


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def outputs_of(project, name="deck"):
    return project.folder / "outputs" / name


def test_a_deck_is_built_and_a_second_build_executes_nothing(project):
    project.deck("deck", DECK, one=GOOD, two=OTHER)
    first = project.call("build", "deck", "-p", "factor", "3")
    assert first.returncode == 0, first.stderr
    assert first.stdout == "Open outputs/deck/index.html\n"
    page = (outputs_of(project) / "index.html").read_text(encoding="utf-8")
    assert "product 63" in page
    assert "Say it slowly." in page
    run = manifest(outputs_of(project))["runs"][0]
    assert run["clock"] == "kernel"
    assert run["parameters"] == {"factor": 3}
    assert 0.2 <= run["kernels"][0]["3"]["wall_seconds"][0] < 5
    second = project.call("build", "deck", "-p", "factor", "3")
    assert "2 of 2 notebooks are up to date, 0 to run" in second.stderr
    again = (outputs_of(project) / "index.html").read_text(encoding="utf-8")
    assert again == page


def test_progress_as_json_is_one_event_a_line(project):
    project.deck("deck", DECK, one=GOOD, two=OTHER)
    done = project.call("build", "deck", "--json", "--jobs", "2")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = [event["event"] for event in events]
    assert kinds.count("JobFinished") == 2
    assert kinds[-1] == "Wrote"
    started = [e for e in events if e["event"] == "CellStarted" and "one" in e["job"]]
    assert [(e["number"], e["cells"]) for e in started] == [(1, 2), (2, 2)]


def test_a_cell_that_raises_is_told_exactly_and_the_rest_is_built(project):
    bad = (*GOOD, code("def broken():\n    return 1 / 0\n\n\nbroken()"), code("print('after')"))
    project.deck("deck", DECK, one=bad, two=OTHER)
    done = project.call("build", "deck")
    assert done.returncode == 3
    assert (
        "error: decks/deck/one.ipynb, cell 5, line 2: ZeroDivisionError: division by zero in "
        "`return 1 / 0`." in done.stderr
    )
    assert "Traceback" not in done.stderr
    page = (outputs_of(project) / "index.html").read_text(encoding="utf-8")
    assert "line 2: " in page
    assert "ZeroDivisionError: division by zero" in page
    assert "Not run: a cell before it failed." in page
    runs = {run["framework"]: run for run in manifest(outputs_of(project))["runs"]}
    assert runs["two"]["failure"] is None
    assert "4" not in runs["one"]["kernels"][0]
    again = project.call("build", "deck")
    assert "1 of 2 notebooks are up to date, 1 to run" in again.stderr


def test_a_kernel_that_dies(project):
    project.deck("deck", DECK, one=(code("import os\nos._exit(1)"),), two=GOOD)
    done = project.call("build", "deck")
    assert done.returncode == 3
    assert "error: decks/deck/one.ipynb, cell 1: the kernel died." in done.stderr


@pytest.mark.parametrize("limit", ["cell: 1", "run: 3"])
def test_a_timeout(project, limit):
    deck = DECK + f"timeouts: {{{limit}}}\n"
    project.deck("deck", deck, one=(code("import time\ntime.sleep(3000)"),), two=GOOD)
    done = project.call("build", "deck")
    assert done.returncode == 3
    assert "error: decks/deck/one.ipynb, cell 1: timed out" in done.stderr


def test_interrupting_leaves_no_kernel_and_the_old_deck(project):
    folder = project.deck("deck", DECK, one=GOOD, two=OTHER)
    assert project.call("build", "deck").returncode == 0
    before = (outputs_of(project) / "index.html").read_bytes()
    write_notebook(folder / "one.ipynb", code("import time\ntime.sleep(300)"))
    process = subprocess.Popen(
        project.command("build", "deck"), cwd=project.folder, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "cell 1 of 1" in line:
            break
    time.sleep(1)
    kernels = psutil.Process(process.pid).children(recursive=True)
    assert kernels
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=30) == 130
    assert "Interrupted" in rest
    assert "Traceback" not in rest
    expect_end(kernels)
    assert (outputs_of(project) / "index.html").read_bytes() == before
    assert [p.name for p in outputs_of(project).parent.iterdir()] == ["deck"]


def test_bad_requests_are_one_line_each(project):
    project.deck("deck", DECK, one=GOOD, two=OTHER)
    unknown = project.call("build", "deck", "-p", "facter", "3")
    assert unknown.returncode == 2
    assert unknown.stderr == (
        "error: command line: no notebook declares the parameter 'facter'. Did you mean 'factor'?\n"
    )
    project.deck("lost", DECK.replace("kernel: python3", "kernel: pyhton3"), one=GOOD, two=OTHER)
    missing = project.call("build", "lost")
    assert missing.returncode == 4
    assert missing.stderr.startswith("error: no Jupyter kernel 'pyhton3'. Installed:")
    project.deck("bare", DECK.replace("kernel: python3", "title: x"), one=GOOD, two=OTHER)
    assert project.call("build", "bare").returncode == 2
    assert project.call("build", "nothing").returncode == 2
    assert project.call("biuld").returncode == 2


def test_missing_environments_exit_with_4(project):
    deck = DECK.replace("{name: one, kernel: python3}", "pytorch").replace("one:", "pytorch:")
    project.deck("deck", deck, one=GOOD, two=OTHER)
    done = project.call("build", "deck")
    assert done.returncode == 4
    assert "abreast env install pytorch" in done.stderr


def test_without_running_outputs_are_taken_as_found(project):
    deck = DECK.replace("{name: one, kernel: python3}", "pytorch").replace("one:", "pytorch:")
    executed = (code("print(6 * 7)", outputs=[text_output("42\n")]),)
    project.deck("deck", deck, one=executed, two=executed)
    done = project.call("build", "deck", "--no-run")
    assert done.returncode == 0, done.stderr
    page = (outputs_of(project) / "index.html").read_text(encoding="utf-8")
    assert "as found" in page
    assert "first run" not in page


def test_a_deck_of_prose_only(project):
    text = "title: Prose\nframeworks: []\nsections:\n  - {title: Words, slides: words.ipynb}\n"
    project.deck("deck", text, words=(prose("# Hello"), prose("Speak up.", "notes")))
    assert project.call("build", "deck").returncode == 0
    page = (outputs_of(project) / "index.html").read_text(encoding="utf-8")
    assert '<h1 dir="auto">Hello</h1>' in page


def test_new_makes_decks_that_build(project):
    assert project.call("new", "fresh").returncode == 0
    assert (project.folder / "decks" / "fresh" / "deck.yml").is_file()
    write_notebook(project.folder / "my-pytorch.ipynb", *GOOD)
    write_notebook(project.folder / "tensorflow_version.ipynb", *GOOD)
    made = project.call("new", "around", "my-pytorch.ipynb", "tensorflow_version.ipynb")
    assert made.returncode == 0, made.stderr
    assert project.call("build", "around", "--no-run").returncode == 0
    assert project.call("new", "around").returncode == 2


def test_align_prints_rows_and_bands(project):
    one = write_notebook(project.folder / "pytorch.ipynb", *GOOD)
    two = write_notebook(project.folder / "other.ipynb", *GOOD[1:])
    done = project.call("align", one, f"mxnet={two}", "--format", "json")
    record = json.loads(done.stdout)
    assert {"pytorch": [1], "mxnet": [0]} in record["rows"]
    assert len(record["bands"]) == len(record["rows"])


def test_doctor_and_env_list_name_each_lack_with_its_remedy(project):
    doctor = project.call("doctor")
    assert doctor.returncode == 0, doctor.stderr
    assert "abreast env install pytorch" in doctor.stdout
    assert "not installed" in project.call("env", "list").stdout


def test_what_a_text_notebook_gave_is_the_same_file_after_an_edit_elsewhere(project):
    folder = project.deck(
        "deck", "title: One\nframeworks: [{name: one, kernel: python3}]\n"
        "sections: [{title: S, abreast: one.py}]\n",
    )  # fmt: skip
    cells = "# %% [markdown]\n# ## Twice\n\n# %%\nprint(1)\n\n# %%\nprint(1)\n"
    (folder / "one.py").write_text(cells, encoding="utf-8")
    assert project.call("build", "deck").returncode == 0
    executed = outputs_of(project) / "notebooks" / "s" / "one.ipynb"
    before = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    assert len({cell["id"] for cell in before}) == 3
    (folder / "one.py").write_text(f"# %% [markdown]\n# # Hello\n\n{cells}", encoding="utf-8")
    assert project.call("build", "deck").returncode == 0
    assert json.loads(executed.read_text(encoding="utf-8"))["cells"][1:] == before
