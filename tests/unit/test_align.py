import pytest
from abreast.align import align_cells, align_statements
from abreast.align.statements import statement_lines
from abreast.errors import UsageError
from abreast.model import Cell
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCES = st.sampled_from([
    "import torch", "net = nn.Linear(10, 2)", "loss.backward()", "print(net)", "for x in y:\n  z()",
    "", "plt.plot(losses)", "x = 96",
])  # fmt: skip


def cells(*sources, tags=None):
    return [
        Cell(index=i, cell_type="code", source=s, tags=frozenset((tags or {}).get(i, ())))
        for i, s in enumerate(sources)
    ]


def rows_of(**notebooks):
    return [dict(row.cells) for row in align_cells(notebooks)]


def test_same_steps_share_a_row_and_a_foreign_cell_stands_alone():
    rows = rows_of(
        a=cells("import torch", "net = Linear(784, 10)", "optimizer.step()"),
        b=cells("import mxnet", "print('hello', 3)", "net = Dense(784, 10)", "trainer.step()"),
    )
    assert {"a": (1,), "b": (2,)} in rows
    assert {"b": (1,)} in rows
    assert {"a": (2,), "b": (3,)} in rows


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(SOURCES, max_size=6), min_size=1, max_size=3))
def test_rows_hold_each_cell_once_in_order(notebooks):
    named = {f"f{i}": cells(*sources) for i, sources in enumerate(notebooks)}
    rows = align_cells(named)
    for name, members in named.items():
        seen = [i for row in rows for i in row.cells.get(name, ())]
        assert seen == [cell.index for cell in members]


@settings(max_examples=40, deadline=None)
@given(st.lists(SOURCES.filter(bool), max_size=7, unique=True))
def test_identical_notebooks_align_to_the_identity(sources):
    rows = rows_of(a=cells(*sources), b=cells(*sources))
    assert rows == [{"a": (i,), "b": (i,)} for i in range(len(sources))]


def test_pins_put_unlike_cells_into_one_row():
    pin = {0: {"abreast:step=load"}}
    rows = rows_of(
        a=cells("read(1)", "net = 3", tags=pin), b=cells("x", "fetch(2)", tags={1: pin[0]})
    )
    assert {"a": (0,), "b": (1,)} in rows


def test_a_cell_set_apart_has_a_row_of_its_own():
    alone = {0: {"abreast:alone"}}
    rows = rows_of(a=cells("import torch", tags=alone), b=cells("import torch"))
    assert sorted(map(str, rows)) == ["{'a': (0,)}", "{'b': (0,)}"]


def test_crossing_pins_name_both_cells():
    one, two = {"abreast:step=one"}, {"abreast:step=two"}
    with pytest.raises(UsageError, match=r"'one' and 'two' cross: cells 1 and 2 of a, cells 2 and"):
        rows_of(a=cells("x", "y", tags={0: one, 1: two}), b=cells("x", "y", tags={0: two, 1: one}))


def test_a_long_call_is_taken_apart_and_its_elements_correspond():
    torch = "net = Sequential(\n  Conv2d(1, 96),\n  MaxPool2d(3),\n  Linear(10),\n)"
    keras = "net = Sequential([\n  Conv2D(96),\n  MaxPool2D(3),\n  Flatten(),\n  Dense(10),\n])"
    bands = [dict(b.lines) for b in align_statements({"torch": torch, "keras": keras})]
    assert {"torch": (3,), "keras": (3,)} in bands
    assert {"keras": (4,)} in bands
    assert bands[-1] == {"torch": (4, 5), "keras": (5, 6)}


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="ab ()[]'\"\n#,=%!", max_size=60))
def test_statements_cover_every_line_once(source):
    numbers = [n for lines in statement_lines(source) for n in lines]
    assert numbers == list(range(1, len(source.splitlines()) + 1))
