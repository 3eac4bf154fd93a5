import json
import subprocess
import sys
from pathlib import Path

import pytest


def call(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "abreast", *arguments], capture_output=True, text=True, check=False
    )


def test_help_lists_the_commands_and_imports_nothing_slow():
    script = (
        "import sys\nfrom abreast.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "slow = {'numpy', 'pydantic', 'rich', 'jinja2', 'papermill', 'nbconvert', 'nbformat', 'pygments'}\n"
        "assert not slow & set(sys.modules), slow & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for name in ("new", "env", "run", "build", "align", "doctor", "schema"):
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["biuld"], "Did you mean 'build'?"),
        (["build"], "Missing argument 'DECK'"),
        (["env", "install", "pytorhc"], "Did you mean 'pytorch'?"),
        (["build", "x", "--name", "../y"], "is not a folder's name"),
        (["align", "missing.ipynb"], "'missing.ipynb' does not exist"),
    ],
)
def test_wrong_usage_exits_with_2_and_no_traceback(arguments, expected):
    done = call(*arguments)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_build_never_imports_nbconvert():
    script = "import sys, abreast.pipeline\nassert 'nbconvert' not in sys.modules\n"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def notebook(path, *sources, tags=None):
    cells = [
        {
            "cell_type": "markdown" if source.startswith("#") else "code",
            "id": f"c{i}",
            "metadata": {"tags": tags[i]} if tags and i in tags else {},
            "source": source,
            **({} if source.startswith("#") else {"outputs": [], "execution_count": None}),
        }
        for i, source in enumerate(sources)
    ]
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"mine": "ü"}, "cells": cells}
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return str(path)


@pytest.fixture
def two_notebooks(tmp_path):
    load = "images, labels = load_images('train.npz')\nimages = images / 255.0"
    batch = "loader = make_batches(images, labels, batch_size=64, shuffle=True)"
    one = notebook(
        tmp_path / "pytorch.ipynb", "# Load", f"{load}\n{batch}", "net = nn.Linear(784, 10)"
    )
    other = notebook(tmp_path / "mxnet.ipynb", "# Load", load, batch, "net = nn.Dense(784, 10)")
    return one, other


def test_align_shows_rows_with_how_sure_they_are_and_why(two_notebooks):
    done = call("align", "--explain", *two_notebooks)
    assert done.returncode == 0, done.stderr
    assert "sure" in done.stdout
    assert "3: net = nn.Linear(784, 10)" in done.stdout
    assert "4: net = nn.Dense(784, 10)" in done.stdout
    assert "numbers" in done.stdout


def test_align_lists_what_would_settle_an_unsure_row(tmp_path):
    """One cell has two counterparts that are word for word alike: only the author can tell."""
    one = notebook(tmp_path / "a.ipynb", "a = 1", "show(x, 3)", "b = 2")
    other = notebook(tmp_path / "b.ipynb", "c = 5", "show(x, 3)", "q = 7", "show(x, 3)", "d = 6")
    done = call("align", one, other)
    assert "What would settle the rows that are unsure:" in done.stdout
    assert "tag cell 2 of a, cell 2 of b with abreast:step=row-" in done.stdout
    assert "or cell 2 of a with abreast:alone" in done.stdout


def test_align_gives_json_with_confidence_and_lines_from_1(two_notebooks):
    record = json.loads(call("align", "--format", "json", *two_notebooks).stdout)
    assert len(record["rows"]) == len(record["confidence"]) == len(record["bands"])
    row = record["rows"].index({"pytorch": [1], "mxnet": [1, 2]})
    assert record["bands"][row][0] == {"pytorch": [1], "mxnet": [1]}
    assert record["bands"][row][-1]["mxnet"] == [4]
    assert all(0 <= confidence <= 1 for confidence in record["confidence"])


def test_written_pins_keep_the_rows_and_leave_the_rest_of_the_file(two_notebooks):
    before = json.loads(call("align", "--format", "json", *two_notebooks).stdout)["rows"]
    done = call("align", "--write-pins", *two_notebooks)
    assert done.returncode == 0, done.stderr
    assert "pytorch.ipynb: 3 cells pinned" in done.stdout
    assert "mxnet.ipynb: 4 cells pinned" in done.stdout
    path = Path(two_notebooks[1])
    document = json.loads(path.read_text("utf-8"))
    assert document["metadata"] == {"mine": "ü"}
    steps = [cell["metadata"]["tags"] for cell in document["cells"]]
    assert steps[1] == steps[2]
    document["cells"][1]["source"] = "something('else')"
    path.write_text(json.dumps(document), "utf-8")
    again = json.loads(call("align", "--format", "json", *two_notebooks).stdout)
    assert again["rows"] == before
    assert min(again["confidence"]) > 0.9


