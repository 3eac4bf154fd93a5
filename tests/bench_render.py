"""How fast a deck is drawn, beside `jupyter nbconvert --to slides`: `make bench-render`.

Notebooks of 1 to 4,000 cells, all different and with their outputs inside, are drawn in turns by
`abreast build --no-run` (the page, the merged and the executed notebook) and by nbconvert, each
time by a new process, in one virtualenv. Costs are processor seconds (user and system), medians of
all turns, because other work on the machine disturbs them less than the time that passes; what a
person waits for is told as time that passes. A cell's cost is a slope between two sizes, so that
start-up is apart.
"""

import base64
import json
import os
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from tests.conftest import code, prose, text_output

TURNS, LARGE_TURNS = 3, 2
SMALL, MIDDLE, LARGE = 100, 1000, 4000
EDITS = 7
BIN = Path(sys.executable).parent
DECK = """\
title: Bench
frameworks: [{name: one, title: One, kernel: python3}]
sections: [{title: Rows, abreast: {one: one.ipynb}}]
"""
WORDS = [
    *("tensor", "image", "layer", "weight", "batch", "loss", "speaker", "column", "framework"),
    *("of", "goes", "through", "whose", "learns", "from", "while", "the", "falls", "and", "what"),
]


def sentence(dice, count):
    return " ".join(dice.choices(WORDS, k=count)).capitalize() + "."


def displayed(mime, content, plain="<object>"):
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {mime: content, "text/plain": plain},
    }


def a_code_cell(dice, number):
    lines = [f"class Layer{number}(nn.Module):", "    def __init__(self, width):"]
    lines += [
        f"        self.{dice.choice(WORDS)}_{n} = nn.Conv2d({dice.randrange(512)}, width, kernel_size={n})"
        for n in range(8)
    ]
    lines += [f"print(Layer{number}({number}))  # {sentence(dice, 4)}"]
    printed = "".join(f"{sentence(dice, 7)} {dice.random():.4f}\n" for _ in range(3))
    return code("\n".join(lines), outputs=[text_output(printed)])


def a_text_cell(dice, number):
    items = "\n".join(f"- **{dice.choice(WORDS)}**: {sentence(dice, 9)}" for _ in range(3))
    link = f"See [part {number}](https://example.org/{number}) and `call({number})`."
    return prose(f"## {sentence(dice, 4)}\n\n{sentence(dice, 30)} {link}\n\n{items}")


def a_png_cell(dice, number):
    width, height = 96, 64
    rows = b"".join(b"\0" + dice.randbytes(width * 3) for _ in range(height))
    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    drawn = displayed("image/png", base64.encodebytes(png).decode())
    return code(f"show(images[{number}])  # {sentence(dice, 4)}", outputs=[drawn])


def an_svg_cell(dice, number):
    points = " ".join(f"{x},{dice.random() * 200:.2f}" for x in range(300))
    ticks = "".join(
        f'<g id="tick_{x}"><path d="M {x} 200 v 4" style="stroke:#000000"/><text x="{x}" y="214">{x}</text></g>'
        for x in range(0, 300, 50)
    )
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="320pt" height="220pt" viewBox="0 0 320 220">'
        f'<g id="axes_{number}">{ticks}<polyline points="{points}" '
        'style="fill:none;stroke:#1f77b4;stroke-width:1.5"/></g></svg>'
    )
    return code(f"plot(history[{number}])", outputs=[displayed("image/svg+xml", drawn)])


def a_table_cell(dice, number):
    names = [f"{dice.choice(WORDS)}_{n}" for n in range(5)]
    rows = [[f"{dice.gauss(0, 100):.4f}" for _ in names] for _ in range(8)]
    head = "".join(f"<th>{name}</th>" for name in names)
    body = "".join(
        f"<tr><th>{n}</th>{''.join(f'<td>{value}</td>' for value in row)}</tr>"
        for n, row in enumerate(rows)
    )
    html = (
        "<div>\n<style scoped>\n    .dataframe tbody tr th { vertical-align: top; }\n</style>\n"
        '<table border="1" class="dataframe">\n<thead>\n<tr style="text-align: right;"><th></th>'
        f"{head}</tr>\n</thead>\n<tbody>{body}</tbody>\n</table>\n</div>"
    )
    plain = "\n".join("  ".join(row) for row in (names, *rows))
    return code(f"frame.sample({number})", outputs=[displayed("text/html", html, plain)])


