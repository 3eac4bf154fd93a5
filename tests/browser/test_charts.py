"""Charts as people see them: legible, themed, printed, read aloud, and in other viewers."""

import json
import re

import pytest
from abreast.render.html import render_html
from abreast.render.notebook import merged_notebook

from tests.charted import deck

pytestmark = pytest.mark.browser

DECKS = {
    "one": {"columns": 1},
    "three": {"columns": 3},
    "five, two kinds of devices": {"columns": 5, "gpus": ("pytorch", "tensorflow", "jax"), "steps": 8},
}  # fmt: skip
# The words of each drawing of a slide with their boxes, and the box of the slide.
WORDS = """() => {
    const slide = document.querySelector("section.present:not(.stack)");
    const box = ({ left, right, top, bottom }) => ({ left, right, top, bottom });
    const words = [...slide.querySelectorAll("svg text")].map((text) => ({
        text: text.textContent, px: parseFloat(getComputedStyle(text).fontSize),
        ...box(text.getBoundingClientRect()),
    }));
    return { words, slide: box(slide.getBoundingClientRect()) };
}"""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    def write(**options):
        path = tmp_path_factory.mktemp("charts") / "index.html"
        path.write_text(render_html(deck(**options)), encoding="utf-8")
        return path

    return write


def opened(page, path, query=""):
    page.goto(path.as_uri() + query)
    page.evaluate("abreast.ready.then(() => document.fonts.ready)")
    return page.evaluate("Reveal.getTotalSlides()")


def show(page, number):
    page.evaluate(
        "n => { const at = Reveal.getIndices(Reveal.getSlides()[n]); Reveal.slide(at.h, at.v) }",
        number,
    )


def overlap(one, other):
    return min(
        min(one["right"], other["right"]) - max(one["left"], other["left"]),
        min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]),
    )


@pytest.mark.parametrize("name", DECKS)
def test_words_of_charts_are_legible_and_lie_apart_on_the_slide(page, written, name):
    slides = opened(page, written(**DECKS[name]))
    seen = 0
    for number in range(slides):
        show(page, number)
        found = page.evaluate(WORDS)
        words, slide = found["words"], found["slide"]
        seen += len(words)
        for n, one in enumerate(words):
            assert one["px"] >= 13, one
            assert slide["left"] + 40 <= one["left"], one
            assert one["right"] <= slide["right"] - 40, one
            assert one["bottom"] <= slide["bottom"] - 40, one
            for other in words[n + 1 :]:
                # Boxes have the height of a line; letters do not fill it.
                assert overlap(one, other) < 4, (one, other)
    assert seen > 20


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_check_finds_nothing_wrong_with_charts(project, written, theme):
    page = written(**DECKS["five, two kinds of devices"], theme=theme)
    done = project.call("check", page, "--json")
    assert json.loads(done.stdout)["findings"] == []


def test_charts_follow_the_theme(page, written):
    path = written(columns=3)

    def fills(theme):
        opened(page, path, f"?theme={theme}")
        return page.evaluate(
            "() => [...document.querySelectorAll('section.present svg :is(rect, text)')]"
            ".filter(e => e.localName === 'rect' || e.hasAttribute('fill'))"
            ".map(e => getComputedStyle(e).fill)"
        )

    light, dark = fills("light"), fills("dark")
    assert len(light) == len(dark) > 10
    assert all(one != other for one, other in zip(light, dark, strict=True))


def test_a_screen_reader_has_a_label_and_a_table(page, written):
    opened(page, written(columns=3))
    drawing = page.get_by_role("img")
    assert drawing.get_attribute("aria-label").startswith(
        "Bars: times of PyTorch, MXNet, TensorFlow"
    )
    table = page.get_by_role("table")
    assert table.get_by_role("columnheader").all_inner_texts() == [
        "Step", "PyTorch", "MXNet", "TensorFlow",
    ]  # fmt: skip
    row = table.get_by_role("row").filter(has_text="Step 0 of the network")
    assert row.get_by_role("cell").all_inner_texts() == [
        "steady 500 ms ±2%", "steady 750 ms ±2%", "steady 1.00 s ±2%",
    ]  # fmt: skip
    # It takes no room and is not seen.
    assert table.locator("..").evaluate("e => [e.offsetWidth, e.offsetHeight]") == [1, 1]


def test_bars_are_as_long_as_what_they_stand_for(page, written):
    opened(page, written(columns=3))
    widths = page.evaluate(
        "() => [...document.querySelectorAll('section.present svg rect')].map(e => e.getBBox().width)"
    )
    total, step = widths[:3], widths[3:6]
    assert [width / total[0] for width in total] == pytest.approx([1, 1.5, 2], rel=0.01)
    assert [width / step[0] for width in step] == pytest.approx([1, 1.5, 2], rel=0.01)
    # On one scale, the first step is a tenth of all of them.
    assert step[0] / total[0] == pytest.approx(0.1, rel=0.02)


def test_charts_print(project, written):
    from pypdf import PdfReader

    done = project.call("export", written(columns=3), "--to", "pdf", "-o", "charts.pdf")
    assert done.returncode == 0, done.stderr
    pages = PdfReader(project.folder / "charts.pdf").pages
    texts = [re.sub(r"\s+", " ", page.extract_text()) for page in pages]
    assert "All cells" in texts[0]
    assert "TensorFlow" in texts[0]
    assert any("examples per second in one cell" in text for text in texts)


def test_charts_stand_by_themselves_in_the_merged_notebook(page):
    document = json.loads("".join(merged_notebook(deck(5, gpus=("jax",)))))
    sources = [cell["source"] for cell in document["cells"]]
    charts = [source for source in sources if "<svg" in source]
    assert len(charts) == len(sources)
    for source in charts:
        assert "var(--" not in source
        assert "\n\n" not in source
    page.set_content(f'<body style="width:960px">{charts[0]}</body>')
    assert page.locator("svg").bounding_box()["width"] <= 960
    assert page.locator("table").locator("..").evaluate("e => [e.offsetWidth, e.offsetHeight]") == [
        1,
        1,
    ]
    fills = set(re.findall(r'<rect[^>]* fill="([^"]+)"', charts[0]))
    assert "#c8452d" in fills
