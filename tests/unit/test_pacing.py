"""A section's minutes -> whole seconds for each of its slides."""

from dataclasses import replace
from pathlib import Path

import pytest
from abreast.deck.tags import check_tags
from abreast.errors import UsageError
from abreast.events import Warned
from abreast.model import (
    Band,
    Cell,
    CodeColumn,
    CodeRow,
    Column,
    Deck,
    Execution,
    Framework,
    ImageDisplay,
    Notebook,
    Prose,
    Run,
    Slide,
    SlidesSection,
)
from abreast.slides.rows import abreast_section
from abreast.slides.texts import slides_section
from abreast.timing.pacing import divided, efforts, pace, share
from hypothesis import assume, given
from hypothesis import strategies as st

WEIGHTS = st.lists(st.floats(0.01, 1e4), min_size=1, max_size=12)


@given(st.integers(0, 10_000), WEIGHTS, st.integers(0, 30))
def test_shares_add_up_to_the_total_and_hold_the_least_where_it_permits(total, weights, least):
    shares = share(total, weights, least)
    assert sum(shares) == total
    assert min(shares) >= min(least, total // len(weights))
    assert shares == share(total, weights, least)


@given(st.integers(0, 10_000), WEIGHTS)
def test_without_a_least_each_share_is_its_quota_rounded_up_or_down(total, weights):
    for number, weight in zip(share(total, weights), weights, strict=True):
        assert abs(number - total * weight / sum(weights)) < 1 + 1e-6


@given(st.integers(0, 3000), WEIGHTS, st.integers(0, 30), st.data())
def test_more_weight_never_means_a_smaller_share(total, weights, least, data):
    place = data.draw(st.integers(0, len(weights) - 1))
    heavier = [*weights]
    heavier[place] += data.draw(st.floats(0, 1e4))
    assert share(total, heavier, least)[place] >= share(total, weights, least)[place]


def test_the_largest_remainder_wins_and_of_equal_ones_the_first():
    assert share(10, [1, 1, 1]) == [4, 3, 3]
    assert share(10, [0.26, 0.49, 0.25]) == [3, 5, 2]
    assert share(100, [1, 1000], 10) == [10, 90]


def deck_of(*minutes, whole=None):
    sections = tuple(
        SlidesSection(title=f"S{i}", slides=Path(f"{i}.ipynb"), minutes=m)
        for i, m in enumerate(minutes)
    )
    return Deck(
        name="d", path=Path("d/deck.yml"), title="D", columns=(), sections=sections, minutes=whole
    )


def slide(*, words=0, section="S0", origin="", shown=0, **also):
    text = Prose(markdown="word " * shown)
    return Slide(
        section=section, notes="word " * words, origin=origin, **{"blocks": (text,), **also}
    )


def seconds_of(slides):
    return [each.seconds for each in slides]


SECTIONS = st.lists(
    st.lists(st.tuples(st.integers(0, 400), st.none() | st.integers(1, 60)), max_size=5),
    min_size=1, max_size=4,
)  # fmt: skip


@given(SECTIONS, st.data())
def test_sections_keep_their_minutes_to_the_second_and_slides_their_own_seconds(spoken, data):
    sections = [
        [
            slide(words=words, seconds=own, origin=f"{i} {j}")
            for j, (words, own) in enumerate(slides)
        ]
        for i, slides in enumerate(spoken)
    ]
    minutes = [data.draw(st.integers(600, 6000)) / 60 for _ in sections]
    found = iter(pace(deck_of(*minutes), sections))
    for given_minutes, slides in zip(minutes, sections, strict=True):
        paced = [next(found) for _ in slides]
        for before, after in zip(slides, paced, strict=True):
            assert before.seconds in {None, after.seconds}
        if any(each.seconds is None for each in slides):
            assert sum(seconds_of(paced)) == round(given_minutes * 60)


@given(SECTIONS, st.integers(1, 300), st.integers(1, 40), st.data())
def test_more_notes_never_mean_less_time(spoken, more, minutes, data):
    slides = [
        slide(words=words, shown=data.draw(st.integers(0, 300)), origin=f"{i} {j}")
        for i, section in enumerate(spoken)
        for j, (words, _) in enumerate(section)
    ]
    assume(slides)
    place = data.draw(st.integers(0, len(slides) - 1))
    longer = [*slides]
    longer[place] = replace(slides[place], notes=slides[place].notes + "more " * more)
    before, after = (pace(deck_of(minutes), [each]) for each in (slides, longer))
    assert after[place].seconds >= before[place].seconds


def test_words_bands_and_pictures_ask_for_time():
    picture = ImageDisplay(mime="image/png", data="", width_px=1, height_px=1)
    code = CodeColumn(framework="a", outputs=(picture,))
    band = Band(lines={"a": (1,)})
    row = CodeRow(columns=(code,), bands=(band, band), font_px=20, outputs_px=14)
    plain, noted, stepped = efforts([slide(), slide(words=140), slide(blocks=(row,))])
    assert noted - plain == pytest.approx(60)
    assert stepped - plain == pytest.approx(2 * 8 + 10)


def test_a_slide_without_notes_stands_while_its_words_are_read():
    silent, noted = efforts([slide(shown=238), slide(shown=238, words=20)])
    assert silent == noted == pytest.approx(65)


def test_addresses_and_markup_are_no_words_and_chinese_has_two_letters_a_word():
    said = "See [the paper](https://example.org/a/b), <b>please</b>, ![](data:image/png;base64,AAAA/BB+C)"
    (effort,) = efforts([replace(slide(), notes=said)])
    assert effort == pytest.approx(5 + 4 / 140 * 60)
    (effort,) = efforts([replace(slide(), notes="深度学习 PyTorch")])
    assert effort == pytest.approx(5 + 3 / 140 * 60)


def test_parts_of_one_row_share_its_notes():
    whole = efforts([slide(words=280, origin="a cell 1")])
    parts = efforts([slide(words=280, origin="a cell 1")] * 2)
    assert parts == pytest.approx([5 + 60, 5 + 60])
    assert whole == pytest.approx([5 + 120])


def test_sections_without_minutes_share_what_the_others_leave():
    sections = [[slide()], [slide(words=140)], [slide(), slide()]]
    paced = pace(deck_of(5, None, None, whole=10), sections)
    assert paced[0].seconds == 300
    assert sum(seconds_of(paced[1:])) == 300
    assert paced[1].seconds > paced[2].seconds == paced[3].seconds


def test_a_deck_without_minutes_has_no_budgets_but_own_seconds_stand():
    assert seconds_of(pace(deck_of(None), [[slide(), slide(seconds=30)]])) == [None, 30]


def test_where_nothing_is_left_it_is_said():
    heard = []
    paced = pace(deck_of(10, None, whole=10), [[slide()], [slide()]], heard.append)
    assert seconds_of(paced) == [600, 0]
    assert heard == [
        Warned(
            text="d/deck.yml: no time is left for slides of the sections without minutes ('S1')."
        )
    ]


def test_own_seconds_beyond_the_minutes_are_one_error_that_names_each_section():
    slides = [[slide(seconds=200)], [slide(seconds=61)], [slide(seconds=90), slide(seconds=90)]]
    with pytest.raises(UsageError) as caught:
        pace(deck_of(3, 1.5, None, whole=7), slides)
    one, open_ones = [str(mistake) for mistake in caught.value.mistakes]
    assert one == (
        "d/deck.yml: the slides' own seconds in the section 'S0' add up to 200 s (3.33 minutes); "
        "there are 180 s (3 minutes). Give it more minutes, or lower the tags abreast:seconds=N."
    )
    assert (
        "in the sections without minutes ('S2') add up to 180 s (3 minutes); there are 150 s"
        in (open_ones)
    )


def test_parts_share_the_rows_own_seconds():
    parts = [slide(seconds=100, origin="a", title=f"T ({n}/3)") for n in (1, 2, 3)]
    assert seconds_of(divided(parts)) == [34, 33, 33]
    assert seconds_of(divided([slide(), slide()])) == [None, None]


def cell(index, source, *tags, slide_type="", kind="code"):
    return Cell(
        index=index, cell_type=kind, source=source, tags=frozenset(tags), slide_type=slide_type
    )


def executed(name, *cells):
    return Execution(
        section="S",
        column=Column(framework=Framework(name=name, title=name.title())),
        notebook=Notebook(path=Path(f"{name}.ipynb"), cells=cells),
        result=Run(key="k", cells=cells),
    )


LOAD = "images, labels = load_images('train.npz')\nimages = images / 255.0"


def test_the_larger_of_two_own_times_of_one_row_holds_and_it_is_said():
    heard = []
    columns = [
        executed("one", cell(0, "## Load", kind="markdown"), cell(1, LOAD, "abreast:seconds=30")),
        executed("two", cell(0, "## Load", kind="markdown"), cell(1, LOAD, "abreast:seconds=45")),
    ]
    found = abreast_section("S", columns, [e.column for e in columns], heard.append)
    assert seconds_of(found.slides) == [45]
    assert [event.text for event in heard] == [
        "one.ipynb cell 2, two.ipynb cell 2: one slide's cells ask for 30, 45 seconds; 45 holds."
    ]


def test_a_headings_own_time_is_that_of_the_code_below_it():
    heading = cell(0, "## Load", "abreast:seconds=20", kind="markdown")
    column = executed("one", heading, cell(1, LOAD), cell(2, "print(len(images))\nshow(images)"))
    found = abreast_section("S", [column], [column.column])
    assert seconds_of(found.slides) == [20, None]


def test_long_code_shares_its_own_time_among_its_parts():
    long = "\n".join(f"value_{n} = compute({n})" for n in range(90))
    column = executed("one", cell(0, long, "abreast:seconds=90"))
    parts = abreast_section("S", [column], [column.column]).slides
    assert len(parts) > 1
    assert sum(seconds_of(parts)) == 90


def test_own_times_of_what_comes_onto_one_slide_add_up():
    cells = (
        cell(0, "## Title\n\nFirst.", "abreast:seconds=20", kind="markdown"),
        cell(1, "Second.", "abreast:seconds=10", kind="markdown", slide_type="fragment"),
    )
    (both,) = slides_section("S", Notebook(path=Path("w.ipynb"), cells=cells))
    assert both.seconds == 30


@pytest.mark.parametrize("number", ["abc", "0", "-5", "", "1.5", "2 min", "٣", "9" * 9])
def test_a_tag_that_gives_no_time_names_the_cell_and_what_is_expected(number):
    book = Notebook(
        path=Path("w.ipynb"), cells=(cell(0, "x"), cell(1, "y", f"abreast:seconds={number}"))
    )
    with pytest.raises(UsageError) as caught:
        check_tags([book, book])
    assert caught.value.exit_code == 2
    assert str(caught.value) == (
        f"w.ipynb, cell 2: the tag 'abreast:seconds={number}' gives no time. Expected a whole "
        "number of seconds, from 1: abreast:seconds=90"
    )


def test_a_tag_on_notes_would_be_lost_and_is_refused_with_all_others():
    notes = cell(0, "Say.", "abreast:seconds=30", kind="markdown", slide_type="notes")
    books = [
        Notebook(path=Path("a.ipynb"), cells=(notes,)),
        Notebook(path=Path("b.ipynb"), cells=(cell(0, "x", "abreast:seconds=x"),)),
        Notebook(path=Path("c.ipynb"), cells=(cell(0, "x", "abreast:seconds=007"),)),
    ]
    with pytest.raises(UsageError) as caught:
        check_tags(books)
    told = [str(mistake) for mistake in caught.value.mistakes]
    assert told[0] == (
        "a.ipynb, cell 1: the tag 'abreast:seconds=30' is on notes. Tag the cell that the slide shows."
    )
    assert len(told) == 2


def test_a_build_names_every_tag_without_a_time_before_anything_runs(project):
    def tagged(source, tag, kind):
        made = {"cell_type": kind, "id": "x", "metadata": {"tags": [tag]}, "source": source}
        return {**made, "outputs": [], "execution_count": None} if kind == "code" else made

    project.deck(
        "d",
        "title: D\nminutes: 1\nframeworks: [{name: a, kernel: there-is-none}]\nsections:\n"
        "  - {title: S, slides: w.ipynb}\n  - {title: C, abreast: {a: a.ipynb}}\n",
        w=[tagged("# One", "abreast:seconds=0", "markdown")],
        a=[tagged("x = 1", "abreast:seconds=soon", "code")],
    )
    done = project.call("build", "d")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"error: decks/d/{name}.ipynb, cell 1: the tag 'abreast:seconds={number}' gives no time. "
        "Expected a whole number of seconds, from 1: abreast:seconds=90"
        for name, number in (("w", "0"), ("a", "soon"))
    ]


