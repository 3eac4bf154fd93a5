import json
from dataclasses import replace
from pathlib import Path

import pytest
from abreast import frameworks
from abreast.deck.modules import modules_beside, modules_used
from abreast.model import (
    Cell,
    Device,
    Failure,
    Framework,
    Lack,
    Notebook,
    Provenance,
    Recipe,
    Run,
    Sample,
    Subject,
)
from abreast.run import environments, store
from abreast.run.key import identity
from abreast.run.reasons import reasons
from abreast.run.recorded import onto, packages_once, run_record, with_packages

RECIPE = Recipe(environment="lock")
SUBJECT = Subject(deck="d", section="s", framework="torch")
TORCH = Framework(name="pytorch", title="PyTorch", distributions=("torch",))


def notebook(tmp_path, *cells):
    return Notebook(path=tmp_path / "n.ipynb", cells=cells)


def cell(index, source, cell_type="code", **more):
    return Cell(index=index, cell_type=cell_type, source=source, **more)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ABREAST_HOME", str(tmp_path / "home"))


def test_only_what_can_change_a_result_changes_the_key(tmp_path):
    data = tmp_path / "data.npz"
    data.write_bytes(b"1")
    base = notebook(tmp_path, cell(0, "# Prose", "markdown"), cell(1, "x = 1"))
    key = identity(base, RECIPE, {"n": 1}, [data]).key
    prose = notebook(tmp_path, cell(0, "# Other", "markdown", slide_type="slide"), base.cells[1])
    tagged = notebook(tmp_path, cell(0, "x = 1", tags=frozenset({"hide-input"}), id="other"))
    described = notebook(tmp_path, cell(0, "#| fig-alt: A plot\nx = 1"))
    for same in (prose, tagged, described):
        assert identity(same, RECIPE, {"n": 1}, [data]).key == key
    other = tmp_path / "other" / "data.npz"
    other.parent.mkdir()
    other.write_bytes(b"2")
    changed = notebook(tmp_path, cell(0, "x = 2"))
    repeated = notebook(tmp_path, cell(0, "x = 1", tags=frozenset({"abreast:repeat"})))
    assert identity(changed, RECIPE, {"n": 1}, [data]).key != key
    assert identity(repeated, RECIPE, {"n": 1}, [data]).key != key
    assert identity(base, RECIPE, {"n": 2}, [data]).key != key
    assert identity(base, RECIPE, {"n": 1}, [other]).key != key
    for recipe in ({"environment": "newer"}, {"device": "NVIDIA H200"}, {"driver": "560"}):
        assert identity(base, replace(RECIPE, **recipe), {"n": 1}, [data]).key != key
    data.write_bytes(b"2")
    assert identity(base, RECIPE, {"n": 1}, [data]).key != key


@pytest.mark.parametrize(
    ("before", "after", "given"),
    [
        ("n = 3; m = n * 2", "n = 4; m = n * 2", {"n": 5}),
        ("n = 1; m = n * 2; n = 3", "n = 2; m = n * 2; n = 3", {}),
        ("n = 3\nprint(n)", "n = 4\nprint(n)", {"n": 5}),
    ],
)
def test_a_parameters_cell_that_does_more_counts_as_it_is_written(before, after, given, tmp_path):
    tags = frozenset({"parameters"})
    one, other = (notebook(tmp_path, cell(0, text, tags=tags)) for text in (before, after))
    assert identity(one, RECIPE, given).key != identity(other, RECIPE, given).key


def test_only_the_first_parameters_cell_is_one(tmp_path):
    tags = frozenset({"parameters"})
    one, other = (
        notebook(tmp_path, cell(0, "n = 1", tags=tags), cell(1, text, tags=tags))
        for text in ("m = 1", "m = 2")
    )
    assert identity(one, RECIPE, {}).key != identity(other, RECIPE, {}).key


