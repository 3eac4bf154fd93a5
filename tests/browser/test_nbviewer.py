"""The merged notebooks as others show them: nbviewer's slides, Jupyter, GitHub.

nbviewer renders slides with nbconvert's own template, so here `jupyter nbconvert --to slides` does,
with nothing of ours in between. What the page then asks the network for, tests/stock.py answers:
once with files that stand in, without any network, and once with those that are on the network.
"""

import functools
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from abreast.model import CodeRow
from abreast.render.notebook import presentation_of

from tests.conftest import DECKS, ROOT, Project
from tests.npm import NotFetchedError
from tests.stock import PREFIX, REAL, STANDING_IN, answers
from tests.torture import write_torture

pytestmark = pytest.mark.browser

SIZES = ((1280, 720), (1024, 768), (1920, 1080))
TORTURE = "torture"
"""A deck of four columns that hold whatever a notebook can hold; its prose nobody would show."""
SEEN = Path(__file__).with_name("columns.js").read_text(encoding="utf-8")
_SOFT = re.compile(r"^ *↪ ", re.MULTILINE)


class Pages:
    """A folder that a server of this machine shows, with notebooks as nbconvert converts them."""

    def __init__(self, folder, address):
        self.folder, self.address = folder, address

    @functools.cache  # noqa: B019 - there is one for the session
    def notebook(self, name):
        root = self.folder if name == TORTURE else ROOT
        if name == TORTURE:
            project = Project(root)
            write_torture(project)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("ABREAST_HOME", str(self.folder / "home"))
                done = project.call("build", name, "--no-run")
            assert done.returncode == 0, done.stderr
        return root / "outputs" / name / f"{name}.ipynb"

    @functools.cache  # noqa: B019
    def page(self, name, target):
        """Return the address of a notebook, converted by the stock command line."""
        command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", target]
        place = ["--output", f"{name}-{target}", "--output-dir", str(self.folder)]
        done = subprocess.run(
            [*command, str(self.notebook(name)), *place],
            # No settings of whoever runs this.
            env={**os.environ, "JUPYTER_NO_CONFIG": "1", "JUPYTER_PLATFORM_DIRS": "1"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        (found,) = self.folder.glob(f"{name}-{target}*.html")
        return f"{self.address}/{found.name}"

    def rows(self, name):
        """Return the rows of code of each slide."""
        document = json.loads(self.notebook(name).read_text(encoding="utf-8"))
        slides = presentation_of(document).slides
        return [[b for b in slide.blocks if isinstance(b, CodeRow)] for slide in slides]


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stock")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Pages(folder, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


@pytest.fixture(params=[STANDING_IN, pytest.param(REAL, marks=pytest.mark.network)])
def network(page, pages, request):
    """What is on the network, or stands in for it; whatever else a page asks for is refused."""
    try:
        answer = answers(request.param)
    except NotFetchedError as error:
        pytest.skip(str(error))
    page.route(lambda address: not address.startswith(pages.address), answer)


def code_of(column, band, row):
    """Return the code of a column in a band, without spaces: their numbers are the browser's."""
    lines = [
        column.lines[number - 1].text for number in row.bands[band].lines.get(column.framework, ())
    ]
    return "".join("".join(lines).split()) or "·"


def assert_columns(tables, rows):
    """Each row's columns stand beside each other, its bands at the same heights, all code in them."""
    assert len(tables) == len(rows)
    for table, row in zip(tables, rows, strict=True):
        for cells in (table["heads"], *table["bands"]):
            assert len(cells) == len(row.columns)
            assert len({round(cell["top"]) for cell in cells}) == 1
            assert len({round(cell["bottom"]) for cell in cells}) == 1
            assert all(one["right"] <= next_["left"] + 1 for one, next_ in pairwise(cells))
            assert all(cell["right"] - cell["left"] > 100 for cell in cells)
        assert len(table["bands"]) == len(row.bands)
        for number, cells in enumerate(table["bands"]):
            for cell, column in zip(cells, row.columns, strict=True):
                shown = "".join(_SOFT.sub("", cell["text"]).split())
                assert shown == code_of(column, number, row)


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("name", [*DECKS, TORTURE])
def test_stock_slides_show_columns_side_by_side_and_whole(page, pages, name):
    rows = pages.rows(name)
    assert any(rows)
    page.goto(pages.page(name, "slides"))
    page.evaluate(SEEN)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        seen = page.evaluate("prefix => seenSlides(prefix)", PREFIX)
        assert len(seen) == len(rows)
        for number, (slide, own) in enumerate(zip(seen, rows, strict=True), 1):
            where = f"slide {number} of {name} at {width}x{height}"
            assert_columns(slide["tables"], own)
            if own or name != TORTURE:
                assert slide["aside"] == [], f"beside {where}"
                assert slide["wider"] == [], f"cut at the right: {where}"
            last = [
                cell["bottom"]
                for table in slide["tables"]
                for band in table["bands"][-1:]
                for cell in band
            ]
            bottom = max(last, default=0) if name == TORTURE else slide["bottom"]
            assert bottom <= slide["height"] + 1, f"cut below: {where}"


@pytest.mark.parametrize("width", [1280, 900])
@pytest.mark.parametrize("name", [*DECKS, TORTURE])
def test_jupyter_shows_columns_side_by_side(page, pages, name, width):
    """JupyterLab's own look, which `nbconvert --to html` has; 900 px is how wide GitHub shows one."""
    page.route(lambda address: not address.startswith(pages.address), lambda route: route.abort())
    page.set_viewport_size({"width": width, "height": 720})
    page.goto(pages.page(name, "html"), wait_until="domcontentloaded")
    page.evaluate(SEEN)
    seen = page.evaluate("seen(document.body, document.body.getBoundingClientRect())")
    assert_columns(seen["tables"], [row for own in pages.rows(name) for row in own])
    assert seen["aside"] == []


@pytest.mark.parametrize("name", [*DECKS, TORTURE])
def test_columns_stay_side_by_side_where_styles_are_taken_off(page, pages, name):
    """As GitHub shows notebooks: it keeps elements, tables too, and takes off what styles them."""
    page.route(lambda address: not address.startswith(pages.address), lambda route: route.abort())
    page.goto(pages.page(name, "html"), wait_until="domcontentloaded")
    page.evaluate(SEEN)
    lefts, tops = page.evaluate(
        """() => {
            const cells = [...document.querySelectorAll(".jp-MarkdownOutput")];
            cells.forEach((cell) => cell.querySelectorAll("[style]").forEach(
                (node) => node.removeAttribute("style")));
            const tables = cells.flatMap((cell) => [...cell.querySelectorAll("table")])
                .filter((table) => table.querySelector("th > div"));
            const lefts = tables.flatMap((table) => [...table.rows].map(
                (row) => [...row.cells].map((cell) => cell.getBoundingClientRect().left)));
            const tops = tables.flatMap((table) => [...table.rows].map(
                (row) => new Set([...row.cells].map((c) => c.getBoundingClientRect().top)).size));
            return [lefts, tops];
        }"""
    )
    assert lefts
    assert all(own == sorted(set(own)) for own in lefts)
    assert set(tops) == {1}


def test_nothing_of_a_notebook_asks_the_network(pages):
    for name in [*DECKS, TORTURE]:
        text = pages.notebook(name).read_text(encoding="utf-8")
        cells = [cell["source"] for cell in json.loads(text)["cells"]]
        assert not any(
            re.search(r"<(?:script|link|iframe)|src=\"(?!data:)", cell) for cell in cells
        )
        # Raw HTML in Markdown ends at a blank line.
        assert not any("\n\n" in cell for cell in cells)
