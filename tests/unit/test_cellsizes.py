"""How large type is in the merged notebook: what stock nbconvert's slides have room for."""

import re

import pytest
from abreast.model import Band, CodeColumn, CodeRow, Line, Prose, TextDisplay
from abreast.render.cellsizes import CELL_GAP_PX, cell_prose, cell_sizes

ROOM = 795


def row(columns, texts, outputs=()):
    """A row of as many columns with the same lines, a band each."""
    lines = tuple(Line(text=text, number=n) for n, text in enumerate(texts, 1))
    names = [f"f{n}" for n in range(columns)]
    bands = tuple(Band(lines=dict.fromkeys(names, (n,))) for n in range(1, len(lines) + 1))
    made = (
        CodeColumn(framework=name, source="", lines=lines, language="python", outputs=outputs)
        for name in names
    )
    return CodeRow(columns=tuple(made), bands=bands, font_px=13, outputs_px=13)


def printed(*texts):
    lines = tuple(Line(text=text, number=n) for n, text in enumerate(texts, 1))
    return (TextDisplay(lines=lines, full="\n".join(texts), head=len(lines)),)


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
@pytest.mark.parametrize("length", [1, 20, 34])
def test_the_longest_line_is_as_wide_as_its_column_or_narrower(columns, length):
    found = cell_sizes(row(columns, ["x" * length, "x"]))
    column = (ROOM + CELL_GAP_PX) / columns - CELL_GAP_PX
    assert length * 0.61 * found.code_px <= column
    assert 7.5 <= found.code_px <= 16


def test_short_lines_are_no_larger_in_more_columns():
    found = [cell_sizes(row(columns, ["x"])).code_px for columns in (1, 2, 3, 4)]
    assert found == [16.0, 14.0, 12.5, 12.5]


def test_a_row_of_many_lines_is_smaller_so_that_nothing_is_below_the_slide():
    few, many = (cell_sizes(row(3, ["x" * 20] * count)) for count in (10, 28))
    assert many.code_px < few.code_px
    assert 28 * (1.45 * many.code_px + 5) <= 640


def test_long_outputs_take_room_from_code_too():
    alone = cell_sizes(row(3, ["x" * 20] * 10))
    beside = cell_sizes(row(3, ["x" * 20] * 10, printed(*["y"] * 40)))
    assert beside.code_px < alone.code_px
    assert beside.outputs_px >= 7.5


def test_printed_lines_do_not_break():
    found = cell_sizes(row(4, ["x"], printed("y" * 34)))
    assert 34 * 0.61 * found.outputs_px <= (ROOM + CELL_GAP_PX) / 4 - CELL_GAP_PX


def test_type_that_nobody_could_read_is_not_chosen():
    assert cell_sizes(row(4, ["x" * 300])).code_px == 5


def test_a_row_without_code_has_a_size():
    assert cell_sizes(row(2, [])).code_px > 7.5


def test_a_table_in_prose_is_as_wide_as_there_is_room_for():
    wide = "| " + " | ".join(["`a_rather_long_name()`"] * 5) + " |"
    html = cell_prose(Prose(markdown=f"{wide}\n|{'---|' * 5}\n{wide}"))
    (size,) = re.findall(r'<table[^>]* style="margin:8px 0;font-size:([\d.]+)px', html)
    assert 8 < float(size) < 14
    assert "--wide" not in html
    narrow = cell_prose(Prose(markdown="| a | b |\n|---|---|\n| 1 | 2 |"))
    assert re.search(r'<table style="margin:8px 0;font-size:17.\d+px', narrow)


def test_pictures_in_prose_are_no_higher_than_there_is_room_for():
    html = cell_prose(Prose(markdown="![A field](data:image/png;base64,eA==)", image_px=400))
    assert '<img style="max-width:100%;max-height:268.6px"' in html


def test_prose_is_as_large_as_in_the_deck_and_no_larger_than_20_px():
    assert cell_prose(Prose(markdown="a", font_px=22)).startswith('<div style="font-size:14.77px">')
    assert cell_prose(Prose(markdown="a", font_px=40)).startswith('<div style="font-size:20px">')
