"""Properties of what drift is made of: matching, diffs, noise, numbers, distances of pictures."""

import base64
import json
import random
import subprocess
import sys
from collections import Counter
from time import thread_time

import pytest
from abreast.model import Cell
from abreast.publish.drift.cells import cell_pairs
from abreast.publish.drift.diffs import line_diff
from abreast.publish.drift.matching import matched, moved
from abreast.publish.drift.noise import denoised, denoised_html, denoised_svg
from abreast.publish.drift.numeric import number_changes, relative_change
from abreast.publish.drift.pictures import distance
from abreast.publish.drift.trimming import without_same_cells
from abreast.publish.drift.warned import new_warnings
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drifted import (
    CURVE,
    OTHER_CURVE,
    before_and_after,
    code_cell,
    files,
    plot,
    stream,
)

NAMES = st.lists(st.text("abcd ", min_size=1, max_size=12), max_size=10)
LINES = st.lists(st.text("ab1 .", max_size=6), max_size=12)


def joined(before, after):
    return matched(before, after, (lambda text: text,), str.split)


@given(NAMES, NAMES)
def test_no_slide_is_matched_twice_and_equal_ones_are_matched(before, after):
    places = joined(before, after)
    assert len(set(places.values())) == len(places)
    assert set(places) <= set(range(len(after)))
    assert set(places.values()) <= set(range(len(before)))
    for name in set(before) & set(after):
        pairs = sum(before[p] == after[n] == name for n, p in places.items())
        assert pairs == min(before.count(name), after.count(name))


@given(NAMES)
def test_what_did_not_change_is_matched_to_itself(names):
    places = joined(names, names)
    assert places == {n: n for n in range(len(names))}
    assert moved(places) == set()


@given(st.permutations(range(8)))
def test_what_did_not_move_rises_and_no_more_is_said_to_have_moved_than_must(order):
    places = dict(enumerate(order))
    away = moved(places)
    staying = [places[n] for n in sorted(places) if n not in away]
    assert staying == sorted(staying)
    longest = max((mask.bit_count() for mask in range(256) if rises(order, mask)), default=0)
    assert len(staying) == longest


def rises(order, mask):
    chosen = [place for n, place in enumerate(order) if mask >> n & 1]
    return chosen == sorted(chosen)


@given(LINES, LINES)
def test_a_diff_leads_from_one_text_to_the_other(before, after):
    diff = line_diff("\n".join(before), "\n".join(after))
    gone = [line.text for line in diff if line.sign == "-"]
    come = [line.text for line in diff if line.sign == "+"]
    old, new = "\n".join(before).splitlines(), "\n".join(after).splitlines()
    assert (diff == ()) == (old == new)
    assert len(new) - len(old) == len(come) - len(gone)
    assert Counter(old) + Counter(come) == Counter(new) + Counter(gone)


def test_long_texts_are_diffed_at_once_and_cut():
    many = ["same"] * 50_000
    diff = line_diff("\n".join([*many, "one", *many]), "\n".join([*many, "two", *many]))
    assert [line.sign for line in diff] == [" ", " ", "-", "+", " ", " "]
    numbers = [str(n) for n in range(1000)]
    diff = line_diff("", "\n".join(numbers))
    assert diff[-1].text == "840 more lines of this diff"
    diff = line_diff("\n".join(numbers * 3), "\n".join(reversed(numbers * 3)))
    assert [line.text for line in diff] == ["3000 lines", "3000 lines"]


def test_embedded_pictures_are_told_by_their_digest():
    before, after = (f"![a](data:image/png;base64,{letter * 400})" for letter in "AB")
    gone, come = line_diff(before, after)
    assert len(gone.text) < 120
    assert gone.text != come.text


@given(st.text("0123456789.: x/smit[]<>abcdef-\n", max_size=60))
def test_taking_noise_out_twice_changes_nothing_more(text):
    once = denoised(text)
    assert denoised(once) == once


LOT = random.Random(7)


def warned(text):
    cell = Cell(index=0, cell_type="code", source="", outputs=(stream(text, "stderr"),))
    (warning,) = new_warnings({"one": ()}, {"one": (cell,)})
    return warning.text