def test_a_negative_value_counts_as_itself(tmp_path):
    own = notebook(tmp_path, cell(0, "n = -1", tags=frozenset({"parameters"})))
    assert identity(own, RECIPE, {}).key == identity(own, RECIPE, {"n": -1}).key


def test_empty_cells_and_what_tools_leave_in_folders_do_not_count(tmp_path):
    lib = tmp_path / "lib"
    lib.mkdir()
    (lib / "a.py").write_text("")
    own = notebook(tmp_path, cell(0, "import a"))
    key = identity(own, RECIPE, {}, lib=[lib]).key
    for name in (".DS_Store", "a.py.swp", ".ipynb_checkpoints/a.ipynb", "__pycache__/a.pyc"):
        (lib / name).parent.mkdir(exist_ok=True)
        (lib / name).write_text("")
    longer = notebook(tmp_path, *own.cells, cell(1, " \n"))
    assert identity(longer, RECIPE, {}, lib=[lib]).key == key


def test_a_run_that_two_columns_share_lies_on_the_cells_of_each(tmp_path):
    output = {"output_type": "stream", "name": "stdout", "text": "1\n"}
    first = notebook(tmp_path, cell(0, "x", outputs=(output,)), cell(1, "# Prose", "markdown"))
    second = notebook(tmp_path, cell(0, "# Other", "markdown"), cell(1, "x"))
    shared = onto(stored(first, rounds=({0: (Sample(wall_seconds=1.0),)},)), second)
    assert [c.source for c in shared.cells] == ["# Other", "x"]
    assert shared.cells[1].outputs == (output,)
    assert shared.rounds == ({1: (Sample(wall_seconds=1.0),)},)


def test_parameters_count_as_they_are_in_effect(tmp_path):
    own = notebook(tmp_path, cell(0, "n = 64  # a batch\nm = 'x'", tags=frozenset({"parameters"})))
    other = notebook(tmp_path, cell(0, "m = 'x'\nn = 32", tags=frozenset({"parameters"})))
    by_itself = identity(own, RECIPE, {})
    assert by_itself.parameters == {"m": "x", "n": 64}
    assert by_itself.key == identity(own, RECIPE, {"n": 64}).key
    assert by_itself.key == identity(other, RECIPE, {"n": 64}).key
    assert by_itself.key != identity(other, RECIPE, {}).key
    assert by_itself.key != identity(own, RECIPE, {"m": 3}).key


def test_modules_beside_a_notebook_count_with_those_that_they_import(tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "__init__.py").write_text("def f():\n    from layers import Dense\n")
    (tmp_path / "layers.py").write_text("Dense = 1\n")
    (tmp_path / "unused.py").write_text("")
    own = notebook(tmp_path, cell(0, "names = !ls\nimport os; import json, model.parts as p"))
    before = identity(own, RECIPE, {})
    assert set(before.files) == {"model/__init__.py", "layers.py"}
    (tmp_path / "layers.py").write_text("Dense = 2\n")
    assert reasons(before, identity(own, RECIPE, {}), own, TORCH) == ("layers.py changed",)


def test_what_a_shared_module_imports_from_beside_the_notebook_comes_along(tmp_path):
    lib = tmp_path / "lib"
    lib.mkdir()
    (lib / "helper.py").write_text("import settings")
    (tmp_path / "settings.py").write_text("")
    own = notebook(tmp_path, cell(0, "import helper"))
    assert modules_beside(own, [lib]) == [tmp_path / "settings.py"]
    assert modules_used(own, [lib]) == [lib / "helper.py", tmp_path / "settings.py"]


