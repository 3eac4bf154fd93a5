"""Rehearsals that the deck's page saved: read, and compared with the plan."""

import json
from pathlib import Path

import pytest
from abreast.errors import UsageError
from abreast.model import Deck, SlidesSection
from abreast.timing.comparison import Times, compare
from abreast.timing.rehearsals import read_rehearsals
from hypothesis import given
from hypothesis import strategies as st


def shown(number, section, seconds, *, planned=60, visits=1, jumped=False, title=None):
    return {
        "number": number, "section": section, "title": title or f"Slide {number}",
        "origin": f"{section}.ipynb cell {number}", "planned_seconds": planned,
        "seconds": seconds, "visits": visits, "clock_jumped": jumped,
    }  # fmt: skip


def record(*slides, **other):
    return {
        "format": "abreast rehearsal", "version": 1, "deck": "talk", "title": "A talk",
        "started": "2026-11-12T09:30:00Z", "total_seconds": 100.5, "slides": list(slides), **other,
    }  # fmt: skip


@pytest.fixture
def saved(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def save(name, content):
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return Path(name)

    return save


def deck(*sections, minutes=None):
    made = tuple(
        SlidesSection(title=title, minutes=own, slides=Path("x.ipynb")) for title, own in sections
    )
    return Deck(
        name="talk", path=Path("talk/deck.yml"), title="A talk", columns=(), sections=made,
        minutes=minutes,
    )  # fmt: skip


GOOD = record(shown(1, "A", 50.5), shown(2, "B", 40))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "not a rehearsal: the file is not JSON. Save it"),
        ("[" * 100_000, "not a rehearsal: the file is not JSON. Save it"),
        ("[]", "not a rehearsal. Give a file"),
        ({**GOOD, "format": "other"}, "not a rehearsal. Give a file"),
        ({**GOOD, "version": 2}, "a rehearsal of version 2; this abreast reads 1. Build"),
        ({**GOOD, "version": True}, "a rehearsal of version True; this abreast reads 1. Build"),
        ({**GOOD, "deck": "other"}, "a rehearsal of the deck 'other', not of 'talk'. If"),
        ({**GOOD, "slides": []}, "not a rehearsal: it has no slides. Save it"),
        ({**GOOD, "slides": [3]}, "not a rehearsal: slide 1 is no record. Save it"),
        ({**GOOD, "started": "noon"}, "it has 'started' 'noon', which is no time. Save it"),
        ({**GOOD, "total_seconds": -1}, "it has 'total_seconds' -1, which is no time. Save it"),
        (record(shown(1, "A", -3)), "slide 1 has 'seconds' -3, which is no time. Save it"),
        (record(shown(1, "A", float("nan"))), "slide 1 has 'seconds' nan, which is no time."),
        (record(shown(1, "A", float("inf"))), "slide 1 has 'seconds' inf, which is no time."),
        (record(shown(1, "A", 10**400)), "slide 1 has 'seconds' 1000"),
        (record(shown(1, "A", True)), "slide 1 has 'seconds' True, which is no time."),
        (record(shown(1, "A", 1, planned="x")), "slide 1 has 'planned_seconds' 'x', which is"),
        (record(shown(1, "A", 1, visits=-1)), "slide 1 has -1 visits. Save it"),
        (record(shown(1, "A", 1, visits=None)), "slide 1 has no 'visits'. Save it"),
        (record(shown(1, 7, 1)), "slide 1 has 'section' 7. Save it"),
    ],
)
def test_what_is_no_rehearsal_of_the_deck_is_one_line_with_file_and_remedy(saved, content, told):
    with pytest.raises(UsageError) as caught:
        read_rehearsals([saved("r.json", content)], "talk")
    assert caught.value.exit_code == 2
    assert str(caught.value).startswith("r.json: ")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_files_that_are_wrong_are_told_at_once(saved):
    paths = [saved("a.json", "{"), Path("none.json"), saved("c.json", "3")]
    with pytest.raises(UsageError) as caught:
        read_rehearsals(paths, "talk")
    told = [str(mistake) for mistake in caught.value.mistakes]
    assert [text.partition(":")[0] for text in told] == ["a.json", "none.json", "c.json"]
    assert "No such file" in told[1]


def test_a_good_file_is_kept_beside_wrong_ones_which_are_told(saved):
    heard = []
    (found,) = read_rehearsals([saved("a.json", "{"), saved("b.json", GOOD)], "talk", heard.append)
    assert found.path.name == "b.json"
    (warned,) = heard
    assert warned.text.startswith("a.json: ")
    assert warned.text.endswith("It is left out.")


def test_rehearsals_come_in_the_order_in_which_they_were_held_and_a_copy_counts_once(saved):
    early = record(shown(1, "A", 5), started="2026-11-12T09:30:00+02:00")
    late = record(shown(1, "A", 6), started="2026-11-12T09:30:00")  # UTC where nothing is said
    heard = []
    paths = [saved("l.json", late), saved("e.json", early), saved("again.json", late)]
    found = read_rehearsals(paths, "talk", heard.append)
    assert [rehearsal.path.name for rehearsal in found] == ["e.json", "l.json"]
    assert [event.text for event in heard] == [
        "again.json: the same rehearsal as l.json; it counts once."
    ]


def compared(saved, talk, *records):
    paths = [
        saved(f"{n}.json", {**each, "started": f"2026-11-{n + 10}T09:30:00Z"})
        for n, each in enumerate(records)
    ]
    heard = []
    found = compare(talk, read_rehearsals(paths, "talk"), heard.append)
    return found, [event.text for event in heard]


