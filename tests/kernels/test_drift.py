"""A deck in a git repository whose notebook changes: what the build says, writes and exits with."""

import json
import subprocess

import pytest

from tests.conftest import code, prose, write_notebook

pytestmark = pytest.mark.kernel

DECK = """\
title: Drifting
frameworks: [{name: one, kernel: python3}, {name: two, kernel: python3}]
sections:
  - title: Side by side
    abreast: {one: one.ipynb, two: two.ipynb}
"""
METRICS = (
    "from IPython.display import display\n"
    "display({{'application/vnd.abreast.metrics+json': {{'accuracy': {}}}}}, raw=True)"
)
PLOT = (
    "import base64\nfrom IPython.display import Image\n"
    "from PIL import Image as I, ImageDraw as D\nimport io\n"
    "p = I.new('RGB', (200, 100), 'white')\nD.Draw(p).line({}, fill='black', width=3)\n"
    "b = io.BytesIO()\np.save(b, 'PNG')\nImage(data=b.getvalue(), alt='A line')"
)
NOTED = "object()  # its address differs from run to run"


def cells(accuracy, line="[(0, 100), (200, 0)]", *more):
    return (
        prose("## Training\n\nOnce through the data."),
        code(METRICS.format(accuracy)),
        prose("## Plot\n\nOne line."),
        code(PLOT.format(line)),
        prose("## Object"),
        code(NOTED),
        *more,
    )


def git(project, *arguments):
    settings = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(
        ["git", *settings, *arguments], cwd=project.folder, check=True, capture_output=True
    )


def drift_of(project):
    text = (project.folder / "outputs" / "deck" / "drift.json").read_text(encoding="utf-8")
    return json.loads(text)


@pytest.fixture
def committed(project):
    """A project whose deck was built and committed; its second notebook stays as it is."""
    project.deck("deck", DECK, one=cells(0.75), two=cells(0.7))
    first = project.call("build", "deck")
    assert first.returncode == 0, first.stderr
    assert "drift" not in first.stderr
    assert not (project.folder / "outputs" / "deck" / "drift.json").exists()
    git(project, "init")
    git(project, "add", ".")
    git(project, "commit", "-m", "Build the deck")
    return project


def test_an_edited_notebook_is_told_in_the_terminal_in_json_and_by_the_exit_code(committed):
    warned = code("import warnings\nwarnings.warn('old ways', DeprecationWarning)")
    write_notebook(
        committed.folder / "decks" / "deck" / "one.ipynb",
        *cells(0.5, "[(0, 0), (200, 100)]", prose("## Old ways"), warned),
    )
    rules = "accuracy drop > 0.02, outputs changed > 0, slides added > 5"
    done = committed.call("build", "deck", "--fail-on", rules)
    assert done.returncode == 7, done.stderr
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"],
        cwd=committed.folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout[:7]
    assert f"drift since HEAD {head}: 1 slide added, 3 slides changed, 1 output changed, " in (
        done.stderr
    )
    assert "1 metric changed (1 for the worse), 1 new warning\n" in done.stderr
    assert "  accuracy of one 0.75 → 0.5 (-33%)\n" in done.stderr
    assert "side-by-side/one, cell 8: deprecation: DeprecationWarning: old ways" in done.stderr
    assert "  see outputs/deck/drift.html\n" in done.stderr
    assert (
        "error: Side by side, one: 0.75 → 0.5 (-33%), against the rule 'accuracy drop > 0.02'.\n"
        "error: side-by-side/one, cell 4: 1 counted, against the rule 'outputs changed > 0'.\n"
    ) in done.stderr
    assert "slides added" not in done.stderr.partition("error:")[2]
    drift = drift_of(committed)
    assert drift["since"] == f"HEAD {head}"
    assert [m["framework"] for m in drift["metrics"]] == ["one"]
    picture = drift["outputs"][0]
    assert picture["what"] == "picture"
    assert picture["distance"] > 0.01
    assert picture["before"]["sha256"] != picture["after"]["sha256"]
    page = (committed.folder / "outputs" / "deck" / "drift.html").read_text(encoding="utf-8")
    assert page.count('<img class="picture"') == 2
    text = committed.call("drift", "--format", "markdown").stdout
    assert text.startswith(f"## Drifting\n\nDrift since HEAD {head}: 1 slide added, ")
    assert "| accuracy | one | 0.75 → 0.5 (-33%), worse |" in text
    again = committed.call("build", "deck", "--fail-on", rules)
    assert "up to date" in again.stderr
    assert again.returncode == 7, "what is committed did not change, so the answer is the same"


def test_a_notebook_that_fails_breaks_the_rules_on_what_it_published_before(committed):
    failing = (*cells(0.7), code("raise ValueError('no')"))
    write_notebook(committed.folder / "decks" / "deck" / "two.ipynb", *failing)
    done = committed.call("build", "deck", "--fail-on", "accuracy drop > 0.02")
    assert done.returncode == 3, done.stderr
    assert "  accuracy of two 0.7 → failed\n" in done.stderr
    assert (
        "error: Side by side, two: 0.7 → failed, against the rule 'accuracy drop > 0.02'.\n"
    ) in done.stderr


def test_what_is_run_anew_without_a_change_does_not_drift(committed):
    done = committed.call("build", "deck", "--force", "--fail-on", "outputs changed > 0")
    assert done.returncode == 0, done.stderr
    drift = drift_of(committed)
    kinds = ("slides", "outputs", "metrics", "settings", "warnings", "times")
    assert {kind: drift[kind] for kind in kinds} == {kind: [] for kind in kinds}
    assert done.stderr.count("nothing changed") == 1
    # On a busy machine times are not compared, and a page says so.
    page = committed.folder / "outputs" / "deck" / "drift.html"
    assert ("drift.html" in done.stderr) == page.exists()


def test_without_git_the_build_before_is_what_counts(project):
    project.deck("deck", DECK, one=cells(0.75), two=cells(0.7))
    assert project.call("build", "deck", "--fail-on", "accuracy drop > 0").returncode == 0
    write_notebook(project.folder / "decks" / "deck" / "two.ipynb", *cells(0.8))
    done = project.call("build", "deck", "--json", "--fail-on", "accuracy drop > 0")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    drifted = next(event for event in events if event["event"] == "Drifted")
    assert drifted["since"] == "the build before"
    assert drifted["page"].endswith("outputs/deck/drift.html")
    assert "  accuracy of two 0.7 → 0.8 (+14%)" in drifted["lines"]


def test_a_rule_that_means_nothing_is_told_before_anything_runs(project):
    project.deck("deck", DECK, one=cells(0.75), two=cells(0.7))
    done = project.call("build", "deck", "--fail-on", "accuracy > 0.02, slide changed > 0")
    assert done.returncode == 2
    assert "error: --fail-on: 'accuracy > 0.02' lacks drop, rise or change." in done.stderr
    assert "error: --fail-on: 'slide changed > 0' lacks" in done.stderr
    assert not (project.folder / "outputs").exists()
