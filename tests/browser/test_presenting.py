"""A speaker before an audience: steps, columns, overview, speaker view, print, touch, copying."""

import pytest
from playwright.sync_api import expect

from tests.conftest import Project, code, prose, text_output

pytestmark = pytest.mark.browser

DECK = """\
title: Three ways
minutes: 6
frameworks: [pytorch, mxnet, tensorflow]
{more}
sections:
  - {{title: Words, minutes: 2, slides: words.ipynb}}
  - title: Code
    minutes: 4
    abreast: {{pytorch: pytorch.ipynb, mxnet: mxnet.ipynb, tensorflow: tensorflow.ipynb}}
"""
LONG = "result = combine(first_argument, second_argument, third_argument, fourth_argument, fifth)"


def cells(name):
    return [
        prose("## Layers\n\nTwo spellings."),
        code(f"net = {name}.Sequential()\nnet.add({name}.Dense(10))\nnet.build()",
             outputs=[text_output(f"built with {name}\n")]),
        prose("Say hello.", "notes"),
        prose("## A long line"), code(LONG),
        prose("## Much"), code("run()", outputs=[text_output("".join(f"l {n}\n" for n in range(200)))]),
    ]  # fmt: skip


def built(folder, more="", **files):
    project = Project(folder)
    words = (
        prose("# Three ways\n\nHello."),
        prose("Welcome them.", "notes"),
        prose("## عنوان\n\nنص عربي"),
    )
    decks = project.deck(
        "three", DECK.format(more=more), words=words,
        **{n: cells(n) for n in ("pytorch", "mxnet", "tensorflow")},
    )  # fmt: skip
    for file, text in files.items():
        (decks / file).write_text(text, encoding="utf-8")
    done = project.call("build", "three", "--no-run")
    assert done.returncode == 0, done.stderr
    return project.folder / "outputs" / "three" / "index.html"


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    return built(tmp_path_factory.mktemp("project"))


def opened(page, deck, query=""):
    page.goto(deck.as_uri() + query)
    page.evaluate("abreast.ready")
    return page


def to_code(page):
    page.evaluate("Reveal.slide(2)")
    return page.locator("section.present .columns")


def lit(page):
    return page.evaluate(
        "[...document.querySelectorAll('section.present .current-fragment')]"
        ".map(b => [b.dataset.column, b.dataset.fragmentIndex])"
    )


def test_each_press_lights_the_next_band_in_all_columns(page, deck):
    opened(page, deck)
    to_code(page)
    assert lit(page) == []
    page.keyboard.press("PageDown")  # what a remote clicker sends
    assert lit(page) == [["pytorch", "0"], ["mxnet", "0"], ["tensorflow", "0"]]
    page.keyboard.press("ArrowRight")
    assert {band for _, band in lit(page)} == {"1"}
    colours = page.evaluate(
        """() => [...document.querySelectorAll('section.present .band:not(.current-fragment) *')]
            .map(e => getComputedStyle(e).color)"""
    )
    assert len(set(colours)) == 1
    page.keyboard.press("PageUp")
    assert {band for _, band in lit(page)} == {"0"}


def test_nothing_is_hidden_while_stepping(page, deck):
    opened(page, deck)
    to_code(page)
    hidden = "[...document.querySelectorAll('section.present .band')].filter(b => !b.checkVisibility({opacityProperty: true, visibilityProperty: true})).length"
    assert page.evaluate(hidden) == 0
    page.keyboard.press("PageDown")
    assert page.evaluate(hidden) == 0


def test_outputs_come_on_the_next_press_if_the_deck_says_so(page, tmp_path):
    opened(page, built(tmp_path, "steps: [outputs]"))
    to_code(page)
    output = page.locator("section.present .output").first
    expect(output).not_to_be_visible()
    page.keyboard.press("PageDown")
    expect(output).to_be_visible()


def test_keys_zoom_one_column_and_zero_returns(page, deck):
    opened(page, deck)
    grid = to_code(page)
    small = grid.locator(".band").first.bounding_box()
    page.keyboard.press("2")
    visible = page.evaluate(
        "[...document.querySelectorAll('section.present .head')].filter(h => h.offsetParent).map(h => h.dataset.column)"
    )
    assert visible == ["mxnet"]
    assert grid.locator(".band:visible").first.bounding_box()["height"] > 1.4 * small["height"]
    assert clipped(page) == 0
    page.keyboard.press("0")
    assert grid.locator(".head:visible").count() == 3


def clipped(page):
    return page.evaluate(
        """() => { const s = document.querySelector('section.slide.present');
            return Math.max(0, s.scrollHeight - s.clientHeight, s.scrollWidth - s.clientWidth,
                ...[...s.querySelectorAll('.band, .output pre')].map(b => b.scrollWidth - b.clientWidth)); }"""
    )