def test_of_shared_folders_what_is_imported_counts_and_what_modules_may_read(tmp_path):
    lib = tmp_path / "lib"
    lib.mkdir()
    for name, text in {"used.py": "import below", "below.py": "", "other.py": ""}.items():
        (lib / name).write_text(text)
    (lib / "words.txt").write_text("a")

    def files(source, language="python"):
        own = replace(notebook(tmp_path, cell(0, source)), language=language)
        return {Path(name).name for name in identity(own, RECIPE, {}, lib=[lib]).files}

    assert files("from used import x") == {"used.py", "below.py", "words.txt"}
    assert files("used = net.eval()") == {"words.txt"}
    assert files("1 + 1") == {"words.txt"}
    everything = {"used.py", "below.py", "other.py", "words.txt"}
    doing_anything = (
        "import importlib", "m = __import__(name)", "%run other.py", "%time import x\n!python a.py",
        "names = !ls", "%%bash\nls", "%sql select", "exec(open('other.py').read())", "print?",
        "eval('__import__(name)')", "get_ipython().run_line_magic('run', 'other.py')",
    )  # fmt: skip
    for source in doing_anything:
        assert files(source) == everything, source
    for source in (
        "%matplotlib inline\nimport used", "%time import used", "%load_ext used",
        "%%time\nif 1: import os, used", "a = (7\n% 3)\nimport used",
    ):  # fmt: skip
        assert files(source) == {"used.py", "below.py", "words.txt"}, source
    assert files("library(used)", language="r") == everything


def stored(notebook, **more):
    now = identity(notebook, RECIPE, {})
    return Run(
        key=now.key, identity=now, subject=SUBJECT, cells=notebook.cells, clock="kernel", **more
    )


