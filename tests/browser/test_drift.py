"""The page of drift as readers see it: alone, offline, without a script."""

import pytest
from abreast.publish.drift import Previous, drift_html, drift_since

from tests.drifted import before_and_after, files, slide, words

pytestmark = pytest.mark.browser


def opened(page, folder, before, after):
    path = folder / "drift.html"
    found = drift_since(Previous(files=before, since="HEAD 5cadc9b"), after)
    path.write_text(drift_html(found), encoding="utf-8")
    page.goto(path.as_uri())
    return page


def test_everything_is_on_one_page_that_asks_for_nothing(page, tmp_path):
    opened(page, tmp_path, *before_and_after())
    assert page.requests == [(tmp_path / "drift.html").as_uri()]
    assert page.complaints == []
    assert page.locator("script").count() == 0
    assert page.title() == "Drift: AlexNet, three frameworks abreast"
    titles = page.locator("h2").evaluate_all("all => all.map(one => one.firstChild.data.trim())")
    assert titles == [
        "Metrics", "Times", "Versions and settings", "New warnings", "Slides", "Outputs",
    ]  # fmt: skip
    links = page.locator(".summary a").evaluate_all(
        "all => all.map(one => Boolean(document.querySelector(one.getAttribute('href'))))"
    )
    assert len(links) == 10
    assert all(links)


def test_pictures_stand_side_by_side_and_are_drawn(page, tmp_path):
    opened(page, tmp_path, *before_and_after())
    pictures = page.locator(".picture")
    assert pictures.count() == 2
    assert pictures.evaluate_all("all => all.every(one => one.complete && one.naturalWidth)")
    one, other = (pictures.nth(n).bounding_box() for n in range(2))
    assert one["y"] == other["y"]
    assert one["x"] + one["width"] <= other["x"]


def test_what_came_and_went_has_a_sign_and_words_that_stand_out(page, tmp_path):
    opened(page, tmp_path, *before_and_after())
    signs = page.locator(".diff .come b").all_inner_texts()
    assert signs
    assert set(signs) == {"+"}
    assert set(page.locator(".diff .gone b").all_inner_texts()) == {"−"}
    ratios = page.evaluate(CONTRAST)
    assert len(ratios) > 60
    assert min(ratios.values()) >= 4.5, min(ratios.items(), key=lambda item: item[1])


@pytest.mark.parametrize("width", [1280, 760, 400])
def test_nothing_runs_out_of_the_page(page, tmp_path, width):
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, tmp_path, *before_and_after())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    lines = page.locator("td.change").evaluate_all(LINES)
    assert set(lines) == {1}, "numbers and their change stay on one line"


def test_a_page_without_changes_says_so(page, tmp_path):
    before, _ = before_and_after()
    opened(page, tmp_path, before, before)
    assert page.locator("main").inner_text().strip() == "Nothing changed."
    assert page.locator(".summary").count() == 0


def test_what_authors_wrote_stays_text(page, tmp_path):
    nasty = "<img src=x onerror=alert(1)></style><script>alert(2)</script>"
    before, after = (files([slide(nasty, words(f"{nasty} {n}"))], title=nasty) for n in (1, 2))
    opened(page, tmp_path, before, after)
    assert page.complaints == []
    assert page.locator("h1").inner_text() == nasty
    assert page.locator("script, main img").count() == 0


LINES = """all => all.map((one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return new Set([...range.getClientRects()].map((box) => box.top)).size;
})"""

CONTRAST = """(() => {
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = {};
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own) continue;
    const [a, b] = [numbers(getComputedStyle(element).color), ground(element)].map(light);
    const words = element.textContent.trim().slice(0, 40);
    found[words] = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }
  return found;
})()"""
