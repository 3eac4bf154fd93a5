"""Rows -> slides, from notebooks that unlike authors wrote."""

from dataclasses import replace
from pathlib import Path

from abreast.model import Cell, CodeRow, Column, Execution, Framework, Notebook, Run
from abreast.slides.fragments import content_height
from abreast.slides.header import BELOW
from abreast.slides.rows import abreast_section
from abreast.slides.texts import slides_section


def execution(name, *cells):
    made = tuple(
        Cell(index=i, cell_type="markdown" if text[0] in "#_" else "code", source=text.lstrip("_"))
        for i, text in enumerate(cells)
    )
    return Execution(
        section="Section",
        column=Column(framework=Framework(name=name, title=name.title())),
        notebook=Notebook(path=Path(f"{name}.ipynb"), cells=made),
        result=Run(key="k", cells=made),
    )


def slides_of(*executions):
    return abreast_section("Section", executions, [e.column for e in executions]).slides


LOAD = "images, labels = load_images('train.npz')\nimages = images / 255.0"
BATCH = "loader = make_batches(images, labels, batch_size=64, shuffle=True)"


def test_unlike_headings_above_one_step_become_one_title_and_a_note():
    (slide,) = slides_of(
        execution("one", "## Load the data", LOAD), execution("two", "### Getting MNIST", LOAD)
    )
    assert slide.title == "Load the data"
    assert "Getting MNIST" in slide.notes


def test_prose_inside_a_run_of_code_becomes_a_note_and_the_code_one_column():
    (slide,) = slides_of(
        execution("one", f"{LOAD}\n{BATCH}"), execution("two", LOAD, "_Now in batches.", BATCH)
    )
    assert "**Two** Now in batches." in slide.notes
    (row,) = slide.blocks
    assert isinstance(row, CodeRow)
    assert row.columns[1].source == f"{LOAD}\n\n{BATCH}"


def test_a_section_without_visible_cells_has_no_slides():
    assert slides_of(execution("one"), execution("two")) == []


def test_a_row_with_nothing_to_show_is_no_slide():
    hidden = Cell(index=0, cell_type="code", source="setup()", tags=frozenset({"hide-input"}))
    shown = Cell(index=1, cell_type="code", source=LOAD)
    one = Execution(
        section="Section",
        column=Column(framework=Framework(name="one", title="One")),
        notebook=Notebook(path=Path("one.ipynb"), cells=(hidden, shown)),
        result=Run(key="k", cells=(hidden, shown), clock="kernel"),
    )
    (slide,) = slides_of(one)
    assert slide.origin == "one.ipynb cell 2"


def test_what_is_said_before_anything_is_shown_is_not_lost():
    cells = (
        Cell(index=0, cell_type="markdown", source="Breathe.", slide_type="notes"),
        Cell(index=1, cell_type="code", source=LOAD),
    )
    one = Execution(
        section="Section",
        column=Column(framework=Framework(name="one", title="One")),
        notebook=Notebook(path=Path("one.ipynb"), cells=cells),
        result=Run(key="k", cells=cells),
    )
    (slide,) = slides_of(one)
    assert slide.notes == "Breathe."


def test_what_is_said_of_hidden_code_is_said_once_with_what_comes_next():
    cells = (
        Cell(index=0, cell_type="markdown", source="## Load"),
        Cell(index=1, cell_type="markdown", source="Breathe.", slide_type="notes"),
        Cell(index=2, cell_type="code", source="setup()", tags=frozenset({"hide-input"})),
        Cell(index=3, cell_type="markdown", source="Smile.", slide_type="notes"),
        Cell(index=4, cell_type="code", source=LOAD),
    )
    one = Execution(
        section="Section",
        column=Column(framework=Framework(name="one", title="One")),
        notebook=Notebook(path=Path("one.ipynb"), cells=cells),
        result=Run(key="k", cells=cells, clock="kernel"),
    )
    (slide,) = slides_of(one)
    assert (slide.title, slide.notes) == ("Load", "Breathe.\n\nSmile.")


def test_a_fragment_stands_below_the_slide_before_it_with_room_between():
    cells = (
        Cell(index=0, cell_type="markdown", source="## Title\n\nFirst."),
        Cell(index=1, cell_type="markdown", source="Second.", slide_type="fragment"),
    )
    (slide,) = slides_section("Words", Notebook(path=Path("w.ipynb"), cells=cells))
    assert [block.fragment for block in slide.blocks] == [False, True]
    alone = [content_height(replace(slide, blocks=(block,))) for block in slide.blocks]
    assert content_height(slide) == sum(alone) + BELOW