def test_a_built_page_gives_each_slide_its_seconds(project):
    import re

    tagged = {
        "cell_type": "markdown", "id": "x", "metadata": {"tags": ["abreast:seconds=25"]},
        "source": "# One",
    }  # fmt: skip
    folder = project.deck(
        "d",
        "title: D\nframeworks: []\nsections:\n  - {title: Contents, syllabus: true}\n"
        "  - {title: S, minutes: 1.5, slides: w.ipynb}\n",
        w=[tagged, {**tagged, "metadata": {}}, {**tagged, "metadata": {}}],
    )
    done = project.call("build", "d")
    assert done.returncode == 0, done.stderr
    page = (project.folder / "outputs" / "d" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'data-timing="(\d+)"', page) == ["25", "33", "32"]
    text = (folder / "deck.yml").read_text(encoding="utf-8").replace("1.5", "0.4")
    (folder / "deck.yml").write_text(text, encoding="utf-8")
    refused = project.call("build", "d")
    assert refused.returncode == 2
    assert refused.stderr == (
        "error: decks/d/deck.yml: the slides' own seconds in the section 'S' add up to 25 s (0.417 "
        "minutes); there are 24 s (0.4 minutes). Give it more minutes, or lower the tags "
        "abreast:seconds=N.\n"
    )
