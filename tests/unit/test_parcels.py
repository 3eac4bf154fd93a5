"""Turns as content: what travels, where it lies, and what comes back."""

from pathlib import Path

import pytest
from abreast.model import Cell, Framework, Job, Kernel, Notebook, Recipe, Run
from abreast.run.executors.notebook import session_of
from abreast.run.executors.parcels import content_of, packed, restored, unpacked
from abreast.run.executors.turn import Turn
from abreast.run.key import identity
from abreast.run.record import _scrubber
from hypothesis import given
from hypothesis import strategies as st

OUTPUT = {"output_type": "stream", "name": "stdout", "text": "old\n"}


def turn(folder, data=(), lib=()):
    cells = (
        Cell(index=0, cell_type="markdown", source="# Prose ![x](data:image/png;base64,AAAA)"),
        Cell(index=1, cell_type="code", source="import beside", outputs=(OUTPUT,)),
    )
    return Turn(
        job=Job(
            section="S", framework=Framework(name="one", title="One"), key="k", cwd=folder,
            notebook=Notebook(path=folder / "one.ipynb", cells=cells), kernel=Kernel(name="k"),
            data=tuple(data), lib=tuple(lib),
        )
    )  # fmt: skip


def wrote(path, text="text"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def unpack(small, paths, within):
    contents = [content_of(path, place) for path, place in paths.items()]
    return unpacked(small, contents, str(within))


@pytest.fixture
def project(tmp_path):
    decks = tmp_path / "project" / "decks"
    wrote(decks / "deck" / "beside.py", "NAME = 1")
    wrote(decks / "deck" / "other.txt")
    wrote(decks / "data" / "x.txt")
    wrote(decks / "lib" / "inner" / "helper.py", "X = 1")
    wrote(decks / "lib" / "__pycache__" / "helper.pyc")
    return decks


def test_files_keep_their_places_to_each_other_and_nothing_else_travels(project, tmp_path):
    given_ = turn(project / "deck", [project / "data" / "x.txt"], [project / "lib"])
    small, paths = packed(given_)
    with unpack(small, paths, tmp_path) as there:
        job = there.job
        assert job.cwd == job.notebook.path.parent
        root = job.cwd.parent
        assert sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()) == [
            "data/x.txt", "deck/beside.py", "lib/inner/helper.py",
        ]  # fmt: skip
        assert (job.cwd / "../data/x.txt").read_text("utf-8") == "text"
        assert session_of(job).env["PYTHONPATH"] == str(root / "lib")
        scrub = _scrubber(job)
        assert (
            scrub(f"{root}/data/x.txt {job.cwd}/a {root}/lib/b {root}")
            == "../data/x.txt ./a ../lib/b .."
        )
    assert not root.exists()


def test_a_link_travels_as_what_it_points_to_and_lies_where_it_lies(project, tmp_path):
    big = wrote(tmp_path / "big" / "y.txt", "big")
    (project / "data" / "y.txt").symlink_to(big)
    sent = turn(project / "deck", [project / "data" / "y.txt"])
    assert identity(sent.job.notebook, Recipe(environment=""), {}, sent.job.data).files.keys() == {
        "../data/y.txt",
        "beside.py",
    }
    assert _scrubber(sent.job)(f"{big} {project}/data/y.txt") == "../data/y.txt ../data/y.txt"
    small, paths = packed(sent)
    with unpack(small, paths, tmp_path) as there:
        assert (there.job.cwd / "../data/y.txt").read_text("utf-8") == "big"
        assert not (there.job.cwd / "../data/y.txt").is_symlink()


def test_prose_and_outputs_stay_and_outputs_that_come_back_find_their_cells(project):
    sent = turn(project / "deck")
    small, _ = packed(sent)
    prose, code = small.job.notebook.cells
    assert (prose.source, code.source, code.outputs) == ("", "import beside", ())
    new = {**OUTPUT, "text": "new\n"}
    cells = (prose, Cell(index=1, cell_type="code", source=code.source, outputs=(new,)))
    back = restored(Run(key="k", cells=cells), sent.job)
    assert back.cells[0] == sent.job.notebook.cells[0]
    assert back.cells[1].outputs == (new,)


def test_what_lies_nowhere_near_the_deck_keeps_its_place_below_the_root(project, tmp_path):
    far = wrote(tmp_path / "far" / "away" / "y.txt", "far")
    small, paths = packed(turn(project / "deck", [far]))
    with unpack(small, paths, tmp_path) as there:
        assert (there.job.cwd / "../../../far/away/y.txt").read_text("utf-8") == "far"


def test_what_content_is_called_changes_with_each_of_its_files_and_with_its_place(project):
    lib = project / "lib"
    first = content_of(lib, Path("lib")).digest
    assert content_of(lib, Path("lib")).digest == first
    assert content_of(lib, Path("other")).digest != first
    wrote(lib / "inner" / "more.py")
    assert content_of(lib, Path("lib")).digest != first


names = st.text("abc", min_size=1, max_size=2)
places = st.lists(names, min_size=1, max_size=3).map("/".join)


@given(places, st.lists(places, max_size=3))
def test_every_path_looks_the_same_from_the_notebook(deck, data):
    import os
    from pathlib import PurePosixPath

    base = Path("/base")
    paths = [base / "files" / f"{place}.txt" for place in data]
    sent = turn(base / deck, paths)
    small, _ = packed(sent)
    for path, place in zip(sent.job.data, small.job.data, strict=True):
        assert not place.is_absolute()
        assert ".." not in PurePosixPath(place).parts
        assert os.path.relpath(place, small.job.cwd) == os.path.relpath(path, sent.job.cwd)
