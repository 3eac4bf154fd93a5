"""Cells -> rows."""

import random

import pytest
from abreast import events
from abreast.align import align_cells, align_notebooks, explain
from abreast.align.blocks import LIMIT
from abreast.errors import UsageError
from abreast.model import ALONE, PIN, Cell
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCES = st.sampled_from([
    "import torch", "net = nn.Linear(10, 2)", "loss.backward()", "print(net)", "for x in y:\n  z()",
    "", "plt.plot(losses)", "x = 96", "# only a comment", "%matplotlib inline", "def broken(:",
])  # fmt: skip
NOTEBOOKS = st.lists(st.lists(SOURCES, max_size=6), min_size=1, max_size=4)


def cells(*sources, tags=None, kinds=None):
    return [
        Cell(
            index=i,
            cell_type=(kinds or {}).get(i, "code"),
            source=source,
            tags=frozenset((tags or {}).get(i, ())),
        )
        for i, source in enumerate(sources)
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


def test_a_cell_that_does_two_steps_takes_both():
    load = "images, labels = load_images('train.npz')\nimages = images / 255.0"
    batch = "loader = make_batches(images, labels, batch_size=64, shuffle=True)"
    net = "net = Sequential(Conv(32, 5), Pool(2), Dense(10))"
    fit = "for epoch in range(9):\n    fit(net, loader, rate=0.1)"
    rows = rows_of(a=cells(load + "\n" + batch, net, fit), b=cells(load, batch, net, fit))
    assert rows == [{"a": (0,), "b": (0, 1)}, {"a": (1,), "b": (2,)}, {"a": (2,), "b": (3,)}]


def test_prose_inside_a_run_of_code_stays_with_it():
    load = "images, labels = load_images('train.npz')\nimages = images / 255.0"
    batch = "loader = make_batches(images, labels, batch_size=64, shuffle=True)"
    fit = "fit(net, loader, epochs=9, rate=0.1)"
    a = cells(load + "\n" + batch, fit)
    b = cells(load, "Now in batches.", batch, fit, kinds={1: "markdown"})
    assert rows_of(a=a, b=b) == [{"a": (0,), "b": (0, 1, 2)}, {"a": (1,), "b": (3,)}]


def test_two_languages_that_abreast_has_no_module_for():
    """Pandas against dplyr: few names in common, other grammar, one step in two cells."""
    pandas = cells(
        "import pandas as pd",
        "penguins = pd.read_csv('penguins.csv')\npenguins.head()",
        "penguins = penguins.dropna(subset=['body_mass_g'])",
        "heavy = penguins[penguins['body_mass_g'] > 4500]\nheavy.sort_values('body_mass_g')",
        "penguins['mass_kg'] = penguins['body_mass_g'] / 1000",
        "by_species = penguins.groupby('species')['mass_kg'].agg(['mean', 'count'])\nby_species",
        "by_species['mean'].plot.bar(title='Mass by species')",
    )
    dplyr = cells(
        "library(dplyr)\nlibrary(readr)\nlibrary(ggplot2)",
        "penguins <- read_csv('penguins.csv')",
        "glimpse(penguins)",
        "penguins <- penguins |> filter(!is.na(body_mass_g))",
        "penguins |> filter(body_mass_g > 4500) |> arrange(body_mass_g)",
        "penguins <- penguins |> mutate(mass_kg = body_mass_g / 1000)",
        "by_species <- penguins |>\n  group_by(species) |>\n"
        "  summarise(mean = mean(mass_kg), count = n())\nby_species",
        "ggplot(by_species, aes(species, mean)) + geom_col() + ggtitle('Mass by species')",
    )
    rows = rows_of(pandas=pandas, dplyr=dplyr)
    for pair in ((0, 0), (1, 1), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7)):
        assert any(
            pair[0] in row.get("pandas", ()) and pair[1] in row.get("dplyr", ()) for row in rows
        ), (pair, rows)


