from dataclasses import replace

import pytest
from abreast import frameworks
from abreast.model import (
    Cell,
    Device,
    Failure,
    Framework,
    Kernel,
    Lack,
    Notebook,
    Provenance,
    Run,
    Sample,
)
from abreast.run import environments, store
from abreast.run.key import run_key

KERNEL = Kernel(name="k", identity="lock")


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
    key = run_key(base, KERNEL, {"n": 1}, [data])
    prose = notebook(tmp_path, cell(0, "# Other", "markdown", slide_type="slide"), base.cells[1])
    tagged = notebook(tmp_path, cell(0, "x = 1", tags=frozenset({"hide-input"}), id="other"))
    assert run_key(prose, KERNEL, {"n": 1}, [data]) == key
    assert run_key(tagged, KERNEL, {"n": 1}, [data]) == key
    other = tmp_path / "other" / "data.npz"
    other.parent.mkdir()
    other.write_bytes(b"2")
    assert run_key(notebook(tmp_path, cell(0, "x = 2")), KERNEL, {"n": 1}, [data]) != key
    assert run_key(base, KERNEL, {"n": 2}, [data]) != key
    assert run_key(base, replace(KERNEL, identity="newer"), {"n": 1}, [data]) != key
    assert run_key(base, KERNEL, {"n": 1}, [other]) != key


def test_a_run_comes_back_onto_cells_whose_prose_changed(tmp_path):
    output = {"output_type": "stream", "name": "stdout", "text": "1\n"}
    before = notebook(tmp_path, cell(0, "x"))
    run = Run(
        key="k", cells=(replace(before.cells[0], outputs=(output,)),), clock="kernel",
        rounds=({0: (Sample(wall_seconds=0.5), Sample(wall_seconds=0.25))}, {}),
        remarks={0: "the clock jumped"}, provenance=Provenance(device=Device(model="A", cores=2)),
    )  # fmt: skip
    store.save(run)
    after = notebook(tmp_path, cell(0, "# New", "markdown"), cell(1, "x"))
    loaded = store.load("k", after)
    assert loaded.cells[1].outputs == (output,)
    assert loaded.rounds == ({1: run.rounds[0][0]}, {})
    assert loaded.remarks == {1: "the clock jumped"}
    assert loaded.provenance == run.provenance
    assert (tmp_path / "home" / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28")
    assert [p.name for p in (tmp_path / "home" / "runs").iterdir()] == ["k"]


def test_failed_and_torn_runs_are_not_used(tmp_path):
    failed = Run(key="k", cells=(), failure=Failure(kind="error", message="no"))
    with pytest.raises(ValueError, match="failed run"):
        store.save(failed)
    folder = tmp_path / "home" / "runs" / "k"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text('{"key": "k"', encoding="utf-8")
    assert store.load("k", notebook(tmp_path)) is None


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
