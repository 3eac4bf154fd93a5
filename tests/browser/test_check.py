"""`abreast check` finds what is broken on purpose, and nothing where nothing is."""

import json
import os
import signal
import subprocess
import time

import psutil
import pytest
from abreast import assets
from abreast.errors import EnvironmentMissingError
from abreast.render.browser import blank_page

from tests.conftest import code, expect_end, prose, text_output, until

pytestmark = [pytest.mark.browser]

DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
    "hgGAWjR9awAAAABJRU5ErkJggg=="
)
STYLE = """
html, body, main { height: 100%; margin: 0; background: #fff }
.reveal .slides { text-align: left }
.reveal .slides section.slide { box-sizing: border-box; width: 1280px; height: 720px;
  padding: 34px 48px 44px; font: 26px/1.5 sans-serif }
.columns { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); gap: 0 20px }
.band { margin: 0; font: 26px/1.45 monospace; white-space: pre }
.reveal .slides section .fragment { opacity: 1; visibility: inherit }
.stepping:has(.current-fragment) .band:not(.current-fragment) { color: #aaa }
.foot { position: fixed; left: 48px; bottom: 14px; font: 26px/1.2 sans-serif }
"""
START = """
window.abreast = {
  inflateAll() {},
  ready: Reveal.initialize({ width: 1280, height: 720, margin: 0, center: false, controls: false,
    transition: "none", hash: true, minScale: 0.05, maxScale: 8 })
    .then(() => document.querySelector(".reveal").removeAttribute("role")),
};
"""