def test_columns_are_chosen_by_key_and_by_address(page, deck):
    opened(page, deck)
    grid = to_code(page)
    page.keyboard.press("c")
    page.locator("dialog.chooser").get_by_label("MXNet").uncheck()
    page.keyboard.press("Escape")
    assert grid.locator(".head:visible").count() == 2
    page.reload()
    opened(page, deck, "?columns=tensorflow,nonsense")
    assert to_code(page).locator(".head:visible").count() == 1
    assert clipped(page) == 0
    page.keyboard.press("0")
    assert page.locator("section.present .head:visible").count() == 1


def test_the_help_lists_the_keys(page, deck):
    opened(page, deck)
    page.keyboard.press("?")
    expect(page.locator("dialog.help")).to_contain_text("speaker view")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices().h") == 0
    page.keyboard.press("Escape")
    expect(page.locator("dialog.help")).not_to_be_visible()
    assert not page.evaluate("Reveal.isOverview()")


def test_what_was_cut_opens_in_full_on_a_press(page, deck):
    opened(page, deck)
    page.evaluate("Reveal.slide(4)")
    page.locator("section.present button.open").first.click()
    whole = page.locator("dialog.full .whole")
    expect(whole).to_contain_text("l 137")
    page.keyboard.press("Escape")
    expect(whole).not_to_be_visible()


def test_slides_become_real_when_they_come_near(page, deck):
    opened(page, deck)
    inert = "document.querySelectorAll('section.slide > script').length"
    assert page.evaluate(inert) > 0
    page.keyboard.press("o")
    assert page.evaluate(inert) == 0


def test_the_overview_shows_every_slide(page, deck):
    opened(page, deck)
    page.keyboard.press("Escape")
    assert page.evaluate("Reveal.isOverview()")
    assert page.locator("section.slide h1, section.slide h2").count() == page.evaluate(
        "Reveal.getTotalSlides()"
    )


def test_the_speaker_view_has_notes_and_pace_and_steps(page, deck):
    opened(page, deck)
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    view = popup.value
    expect(view.locator(".speaker-controls-notes .value")).to_contain_text("Welcome")
    expect(view.locator(".pacing").last).to_be_visible()
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    expect(view.locator(".speaker-controls-notes .value")).to_contain_text("Say hello")
    view.keyboard.press("PageDown")
    expect(page.locator("section.present .current-fragment").first).to_be_visible()
    heads = page.locator(".slide.present .head")
    count = heads.count()
    view.keyboard.press("2")
    expect(heads.filter(visible=True)).to_have_count(1)
    view.keyboard.press("0")
    expect(heads.filter(visible=True)).to_have_count(count)


def test_timings_of_the_slides_add_up_to_the_minutes(page, deck):
    opened(page, deck)
    total = "[...document.querySelectorAll('section.slide')].reduce((t, s) => t + Number(s.dataset.timing), 0)"
    assert page.evaluate(total) == 360


def test_a_swipe_goes_on(browser, deck):
    context = browser.new_context(viewport={"width": 1024, "height": 768}, has_touch=True)
    page = opened(context.new_page(), deck)
    session = context.new_cdp_session(page)
    for kind, x in (("touchStart", 800), ("touchMove", 600), ("touchMove", 300)):
        session.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": 300}]}
        )
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert page.evaluate("Reveal.getIndices().h") == 1
    context.close()


def test_right_to_left_text_keeps_its_place(page, deck):
    opened(page, deck)
    page.evaluate("Reveal.slide(1)")
    directions = page.evaluate(
        "[...document.querySelectorAll('section.present h2, section.present .prose p')].map(e => getComputedStyle(e).direction)"
    )
    assert directions == ["rtl", "rtl"]


def test_copying_broken_lines_gives_the_authors_source(page, deck):
    context = page.context
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, deck)
    page.evaluate("Reveal.slide(3)")
    shown = page.locator("section.present .band").first
    assert "\n" in shown.text_content()
    assert page.locator("section.present .copy").first.get_attribute("data-source") == LONG
    copied = page.evaluate(
        """() => { const band = document.querySelector('section.present .band');
            document.getSelection().selectAllChildren(band);
            const event = new ClipboardEvent('copy', {clipboardData: new DataTransfer(), bubbles: true, cancelable: true});
            document.dispatchEvent(event);
            return event.clipboardData.getData('text/plain'); }"""
    )
    assert copied == LONG