@settings(max_examples=60)
@given(NOTEBOOKS)
def test_rows_hold_each_cell_once_in_order(notebooks):
    named = {f"f{i}": cells(*sources) for i, sources in enumerate(notebooks)}
    rows = align_cells(named)
    for name, members in named.items():
        seen = [i for row in rows for i in row.cells.get(name, ())]
        assert seen == [cell.index for cell in members]
    assert all(0 <= row.confidence <= 1 for row in rows)
    assert len(explain(named, rows)) == len(rows)


@settings(max_examples=40)
@given(st.lists(SOURCES, max_size=9), st.integers(2, 4))
def test_identical_notebooks_align_to_the_identity(sources, count):
    names = [f"f{i}" for i in range(count)]
    rows = rows_of(**{name: cells(*sources) for name in names})
    assert rows == [dict.fromkeys(names, (i,)) for i in range(len(sources))]


@settings(max_examples=40)
@given(NOTEBOOKS, st.randoms(use_true_random=False))
def test_the_order_of_frameworks_is_the_order_of_columns_and_no_more(notebooks, shuffle):
    named = {f"f{i}": cells(*sources) for i, sources in enumerate(notebooks)}
    shuffled = list(named)
    shuffle.shuffle(shuffled)
    rows = align_cells({name: named[name] for name in shuffled})
    assert [dict(row.cells) for row in rows] == [dict(row.cells) for row in align_cells(named)]
    assert all(list(row.cells) == [n for n in shuffled if n in row.cells] for row in rows)


@st.composite
def pinned(draw):
    """Notebooks with pins that keep one order, each at a cell or a run of two."""
    notebooks = {}
    for i, sources in enumerate(draw(NOTEBOOKS)):
        free = list(range(len(sources)))
        steps = sorted(draw(st.sets(st.integers(0, 4), max_size=len(sources))))
        places = sorted(draw(st.permutations(free))[: len(steps)])
        tags = {p: {f"{PIN}s{s}"} for p, s in zip(places, steps, strict=True)}
        alone = draw(st.sampled_from([None, *free]))
        if alone is not None and alone not in tags:
            tags[alone] = {ALONE}
        notebooks[f"f{i}"] = cells(*sources, tags=tags)
    return notebooks


@settings(max_examples=120)
@given(pinned())
def test_consistent_pins_are_honoured(notebooks):
    rows = align_cells(notebooks)
    home = {(n, i): r for r, row in enumerate(rows) for n, run in row.cells.items() for i in run}
    steps = {}
    for name, members in notebooks.items():
        assert [i for row in rows for i in row.cells.get(name, ())] == list(range(len(members)))
        for cell in members:
            for tag in cell.tags:
                if tag == ALONE:
                    assert dict(rows[home[name, cell.index]].cells) == {name: (cell.index,)}
                else:
                    steps.setdefault(tag, set()).add(home[name, cell.index])
    assert all(len(found) == 1 for found in steps.values())
    assert len({row for found in steps.values() for row in found}) == len(steps)


def test_a_right_pin_changes_nothing_else():
    a = ["import torch", "x = load(96)", "net = Linear(784, 10)", "fit(net, x, 3)", "plot(loss)"]
    b = ["import mxnet", "x = read(96)", "net = Dense(784, 10)", "train(net, x, 3)", "plot(loss)"]
    free = rows_of(a=cells(*a), b=cells(*b))
    for row in free:
        tags = {name: {run[0]: {PIN + "here"}} for name, run in row.items()}
        assert rows_of(a=cells(*a, tags=tags["a"]), b=cells(*b, tags=tags["b"])) == free


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


def test_a_step_torn_apart_names_the_cells():
    one = {"abreast:step=one"}
    with pytest.raises(UsageError, match="cells 1 and 3 are both pinned to 'one', but cell 2"):
        rows_of(a=cells("x", "y", "z", tags={0: one, 2: one}))


def test_pins_that_go_round_in_a_circle_name_the_cells():
    def two(first, second):
        return cells("x", "y", tags={0: {PIN + first}, 1: {PIN + second}})

    with pytest.raises(UsageError, match="in a circle: cell 1 of a is 'p'; cell 2 of a is 'q'"):
        rows_of(a=two("p", "q"), b=two("q", "r"), c=two("r", "p"))


