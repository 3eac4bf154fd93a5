"""What `serve` reckons without a browser: what changed, whose request it is, what is an edit."""

from dataclasses import replace
from pathlib import Path

import pytest
from abreast.deck.folders import is_passing
from abreast.live.changes import Page, changed_slides, pairs, update
from abreast.live.drawing import stale_cells
from abreast.live.footprint import Footprint, footprint
from abreast.live.loopback import is_own_origin
from abreast.model import (
    AbreastSection,
    Cell,
    Column,
    Framework,
    Job,
    Kernel,
    Notebook,
    Recipe,
    Run,
)
from abreast.render.html import DrawnSlide
from abreast.run.key import identity
from abreast.run.plan import Task
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import code, prose, write_notebook


def drawn(html, origin="a.ipynb cell 1", *, seconds=None, below=False):
    return DrawnSlide(
        html=html, section="S", origin=origin, seconds=seconds, below=below, opening=False
    )


def page(*slides, state="1", frame="f", theme="light", styles=("a",)):
    return Page(state=state, frame=frame, theme=theme, styles=styles, slides=slides)


def applied(old, message):
    """The slides as live.js puts them together, and their stacks."""
    slides = []
    for entry in message["slides"]:
        if isinstance(entry, list):
            slides += old.slides[entry[0] : entry[1]]
            continue
        html = entry["html"] if entry["was"] is None or "html" in entry else None
        html = old.slides[entry["was"]].html if html is None else html
        fields = {name: entry[name] for name in ("section", "origin", "seconds", "opening")}
        slides.append(DrawnSlide(html=html, below=False, **fields))
    return slides


SLIDES = st.lists(
    st.builds(
        drawn,
        st.sampled_from("abcdef"),
        st.sampled_from(["a.ipynb cell 1", "a.ipynb cell 2", "b.ipynb cell 1"]),
        seconds=st.sampled_from([None, 5, 6]),
        below=st.booleans(),
    ),
    max_size=9,
)


@given(SLIDES, SLIDES)
def test_an_update_makes_the_new_page_of_the_old(before, after):
    old, new = page(*before), page(*after, state="2")
    message = update(old, new)
    assert [replace(s, below=False) for s in after] == [
        replace(s, below=False) for s in applied(old, message)
    ]
    was = [n for n in pairs(old.slides, new.slides) if n is not None]
    assert was == sorted(set(was))
    if message["stacks"] is None:
        assert len(before) == len(after)
    else:
        assert sum(message["stacks"]) == len(after)


@given(SLIDES)
def test_what_did_not_change_is_not_sent(slides):
    message = update(page(*slides), page(*slides, state="2"))
    assert message["slides"] == ([[0, len(slides)]] if slides else [])
    assert message["stacks"] is message["styles"] is message["theme"] is None


def test_a_slide_is_the_one_that_looks_the_same_else_the_one_of_its_cells_else_of_its_place():
    a, b, c = (drawn(html, f"n.ipynb cell {n}") for n, html in enumerate("abc", 1))
    moved = [replace(s, origin=f"n.ipynb cell {n}") for n, s in enumerate((a, b, c), 2)]
    new = drawn("new", "n.ipynb cell 1")
    assert pairs([a, b, c], [new, *moved]) == [None, 0, 1, 2]
    assert pairs([a, b, c], [a, replace(b, html="B"), drawn("x", "other"), c]) == [0, 1, None, 2]
    assert pairs([a, b, c], [a, drawn("B", "n.ipynb cell 9"), c]) == [0, 1, 2]
    assert pairs([a, b, c], [c]) == [2]


def test_only_what_changed_is_sent():
    old = page(drawn("a"), drawn("b", "b"), drawn("c", "c", seconds=5), styles=("x", "y"))
    slides = (drawn("a"), drawn("B", "b"), drawn("c", "c", seconds=6))
    new = page(*slides, state="2", styles=("x", "z"), theme="dark")
    message = update(old, new)
    assert message["slides"][0] == [0, 1]
    assert message["slides"][1]["html"] == "B"
    assert (message["slides"][2]["seconds"], "html" in message["slides"][2]) == (6, False)
    assert (message["styles"], message["theme"]) == ([0, "z"], "dark")
    assert changed_slides(old, new) == 1


def test_another_frame_is_loaded_anew():
    assert update(page(), page(state="2", frame="g"))["reload"]


HOSTS = frozenset({"127.0.0.1:80", "localhost:80", "[::1]:80"})


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://127.0.0.1:80", True), ("http://LOCALHOST:80", True), ("http://[::1]:80", True),
        ("https://127.0.0.1:80", False), ("http://127.0.0.1:81", False), ("null", False),
        ("http://127.0.0.1:80.evil.example", False), ("http://evil.example#127.0.0.1:80", False),
        ("http://127.0.0.1:80@evil.example", False), ("", False),
    ],
)  # fmt: skip
def test_an_origin_is_own_or_not(origin, own):
    assert is_own_origin(origin, HOSTS) is own