def test_a_run_comes_back_onto_cells_whose_prose_changed(tmp_path):
    output = {"output_type": "stream", "name": "stdout", "text": "1\n"}
    before = notebook(tmp_path, cell(0, "x", outputs=(output,)))
    run = stored(
        before, rounds=({0: (Sample(wall_seconds=0.5), Sample(wall_seconds=0.25))}, {}),
        remarks={0: "the clock jumped"}, provenance=Provenance(device=Device(model="A", cores=2)),
    )  # fmt: skip
    store.save(run)
    after = notebook(tmp_path, cell(0, "# New", "markdown"), cell(1, "x"))
    loaded = store.load(run.key, after, identity(after, RECIPE, {}))
    assert loaded.cells[1].outputs == (output,)
    assert loaded.rounds == ({1: run.rounds[0][0]}, {})
    assert loaded.remarks == {1: "the clock jumped"}
    assert loaded.provenance == run.provenance
    assert (tmp_path / "home" / "runs" / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477")
    kept = {path.name for path in (tmp_path / "home" / "runs").iterdir()}
    assert kept == {run.key, "CACHEDIR.TAG"}


def test_samples_that_agree_are_written_once_and_counted(tmp_path):
    own = notebook(tmp_path, cell(0, "x"))
    samples = tuple(Sample(wall_seconds=0.5, resident_bytes=7 + (n == 2)) for n in range(3))
    same = tuple(Sample(wall_seconds=0.5, cpu_seconds=0.25) for _ in range(3))
    run = stored(own, rounds=({0: samples}, {0: same}))
    first, second = (kernel["0"] for kernel in run_record(run)["kernels"])
    assert first == {"wall_seconds": [0.5] * 3, "resident_bytes": [7, 7, 8]}
    assert second == {"wall_seconds": [0.5] * 3, "cpu_seconds": [0.25]}
    store.save(run)
    assert store.load(run.key, own, run.identity).rounds == run.rounds


def test_packages_that_runs_share_are_written_once(tmp_path):
    own = notebook(tmp_path, cell(0, "x"))
    many = Provenance(versions={"torch": "2.13.0", "numpy": "2.3.1"})
    alone = Run(key="", cells=(), provenance=Provenance(versions={"numpy": "2.3.1"}))
    whole = [run_record(run) for run in (stored(own, provenance=many),) * 2 + (alone,)]
    records, packages = packages_once([*whole, {"lack": "no kernel"}])
    assert len(packages) == len({json.dumps(p) for p in packages.values()}) == 3
    assert "torch" not in json.dumps(records)
    assert records.pop() == {"lack": "no kernel"}
    assert [with_packages(record, packages) for record in records] == whole
    with pytest.raises(KeyError):
        with_packages(records[0], {})


def test_of_a_run_whose_code_changed_the_cells_that_are_the_same_keep_their_outputs(tmp_path):
    def shown(text):
        return ({"output_type": "stream", "name": "stdout", "text": text},)

    before = notebook(tmp_path, cell(0, "a", outputs=shown("A")), cell(1, "b", outputs=shown("B")))
    run = stored(before, rounds=({0: (Sample(wall_seconds=1.0),), 1: (Sample(wall_seconds=2.0),)},))
    store.save(run)
    after = notebook(tmp_path, cell(0, "new"), cell(1, "a"), cell(2, "c"))
    loaded = store.load(run.key, after, identity(after, RECIPE, {}))
    assert [c.outputs for c in loaded.cells] == [(), shown("A"), ()]
    assert loaded.rounds == ({1: (Sample(wall_seconds=1.0),)},)


def test_failed_foreign_and_torn_runs_are_not_used(tmp_path):
    own = notebook(tmp_path, cell(0, "x"))
    failure = Failure(kind="error", message="no")
    for run in (stored(own, failure=failure), Run(key="k", cells=())):
        with pytest.raises(ValueError, match="only a run"):
            store.save(run)
    now = identity(own, RECIPE, {})
    store.save(stored(own))
    (tmp_path / "home" / "runs" / now.key / "run.json").write_text('{"key": "k"', encoding="utf-8")
    assert store.load(now.key, own, now) is None


@pytest.mark.parametrize("name", ["pytorch", "tensorflow", "mxnet", "jax"])
def test_locks_pin_everything_and_name_no_address(name):
    framework = frameworks.load(name)
    for device in framework.locks:
        lines = frameworks.lock_text(framework, device).splitlines()
        pins = [line for line in lines if not line.startswith("#")]
        assert all("==" in line for line in pins)
        assert not any("http" in line or "+cpu" in line for line in lines)


def test_a_framework_without_wheels_says_so_and_what_to_do(monkeypatch):
    markers = {"python_version": "3.12", "sys_platform": "linux", "platform_machine": "x86_64"}
    monkeypatch.setattr(environments, "_marker_environment", lambda _: markers)
    lack = environments.lacking_wheels(frameworks.load("mxnet"), "cpu", "python3.12")
    assert isinstance(lack, Lack)
    assert "no wheels for Python 3.12" in lack.reason
    assert "--python PATH mxnet" in lack.reason
    assert environments.lacking_wheels(frameworks.load("pytorch"), "cpu", "python3.12") is None


@pytest.mark.parametrize(
    ("python", "platform", "machine"),
    [("3.10", "linux", "x86_64"), ("3.15", "linux", "x86_64"), ("3.13", "darwin", "x86_64")],
)
def test_jax_has_no_wheels_for_some_pythons_and_for_intel_macs(
    python, platform, machine, monkeypatch
):
    markers = {"python_version": python, "sys_platform": platform, "platform_machine": machine}
    monkeypatch.setattr(environments, "_marker_environment", lambda _: markers)
    lack = environments.lacking_wheels(frameworks.load("jax"), "cpu", "python")
    assert isinstance(lack, Lack)
    assert f"no wheels for Python {python} on {platform}" in lack.reason
    markers.update(python_version="3.14", platform_machine="arm64")
    assert environments.lacking_wheels(frameworks.load("jax"), "cpu", "python") is None


def test_no_two_frameworks_look_alike():
    known = [frameworks.load(name) for name in frameworks.names()]
    assert len({f.colour for f in known}) == len({f.mark for f in known}) == len(known)
    others = [frameworks.unlisted("other", index) for index in range(8)]
    assert {f.mark for f in known}.isdisjoint(f.mark for f in others)


def test_frameworks_that_nobody_describes_get_a_colour_and_a_mark():
    assert frameworks.unlisted("julia", 1) == Framework(
        name="julia", title="julia", colour="#7b4fa3", mark="hexagon"
    )