def page(*slides, script=""):
    """A page of slides that keeps the contract between the templates and the check."""
    sections = "".join(
        f'<section class="slide" data-section="Part" data-origin="a.ipynb cell {n}">{html}</section>'
        for n, html in enumerate(slides, 1)
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hand-made</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:;
  style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<style>{assets.npm_text("reveal.js", "dist/reveal.css")}{STYLE}</style></head>
<body><main><div class="reveal"><div class="slides">{sections}</div>
<div class="foot">the foot</div></div></main>
<script>{assets.for_script(assets.npm_text("reveal.js", "dist/reveal.js"))}</script>
<script>{START}{script}</script></body></html>"""


def columns(*cells, css=""):
    bands = "".join(f'<pre class="band">{cell}</pre>' for cell in cells)
    return f"""<h2>Code</h2><div class="columns {css}" data-columns="{len(cells)}"
        style="--columns:{len(cells)}">{bands}</div>"""


def steps(*cells):
    return columns(*cells, css="stepping").replace('class="band"', 'class="band fragment"')


def lines(count):
    return "\n".join(f"line {n}" for n in range(count))


BROKEN = {
    "a box hides": (
        f'<h2>T</h2><div style="height:40px;overflow:hidden"><pre class="text">{lines(9)}</pre></div>',
        ("clipped", "line 0", "Its box hides it"),
    ),
    "a box scrolls, and does not say so": (
        (
            f'<h2>T</h2><div tabindex="0" style="height:80px;overflow:auto">{lines(1)}'
            '<p style="width:3000px">wide</p></div>'
        ),
        ("clipped", "px at 1280x720, 1920x1080, 1024x768: div", "Its box hides it"),
    ),
    "in an output of its own HTML": (
        (
            '<h2>T</h2><div class="output html" tabindex="0" style="height:60px;overflow:auto">'
            f"<p>{lines(1)}</p><pre>{lines(9)}</pre></div>"
        ),
        ("clipped", "div.output.html", "Its box hides it"),
    ),
    "too long": (columns(lines(30)), ("clipped", "pre.band", "sticks out of the slide")),
    "too wide": (columns("word" * 60, "b"), ("clipped", "pre.band", "runs out of its box")),
    "overlap": (
        columns("a", "b").replace('"band">b', '"band" style="margin-left:-200px">bb'),
        ("clipped", "pre.band", "over its neighbour"),
    ),
    "under the foot": (
        '<h2>T</h2><p style="margin-top:550px">Down here</p>',
        ("clipped", 'p "Down here"', "under the page's frame"),
    ),
    "small prose": (
        '<h2>T</h2><div class="prose"><p style="font-size:20px">Small</p></div>',
        ("small type", "20 px, under 20.2 px", 'p "Small"'),
    ),
    "small code in one column": (
        columns('<span style="font-size:20px">x = 1</span>'),
        ("small type", "under 20.2 px", "pre.band"),
    ),
    "small code in two columns": (
        columns('<span style="font-size:17px">x = 1</span>', "y"),
        ("small type", "under 17.3 px", "pre.band"),
    ),
    "small code in three columns": (
        columns('<span style="font-size:12px">x = 1</span>', "y", "z"),
        ("small type", "under 13 px", "pre.band"),
    ),
    "pale": (
        columns('<span style="font-size:21px;color:#bbb"># pale</span>'),
        ("contrast", "under 4.5:1", "span"),
    ),
    "dimmed": (steps("lit", "dimmed one"), ("contrast", "dimmed one", "while a step is lit")),
    "no alt": (f'<h2>T</h2><img src="{DOT}">', ("alt", "missing", "img")),
    "an output without alt": (
        f'<h2>T</h2><div class="output"><img alt="" src="{DOT}"></div>',
        ("alt", "empty", "img"),
    ),
    "a picture without alt in an output of its own HTML": (
        (f'<h2>T</h2><div class="output html"><img src="{DOT}"></div>'),
        ("alt", "missing", "img"),
    ),
    "a drawing without a name": (
        '<h2>T</h2><svg role="img" width="9" height="9"></svg>',
        ("alt", "missing", "svg"),
    ),
    "axe": ('<h2>T</h2><a href="#/0"></a>', ("axe", "link-name (serious)", "discernible")),
    "a request": (
        '<h2>T</h2><img alt="x" src="https://example.org/x.png">',
        ("request", "https://example.org/x.png", "img"),
    ),
    "a file beside": ('<h2>T</h2><img alt="x" src="x.png">', ("request", "x.png", "img")),
    "a link to no slide": ('<h2>T</h2><a href="#/99">on</a>', ("link", "#/99", 'a "on"')),
    "a link to nothing": ('<h2>T</h2><a href="#gone">on</a>', ("link", "#gone", 'a "on"')),
    "uneven": (
        columns("a", "b").replace('"band">b', '"band" style="margin-top:9px">b'),
        ("uneven", "9 px", "band 0"),
    ),
}
COMPLAINT = """Reveal.on("slidechanged", ({ indexh }) => {
  if (indexh === 1) { console.error("went wrong"); }
  if (indexh === 2) { throw new Error("went worse"); }
});"""
FINE = (
    "<h1>Hello</h1><p>Large enough.</p>",
    columns("a = 1", "b = 1", "c = 1"),
    (
        '<h2>Links</h2><p><a href="#/0">a slide</a>, <a href="#/1">another</a>, '
        '<a href="https://example.org/">elsewhere</a></p>'
    ),
    (
        '<h2>In full</h2><div class="scrolls" tabindex="0" style="height:50px;overflow:auto">'
        f"<pre>{lines(30)}</pre></div>"
    ),
    (
        f'<h2>Pictures</h2><div class="output"><img alt="A dot" src="{DOT}"></div>'
        '<svg role="img" aria-label="A line" width="9" height="9"></svg>'
    ),
    (
        "<h2>Words</h2><p>x<sub>1</sub> and <span style='position:absolute;width:1px;height:1px;"
        "overflow:hidden;clip-path:inset(50%);white-space:nowrap'>for readers</span></p>"
    ),
)


def check(project, html, *options):
    (project.folder / "page.html").write_text(html, encoding="utf-8")
    return project.call("check", "page.html", *options)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What is said of a page with every fault of BROKEN, a slide each."""
    from tests.conftest import Project

    folder = tmp_path_factory.mktemp("broken")
    done = check(Project(folder), page(*(html for html, _ in BROKEN.values())))
    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize("fault", BROKEN)
def test_each_fault_is_found_once_with_its_slide_and_cell(told, fault):
    number = list(BROKEN).index(fault) + 1
    place = f"slide {number}, Part (a.ipynb cell {number}): "
    found = [line for line in told.stdout.splitlines() if line.startswith(place)]
    kind, *words = BROKEN[fault][1]
    assert len(found) == 1, found
    assert found[0].startswith(f"{place}{kind} ")
    for word in words:
        assert word in found[0]


def test_the_last_line_counts(told):
    last = told.stderr.splitlines()[-1]
    assert (
        last
        == f"error: {len(BROKEN)} slides at 3 sizes: {len(BROKEN)} findings on {len(BROKEN)} slides."
    )


def test_complaints_of_the_browser_are_found_on_their_slides(project):
    done = check(project, page(*FINE, script=COMPLAINT))
    assert done.returncode == 5
    first, second = done.stdout.splitlines()
    assert first.startswith("slide 2, Part (a.ipynb cell 2): console error: went wrong. ")
    assert second.startswith("slide 3, Part (a.ipynb cell 3): console exception: went worse. ")


def test_where_nothing_falls_short_it_says_so(project):
    done = check(project, page(*FINE))
    assert (done.returncode, done.stdout) == (0, "6 slides at 3 sizes: nothing falls short.\n")


def test_json_is_one_object(project):
    done = check(project, page(FINE[0], columns("word" * 60)), "--json")
    assert done.returncode == 5
    record = json.loads(done.stdout)
    assert {name: record[name] for name in ("deck", "slides", "viewports")} == {
        "deck": "page", "slides": 2, "viewports": ["1280x720", "1920x1080", "1024x768"],
    }  # fmt: skip
    (finding,) = record["findings"]
    assert finding["amount"].endswith(" px")
    assert (finding["slide"], finding["section"], finding["origin"], finding["kind"]) == (
        2, "Part", "a.ipynb cell 2", "clipped",
    )  # fmt: skip


def test_a_deck_that_is_not_built_is_told_how(project):
    project.deck("talk", "title: T\nframeworks: [pytorch]\nsections: []\n")
    done = project.call("check", "talk")
    assert done.returncode == 2
    assert "outputs/talk/index.html: the deck is not built yet. abreast build talk" in done.stderr


@pytest.mark.parametrize("html", ["<p>Hello</p>", "<script>window.Reveal = {}</script>"])
def test_another_page_is_no_deck(project, html):
    done = check(project, html)
    assert done.returncode == 2
    assert "page.html: this page does not open as a deck." in done.stderr


def test_without_chromium_it_says_how_to_get_it(project, monkeypatch):
    monkeypatch.setenv("PATH", str(project.folder))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(project.folder))
    done = check(project, page(*FINE))
    assert done.returncode == 4
    assert "playwright install chromium" in done.stderr


