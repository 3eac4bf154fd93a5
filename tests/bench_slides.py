"""How fast a large deck opens and turns, and how much memory it takes: `make bench-slides`.

A deck of 1,000 rows in three columns is drawn, opened in Chromium and stepped through; the same
rows eagerly (all slides real at once) are the comparison. Prints milliseconds and megabytes.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

from abreast.frameworks import load
from abreast.model import Band, ColumnHead, Presentation, Slide
from abreast.render.html import render_html
from abreast.slides.drafts import Draft, DraftColumn
from abreast.slides.fit import fit_row
from abreast.slides.header import room_below
from playwright.sync_api import sync_playwright

from tests.install_chromium import find_chromium

ROWS, PRESSES, OPENINGS = 1000, 40, 5
NAMES = ("pytorch", "mxnet", "tensorflow")

NEXT = """() => new Promise(done => {
    const start = performance.now();
    Reveal.next({skipFragments: true});
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})"""
READY = """() => new Promise(done => {
    const tell = () => done(performance.now());
    Reveal.isReady() ? tell() : Reveal.on("ready", tell);
})"""


def draft(number):
    def source(name):
        lines = [f"layer_{n} = {name}.Conv2d({96 + n}, kernel={n})" for n in range(9)]
        return "\n".join([*lines, f"print(layer_{number % 9}.shape)"])

    output = {"output_type": "stream", "name": "stdout", "text": f"({number}, 96, 54, 54)\n"}
    return Draft(
        columns=tuple(
            DraftColumn(framework=n, source=source(n), outputs=(output,), badge="first run 12 ms")
            for n in NAMES
        ),
        bands=tuple(Band(lines=dict.fromkeys(NAMES, (line,))) for line in range(1, 11)),
    )


def presentation():
    room = room_below("Row 1000")
    slides = [
        Slide(section="Rows", title=f"Row {n}", blocks=tuple(fit_row(draft(n), room, room)))
        for n in range(ROWS)
    ]
    heads = tuple(ColumnHead(framework=load(name), version="1.0") for name in NAMES)
    return Presentation(name="large", title="Large", heads=heads, slides=tuple(slides))


def measured(browser, page_file):
    """Return ms to ready, ms from a press to the second frame, MB of JavaScript heap."""
    ready, presses, heap = [], [], []
    for _ in range(OPENINGS):
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        page = context.new_page()
        page.goto(page_file.as_uri(), wait_until="commit")
        page.wait_for_load_state("domcontentloaded")
        ready.append(page.evaluate(READY))
        presses += [page.evaluate(NEXT) for _ in range(PRESSES)]
        session = context.new_cdp_session(page)
        session.send("HeapProfiler.collectGarbage")
        metrics = session.send("Runtime.getHeapUsage")
        heap.append(metrics["usedSize"] / 1e6)
        context.close()
    return {
        "ready_ms": round(statistics.median(ready)),
        "next_ms": round(statistics.median(presses), 1),
        "heap_mb": round(statistics.median(heap), 1),
    }


def eager(html):
    """Return the page with all slides real from the start."""
    return html.replace('<script type="text/plain">', "").replace(
        "</script></section>", "</section>"
    )


def main():
    start = time.perf_counter()
    deck = presentation()
    fitted = time.perf_counter()
    html = render_html(deck)
    drawn = time.perf_counter()
    result = {
        "rows": ROWS,
        "fit_s": round(fitted - start, 2),
        "draw_s": round(drawn - fitted, 2),
        "page_mb": round(len(html) / 1e6, 2),
    }
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for name, text in (("inflated", html), ("eager", eager(html))):
            page_file = Path(folder) / f"{name}.html"
            page_file.write_text(text, encoding="utf-8")
            result[name] = measured(browser, page_file)
        browser.close()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
