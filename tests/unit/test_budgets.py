"""Minutes written into deck.yml: the numbers change, and nothing else."""

import re
import stat

import pytest
from abreast.deck.budgets import with_minutes, write_minutes
from abreast.errors import AbreastError, UsageError
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

NUMBERS = st.sampled_from(["1", "2.5", "10.0", "0.5", "1e1", "+3"])
TITLES = {
    "plain": "S{}",
    "double": '"S{}: #1, \\"x\\" \\u00e9"',
    "single": "'S{} it''s # no comment: minutes: 3'",
    "anchored": "&title{} S",
    "over lines": "'S{}\n      goes on'",
    "block": ">-\n      S{} # text, minutes: 9",
}


def block_section(form, title, more, comment, between, anchor, last):
    """Return how a section reads with a number, which was there or not."""

    def text(number, was_there):
        first, lines = f"title: {title}{comment}", []
        if number is not None and was_there:
            lines = [f"minutes: {anchor}{number}{comment}", more]
            lines = lines[::-1] if last else lines
        else:
            lines = [more]
        if number is not None and not was_there:
            added = f"minutes: {number}"
            first = f"{added}\n    {first}" if form == "block" else f"{first}\n    {added}"
        return "\n  - " + "\n    ".join([f"{first}{between}", *lines])

    return text


def flow_section(title, more, quote, anchor, last):
    def text(number, was_there):
        pairs = [f"{quote}title{quote}: {title}", more]
        if number is not None:
            pair = f"{quote}minutes{quote}: {anchor * was_there}{number}"
            pairs.insert(2 if last and was_there else 1, pair)
        return "\n  - {" + ", ".join(pairs) + " }"

    return text


@st.composite
def sections(draw, index):
    form = draw(st.sampled_from(sorted(TITLES)))
    title = TITLES[form].format(index)
    more = draw(st.sampled_from(["slides: a.ipynb", "abreast: {pytorch: a.ipynb, mxnet: [b, c]}"]))
    anchor = draw(st.sampled_from(["", f"&m{index} ", f"&m{index} !!float "]))
    last = draw(st.booleans())
    if form != "block" and draw(st.booleans()):
        return flow_section(title, more, draw(st.sampled_from(["", '"', "'"])), anchor, last)
    comment = "" if form == "block" else draw(st.sampled_from(["", "  # minutes: 4", " # é 🙂"]))
    between = draw(st.sampled_from(["", "\n    # of what follows", "\n"]))
    return block_section(form, title, more, comment, between, anchor, last)


@st.composite
def deck_files(draw):
    """Return a deck file, the minutes to write, and how it must read with them."""
    made = [draw(sections(i)) for i in range(draw(st.integers(1, 4)))]
    before = [draw(st.none() | NUMBERS) for _ in made]
    wanted = {i: draw(st.integers(1, 99)) / 2 for i in range(len(made)) if draw(st.booleans())}
    head = draw(st.sampled_from(["", "\ufeff", "# A talk\n\n", "%YAML 1.2\n---\n"]))
    tail = draw(st.sampled_from(["", "\n", "\n# the end", "\nsteps: [code] # all\n"]))
    end = draw(st.sampled_from(["\n", "\r\n"]))

    def text(minutes):
        parts = [
            section(number, was is not None)
            for section, number, was in zip(made, minutes, before, strict=True)
        ]
        whole = f"{head}title: T\nminutes: 99 # in all\nsections:{''.join(parts)}{tail}"
        return whole.replace("\n", end)

    after = [f"{wanted[i]:g}" if i in wanted else was for i, was in enumerate(before)]
    return text(before), wanted, text(after)


@settings(max_examples=60)
@given(deck_files())
def test_only_the_numbers_change(case):
    text, wanted, expected = case
    edited = with_minutes(text, wanted)
    assert edited == expected
    old, new = (YAML(typ="rt").load(each)["sections"] for each in (text, edited))
    for i, (was, now) in enumerate(zip(old, new, strict=True)):
        assert now.get("minutes") == wanted.get(i, was.get("minutes"))
        assert {**was, "minutes": 0} == {**now, "minutes": 0}