def a_latex_cell(dice, number):
    a, b, c = (dice.randrange(2, 99) for _ in range(3))
    return prose(
        f"{sentence(dice, 12)} Here $w_{{{number}}} = \\frac{{{a}}}{{{b}}}$ and $\\alpha^{{{c}}}$.\n\n"
        f"$$\\mathcal{{L}}_{{{number}}} = \\sum_{{i={a}}}^{{n}} \\left(y_i - {b} x_i\\right)^2 + "
        f"\\lambda \\int_0^{{{c}}} \\lVert w \\rVert \\, dw$$\n"
    )


KINDS = {
    "code": [a_code_cell],
    "text": [a_text_cell],
    "PNG": [a_png_cell],
    "SVG": [an_svg_cell],
    "tables": [a_table_cell],
    "mixed": [a_text_cell, a_code_cell, a_png_cell, a_table_cell, an_svg_cell],
    "LaTeX": [a_latex_cell],
    "all": [a_text_cell, a_code_cell, a_png_cell, a_latex_cell, a_table_cell, an_svg_cell],
}


def write_deck(folder, kind, count):
    """Write a deck of one column; cell by cell, so that this process stays small.

    What a new process is said to have taken at most begins with what its parent did.
    """
    deck = folder / "decks" / f"{kind}-{count}".lower()
    deck.mkdir(parents=True)
    (deck / "deck.yml").write_text(DECK, encoding="utf-8")
    dice = random.Random(count)
    with (deck / "one.ipynb").open("w", encoding="utf-8") as file:
        file.write('{"cells": [')
        for number, make in enumerate(islice(cycle(KINDS[kind]), count)):
            cell = {**make(dice, number), "id": f"cell-{number}"}
            file.write(("," if number else "") + json.dumps(cell))
        spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        rest = {"metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}
        file.write("]," + json.dumps(rest)[1:])
    return deck


@dataclass
class Cost:
    """What a process took: seconds that passed, processor seconds, MB at most."""

    wall: float
    cpu: float
    peak: float


def environment_of(folder):
    """Return what abreast is called with: what it keeps is in a folder of the bench's own."""
    return {**os.environ, "ABREAST_HOME": str(folder / "home")}


def called(folder, *command):
    """Run a command and return its cost."""
    environment = environment_of(folder)
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(said.read().decode())
    scale = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale)


def ours(folder, deck):
    """Build a deck anew, as if for the first time."""
    shutil.rmtree(folder / "home", ignore_errors=True)
    shutil.rmtree(folder / "outputs", ignore_errors=True)
    return again(folder, deck)


def again(folder, deck):
    return called(folder, BIN / "abreast", "build", deck.name, "--no-run")


def after_others(folder, deck):
    """Build a deck anew where others were built before: the templates are compiled."""
    shutil.rmtree(folder / "home" / "fragments", ignore_errors=True)
    shutil.rmtree(folder / "outputs", ignore_errors=True)
    return again(folder, deck)


def theirs(folder, deck):
    notebook = deck / "one.ipynb"
    out = folder / "nbconvert"
    return called(
        folder, BIN / "jupyter", "nbconvert", "--to", "slides", notebook, "--output-dir", out
    )


def in_turns(folder, sizes, turns):
    """Return the costs of both by kind and size; turn after turn, so that noise meets all alike."""
    found = {}
    for _ in range(turns):
        for key in sizes:
            deck = folder / "decks" / "{}-{}".format(*key).lower()
            for name, draw in (("ours", ours), ("theirs", theirs)):
                found.setdefault((name, *key), []).append(draw(folder, deck))
    return found


def median(costs, what):
    return statistics.median(getattr(cost, what) for cost in costs)


def per_cell(found, name, kind, small, large):
    """Return the processor milliseconds of a cell: what each cell more costs."""
    costs = [median(found[name, kind, count], "cpu") for count in (small, large)]
    return 1e3 * (costs[1] - costs[0]) / (large - small)