DECK = """\
title: T
frameworks: [{name: one, kernel: python3}]
theme: ./brand.css
data: [../data/x.npz]
lib: [../lib]
sections:
  - {title: Words, slides: words.ipynb}
  - {title: Code, abreast: {one: one.ipynb}}
"""


@pytest.fixture
def deck(tmp_path):
    folder = tmp_path / "decks" / "talk"
    for name in ("talk", "data", "lib", "images"):
        (tmp_path / "decks" / name).mkdir(parents=True)
    (tmp_path / "decks" / "data" / "x.npz").write_text("", encoding="utf-8")
    (folder / "deck.yml").write_text(DECK, encoding="utf-8")
    (folder / "brand.css").write_text("b{background:url(paper.png)}", encoding="utf-8")
    (folder / "helper.py").write_text("", encoding="utf-8")
    write_notebook(folder / "words.ipynb", prose("![a box](../images/a%20box.svg)"))
    write_notebook(folder / "one.ipynb", code("import helper"))
    return folder / "deck.yml"


def test_what_a_deck_names_shows_and_imports_is_an_edit_and_nothing_else(deck):
    made_of = footprint(deck)
    decks = deck.parent.parent
    for name in ("talk/deck.yml", "talk/words.ipynb", "talk/one.ipynb", "talk/brand.css",
                 "talk/paper.png", "talk/helper.py", "images/a box.svg", "data/x.npz",
                 "lib/fashion.py", "lib/deep/er.py"):  # fmt: skip
        assert made_of.has(decks / name), name
    for name in ("talk/plot.png", "talk/.words.ipynb.swp", "talk/words.ipynb~", "data/y.npz",
                 "lib/__pycache__/fashion.pyc", "lib/.fashion.py.swp", "other/deck.yml"):  # fmt: skip
        assert not made_of.has(decks / name), name
    assert {decks / "talk", decks / "images", decks / "data", decks / "lib"} <= made_of.folders()


def test_what_a_link_points_to_is_an_edit_too(deck, tmp_path):
    (tmp_path / "big").mkdir()
    data = deck.parent.parent / "data" / "x.npz"
    data.rename(tmp_path / "big" / "x.npz")
    data.symlink_to(tmp_path / "big" / "x.npz")
    made_of = footprint(deck)
    assert made_of.has(data)
    assert made_of.has(tmp_path / "big" / "x.npz")
    assert {data.parent, tmp_path / "big"} <= made_of.folders()


def test_of_a_broken_deck_it_is_what_it_was_and_all_in_its_folder(deck):
    before = footprint(deck)
    deck.write_text("title: [", encoding="utf-8")
    made_of = footprint(deck, before)
    assert before.files <= made_of.files
    assert made_of.has(deck.parent / "not-there-yet.ipynb")
    assert not made_of.has(deck.parent / ".ipynb_checkpoints" / "words.ipynb")
    assert deck.parent in footprint(deck).folders()


def test_folders_that_are_not_there_are_not_watched(tmp_path):
    made_of = Footprint(files=frozenset({tmp_path / "no" / "x"}), trees=frozenset({Path("/no")}))
    assert tmp_path / "no" not in made_of.folders()


@pytest.mark.parametrize(
    "name", [".x.swp", "x~", "#x#", "4913", "x.tmp", "__pycache__", "x___jb_tmp___"]
)
def test_what_editors_leave_is_no_edit(name):
    assert is_passing(name)


def task(*sources, before=None, parameters=None, then=None):
    """A stale notebook whose last run was of other sources, and with other parameters."""

    def made(texts, values):
        cells = tuple(Cell(index=n, cell_type="code", source=s) for n, s in enumerate(texts))
        notebook = Notebook(path=Path("one.ipynb"), cells=cells)
        return notebook, identity(notebook, Recipe(environment="e"), values or {})

    notebook, now = made(sources, parameters)
    section = AbreastSection(title="S", notebooks={"one": notebook.path})
    column = Column(framework=Framework(name="one", title="One"))
    job = Job(
        section="S", framework=column.framework, notebook=notebook, key=now.key, identity=now,
        kernel=Kernel(name="python3"), cwd=Path(),
    )  # fmt: skip
    previous = None
    if before is not None:
        old, was = made(before, then)
        previous = Run(key=was.key, identity=was, cells=old.cells)
    return Task(section=section, column=column, notebook=notebook, target=job, previous=previous)


def test_the_first_cell_that_changed_and_all_after_it_are_stale():
    assert stale_cells(task("a", "B", "c", before=("a", "b", "c"))) == {1, 2}
    assert stale_cells(task("a", "b", "new", "c", before=("a", "b", "c"))) == {2, 3}
    assert stale_cells(task("a", "b", before=("a", "b", "c"))) == frozenset()
    assert stale_cells(task("a", "b", "c", before=("a", "b"))) == {2}


def test_all_cells_are_stale_where_something_else_changed():
    assert stale_cells(task("a", "b")) == {0, 1}
    changed = task("a", "b", before=("a", "b"), parameters={"n": 2}, then={"n": 1})
    assert stale_cells(changed) == {0, 1}
