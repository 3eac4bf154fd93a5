"""abreast pace, as it is typed."""

import json

import pytest

from tests.conftest import prose

DECK = """\
# A talk.
title: "A [short] talk"   # as announced
minutes: 4
frameworks: []
sections:
  - title: Overview   # why
    slides: a.ipynb
  - {title: "The [end]", minutes: 2, slides: b.ipynb}
"""


@pytest.fixture
def deck(project):
    return project.deck("talk", DECK, a=[prose("# One")], b=[prose("# Two")])


@pytest.fixture
def rehearsal(project):
    def save(name, *seconds, started="2026-11-12T09:30:00Z", deck="talk", **jumps):
        titles = ("Overview", "The [end]")
        slides = [
            {
                "number": n + 1, "section": title, "title": f"Slide [{n + 1}]",
                "origin": f"{n}.ipynb cell 1", "planned_seconds": 120, "seconds": took,
                "visits": int(took > 0), "clock_jumped": bool(jumps.get(f"slide_{n + 1}")),
            }
            for n, (title, took) in enumerate(zip(titles, seconds, strict=True))
        ]  # fmt: skip
        record = {
            "format": "abreast rehearsal", "version": 1, "deck": deck, "title": "A talk",
            "started": started, "total_seconds": sum(seconds), "slides": slides,
        }  # fmt: skip
        (project.folder / name).write_text(json.dumps(record), encoding="utf-8")
        return name

    return save


def table_of(text):
    return [line.split() for line in text.splitlines()]


def test_it_prints_planned_against_actual_by_section_and_slide(project, deck, rehearsal):
    done = project.call("pace", "talk", rehearsal("r.json", 60, 95.4))
    assert done.returncode == 0, done.stderr
    assert "A [short] talk: 1 rehearsal (2:35)" in done.stdout
    rows = table_of(done.stdout)
    assert ["planned", "actual", "difference", "proposal"] in rows
    assert ["Overview", "2:00", "1:00", "−1:00", "1:00"] in rows
    assert ["The", "[end]", "2:00", "1:35", "−0:25", "1:30"] in rows
    assert ["all", "4:00", "2:35", "−1:25", "2:30"] in rows
    assert ["2", "Slide", "[2]", "2:00", "1:35", "−0:25"] in rows
    assert "To put the proposal into decks/talk/deck.yml, give --write." in done.stdout
    assert (deck / "deck.yml").read_text() == DECK


def test_several_rehearsals_give_a_spread_and_from_four_on_the_middle_half(
    project, deck, rehearsal
):
    names = [
        rehearsal(f"{n}.json", 60 + n, 90, started=f"2026-11-1{n}T09:30:00Z") for n in range(5)
    ]
    three = project.call("pace", "talk", *names[:3]).stdout
    assert ["Overview", "2:00", "1:01", "1:00–1:02", "−0:59", "1:00"] in table_of(three)
    assert "least–most" in three
    five = project.call("pace", "talk", *names).stdout
    assert ["Overview", "2:00", "1:02", "1:01–1:03", "−0:58", "1:00"] in table_of(five)
    assert "middle half" in five


def test_write_changes_the_numbers_alone_and_says_what_and_what_is_next(project, deck, rehearsal):
    done = project.call("pace", "talk", rehearsal("r.json", 150, 190), "--write")
    assert done.returncode == 0, done.stderr
    assert (
        "The sections need 5:40, 1:40 more than the deck's 4 minutes: the proposal is scaled to fit."
        in done.stdout
    )
    assert (
        "Wrote decks/talk/deck.yml:\n  Overview: 2 minutes, was none\nNext: abreast build talk\n"
    ) in done.stdout
    assert (deck / "deck.yml").read_text() == DECK.replace("# why\n", "# why\n    minutes: 2\n")
    built = project.call("build", "talk")
    assert built.returncode == 0, built.stderr
    again = project.call("pace", "talk", "r.json", "--write")
    assert "decks/talk/deck.yml has these minutes already." in again.stdout


def test_what_is_left_out_is_said_and_marked(project, deck, rehearsal):
    first = rehearsal("a.json", 70, 0)
    second = rehearsal("b.json", 80, 90, started="2026-11-13T09:30:00Z", slide_1=True)
    done = project.call("pace", "talk", first, second)
    assert done.stderr.splitlines() == [
        "warning: a.json: 'The [end]' was not reached; it has no time from there.",
        "warning: b.json: the clock jumped on slide 1; that time is left out.",
    ]
    assert "*1:00" in done.stdout
    assert "* Overview: no time of slide 1 in b.json. A slide's median" in done.stdout


def test_json_has_units_in_its_names(project, deck, rehearsal):
    done = project.call("pace", "talk", rehearsal("r.json", 60, 95.4), "--json")
    found = json.loads(done.stdout)
    assert found["deck_minutes"] == 4
    assert found["needed_seconds"] == 155.4
    assert found["sections"][1] == {
        "title": "The [end]", "planned_seconds": 120, "actual_seconds": [95.4],
        "median_seconds": 95.4, "spread_seconds": None, "spread_is": "range",
        "proposed_minutes": 1.5, "stand_ins": [],
    }  # fmt: skip
    assert [slide["number"] for slide in found["slides"]] == [1, 2]
    assert found["written"] is False


def test_a_rehearsal_of_another_deck_names_both_unless_it_was_built_under_that_name(
    project, deck, rehearsal
):
    name = rehearsal("r.json", 60, 90, deck="talk-on-gpu")
    refused = project.call("pace", "talk", name)
    assert refused.returncode == 2
    assert refused.stderr.startswith(
        "error: r.json: a rehearsal of the deck 'talk-on-gpu', not of 'talk'."
    )
    assert project.call("pace", "talk", name, "--name", "talk-on-gpu").returncode == 0


def test_a_deck_file_that_may_not_be_written_is_told(project, deck, rehearsal):
    text = DECK.replace("frameworks: []", "frameworks: []\nparameters: {m: &m 3}").replace(
        "minutes: 2,", "minutes: &n 2,"
    )
    text += "  - {title: Same, minutes: *n, slides: b.ipynb}\n"
    text = text.replace("minutes: 4\n", "minutes: 9\n")
    (deck / "deck.yml").write_text(text)
    done = project.call("pace", "talk", rehearsal("r.json", 60, 95), "--write")
    assert done.returncode == 2
    assert "decks/talk/deck.yml: the minutes cannot be written here: something else would" in (
        done.stderr
    )
    assert (deck / "deck.yml").read_text() == text
