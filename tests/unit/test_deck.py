import json

import pytest
from abreast.deck import parameters
from abreast.deck.deckfile import find_deck, find_decks, json_schema, load_deck, profile_parameters
from abreast.deck.sources import read_notebook
from abreast.errors import UsageError

from tests.conftest import code, prose, write_notebook

DECK = """\
title: Two
frameworks: [pytorch, mxnet]
parameters: {lr: 0.1}
profiles: {full: {lr: 0.01}}
sections:
  - title: Side by side
    abreast: {pytorch: a.ipynb, mxnet: b.ipynb}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_notebook(tmp_path / "a.ipynb", code("lr = 1", "parameters"))
    write_notebook(tmp_path / "b.ipynb", code("lr = 1", "parameters"))
    return tmp_path


def mistakes(folder, text):
    (folder / "deck.yml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_deck(folder / "deck.yml")
    assert caught.value.exit_code == 2
    return [str(mistake) for mistake in caught.value.mistakes]


def test_a_good_deck_loads(folder):
    (folder / "deck.yml").write_text(DECK, encoding="utf-8")
    deck = load_deck(folder / "deck.yml")
    assert [column.name for column in deck.columns] == ["pytorch", "mxnet"]
    assert profile_parameters(deck, "full") == {"lr": 0.01}
    assert profile_parameters(deck, "quick") == {"lr": 0.1}


def test_a_deck_says_how_it_looks_and_what_comes_step_by_step(folder):
    (folder / "brand.css").write_text(":root{}", encoding="utf-8")
    more = "theme: [dark, ./brand.css]\nsteps: [code, outputs]\nlanguage: pt-BR\n"
    (folder / "deck.yml").write_text(DECK + more, encoding="utf-8")
    deck = load_deck(folder / "deck.yml")
    assert (deck.theme, deck.stylesheet) == ("dark", folder / "brand.css")
    assert (deck.steps, deck.language) == (("code", "outputs"), "pt-BR")


def test_data_and_lib_lie_where_the_deck_names_them_whatever_they_point_to(folder, tmp_path):
    (tmp_path / "big").mkdir()
    (tmp_path / "big" / "x.txt").write_text("x", encoding="utf-8")
    talk = tmp_path / "project" / "decks" / "talk"
    talk.mkdir(parents=True)
    (talk.parent / "data").mkdir()
    (talk.parent / "data" / "x.txt").symlink_to(tmp_path / "big" / "x.txt")
    (talk.parent / "lib").symlink_to(tmp_path / "big")
    for name in "ab":
        (talk / f"{name}.ipynb").write_bytes((folder / f"{name}.ipynb").read_bytes())
    (talk / "deck.yml").write_text(
        DECK + "data: [../data/x.txt]\nlib: [../lib]\n", encoding="utf-8"
    )
    deck = load_deck(find_deck(str(talk)))
    assert deck.data == (talk.parent / "data" / "x.txt",)
    assert deck.lib == (talk.parent / "lib",)
    # A deck that is found through a link lies where its notebooks run.
    (tmp_path / "linked").symlink_to(tmp_path / "project")
    assert load_deck(tmp_path / "linked" / "decks" / "talk" / "deck.yml").data == deck.data


def test_all_decks_are_found_as_one_is(folder, tmp_path):
    real = tmp_path / "real"
    real.mkdir()
    (real / "deck.yml").write_text(DECK, encoding="utf-8")
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "talk").symlink_to(real)
    assert find_decks() == [find_deck("talk")] == [real / "deck.yml"]


def test_unknown_looks_are_told_with_the_nearest_name(folder):
    found = mistakes(folder, DECK + "theme: [drak, ./lacking.css]\n")
    assert found[0].startswith("deck.yml:8: unknown theme 'drak'. Did you mean 'dark'?")
    assert found[1].startswith("deck.yml:8: './lacking.css' does not exist.")
    assert mistakes(folder, DECK + "theme: [dark, light]\n") == [
        "deck.yml:8: several themes or stylesheets. Name one of each at most."
    ]
    assert mistakes(folder, DECK + "steps: [codes]\n")[0].startswith("deck.yml:8: 'steps.0'")
    assert mistakes(folder, DECK + "language: 7 of 9\n")[0].startswith("deck.yml:8: 'language'")


def test_every_mistake_is_told_at_once_with_its_line(folder):
    text = DECK.replace("title: Two", "titel: Two").replace("lr: 0.1}", "lr: [1]}")
    found = mistakes(folder, text + "    minutes: -3\n")
    assert "deck.yml:1: unknown key 'titel'. Did you mean 'title'?" in found
    assert any(m.startswith("deck.yml:3: 'parameters.lr'") for m in found)
    assert any(m.startswith("deck.yml:8: 'sections.0.minutes'") for m in found)
    assert any("'title' is missing" in m for m in found)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "[pytorch, mxnet]",
            "[pytorhc, mxnet]",
            "deck.yml:2: unknown framework 'pytorhc'. Did you",
        ),
        ("b.ipynb", "c.ipynb", "deck.yml:7: 'c.ipynb' does not exist."),
        (
            "abreast: {",
            "abreats: {",
            "a section needs exactly one of slides, abreast, timings and syllabus",
        ),
        ("title: Two", "title: [", "not valid YAML"),
        (
            "title: Two",
            "title: Two\nminutes: 3",
            "deck.yml:2: the sections take 5 minutes, the deck has 3. Give a section less",
        ),
        (
            "  - title:",
            "  - minutes: 0\n    title:",
            "deck.yml:6: 'sections.0.minutes': found 0; input",
        ),
        (
            "  - title:",
            "  - minutes: .inf\n    title:",
            "found inf; input should be a finite number",
        ),
        (
            "  - title:",
            "  - minutes: true\n    title:",
            "found True; input should be a valid number",
        ),
        (
            "sections:\n",
            "sections:\n  - {title: Side by side, syllabus: true}\n",
            "deck.yml:7: the section 'Side by side' is listed twice. Give each section a title",
        ),
        (
            "sections:\n",
            "sections:\n  - {title: S, syllabus: true, timings: true}\n",
            "timings and syllabus; found timings and syllabus",
        ),
    ],
)
def test_one_mistake(folder, old, new, expected):
    text = DECK.replace(old, new)
    text += "    minutes: 5\n" if "\nminutes" in new else ""
    assert any(expected in m for m in mistakes(folder, text))


def test_minutes_that_add_up_in_decimals_fit_although_they_do_not_in_binary(folder):
    text = DECK.replace("title: Two", "title: Two\nminutes: 0.3") + "    minutes: 0.1\n"
    text += "  - {title: S, minutes: 0.2, syllabus: true}\n"
    (folder / "deck.yml").write_text(text, encoding="utf-8")
    assert 0.1 + 0.2 > 0.3
    sections = load_deck(folder / "deck.yml").sections
    assert [section.minutes for section in sections] == [0.1, 0.2]
    assert sections[1].title == "S"


def test_unknown_decks_and_profiles_name_the_nearest(folder):
    (folder / "decks" / "alexnet").mkdir(parents=True)
    (folder / "decks" / "alexnet" / "deck.yml").write_text(DECK, encoding="utf-8")
    assert find_deck("alexnet").name == "deck.yml"
    with pytest.raises(UsageError, match="Did you mean 'alexnet'"):
        find_deck("alexent")
    (folder / "deck.yml").write_text(DECK, encoding="utf-8")
    with pytest.raises(UsageError, match="Did you mean 'full'"):
        profile_parameters(load_deck(folder / "deck.yml"), "ful")


def test_the_schema_describes_a_deck():
    schema = json.loads(json_schema())
    assert schema["title"] == "abreast deck"
    assert {"title", "frameworks", "sections"} <= set(schema["required"])
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("content", ["{", "[]", '{"cells": [{}]}', '{"x": 1}', "\x00\x01"])
def test_what_is_no_notebook_is_one_clear_error(tmp_path, content):
    path = tmp_path / "broken.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="not a notebook"):
        read_notebook(path)


def test_text_notebooks_and_tabs(tmp_path):
    path = tmp_path / "both.py"
    path.write_text(
        "# %% [markdown]\n# # Title\n\n# %%\n# %%tab pytorch\n\n# %%\nx = 1\n", encoding="utf-8"
    )
    notebook = read_notebook(path)
    assert notebook.cells[0].cell_type == "markdown"
    tabbed = write_notebook(
        tmp_path / "tabs.ipynb",
        prose("# One"), code("%%tab pytorch\nimport torch"), code("%%tab mxnet, jax\nimport mxnet"),
        code("%%tab all\nx = 1"),
    )  # fmt: skip
    sources = [cell.source for cell in read_notebook(tabbed, "mxnet").cells]
    assert sources == ["# One", "import mxnet", "x = 1"]


def test_parameters_are_declared_and_shown_as_run(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", code("lr = 0.1  # rate\nn: int = 3", "parameters"))
    notebook = read_notebook(path)
    assert parameters.declared(notebook) == {"lr", "n"}
    shown = parameters.with_values(notebook.cells[0].source, {"lr": 0.5, "n": 7})
    assert shown == "lr = 0.5  # rate\nn: int = 7"
