"""Paths through a deck: what is shown of it, what of it runs, and what it is called."""

import json
from dataclasses import replace

import pytest
from abreast.deck.deckfile import load_deck
from abreast.deck.paths import along, cells_along, check_paths
from abreast.errors import UsageError
from abreast.model import Cell, Notebook, Slide
from abreast.slides.notes import spoken_to

from tests.conftest import code, prose, text_output, write_notebook

DECK = """\
title: Two ways
minutes: 20
frameworks: [{name: one, kernel: python3}, {name: two, kernel: python3}]
sections:
  - {title: By hand, minutes: 8, path: scratch, abreast: {one: hand.ipynb, two: hand.ipynb}}
  - {title: In one line, minutes: 4, path: concise, abreast: {one: line.ipynb, two: line.ipynb}}
  - {title: Both, minutes: 3, abreast: {one: both.ipynb, two: both.ipynb}}
  - {title: What it cost, minutes: 2, timings: true, notes: [First., Second.]}
"""


def tagged(cell, *tags):
    return {**cell, "metadata": {**cell["metadata"], "tags": list(tags)}}


def both():
    printed = [text_output("by hand\n")]
    return (
        prose("# What follows"),
        tagged(prose("## The long way\n\nWith loops."), "abreast:path=scratch"),
        code("total = 0\nfor n in numbers:\n    total += n", "abreast:path=scratch",
             outputs=printed),
        prose("Say how long it is.", "notes"),
        tagged(prose("## The short way\n\nWith a call."), "abreast:path=concise"),
        code("total = sum(numbers)", "abreast:path=concise"),
        prose("Say how short it is.", "notes"),
    )  # fmt: skip


def built(project, *options):
    project.deck(
        "deck", DECK, hand=[code("x = 1")], line=[code("y = 1")], both=both()
    )  # fmt: skip
    done = project.call("build", "deck", "--no-run", *options)
    assert done.returncode == 0, done.stderr
    return done


def test_a_path_leaves_out_the_sections_and_cells_of_the_others_and_their_notes(project):
    done = built(project, "--path", "concise")
    assert done.stdout == "Open outputs/deck-concise/index.html\n"
    page = (project.folder / "outputs/deck-concise/index.html").read_text(encoding="utf-8")
    for there in ("What follows", "The short way", "Say how short it is.", "In one line"):
        assert there in page
    for absent in ("The long way", "Say how long it is.", "By hand", "by hand"):
        assert absent not in page


def test_without_a_path_all_is_shown_and_notes_of_sections_without_notebooks_are_spoken(project):
    built(project)
    page = (project.folder / "outputs/deck/index.html").read_text(encoding="utf-8")
    for there in ("The long way", "The short way", "By hand", "In one line", "First."):
        assert there in page


def test_a_deck_that_shows_one_path_keeps_its_own_name(project):
    project.deck("deck", DECK.replace("minutes: 20", "minutes: 20\npath: scratch"),
                 hand=[code("x = 1")], line=[code("y = 1")], both=both())  # fmt: skip
    done = project.call("build", "deck", "--no-run")
    assert done.stdout == "Open outputs/deck/index.html\n"
    page = (project.folder / "outputs/deck/index.html").read_text(encoding="utf-8")
    assert "The long way" in page
    assert "The short way" not in page
    assert project.call("check", "deck-scratch").returncode == 2


def test_a_deck_along_a_path_is_checked_by_the_name_of_its_folder(project):
    built(project, "--path", "concise")
    done = project.call("export", "deck-concise", "--to", "html", "--audience")
    assert done.returncode == 0, done.stderr


def test_a_path_that_deck_yml_names_is_looked_for_too(project):
    project.deck("deck", DECK.replace("minutes: 20", "minutes: 20\npath: scrach"),
                 hand=[], line=[], both=both())  # fmt: skip
    done = project.call("build", "deck", "--no-run")
    assert done.returncode == 2
    assert "decks/deck/deck.yml:3: no path 'scrach'. Known: concise, scratch." in done.stderr


@pytest.mark.parametrize("name", ["consise", "../../evil", ""])
def test_a_tag_that_names_none_of_the_decks_paths_is_told_with_its_cell(project, name):
    odd = code("x = 1", f"abreast:path={name}")
    project.deck("deck", DECK, hand=[odd], line=[code("y = 1")], both=both())
    done = project.call("build", "deck", "--no-run")
    assert done.returncode == 2
    assert done.stderr.count(f"decks/deck/hand.ipynb, cell 1: the tag 'abreast:path={name}'") == 1


def test_a_deck_along_a_path_never_takes_the_place_of_another_deck(project):
    built(project)
    project.deck("deck-concise", DECK, hand=[], line=[], both=both())
    done = project.call("build", "deck", "--no-run", "--path", "concise")
    assert done.returncode == 2
    assert "decks/deck-concise: the deck 'deck-concise' has the name" in done.stderr
    other = project.call("build", "deck", "--no-run", "--path", "concise", "--name", "short")
    assert other.stdout == "Open outputs/short/index.html\n"