def test_several_rehearsals_give_a_median_and_a_spread(saved):
    talk = deck(("A", 2), ("B", None), minutes=10)
    records = [record(shown(1, "A", a), shown(2, "A", 10), shown(3, "B", b)) for a, b in
               ((100, 30), (130, 60), (70, 20))]  # fmt: skip
    found, heard = compared(saved, talk, *records)
    first, second = found.sections
    assert (first.times.planned, first.times.median, first.times.difference) == (120, 110, -10)
    assert first.times.spread == (80, 140)
    assert (second.times.planned, second.times.median) == (60, 30)
    assert [section.minutes for section in found.sections] == [2, 0.5]
    assert found.slides[0].times.actual == (100, 130, 70)
    assert not heard
    assert not found.scaled


def test_the_spread_is_the_range_and_from_four_times_on_the_interquartile_range():
    assert Times(planned=None, actual=(5,)).spread is None
    assert Times(planned=None, actual=(5, 9, 1)).spread == (1, 9)
    assert Times(planned=None, actual=(1, 2, 3, 4, 100)).spread == (2, 4)
    assert Times(planned=None, actual=(1, 2, 3, 4)).spread == (1.75, 3.25)
    assert Times(planned=3, actual=()).difference is None


def test_a_slide_whose_clock_jumped_is_left_out_and_its_median_stands_for_it(saved):
    good = [record(shown(1, "A", 100), shown(2, "A", n)) for n in (40, 60)]
    bad = record(shown(1, "A", 100), shown(2, "A", 5, jumped=True))
    found, heard = compared(saved, deck(("A", None)), *good, bad)
    (section,) = found.sections
    assert section.times.actual == (140, 160, 150)
    assert section.remarks == ("slide 2 in 2.json",)
    assert found.slides[1].times.actual == (40, 60)
    assert heard == ["2.json: the clock jumped on slide 2; that time is left out."]


def test_without_other_rehearsals_the_plan_stands_for_a_lost_time(saved):
    bad = record(
        shown(1, "A", 5, planned=90, jumped=True), shown(2, "A", 7, planned=None, jumped=True)
    )
    found, _ = compared(saved, deck(("A", None)), bad)
    assert found.sections[0].times.actual == (97,)
    assert found.slides[0].times.actual == ()


def test_a_rehearsal_that_stopped_early_says_nothing_of_what_it_did_not_reach(saved):
    talk = deck(("A", 3), ("B", 2), ("C", 4))
    slides = [shown(1, "A", 60), shown(2, "A", 0, visits=0), shown(3, "B", 50)]
    rest = [shown(4, "B", 0, visits=0, planned=30), shown(5, "C", 0, visits=0)]
    found, heard = compared(saved, talk, record(*slides, *rest))
    first, second, third = found.sections
    assert first.times.actual == (60,)  # slide 2 was passed over: it took nothing
    assert second.times.actual == (80,)  # slide 4 was not reached: its plan stands for it
    assert second.remarks == ("slide 4 in 0.json",)
    assert third.times.actual == ()
    assert third.minutes is None
    assert heard == ["0.json: 'C' was not reached; it has no time from there."]


def test_sections_that_came_or_went_since_are_told(saved):
    talk = deck(("A", 3), ("New", 2))
    found, heard = compared(saved, talk, record(shown(1, "A", 60), shown(2, "Old", 50)))
    assert [section.minutes for section in found.sections] == [1, None]
    assert heard == [
        "0.json: the deck has no section 'Old' now; it is left out.",
        "0.json: 'New' is new; it has no time from there.",
    ]


def test_slides_are_known_by_what_they_show_when_their_numbers_change(saved):
    before = record(shown(1, "A", 10), shown(2, "A", 20, title="Two"))
    slide = {**shown(2, "A", 40, title="Two"), "number": 3}
    after = record(shown(1, "A", 30), shown(2, "A", 5, title="Inserted"), slide)
    found, _ = compared(saved, deck(("A", None)), before, after)
    assert [each.times.actual for each in found.slides] == [(10, 30), (5,), (20, 40)]


def test_proposals_are_half_minutes_and_never_less(saved):
    talk = deck(("A", None), ("B", None), ("C", None))
    slides = [shown(1, "A", 4), shown(2, "B", 75), shown(3, "C", 104)]
    found, _ = compared(saved, talk, record(*slides))
    assert [section.minutes for section in found.sections] == [0.5, 1.5, 1.5]


def test_what_does_not_fit_the_deck_is_scaled_to_fit_exactly(saved):
    talk = deck(("A", 4), ("B", 4), ("C", 2), minutes=10)
    slides = [shown(1, "A", 300), shown(2, "B", 420), shown(3, "C", 0, visits=0)]
    found, _ = compared(saved, talk, record(*slides))
    assert found.scaled
    assert found.needed == 300 + 420 + 120
    assert [section.minutes for section in found.sections] == [3.5, 5, 1.5]


@given(
    st.lists(st.floats(0, 3000), min_size=1, max_size=9), st.integers(1, 240),
)  # fmt: skip
def test_proposals_always_fit_the_deck_and_are_above_nothing(took, quarters):
    from datetime import UTC, datetime

    from abreast.timing.rehearsals import Rehearsal, Shown

    slides = tuple(
        Shown(
            number=n,
            section=f"S{n}",
            title="",
            origin="",
            planned_seconds=None,
            seconds=s,
            visits=1,
        )
        for n, s in enumerate(took)
    )
    now = datetime.now(UTC)
    one = Rehearsal(path=Path("r.json"), started=now, total_seconds=sum(took), slides=slides)
    talk = deck(*((f"S{n}", None) for n in range(len(took))), minutes=quarters / 4)
    proposed = [section.minutes for section in compare(talk, [one]).sections]
    assert min(proposed) > 0
    assert sum(proposed) <= talk.minutes
    if sum(took) > talk.minutes * 60:
        assert sum(proposed) > talk.minutes - 0.5
