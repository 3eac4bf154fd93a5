"""The slide that lists the sections: their minutes, and links that lead to them."""

import json
from pathlib import Path

from abreast.model import (
    ColumnHead,
    Deck,
    Framework,
    Presentation,
    Prose,
    Slide,
    SlidesSection,
    SyllabusSection,
)
from abreast.render.html import render_html
from abreast.render.notebook import merged_notebook
from abreast.slides.syllabus import with_syllabus


def deck(*sections):
    made = tuple(
        SyllabusSection(title=title, minutes=minutes)
        if title.startswith("Syllabus")
        else SlidesSection(title=title, minutes=minutes, slides=Path("x.ipynb"))
        for title, minutes in sections
    )
    return Deck(name="d", path=Path("d/deck.yml"), title="D", columns=(), sections=made)


def slide(below=False):
    return Slide(section="s", blocks=(Prose(markdown="x"),), below=below)


def markdown_of(deck_, sections, index):
    slides = with_syllabus(deck_, sections)[index]
    return [slide.blocks[0].markdown for slide in slides]


def test_it_lists_the_other_sections_with_minutes_and_places():
    talk = deck(("Before", 2), ("Syllabus", 1), ("Stacked", 7.5), ("Last", None))
    # The third begins with a subslide: it stands below the syllabus.
    sections = [[slide(), slide(below=True)], [], [slide(below=True), slide()], [slide()]]
    (text,) = markdown_of(talk, sections, 1)
    assert text == (
        "| Section | Minutes |\n|:--|--:|\n"
        "| [Before](#/0) | 2 |\n| [Stacked](#/1/1) | 7.5 |\n| [Last](#/3) |  |"
    )


def test_without_any_minutes_it_is_a_plain_list_and_empty_sections_have_no_link():
    talk = deck(("Syllabus", None), ("One", None), ("Two", None))
    assert markdown_of(talk, [[], [slide()], []], 0) == ["- [One](#/1)\n- Two"]


def test_a_long_one_is_cut_and_its_parts_stand_below_it_so_that_links_hold():
    titles = [(f"Section {n} has a long name that goes on and on", 1) for n in range(60)]
    talk = deck(("Syllabus", None), *titles)
    slides = with_syllabus(talk, [[], *([slide()] for _ in titles)])[0]
    assert len(slides) > 1
    assert [each.below for each in slides] == [False] + [True] * (len(slides) - 1)
    assert slides[0].title == f"Syllabus (1/{len(slides)})"
    text = "\n".join(each.blocks[0].markdown for each in slides)
    assert all(f"](#/{n + 1})" in text for n in range(60))
    assert all(each.blocks[0].markdown.startswith("| Section | Minutes |") for each in slides)


def test_a_title_is_shown_as_it_is_written_in_the_deck_and_in_the_merged_notebook():
    odd = r"*Stars* | pipes_a_b [x](y) $5$ <b> `code` \ & more"
    talk = deck(("Syllabus", None), (odd, 3))
    slides = with_syllabus(talk, [[], [slide()]])
    head = ColumnHead(framework=Framework(name="a", title="A"))
    shown = Presentation(name="d", title="D", heads=(head,), slides=(*slides[0], *slides[1]))
    escaped = r"*Stars* | pipes_a_b [x](y) $5$ &lt;b&gt; `code` \ &amp; more"
    link = f'<a href="#/1">{escaped}</a>'
    assert link in render_html(shown)
    assert link in json.loads("".join(merged_notebook(shown)))["cells"][0]["source"]