def test_themes_change_by_key_and_by_address(page, deck):
    opened(page, deck, "?theme=dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("t")
    page.keyboard.press("t")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark == "rgb(20, 24, 31)"
    assert light == "rgb(252, 251, 248)"


def test_a_decks_own_stylesheet_lies_on_top(page, tmp_path):
    more = "theme: [dark, ./brand.css]"
    opened(page, built(tmp_path, more, **{"brand.css": "[data-theme]{--accent:#123456}"}))
    style = "getComputedStyle(document.documentElement).getPropertyValue('--accent')"
    assert page.evaluate(style) == "#123456"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_print_has_a_page_for_each_slide(page, deck):
    opened(page, deck)
    total = page.evaluate("Reveal.getTotalSlides()")
    opened(page, deck, "?print-pdf")
    expect(page.locator(".pdf-page")).to_have_count(total)
    assert page.locator("section.slide > script").count() == 0


def test_nothing_is_requested_and_nothing_complains(page, deck):
    opened(page, deck)
    for _ in range(12):
        page.keyboard.press("PageDown")
    page.keyboard.press("o")
    assert page.requests == [deck.as_uri()]
    assert page.complaints == []


def test_copying_from_one_part_of_a_row_ends_where_the_part_ends(page, tmp_path):
    project = Project(tmp_path)
    source = "\n".join(f"value_{n} = compute({n})" for n in range(70))
    project.deck(
        "long", "title: L\nframeworks: [pytorch]\nsections: [{title: C, abreast: {pytorch: p.ipynb}}]",
        p=[prose("## Long"), code(source)],
    )  # fmt: skip
    assert project.call("build", "long", "--no-run").returncode == 0
    opened(page, tmp_path / "outputs" / "long" / "index.html")
    copied = page.evaluate(
        """() => { const grid = document.querySelector(".slide.present .columns");
            document.getSelection().selectAllChildren(grid);
            const event = new ClipboardEvent('copy', {clipboardData: new DataTransfer(), bubbles: true, cancelable: true});
            document.dispatchEvent(event);
            return event.clipboardData.getData('text/plain'); }"""
    )
    shown = page.locator(".slide.present .band").count()
    assert copied.splitlines() == source.splitlines()[:shown]


def test_words_that_look_like_the_end_of_a_script_stay_words(page, tmp_path):
    project = Project(tmp_path)
    words = (
        prose("# A\n\n`</SCRIPT>` and <b>b</b></SCRIPT><script>window.ran = 1</SCRIPT>"),
        prose("# B"),
    )
    project.deck(
        "s", "title: S\nframeworks: [pytorch]\nsections: [{title: C, slides: w.ipynb}]", w=words
    )
    assert project.call("build", "s", "--no-run").returncode == 0
    opened(page, tmp_path / "outputs" / "s" / "index.html")
    assert page.evaluate("[Reveal.getTotalSlides(), window.ran ?? 0]") == [2, 0]


def test_a_selection_stays_in_its_column(page, deck):
    opened(page, deck)
    to_code(page)
    first, last = (page.locator('.slide.present .band[data-column="mxnet"]').nth(n) for n in (0, 2))
    start, end = first.bounding_box(), last.bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] - 5, end["y"] + end["height"] - 5, steps=5)
    page.mouse.up()
    copied = page.evaluate(
        """() => { const event = new ClipboardEvent('copy', {clipboardData: new DataTransfer(), bubbles: true, cancelable: true});
            document.dispatchEvent(event);
            return event.clipboardData.getData('text/plain'); }"""
    )
    assert copied == "net = mxnet.Sequential()\nnet.add(mxnet.Dense(10))\nnet.build()"


def test_a_deck_without_slides_is_refused(tmp_path):
    project = Project(tmp_path)
    project.deck(
        "none", "title: N\nframeworks: [pytorch]\nsections: [{title: C, slides: w.ipynb}]", w=[]
    )
    done = project.call("build", "none", "--no-run")
    assert done.returncode == 2
    assert "the deck has no slides." in done.stderr


def test_what_the_notebooks_share_is_shown_on_a_key(page, project):
    lib = project.folder / "decks" / "lib"
    lib.mkdir(parents=True)
    (lib / "batches.py").write_text("import shapes\n\ndef batches():\n    return '<b>'\n")
    (lib / "shapes.py").write_text("SIZE = 28\n")
    (lib / "unused.py").write_text("")
    text = (
        "title: T\nframeworks: [{name: one, kernel: python3}, {name: two, kernel: python3}]\n"
        "lib: [../lib]\nsections: [{title: S, abreast: {one: one.ipynb, two: two.ipynb}}]\n"
    )
    project.deck("deck", text, one=[code("import batches")], two=[code("import shapes")])
    assert project.call("build", "deck", "--no-run").returncode == 0
    opened(page, project.folder / "outputs" / "deck" / "index.html")
    page.keyboard.press("m")
    dialog = page.locator("dialog.modules")
    expect(dialog.locator("summary")).to_have_text(["shapes.py one, two", "batches.py one"])
    dialog.locator("summary").nth(1).click()
    expect(dialog.locator("pre").nth(1)).to_contain_text("return '<b>'")
    page.keyboard.press("m")
    expect(dialog).not_to_be_visible()


def test_a_deck_that_shares_nothing_has_no_key_for_it(page, deck):
    opened(page, deck)
    page.keyboard.press("?")
    expect(page.locator("dialog.help")).not_to_contain_text("share")