def in_base64(size):
    return base64.b64encode(LOT.randbytes(size * 3 // 4)).decode()


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (denoised_html, lambda n: f'<img src="data:image/png;base64,{in_base64(n)}">'),
        (denoised, in_base64),
        (denoised, lambda n: "/a" * (n // 2)),
        (denoised, lambda n: "/" * n),
        (denoised, lambda n: f"/{'a b' * 30}" * (n // 91)),
        (denoised, lambda n: "[0:00<" * (n // 6)),
        (denoised, lambda n: "7" * n),
        (denoised, lambda n: "ab/ipykernel_1/" * (n // 15)),
        (denoised_svg, lambda n: "<metadata>" * (n // 10)),
        (denoised_svg, lambda n: "<!--" * (n // 4)),
        (warned, lambda n: f"{'-/' * (n // 2)} WARNING"),
        (warned, lambda n: f"{'/a' * (n // 2)} WARNING"),
    ],
)
def test_noise_in_eight_times_the_text_is_found_in_about_eight_times_the_time(reading, text):
    small, large = text(20_000), text(160_000)
    assert fastest(reading, large) <= 20 * fastest(reading, small)


def fastest(reading, text):
    """Return processor time (seconds), of which other work on the machine takes none."""
    times = []
    for _ in range(5):
        start = thread_time()
        reading(text)
        times.append(thread_time() - start)
    return min(times)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("at /srv/x/ipykernel_12/345.py:1", "at cell.py:1"),
        (f"/var/folders/{'x' * 30}/{'y' * 60}/T/ipykernel_12/345.py:1", "cell.py:1"),
        (f"at /home/ada{'/sub folder' * 15}/site-packages/torch/nn.py", "at torch/nn.py"),
        (r"C:\Users\ada\env\Lib\site-packages\torch\nn.py", r"torch\nn.py"),
    ],
)
def test_folders_of_any_usual_length_are_noise(path, shown):
    assert denoised(path) == shown


def test_what_reads_pictures_and_what_draws_pages_is_loaded_when_needed():
    script = (
        "import json, sys\n"
        "from abreast.publish.drift import *\n"
        "def loaded():\n"
        "    print(*sorted({'PIL', 'numpy', 'jinja2', 'abreast.render.fonts'} & {*sys.modules}))\n"
        "for before, after in json.load(sys.stdin):\n"
        "    drift = drift_since(Previous(files=before, since='then'), after)\n"
        "    broken(drift, parse_rules('accuracy drop > 0.02, outputs changed > 0'))\n"
        "    terminal_lines(drift), markdown(drift), drift_json(drift)\n"
        "    loaded()\n"
        "drift_html(drift)\n"
        "loaded()\n"
    )
    texts = [files(cells=[code_cell("show()", stream(text))]) for text in ("one", "two")]
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps([texts, before_and_after()]),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split("\n") == [
        "", "PIL numpy", "PIL abreast.render.fonts jinja2 numpy", "",
    ]  # fmt: skip


@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3)), min_size=1),
    st.data(),
)
def test_numbers_are_told_from_words(values, data):
    place = data.draw(st.integers(0, len(values) - 1))
    other = [*values]
    other[place] = round(values[place] * 2 + 1, 3)
    before, after = (" and ".join(f"x {v}" for v in own) for own in (values, other))
    assert number_changes(before, before) == ()
    changes = number_changes(before, after)
    if values[place] != other[place]:
        assert [float(c.after) for c in changes] == [other[place]]
    assert number_changes(before, after + " more") is None


@pytest.mark.parametrize("text", ["conv2d_1", "2.13.0", "0x12ab", "a1", "v2"])
def test_names_and_versions_are_no_numbers(text):
    assert number_changes(text, text.replace("1", "7").replace("v2", "v7")) is None


def test_relative_changes():
    assert relative_change(0.5, 0.25) == -0.5
    assert relative_change(-2.0, -1.0) == 0.5
    assert relative_change(0.0, 1.0) == float("inf")
    assert relative_change(0.0, 0.0) == 0.0


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_cells_are_paired_in_order_and_once(seed):
    lot = random.Random(seed)
    before = [
        Cell(index=n, cell_type="code", source=lot.choice("abc"), id=f"i{n}") for n in range(6)
    ]
    after = [c for c in before if lot.random() < 0.7]
    pairs = list(cell_pairs(before, after))
    assert len({old.index for old, _ in pairs}) == len(pairs) == len({id(n) for _, n in pairs})
    assert sum(old.source == new.source for old, new in pairs) >= len(pairs) - 1
    assert list(cell_pairs(before, before)) == [(cell, cell) for cell in before]


def test_a_plot_whose_line_runs_elsewhere_is_farther_than_one_drawn_again_in_another_shade():
    one = plot(CURVE)
    assert distance(one, one) == 0.0
    assert distance(one, plot(CURVE, ink="#1c60a9")) == 0.0
    near = distance(one, plot([*CURVE[:-1], (290, 30)]))
    far = distance(one, plot(OTHER_CURVE))
    assert 0 < near < far < 0.2
    assert distance(plot([(0, 0)], ink="white"), one) > 0
    assert distance("AAAA", one) is None
    assert distance("no base64", one) is None


@given(
    st.lists(st.sampled_from(["a", "b,\n  {", '"\n ],\n"', "c"]), max_size=6),
    st.lists(st.sampled_from(["a", "b,\n  {", '"\n ],\n"', "c"]), max_size=6),
)
def test_notebooks_without_their_same_cells_hold_what_differs_in_its_place(before, after):
    def document(texts):
        cells = [{"source": text, "metadata": {"n": [1, {"x": text}]}} for text in texts]
        return json.dumps({"cells": cells, "metadata": {}}, indent=1) + "\n"

    old, new, start = without_same_cells(document(before), document(after))
    rests = [[cell["source"] for cell in json.loads(text)["cells"]] for text in (old, new)]
    assert before[:start] == after[:start]
    assert before[start : start + len(rests[0])] == rests[0]
    assert after[start : start + len(rests[1])] == rests[1]
    assert before[start + len(rests[0]) :] == after[start + len(rests[1]) :]
    assert before != after or not start < len(before)