def test_without_playwright_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "playwright.sync_api", None)
    with (
        pytest.raises(EnvironmentMissingError, match=r"pip install 'abreast\[check\]'"),
        blank_page(width=9, height=9),
    ):
        pass


def test_ctrl_c_leaves_no_chromium(project):
    (project.folder / "page.html").write_text(page(*FINE * 20), encoding="utf-8")
    process = subprocess.Popen(
        project.command("check", "page.html"), cwd=project.folder,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ,
    )  # fmt: skip
    command = psutil.Process(process.pid)
    until(lambda: len(command.children(recursive=True)) >= 5)
    time.sleep(1)
    children = command.children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    expect_end(children)


DECK = """\
title: Two columns
frameworks: [pytorch, tensorflow]
sections:
  - {title: Before, slides: before.ipynb}
  - title: Side by side
    abreast: {pytorch: pytorch.ipynb, tensorflow: tensorflow.ipynb}
"""


def test_a_deck_that_abreast_built_falls_short_nowhere(project):
    def cells(name):
        return (
            prose(f"## A network\n\nIts layers in {name}."),
            code(f"import {name}\nnet = {name}.Linear(4, 2)\nprint(net)",
                 outputs=[text_output("Linear(4, 2)\n")]),
            prose("## Training\n\nOne epoch after the other."),
            code("for epoch in range(30):\n    print('epoch', epoch, 'loss', 1 / (epoch + 1))",
                 outputs=[text_output("".join(f"epoch {n} loss {1 / (n + 1)}\n" for n in range(30)))]),
        )  # fmt: skip

    project.deck(
        "talk", DECK, before=[prose("# Hello\n\nWords before the code, with $x_1^2$.")],
        pytorch=cells("torch"), tensorflow=cells("tensorflow"),
    )  # fmt: skip
    built = project.call("build", "talk", "--no-run")
    assert built.returncode == 0, built.stderr
    done = project.call("check", "talk")
    assert done.stdout.endswith("at 3 sizes: nothing falls short.\n"), done.stdout
    assert done.returncode == 0
