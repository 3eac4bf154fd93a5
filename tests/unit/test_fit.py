"""Rows on slides: nothing lost, nothing under the floor, nothing over the slide's edge."""

from abreast.model import Band
from abreast.slides.costs import fit_cost, is_tight
from abreast.slides.drafts import Draft, DraftColumn
from abreast.slides.fit import fit_row, row_height
from abreast.slides.metrics import characters, column_width, floor_px, mono_width
from hypothesis import given, settings
from hypothesis import strategies as st

ROOM = 580.0
IMAGE = {"output_type": "display_data", "data": {"image/png": "AAAA"}, "metadata": {}}
TEXT = {"output_type": "stream", "name": "stdout", "text": "line\n" * 400}


def draft(lines, columns=3, *, width=0, outputs=()):
    source = "\n".join(f"x{i} = {i}{' + y' * width}" for i in range(lines))
    names = [f"f{c}" for c in range(columns)]
    return Draft(
        columns=tuple(
            DraftColumn(framework=n, source=source, outputs=outputs, badge="first run 1 s")
            for n in names
        ),
        bands=tuple(Band(lines=dict.fromkeys(names, (n,))) for n in range(1, lines + 1)),
    )


def shown_lines(parts, name="f0"):
    columns = [next(c for c in part.columns if c.framework == name) for part in parts]
    return [line for column in columns for line in column.lines]


def test_short_code_is_set_large_and_long_code_is_cut_between_bands():
    (part,) = fit_row(draft(3), ROOM, ROOM)
    assert part.font_px > 18
    parts = fit_row(draft(60), ROOM, ROOM)
    assert len(parts) > 1
    assert sum(len(part.bands) for part in parts) == 60


@settings(max_examples=25)
@given(st.integers(1, 90), st.integers(1, 4), st.integers(0, 40), st.integers(380, 600))
def test_every_part_fits_and_every_line_is_shown_above_the_floor(lines, columns, width, first):
    parts = fit_row(draft(lines, columns, width=width, outputs=(TEXT, IMAGE)), 600.0, float(first))
    assert row_height(parts[0]) <= first + 1e-6
    assert all(row_height(part) <= 600.0 + 1e-6 for part in parts)
    assert all(part.font_px >= floor_px(columns) - 1e-6 for part in parts)
    assert {line.number for line in shown_lines(parts)} == set(range(1, lines + 1))
    for part in parts:
        wide = characters(columns, part.font_px)
        for line in shown_lines([part]):
            mark = line.indent + 2 if line.soft else 0
            assert mono_width(line.text) + mark <= wide


def test_outputs_stand_on_the_last_slide_of_code_or_on_one_of_their_own():
    parts = fit_row(draft(20, outputs=(TEXT, IMAGE)), ROOM, ROOM)
    assert [bool(part.columns[0].outputs) for part in parts] == [False, True]
    (time_alone,) = fit_row(draft(18), ROOM, ROOM)
    assert time_alone.columns[0].badge == "first run 1 s"


def test_the_parts_of_a_row_are_about_equally_full():
    parts = fit_row(draft(30), ROOM, ROOM)
    counts = [len(part.bands) for part in parts]
    assert max(counts) - min(counts) <= 3


def test_a_band_higher_than_a_slide_is_cut_between_lines():
    source = '"""' + "\n".join(f"line {n}" for n in range(100)) + '"""'
    band = Band(lines={"f0": tuple(range(1, 101))})
    parts = fit_row(
        Draft(columns=(DraftColumn(framework="f0", source=source),), bands=(band,)), ROOM, ROOM
    )
    assert len(parts) > 1
    assert [line.number for line in shown_lines(parts)] == list(range(1, 101))


def test_lines_that_hold_at_a_smaller_size_are_not_broken_for_a_larger_one():
    (part,) = fit_row(draft(8, width=7), ROOM, ROOM)  # 37 characters, 19 px hold 32
    assert not any(line.soft for line in shown_lines([part]))
    assert len(shown_lines([part])) == 8


def test_columns_at_the_floor_hold_what_the_house_promises():
    assert [characters(n, floor_px(n)) for n in (1, 2, 3, 4)] == [96, 54, 47, 34]


@settings(max_examples=40)
@given(st.lists(st.integers(1, 15), min_size=1, max_size=6))
def test_a_band_that_fits_a_slide_is_not_cut(heights):
    source = "\n".join(f"line_{n}" for n in range(sum(heights)))
    starts = [sum(heights[:i]) for i in range(len(heights))]
    bands = tuple(
        Band(lines={"f0": tuple(range(start + 1, start + height + 1))})
        for start, height in zip(starts, heights, strict=True)
    )
    parts = fit_row(
        Draft(columns=(DraftColumn(framework="f0", source=source),), bands=bands), ROOM, ROOM
    )
    assert [len(band.lines["f0"]) for part in parts for band in part.bands] == heights


def test_each_part_says_which_of_the_authors_lines_it_ends_with():
    parts = fit_row(draft(60), ROOM, ROOM)
    ends = [part.columns[0].last for part in parts]
    starts = [part.columns[0].lines[0].number for part in parts]
    assert ends == [*(start - 1 for start in starts[1:]), 0]


def test_the_digits_of_a_badge_are_all_of_one_width():
    found = {fit_cost(f"{n}{n} ms ±{n}{n}%, unsteady", "", "CPU, 1 thread", column_width(4))
             for n in range(10)}  # fmt: skip
    assert found == {("", "CPU")}


def test_a_badge_that_leaves_no_room_for_the_device_is_set_tighter():
    width = column_width(4)
    assert not is_tight("first run 970 ms (not alone)", ("", "CPU"), width)
    assert is_tight("19 ms ±31%, unsteady (not alone)", ("", "CPU"), width)
    assert not is_tight("19 ms ±31%, unsteady (not alone)", ("", "CPU"), column_width(3))
