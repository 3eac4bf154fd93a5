"""The AlexNet deck in a real browser, from file://, as a speaker opens it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import FRAMEWORKS, ROOT

pytestmark = [pytest.mark.browser, pytest.mark.framework]


def open_deck(page, folder):
    page.goto((folder / "index.html").as_uri())
    page.evaluate("abreast.ready.then(abreast.inflateAll)")
    return page


def each_slide(page):
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate(
            f"(({{h, v}}) => Reveal.slide(h, v))(Reveal.getIndices(Reveal.getSlides()[{number}]))"
        )
        yield number


def test_every_framework_reaches_more_than_six_in_ten(alexnet):
    for name in FRAMEWORKS:
        text = (alexnet / "notebooks" / "alexnet-side-by-side" / f"{name}.ipynb").read_text("utf-8")
        accuracy = float(re.search(r"accuracy (0\.\d+)", text)[1])
        assert accuracy > 0.6, name


def test_nothing_is_requested_and_nothing_complains(page, alexnet):
    open_deck(page, alexnet)
    for _ in each_slide(page):
        page.wait_for_timeout(20)
    assert page.requests == [(alexnet / "index.html").as_uri()]
    assert page.complaints == []


def test_each_row_has_all_columns_at_equal_tops(page, alexnet):
    open_deck(page, alexnet)
    rows = 0
    for _ in each_slide(page):
        tops = page.evaluate(
            """() => [...Reveal.getCurrentSlide().querySelectorAll('.columns')].map(grid => {
                const top = node => node.getBoundingClientRect().top;
                const bands = [...grid.querySelectorAll('.band')].map(top);
                return {heads: [...grid.querySelectorAll('.head')].map(top), bands};
            })"""
        )
        for grid in tops:
            rows += 1
            assert len(grid["heads"]) == len(FRAMEWORKS)
            assert max(grid["heads"]) - min(grid["heads"]) < 1
            for i in range(0, len(grid["bands"]), len(FRAMEWORKS)):
                band = grid["bands"][i : i + len(FRAMEWORKS)]
                assert max(band) - min(band) < 1
    assert rows >= 9


def test_no_slide_is_clipped_and_every_image_is_loaded(page, alexnet):
    open_deck(page, alexnet)
    clipped = []
    for number in each_slide(page):
        box = page.evaluate(
            """() => { const slide = Reveal.getCurrentSlide();
                return {high: slide.scrollHeight - slide.clientHeight,
                        wide: Math.max(0, ...[...slide.querySelectorAll('.band')]
                            .map(b => b.scrollWidth - b.clientWidth))}; }"""
        )
        if box["high"] > 0 or box["wide"] > 0:
            clipped.append((number, box))
    assert clipped == []
    images = page.evaluate(
        "[...document.images].map(i => [i.complete && i.naturalWidth > 0, i.alt])"
    )
    assert len(images) >= 2
    assert all(loaded and alt for loaded, alt in images)


def test_every_code_slide_has_notes_and_a_time(page, alexnet):
    open_deck(page, alexnet)
    slides = page.evaluate(
        """[...document.querySelectorAll('section.slide')].filter(s => s.querySelector('.band'))
            .map(s => ({notes: !!s.querySelector('aside.notes'),
                        badges: [...s.querySelectorAll('.badge')].map(b => b.textContent)}))"""
    )
    assert all(slide["notes"] for slide in slides)
    badges = [badge for slide in slides for badge in slide["badges"]]
    assert len(badges) >= 24
    steady = [badge for badge in badges if not badge.startswith("first run ")]
    assert len(steady) == len(FRAMEWORKS)
    assert all("s ±" in badge for badge in steady)


def test_copying_gives_the_authors_source(page, alexnet):
    open_deck(page, alexnet)
    notebook = json.loads((ROOT / "decks" / "alexnet" / "pytorch.ipynb").read_text("utf-8"))
    sources = {
        re.sub(r"^#\|.*\n", "", "".join(c["source"]))
        for c in notebook["cells"]
        if c["cell_type"] == "code"
    }
    offered = page.evaluate("[...document.querySelectorAll('.copy')].map(b => b.dataset.source)")
    assert len(sources & set(offered)) >= len(sources) - 1  # the parameters are shown as run


def test_the_speaker_view_works_from_a_file(page, alexnet):
    open_deck(page, alexnet)
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    view = popup.value
    notes = view.locator(".speaker-controls-notes .value")
    expect(notes).to_contain_text("Welcome")


def test_the_exporter_draws_the_page_that_build_drew(alexnet, tmp_path):
    _nbconvert("abreast", alexnet, tmp_path / "again.html")
    drawn = (tmp_path / "again.html").read_text(encoding="utf-8")
    assert drawn == (alexnet / "index.html").read_text(encoding="utf-8")


def test_the_merged_notebook_is_valid(alexnet):
    import nbformat

    for path in (alexnet / "alexnet.ipynb", *alexnet.glob("notebooks/*/*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
        nbformat.validate(notebook)


@pytest.mark.parametrize("committed", [True, False])
def test_outputs_name_neither_users_nor_paths(alexnet, committed):
    folder = ROOT / "outputs" / "alexnet" if committed else alexnet
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        text = path.read_text(encoding="utf-8")
        for word in (str(Path.home()), str(ROOT), "/home/", "/tmp/", "site-packages"):  # noqa: S108
            assert word not in text, f"{path.name} names {word}"


def _nbconvert(target, folder, output):
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", target, str(folder / "alexnet.ipynb"),
         "--output", str(output.name), "--output-dir", str(output.parent)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    produced = next(output.parent.glob(f"{output.stem}*"))
    if produced != output:
        produced.rename(output)
