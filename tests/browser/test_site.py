"""The page of all decks as readers see it: alone, on any screen, by hand and by keyboard."""

import re
from types import SimpleNamespace

import pytest
from abreast import assets
from abreast.publish.site.pictures import MOST_BYTES, PICTURE_PX

from tests.conftest import Project
from tests.sited import (
    ANSWERED,
    ROWS,
    SEARCHES,
    column,
    deck,
    large_deck,
    large_decks,
    row,
    run,
    slide,
    text,
)

pytestmark = pytest.mark.browser

NASTY = "<img src=x onerror=alert(1)></script><!--<script>alert(2)</script>"


def written(outputs):
    """Have the page written, in a process of its own, and return what it says."""
    done = Project(outputs.parent).call("site")
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two decks that a browser can open, and their page."""
    outputs = tmp_path_factory.mktemp("site") / "outputs"
    deck(outputs, "convolutions", page=None)
    other = row(
        column("pytorch", "conv = nn.Conv2d(3, 8, 5)\nconv(x)", text("ok")),
        column("mxnet", "conv = nn.Conv2D(8, 5)\nconv.initialize()\nconv(x)", text("ok")),
        column("tensorflow", "conv = layers.Conv2D(8, 5)\nconv(x)", text("ok")),
    )
    slides = [slide("Filters", other), slide("A title of 1 × 1", row(column("pytorch", "x")))]
    deck(outputs, "lenet", "LeNet & <friends>", slides, columns=3, page=None,
         runs=[run("pytorch"), run("mxnet", failure="ValueError: no"), run("tensorflow")])  # fmt: skip
    told = written(outputs)
    return SimpleNamespace(outputs=outputs, path=outputs / "index.html", told=told)


@pytest.fixture
def at(page, made):
    page.goto(made.path.as_uri())
    return page


def look_for(page, words):
    page.locator("#query").fill(words)


def results(page):
    """What was found, once it is drawn: decks, and the titles of sections and slides.

    What is not drawn yet has no text: far down the page the browser leaves it for later.
    """
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return {
        found.locator("h2 a").inner_text(): found.locator(".hit > a").all_inner_texts()
        for found in page.locator(".found").all()
    }


def test_the_page_asks_for_nothing(at, made):
    assert at.requests[0] == made.path.as_uri()
    assert all(address.startswith("data:") for address in at.requests[1:])
    look_for(at, "Conv2d")
    assert at.complaints == []
    assert at.title() == "Decks"


def test_pictures_are_small_and_drawn_and_taken_once(at, made):
    assert "warning" not in made.told
    pictures = at.locator(".picture img")
    assert pictures.count() == 2
    sizes = pictures.evaluate_all("all => all.map(one => [one.naturalWidth, one.naturalHeight])")
    assert sizes == [list(PICTURE_PX)] * 2
    addresses = pictures.evaluate_all("all => all.map(one => one.src)")
    assert all(len(address) * 3 / 4 <= MOST_BYTES for address in addresses)
    assert pictures.first.get_attribute("alt") == "The slide “The network”"
    told = written(made.outputs)
    assert "taking" not in told
    assert "outputs/index.html is up to date (2 decks, " in told


def test_a_picture_shows_its_slide_with_nothing_dimmed_or_in_front(at, made):
    at.locator(".picture").first.click()
    at.wait_for_function("window.Reveal && Reveal.isReady()")
    assert at.evaluate("Reveal.getCurrentSlide().querySelector('h2').innerText") == "The network"
    assert at.url == f"{(made.outputs / 'convolutions' / 'index.html').as_uri()}#/2"


def test_conv2d_finds_each_decks_row_and_leads_to_its_slide(at):
    look_for(at, "Conv2d")
    assert results(at) == {
        "Convolutions": ["The network", "Why Conv2d slides"], "LeNet & <friends>": ["Filters"],
    }  # fmt: skip
    assert at.locator("[role=status]").inner_text() == "3 results in 2 decks"
    hit = at.locator(".hit").first
    assert hit.locator("dt").all_inner_texts() == ["PyTorch", "MXNet"]
    assert hit.locator("dd").all_inner_texts() == [
        "nn.Conv2d(1, 96, 11))", "net.add(nn.Conv2D(96, 11))",
    ]  # fmt: skip
    assert hit.locator("dd mark").all_inner_texts() == ["Conv2d", "Conv2D"]
    assert not at.locator(".decks").is_visible()
    hit.locator("a").first.click()
    at.wait_for_function("window.Reveal && Reveal.isReady()")
    assert at.evaluate("Reveal.getIndices()")["h"] == 2
    at.go_back()
    assert at.locator("#query").input_value() == "Conv2d"
    assert at.locator(".hit").count() == 3


def test_a_framework_is_chosen(at):
    look_for(at, "initialize")
    assert results(at) == {"LeNet & <friends>": ["Filters"]}
    # The line that says it, and what the others have there.
    assert at.locator("dd").all_inner_texts() == ["conv(x)", "conv.initialize()", "conv(x)"]
    at.get_by_label("PyTorch").check()
    assert results(at) == {}
    assert "Nothing found in the 2 decks with PyTorch" in at.locator("[role=status]").inner_text()
    at.get_by_label("MXNet").check()
    assert results(at) == {"LeNet & <friends>": ["Filters"]}
    look_for(at, "")
    at.get_by_label("TensorFlow").check()
    assert at.locator("[role=status]").inner_text() == "1 deck with TensorFlow"
    assert at.locator(".deck:visible h2").all_inner_texts() == ["LeNet & <friends>"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("overview", {"Convolutions": ["Overview"]}),
        ("friends", {"LeNet & <friends>": []}),
        ("1 × 1", {"LeNet & <friends>": ["A title of 1 × 1"]}),
        ("conv 5", {"LeNet & <friends>": ["Filters"]}),
        ("nn.Conv2D(96", {"Convolutions": ["The network"]}),
        (".*", {}),
        ("(", None),
    ],
)
def test_titles_and_code_are_found_by_all_words_as_they_are(at, words, found):
    look_for(at, words)
    assert at.complaints == []
    if found is not None:
        assert results(at) == found


def test_in_a_frameworks_code_titles_are_not_looked_for(at):
    look_for(at, "filters")
    assert results(at) == {"LeNet & <friends>": ["Filters"]}
    at.get_by_label("MXNet").check()
    assert results(at) == {}
    look_for(at, "lenet")
    assert results(at) == {}


def test_back_to_the_page_without_a_search_shows_all_decks(at, made):
    at.evaluate("location.hash = '#q=initialize&in=mxnet'")
    at.locator(".hit").wait_for()
    assert at.locator(":checked").get_attribute("value") == "mxnet"
    at.evaluate("location.hash = ''")
    at.locator(".decks").wait_for()
    assert at.locator("#query").input_value() == ""
    assert at.locator("[role=status]").inner_text() == ""
    assert at.locator(":checked").get_attribute("value") == ""
    assert at.locator(".deck:visible").count() == 2
    assert at.locator(".hit").count() == 0
    at.go_back()
    at.locator(".hit").wait_for()
    assert at.locator("#query").input_value() == "initialize"


def test_an_address_with_a_framework_that_is_not_there_looks_in_any(at):
    at.evaluate("location.hash = '#q=initialize&in=mxnet'")
    at.locator(".hit").wait_for()
    at.evaluate("location.hash = '#q=initialize&in=caffe'")
    at.wait_for_function("!location.hash.includes('caffe')")
    assert at.locator(":checked").get_attribute("value") == ""
    assert results(at) == {"LeNet & <friends>": ["Filters"]}


def test_the_keyboard_is_enough(at):
    at.keyboard.press("/")
    at.keyboard.type("filters")
    assert at.locator(".hit").count() == 1
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown"):
        at.keyboard.press(key)
    assert at.evaluate("document.activeElement.innerText") == "Filters"
    at.keyboard.press("Escape")
    assert at.locator("#query").input_value() == ""
    assert at.locator(".deck:visible").count() == 2
    at.keyboard.press("Tab")
    at.keyboard.press("ArrowRight")
    assert at.evaluate("document.activeElement.value") == "pytorch"
    assert at.evaluate("getComputedStyle(document.activeElement.nextElementSibling).outlineStyle") == "solid"  # fmt: skip
    at.keyboard.press("Tab")
    assert at.evaluate("document.activeElement.className") == "picture"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 760, 360])
def test_it_is_readable_for_everybody_on_every_screen(browser, made, scheme, width):
    context = browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    page.goto(made.path.as_uri())
    page.evaluate(assets.npm_text("axe-core", "axe.min.js"))
    page.locator("summary").first.click()
    for words in ("", "conv", "initialize"):
        look_for(page, words)
        found = page.evaluate("axe.run().then(({ violations }) => violations.map((v) => v.id))")
        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert paper == {"light": "rgb(252, 251, 248)", "dark": "rgb(20, 24, 31)"}[scheme]
    context.close()


def test_without_a_script_all_decks_are_there_and_no_search(browser, made):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(made.path.as_uri())
    assert page.locator(".deck:visible").count() == 2
    assert not page.locator("#query").is_visible()
    context.close()


def test_what_authors_wrote_stays_text(page, tmp_path):
    outputs = tmp_path / "outputs"
    code = row(column("pytorch", NASTY), column("mxnet", NASTY))
    deck(outputs, "nasty", NASTY, [slide(NASTY, code, section=NASTY)], page=None)
    written(outputs)
    page.goto((outputs / "index.html").as_uri())
    look_for(page, "alert")
    assert page.complaints == []
    assert page.locator("dd").all_text_contents() == [NASTY, NASTY]
    assert page.locator("img").count() == 1, "the deck's picture"
    assert page.locator("script").count() == 2


def test_a_page_that_is_no_deck_gets_a_drawing(page, tmp_path):
    outputs = tmp_path / "outputs"
    deck(outputs, "torn")
    assert "warning: torn without a picture: outputs/torn/index.html: this page does not open" in written(outputs)  # fmt: skip
    page.goto((outputs / "index.html").as_uri())
    assert page.locator(".picture svg").bounding_box()["height"] > 200


def test_of_three_hundred_rows_only_results_in_sight_cost_time(page, tmp_path):
    outputs = tmp_path / "outputs"
    large_decks(outputs)
    written(outputs)
    path = outputs / "index.html"
    html = path.read_text("utf-8")
    assert "content-visibility:auto" in html
    eager = outputs / "eager.html"
    eager.write_text(html.replace("content-visibility:auto", ""), "utf-8")

    def slowest_answer(of):
        page.goto(of.as_uri())
        took = []
        for words in SEARCHES:
            took.append(min(page.evaluate(ANSWERED, words)))
            assert page.locator(".hit").count() >= 9
        return max(took)

    lazy, whole = slowest_answer(path), slowest_answer(eager)
    assert lazy < 0.6 * whole
    assert page.evaluate(ROWS) == 306


def test_of_many_results_of_a_deck_the_rest_is_asked_for(page, tmp_path):
    outputs = tmp_path / "outputs"
    large_deck(outputs, "deck")
    written(outputs)
    page.goto((outputs / "index.html").as_uri())
    look_for(page, "Conv2d")
    page.locator(".more").first.click()
    assert re.fullmatch(r"Step \d+", page.evaluate("document.activeElement.innerText"))
