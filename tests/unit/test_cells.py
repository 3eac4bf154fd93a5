"""What slides take from a cell: its code without directives, what its pictures show."""

from pathlib import Path

import pytest
from abreast.model import Cell, Notebook
from abreast.slides.cells import alt_text, lacks_alt, origin, shown_source
from abreast.slides.header import as_heading, part_titles, room_below, split_heading

PICTURE = {"output_type": "display_data", "data": {"image/png": "AA"}, "metadata": {}}


def cell(source, *outputs, index=0):
    return Cell(index=index, cell_type="code", source=source, outputs=outputs)


def test_directives_are_not_shown_and_say_what_pictures_show():
    plot = cell('#| fig-alt: "The loss: falling"\n#| echo: true\nplot()  # here\n', PICTURE)
    assert shown_source(plot) == "plot()  # here"
    assert alt_text(plot) == "The loss: falling"
    assert not lacks_alt(plot)


def test_a_picture_that_nothing_describes_is_found():
    assert lacks_alt(cell("plot()", PICTURE))
    described = PICTURE | {"metadata": {"image/png": {"alt": "A plot"}}}
    assert not lacks_alt(cell("plot()", described))
    assert not lacks_alt(cell("print()"))


def test_places_are_named_as_messages_name_them():
    notebook = Notebook(path=Path("decks/a.ipynb"), cells=())
    assert origin(notebook, [cell("x", index=4)]) == "a.ipynb cell 5"
    assert origin(notebook, [cell("x", index=4), cell("y", index=6)]) == "a.ipynb cells 5-7"


@pytest.mark.parametrize(
    ("text", "is_lede"),
    [("200 steps of SGD.", True), ("`x` is kept.", True), ("-5 is cold.", True),
     ("1. One", False), ("- one", False), ("```\nx\n```", False), ("![a](a.png)", False)],
)  # fmt: skip
def test_a_sentence_may_begin_with_a_number_or_code_but_is_no_list(text, is_lede):
    heading = as_heading(f"## Title\n\n{text}")
    assert (heading is not None and heading.lede == text) == is_lede


def test_a_heading_with_one_sentence_becomes_title_and_lede():
    heading = as_heading("## Load *data*\n\nOne sentence\nin two lines.")
    assert heading is not None
    assert (heading.title, heading.lede) == ("Load *data*", "One sentence in two lines.")
    assert as_heading("## Steps\n\n- one\n- two") is None
    assert as_heading("No heading") is None
    assert split_heading("No heading") == ("", "No heading")


def test_parts_are_numbered_and_long_titles_leave_less_room():
    assert part_titles("T", 1) == ["T"]
    assert part_titles("T", 2) == ["T (1/2)", "T (2/2)"]
    assert room_below("word " * 60) < room_below("word") - 30