def test_of_sections_on_other_paths_nothing_is_in_the_deck(project):
    lib = project.folder / "decks" / "lib"
    lib.mkdir(parents=True)
    (lib / "loops.py").write_text("SECRET = 'only by hand'\n")
    text = DECK.replace("sections:", "lib: [../lib]\nsections:")
    folder = project.deck("deck", text, hand=[code("import loops")], line=[code("y = 1")],
                          both=both())  # fmt: skip
    assert project.call("build", "deck", "--no-run", "--path", "concise").returncode == 0
    page = (project.folder / "outputs/deck-concise/index.html").read_text(encoding="utf-8")
    assert "only by hand" not in page
    write_notebook(folder / "hand.ipynb", code("import loops, os"))
    status = project.call("status", "deck", "--path", "concise", "--json")
    changed = json.loads(status.stdout)[0]["changed"]
    assert [name for name in changed if not name.startswith("the run of")] == []
    again = project.call("status", "deck", "--path", "scratch")
    assert "Run: abreast build deck --path scratch" in again.stdout


@pytest.mark.parametrize(
    ("tag", "remedy"),
    [
        ("abreast:path", "Did you mean 'abreast:path='?"),
        ("abreast:pth=scratch", "Did you mean 'abreast:path='?"),
        ("abreast:alnoe", "Did you mean 'abreast:alone'?"),
    ],
)
def test_a_tag_in_abreasts_name_that_it_does_not_know_is_told(project, tag, remedy):
    project.deck("deck", DECK, hand=[code("x = 1", tag)], line=[code("y = 1")], both=both())
    done = project.call("build", "deck", "--no-run")
    assert done.returncode == 2
    told = f"error: decks/deck/hand.ipynb, cell 1: unknown tag '{tag}'. {remedy}\n"
    assert done.stderr == told


def test_the_folder_of_a_path_is_no_decks_name_but_leads_to_it(project):
    project.deck("deck", DECK, hand=[], line=[], both=both())
    done = project.call("build", "deck-concise")
    assert done.returncode == 2
    assert "no deck 'deck-concise' here. " in done.stderr
    assert done.stderr.endswith(" Along a path: deck --path concise\n")
    project.deck("deck-long", DECK, hand=[], line=[], both=[])
    assert "Did you mean 'deck-long'?" in project.call("build", "deck-lang").stderr


def test_a_deck_that_is_called_like_its_path_is_built_under_its_own_name(project):
    project.deck("scratch", f"path: scratch\n{DECK}", hand=[], line=[], both=both())
    status = project.call("status", "scratch")
    assert "Run: abreast build scratch\n" in status.stdout


def test_an_unknown_path_is_told_with_the_nearest(project):
    project.deck("deck", DECK, hand=[code("x = 1")], line=[code("y = 1")], both=both())
    done = project.call("build", "deck", "--no-run", "--path", "concize")
    assert done.returncode == 2
    assert "no path 'concize'" in done.stderr
    assert "concise" in done.stderr


@pytest.mark.parametrize(
    ("texts", "spoken"),
    [
        ([], ["", "", ""]),
        (["a"], ["a"] * 3),
        (["a", "b"], ["a", "b", "b"]),
        ("abcd", ["a", "b", "c\n\nd"]),
    ],
)
def test_every_slide_that_no_notebook_makes_can_have_words(texts, spoken):
    slides = [Slide(section="s", blocks=())] * 3
    assert [slide.notes for slide in spoken_to(slides, texts)] == spoken
    assert spoken_to([], texts) == []


def test_a_path_has_its_own_sections_minutes(project):
    folder = project.deck("deck", DECK, hand=[], line=[], both=[])
    deck = along(load_deck(folder / "deck.yml"), "scratch")
    assert [section.title for section in deck.sections] == ["By hand", "Both", "What it cost"]
    assert deck.minutes == 16
    with pytest.raises(UsageError, match="Write path: scratch"):
        check_paths(replace(deck, sections=(), on_path=""), [], "scratch")


def test_notes_of_a_notebooks_slides_belong_into_the_notebook(project):
    text = DECK.replace("title: Both,", "title: Both, notes: Hm,")
    project.deck("deck", text, hand=[], line=[], both=[])
    done = project.call("build", "deck", "--no-run")
    assert done.returncode == 2
    assert "decks/deck/deck.yml:7: notes for slides that a notebook makes" in done.stderr


def test_a_cell_on_two_paths_is_on_each_and_notes_may_name_their_own():
    def cell(index, *tags, slide_type=""):
        kind = "markdown" if slide_type else "code"
        return Cell(index=index, cell_type=kind, source="x", tags=frozenset(tags),
                    slide_type=slide_type)  # fmt: skip

    notebook = Notebook(
        path=None,
        cells=(
            cell(0, "abreast:path=a", "abreast:path=b"),
            cell(1, slide_type="notes"),
            cell(2, "abreast:path=a"),
            cell(3, slide_type="notes"),
            cell(4, "abreast:path=b", slide_type="notes"),
            cell(5),
        ),
    )
    away = {name: [c.index for c in cells_along(notebook, name).cells if c.elsewhere]
            for name in ("a", "b")}  # fmt: skip
    assert away == {"a": [4], "b": [2, 3]}