def test_pinned_and_set_apart_is_a_mistake():
    with pytest.raises(UsageError, match="cell 1 has the tags 'abreast:alone' and 'abreast:step=o"):
        rows_of(a=cells("x", tags={0: {PIN + "one", ALONE}}))
    with pytest.raises(
        UsageError, match="cell 1 has the tags 'abreast:step=a' and 'abreast:step=b'"
    ):
        rows_of(a=cells("x", tags={0: {PIN + "a", PIN + "b"}}))
    with pytest.raises(UsageError, match="cell 1 has the tag 'abreast:step=' without a name"):
        rows_of(a=cells("x", tags={0: {PIN}}))


def test_a_source_may_be_a_list_of_lines():
    one = [{"cell_type": "code", "source": ["x = 1\n", "y = 2"]}]
    assert align_notebooks({"a": one, "b": one}) == [{"a": [0], "b": [0]}]


def test_a_vocabulary_only_adds():
    a, b = cells("Dense(5)", "x = 1"), cells("Linear(7)", "y = 2")
    words = {"a": {"dense": "linear"}}
    without, with_words = align_cells({"a": a, "b": b}), align_cells({"a": a, "b": b}, words)
    assert with_words[0].cells == {"a": (0,), "b": (0,)}
    assert with_words[0].confidence > without[0].confidence


def test_nothing_to_align_is_an_answer():
    assert rows_of(a=[], b=[]) == []
    assert rows_of(a=cells("x = 1"), b=[]) == [{"a": (0,)}]
    assert rows_of(a=cells("x = 1", "y = 2")) == [{"a": (0,)}, {"a": (1,)}]
    prose = {0: "markdown"}
    rows = rows_of(a=cells("# Title", kinds=prose), b=cells("# Title", kinds=prose))
    assert rows == [{"a": (0,), "b": (0,)}]


def test_long_cells_and_junk_come_to_an_end():
    long = "\n".join(f"x{i} = layer(x{i - 1}, {i})" for i in range(5000))
    junk = "".join(random.Random(0).choices("\x00\x1b\"'`#\\\n([{é漢", k=20_000))
    quotes = '"""' * 4001
    rows = rows_of(a=cells(long, junk, quotes), b=cells(long + "\n", junk + " ", quotes))
    assert rows == [{"a": (i,), "b": (i,)} for i in range(3)]


def test_many_cells_are_aligned_in_blocks_and_that_is_said():
    said = []
    count = 2000
    plain = [f"step_{i} = make({i}, {i * 7 % 97})\nprint(step_{i})" for i in range(count)]
    other = [f"part_{i} <- make({i}, {i * 7 % 97})" for i in range(count)]
    rows = align_cells({"a": cells(*plain), "b": cells(*other)}, tell=said.append)
    right = sum(row.cells == {"a": (i,), "b": (i,)} for i, row in enumerate(rows))
    assert right >= 0.99 * count
    assert isinstance(said[0], events.Warned)
    assert f"{count} cells are too many to align at once" in said[0].text
    assert count > LIMIT


def test_plain_data_in_and_out():
    def notebook(*sources):
        return [{"cell_type": "code", "source": source} for source in sources]

    rows = align_notebooks(
        {
            "pytorch": notebook("import torch", "net = nn.Linear(4, 2)"),
            "mxnet": notebook("import mxnet", "net = nn.Dense(2)"),
        }
    )
    assert rows == [{"pytorch": [0], "mxnet": [0]}, {"pytorch": [1], "mxnet": [1]}]


def test_headings_right_above_the_same_step_share_a_row():
    heading = {0: "markdown"}
    a = cells("## Load the data", "images, labels = load_images('train.npz')", kinds=heading)
    b = cells("### Getting MNIST", "images, labels = load_images('train.npz')", kinds=heading)
    assert rows_of(a=a, b=b) == [{"a": (0,), "b": (0,)}, {"a": (1,), "b": (1,)}]
