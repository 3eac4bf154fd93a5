"""Statements -> bands."""

import pytest
from abreast.align import align_code, align_statements
from abreast.align.units import statement_lines
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import labelled


def bands_of(**code):
    return [dict(band.lines) for band in align_statements(code)]


def test_a_long_call_is_taken_apart_and_its_elements_correspond():
    torch = "net = Sequential(\n  Conv2d(1, 96),\n  MaxPool2d(3),\n  Linear(10),\n)"
    keras = "net = Sequential([\n  Conv2D(96),\n  MaxPool2D(3),\n  Flatten(),\n  Dense(10),\n])"
    bands = align_code({"pytorch": torch, "tensorflow": keras})
    assert {"pytorch": [3], "tensorflow": [3]} in bands
    assert {"tensorflow": [4]} in bands
    assert bands[-1] == {"pytorch": [4, 5], "tensorflow": [5, 6]}


def test_a_statement_of_two_jobs_takes_both():
    bands = bands_of(
        a="x = load(96)\nhidden = relu(dense(x, 256))\nplot(hidden)",
        b="x = load(96)\nhidden = dense(x, 256)\nhidden = relu(hidden)\nplot(hidden)",
    )
    assert {"a": (2,), "b": (2, 3)} in bands


def test_a_comment_that_one_makes_does_not_shift_the_others():
    bands = bands_of(
        a="x = load(96)\n# the picture, not the label\nshow(x[0])", b="x = load(96)\nshow(x[0])"
    )
    assert bands == [{"a": (1,), "b": (1,)}, {"a": (2,)}, {"a": (3,), "b": (2,)}]


def test_magics_shell_lines_and_syntax_errors_are_lines_like_others():
    code = "%%time\n!pip install x\nif broken(:\n  y = 2"
    assert [n for lines in statement_lines(code) for n in lines] == [1, 2, 3, 4]
    bands = bands_of(a=code, b=code)
    assert all(band["a"] == band["b"] for band in bands)


@settings(max_examples=80)
@given(st.text(alphabet="ab ()[]'\"\n#,=%!", max_size=60))
def test_statements_cover_every_line_once(source):
    numbers = [n for lines in statement_lines(source) for n in lines]
    assert numbers == list(range(1, len(source.splitlines()) + 1))


@settings(max_examples=40)
@given(st.lists(st.text(alphabet="ab ()[\n#=1", max_size=40), min_size=1, max_size=3))
def test_bands_hold_each_line_once_in_order(sources):
    code = {f"f{i}": source for i, source in enumerate(sources)}
    bands = align_statements(code)
    for name, source in code.items():
        seen = [n for band in bands for n in band.lines.get(name, ())]
        assert seen == list(range(1, len(source.splitlines()) + 1))


@pytest.mark.parametrize(("kind", "least"), [("together", 0.87), ("apart", 0.66)])
def test_labelled_rows_stay_found(kind, least):
    """Regression: the figures of `make bench-align`, a little below."""
    rows = labelled.read(kind)
    assert len(rows) >= 30
    totals = [labelled.counts(row, align_code(row.code, row.languages)) for row in rows]
    assert labelled.f1(totals) >= least
