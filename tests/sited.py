"""Built decks in outputs/, made without building: what the tests of the site's page list."""

import json

from abreast.model import (
    Band,
    CodeColumn,
    CodeRow,
    ColumnHead,
    ImageDisplay,
    Line,
    Presentation,
    Prose,
    Slide,
    TextDisplay,
)
from abreast.publish.outputs import publish
from abreast.render.html import render_html
from abreast.render.notebook import merged_notebook

from tests.charted import FRAMEWORKS

CPU = {"kind": "cpu", "model": "Xeon", "cores": 2, "threads": 2}
GPU = {"kind": "cuda", "model": "NVIDIA H200", "cores": 16, "threads": None}
PAGE = "<!doctype html><title>A deck</title>"
# What an answer takes, its layout included, in ms; several times, for others share the machine.
ANSWERED = """(words) => Array.from({ length: 9 }, () => {
  const input = document.getElementById("query");
  input.value = words;
  const start = performance.now();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - start;
})"""
ROWS = "document.getElementById('index').textContent.match(/bands/g).length"
SEARCHES = ("n", "Conv2d", "x layer rate", "Conv2d(17,")


def lines(source):
    texts = source.split("\n")
    return tuple(Line(text=text, number=n) for n, text in enumerate(texts, 1) if text.strip())


def text(words):
    return TextDisplay(lines=lines(words), stream="stdout")


def picture(height=200.0):
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    return ImageDisplay(mime="image/png", data=dot, width_px=300, height_px=height, alt="a plot")


def column(framework, source, *outputs):
    return CodeColumn(framework=framework, source=source, lines=lines(source), outputs=outputs)


def row(*columns, bands=None):
    """A row whose bands are its lines, one by one, unless `bands` says which lines they hold."""
    longest = max(len(column.lines) for column in columns)
    each = [
        {c.framework: (n,) for c in columns if n <= len(c.lines)} for n in range(1, longest + 1)
    ]
    made = tuple(Band(lines=lines) for lines in (bands or each))
    return CodeRow(columns=columns, bands=made, font_px=18, outputs_px=14)


def slide(title, *blocks, section="Side by side", seconds=60, **more):
    return Slide(section=section, title=title, blocks=blocks, seconds=seconds, **more)


def prose(title, section="Overview", **more):
    return slide(title, Prose(markdown="Words."), section=section, **more)


NETWORK = row(
    column("pytorch", "net = nn.Sequential(\n    nn.Conv2d(1, 96, 11))", text("a\nb")),
    column("mxnet", "net = nn.Sequential()\nnet.add(nn.Conv2D(96, 11))", text("a\nb")),
)
SLIDES = (
    prose("Convolutions", opening=True),
    prose("Why `Conv2d` *slides*"),
    slide("The network", NETWORK),
    slide("What it gives", row(column("pytorch", "net(x)"), column("mxnet", "net(x)")), below=True),
)


def run(framework, section="Side by side", device=CPU, started="2026-11-21T17:28:33+00:00", **more):
    return {
        "section": section, "framework": framework, "swept": {}, "device": device,
        "started": started, "failure": None, "as_found": False,
        "notebook": f"notebooks/{section.lower().replace(' ', '-')}/{framework}.ipynb", **more,
    }  # fmt: skip


def deck(
    outputs,
    name,
    title="Convolutions",
    slides=SLIDES,
    columns=2,
    runs=None,
    page=PAGE,
    along=None,
    **more,
):
    """Put a deck into outputs/; without a `page` it gets its own, which a browser can show.

    `along` is the name of the whole deck and the path that is built of it.
    """
    shown = Presentation(
        name=name, title=title, slides=tuple(slides),
        heads=tuple(ColumnHead(framework=f, version=f"{n}.0") for n, f in enumerate(FRAMEWORKS[:columns], 1)),
        **{"minutes": 25.0, **more},
    )  # fmt: skip
    runs = [run(f.name) for f in FRAMEWORKS[:columns]] if runs is None else runs
    executed = {one["notebook"]: "{}" for one in runs if "notebook" in one}
    files = {
        "index.html": page or render_html(shown),
        f"{name}.ipynb": "".join(merged_notebook(shown)),
        **executed,
    }
    of, path = along or (name, "")
    manifest = {
        "deck": of, "path": path, "title": title, "profile": "quick", "abreast": "0", "runs": runs,
    }  # fmt: skip
    return publish(outputs / name, files, manifest)


def large_deck(outputs, name):
    """A deck of 34 slides with code in four columns, as long as authors write."""

    def source(n, framework):
        calls = "\n".join(f"x = layer_{n}_{k}(x, {framework}_options, rate=0.1)" for k in range(9))
        return f"import {framework}\nnet.append(nn.Conv2d({n}, 96, kernel_size=11))\n{calls}"

    slides = [
        slide(f"Step {n}", row(*(column(f.name, source(n, f.name), text("ok")) for f in FRAMEWORKS[:4])),
              section=f"Part {n // 10}")
        for n in range(34)
    ]  # fmt: skip
    return deck(outputs, name, f"The deck {name}", slides, columns=4)


def large_decks(outputs):
    """Nine of them: 306 rows."""
    for number in range(9):
        large_deck(outputs, f"deck-{number}")


def edited(folder, **record):
    """Change a deck's manifest by hand."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | record
    path.write_text(json.dumps(manifest), encoding="utf-8")