@settings(max_examples=60)
@given(deck_files())
def test_without_the_minutes_both_texts_are_one(case):
    text, wanted, _ = case

    def without(given_text):
        values = r"(?:&m\d (?:!!float )?)?[-+.\dex]+"
        bare = re.sub(rf", (['\"]?)minutes\1: {values}", "", given_text)
        bare = re.sub(rf"\r?\n    minutes: {values}(?=\r?\n|$)", "", bare)
        bare = re.sub(rf"- minutes: {values}\r?\n    ", "- ", bare)
        return re.sub(rf"(    minutes: ){values}", r"\1", bare)

    # Where a comment stands beside a number that was there, the number alone goes.
    assert without(with_minutes(text, wanted)) == without(text)


@settings(max_examples=40)
@given(deck_files())
def test_writing_the_same_again_changes_nothing(case):
    text, wanted, _ = case
    edited = with_minutes(text, wanted)
    assert with_minutes(edited, wanted) == edited


@pytest.fixture
def deck(tmp_path):
    path = tmp_path / "deck.yml"

    def write(text):
        path.write_bytes(text.encode())
        return path

    return write


def test_the_file_keeps_its_mode_its_line_ends_and_its_missing_last_one(deck):
    path = deck("sections:\r\n- title: A # a\r\n  slides: x\r\n- {title: B, minutes: 3}")
    path.chmod(0o640)
    write_minutes(path, {0: 2.5, 1: 4.0})
    assert path.read_bytes() == (
        b"sections:\r\n- title: A # a\r\n  minutes: 2.5\r\n  slides: x\r\n- {title: B, minutes: 4}"
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(path.parent.iterdir()) == [path]


def test_a_link_to_the_file_stays_a_link(deck, tmp_path):
    path = deck("sections: [{title: A, minutes: 1}]\n")
    link = tmp_path / "link.yml"
    link.symlink_to(path)
    write_minutes(link, {0: 2})
    assert link.is_symlink()
    assert path.read_text() == "sections: [{title: A, minutes: 2}]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{title: A, minutes: *m}", "{title: A, minutes: 2}"),
        ("{title: *t, slides: x}", "{title: *t, minutes: 2, slides: x}"),
        ("{title: A, minutes: null}", "{title: A, minutes: 2}"),
        ("{title: A, minutes: , slides: x}", "{title: A, minutes: 2 , slides: x}"),
        ("title: A\n  minutes: # soon", "title: A\n  minutes: 2 # soon"),
        ("title: *t # t\n  slides: x", "title: *t # t\n  minutes: 2\n  slides: x"),
        ("&u\n  title: A", "&u\n  title: A\n  minutes: 2"),
        ("<<: *s\n  title: A", "<<: *s\n  title: A\n  minutes: 2"),
    ],
)
def test_aliases_and_empty_values_are_replaced_in_their_place(deck, before, after):
    head = "parameters: {m: &m 9, t: &t T, s: &s {minutes: 4}}\nsections:\n- "
    path = deck(head + before)
    write_minutes(path, {0: 2})
    assert path.read_text() == head + after


@pytest.mark.parametrize(
    "sections",
    [
        "- {title: A, minutes: &m 5}\n- {title: B, minutes: *m}",
        "- &s {title: A, minutes: 5}\n- {<<: *s, title: B}",
        "- ? title\n  : A\n  slides: x",
        "- {title: A, minutes: !!int 5}",
        "- {<<: *base, slides: x}",
    ],
)
def test_where_something_else_would_change_nothing_is_written(deck, sections):
    text = f"base: &base {{title: A}}\nsections:\n{sections}\n"
    path = deck(text)
    with pytest.raises(UsageError, match="Nothing was written"):
        write_minutes(path, {0: 2.5})
    assert path.read_text() == text
    assert list(path.parent.iterdir()) == [path]


def test_a_shared_number_is_written_when_all_its_places_get_one(deck):
    path = deck("sections:\n- {title: A, minutes: &m 5}\n- {title: B, minutes: *m}\n")
    write_minutes(path, {0: 2.5, 1: 7})
    assert path.read_text() == (
        "sections:\n- {title: A, minutes: &m 2.5}\n- {title: B, minutes: 7}\n"
    )


def test_what_the_disk_refuses_is_told_and_leaves_nothing_behind(deck, monkeypatch):
    text = "sections: [{title: A, minutes: 1}]\n"
    path = deck(text)

    def refuse(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(AbreastError, match=r"deck.yml: cannot write: Permission denied\."):
        write_minutes(path, {0: 2})
    assert path.read_text() == text
    assert list(path.parent.iterdir()) == [path]