def edit(deck, number):
    """Change one word of the prose in the middle of a deck."""
    path = deck / "one.ipynb"
    document = json.loads(path.read_text(encoding="utf-8"))
    texts = [cell for cell in document["cells"] if cell["source"].startswith("## ")]
    texts[len(texts) // 2]["source"] += f"\n\nEdited {number}."
    path.write_text(json.dumps(document), encoding="utf-8")


def rebuilt(folder, deck):
    """Return what a new process takes after an edit of prose."""
    ours(folder, deck)
    costs = []
    for number in range(EDITS):
        edit(deck, number)
        costs.append(again(folder, deck))
    return costs


def redrawn(deck):
    """Return the seconds that a process which keeps what it has takes to redraw an edited deck."""
    from abreast.fragments import Fragments
    from abreast.pipeline import Request, prepare
    from abreast.pipeline.presenting import present
    from abreast.render.html import render_html
    from abreast.run.executions import as_stored

    request, fragments, seconds = Request(deck=deck / "deck.yml", execute=False), Fragments(), []
    for number in range(EDITS + 1):
        edit(deck, number)
        start = time.perf_counter()
        prepared = prepare(request)
        executions = as_stored(prepared.tasks, lambda _: None)
        presentation, _ = present(prepared, "bench", executions, fragments=fragments)
        render_html(presentation, fragments=fragments)
        fragments.sweep()
        seconds.append(time.perf_counter() - start)
    return seconds[1:]


def row(what, ours_, theirs_, reach, unit, ratio=None):
    """Return a line of the table; `ratio` is what the share of nbconvert's must not pass."""
    share = f"{ours_ / theirs_:.2f}" if theirs_ else ""
    aim = f"<= {ratio} of nbconvert's" if ratio else f"<= {reach:g} {unit}" if reach else ""
    kept = ours_ <= ratio * theirs_ if ratio else ours_ <= reach if reach else None
    verdict = {True: "reached", False: "MISSED", None: ""}[kept]
    other = f"{theirs_:.2f}" if theirs_ else ""
    return f"{what:38}{ours_:>9.2f} {unit:3}{other:>9}{share:>7}  {aim:21}{verdict}"


def report(folder):
    apart = [kind for kind in KINDS if kind != "all"]
    sizes = [(kind, count) for kind in apart for count in (SMALL, MIDDLE)]
    found = in_turns(folder, [("all", 1), *sizes], TURNS)
    found |= in_turns(folder, [("mixed", LARGE), ("all", LARGE)], LARGE_TURNS)
    yield f"{'':38}{'abreast':>9}    {'nbconvert':>10}{'ratio':>6}  to reach"
    for kind in apart:
        costs = [per_cell(found, name, kind, SMALL, MIDDLE) for name in ("ours", "theirs")]
        ratio = 0.2 if kind == "mixed" else None
        yield row(f"a cell, {kind}", *costs, None, "ms", ratio)
    costs = [per_cell(found, name, "mixed", MIDDLE, LARGE) for name in ("ours", "theirs")]
    yield row(f"a cell, mixed, from {MIDDLE} to {LARGE}", *costs, None, "ms", 0.2)
    costs = [median(found[name, "all", 1], "wall") for name in ("ours", "theirs")]
    yield row("start-up (a deck of one cell)", *costs, 0.45, "s")
    deck = folder / "decks" / "all-1"
    ours(folder, deck)
    later = median([after_others(folder, deck) for _ in range(EDITS)], "wall")
    yield row("start-up, not the first deck", later, costs[1], 0.45, "s")
    idle = median([again(folder, deck) for _ in range(EDITS)], "wall")
    yield row("nothing to do, one cell", idle, None, 0.4, "s")
    costs = [median(found[name, "all", LARGE], "peak") for name in ("ours", "theirs")]
    yield row(f"peak memory, {LARGE} cells of all kinds", *costs, 250, "MB")
    deck = folder / "decks" / f"all-{MIDDLE}"
    anew = median([theirs(folder, deck) for _ in range(3)], "wall")
    yield row(
        f"an edit of prose, {MIDDLE} cells, process",
        median(rebuilt(folder, deck), "wall"),
        anew,
        0.8,
        "s",
    )
    idle = median([again(folder, deck) for _ in range(EDITS)], "wall")
    yield row(f"nothing to do, {MIDDLE} cells", idle, None, 0.4, "s")
    kept = subprocess.run(
        [sys.executable, "-m", "tests.bench_render", deck],
        env=environment_of(folder), capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    yield row(f"an edit of prose, {MIDDLE} cells, serve", float(kept), anew, 0.3, "s")


def main():
    if len(sys.argv) > 1:
        print(statistics.median(redrawn(Path(sys.argv[1]))))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in KINDS:
            for count in {"mixed": (SMALL, MIDDLE, LARGE), "all": (1, MIDDLE, LARGE)}.get(
                kind, (SMALL, MIDDLE)
            ):
                write_deck(folder, kind, count)
        for line in report(folder):
            print(line, flush=True)


if __name__ == "__main__":
    main()