def test_pins_are_written_into_text_notebooks_too(tmp_path):
    path = tmp_path / "pytorch.py"
    path.write_text("# %%\nx = load(96)\n\n# %%\nshow(x)\n", "utf-8")
    done = call("align", "--write-pins", str(path))
    assert done.returncode == 0, done.stderr
    text = path.read_text("utf-8")
    assert text.count('tags=["abreast:step=row-') == 2
    assert "show(x)" in text
    again = call("align", "--write-pins", str(path))
    assert again.returncode == 0, again.stderr
    assert path.read_text("utf-8") == text


def test_a_pin_that_the_author_gave_keeps_its_name(tmp_path):
    one = notebook(tmp_path / "a.ipynb", "x = load(96)", tags={0: ["abreast:step=data"]})
    other = notebook(tmp_path / "b.ipynb", "x = load(96)")
    call("align", "--write-pins", one, other)
    assert "abreast:step=data" in Path(other).read_text("utf-8")


def test_a_notebook_of_several_frameworks_is_each_of_them(tmp_path):
    path = tmp_path / "both.md"
    cells = ("%%tab torch\nx = load(96)", "%%tab jax, flax\nx = load(96)", "%%tab all\nshow(x)")
    path.write_text("\n\n".join(f"```python\n{cell}\n```" for cell in cells), "utf-8")
    done = call("align", str(path), "--format", "json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert rows == [
        {"torch": [0], "jax": [0], "flax": [0]},
        {"torch": [1], "jax": [1], "flax": [1]},
    ]
    one = call("align", f"torch={path}", "--format", "json")
    assert json.loads(one.stdout)["rows"] == [{"torch": [0]}, {"torch": [1]}]


def test_pins_go_into_all_notebooks_or_none(tmp_path):
    one = notebook(tmp_path / "a.ipynb", "x = load(96)")
    shared = tmp_path / "b.md"
    shared.write_text("```python\n%%tab b\nx = load(96)\n```\n", "utf-8")
    done = call("align", "--write-pins", one, str(shared))
    assert done.returncode == 2
    assert "several frameworks" in done.stderr
    assert "abreast:step" not in Path(one).read_text("utf-8")


def test_what_a_notebook_holds_does_not_reach_the_terminal_raw(tmp_path):
    one = notebook(tmp_path / "a.ipynb", "x = '\x1b[2J'")
    path = Path(one)
    text = path.read_text("utf-8").replace(
        '"metadata": {}, "source": "x', '"metadata": {"tags": null}, "source": "\\ud800 x'
    )
    assert "null" in text
    path.write_text(text, "utf-8")
    done = call("align", one)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout


def test_contradicting_pins_are_one_error_that_names_both_cells(tmp_path):
    tags = {0: ["abreast:step=p"], 1: ["abreast:step=q"]}
    one = notebook(tmp_path / "a.ipynb", "x = 1", "y = 2", tags=tags)
    other = notebook(tmp_path / "b.ipynb", "y = 2", "x = 1", tags={0: tags[1], 1: tags[0]})
    done = call("align", one, other)
    assert done.returncode == 2
    assert "the steps 'p' and 'q' cross: cells 1 and 2 of a, cells 2 and 1 of b." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_text_notebook_that_hides_the_module_it_imports_is_refused(project):
    folder = project.deck(
        "deck",
        "title: T\nframeworks: [{name: a, kernel: python3}]\nsections:\n  - {title: S, abreast: {a: statistics.py}}\n",
    )
    (folder / "statistics.py").write_text("# %%\nimport statistics\nstatistics.mean([1, 2])\n")
    done = project.call("build", "deck")
    assert done.returncode == 2
    assert done.stderr == (
        "error: decks/deck/statistics.py: this notebook would be imported in place of the module "
        "'statistics'. Rename it: statistics-notebook.py\n"
    )
