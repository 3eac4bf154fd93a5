"""A built deck as files, and an eventful later build of it: what the tests of drift compare."""

import base64
import io
import json

from abreast.run.recorded import packages_once
from PIL import Image, ImageDraw

METRICS = "application/vnd.abreast.metrics+json"
CURVE = [(10, 150), (80, 70), (160, 40), (290, 25)]
OTHER_CURVE = [(10, 150), (80, 110), (160, 90), (290, 80)]


def plot(points, ink="#1b5fa8", size=(300, 180)):
    """Return a plot as base64: axes and one line."""
    picture = Image.new("RGB", size, "white")
    pencil = ImageDraw.Draw(picture)
    pencil.line([(8, 8), (8, size[1] - 12), (size[0] - 8, size[1] - 12)], fill="#59626e", width=1)
    pencil.line(points, fill=ink, width=3)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def display(**data):
    names = {"png": "image/png", "html": "text/html", "plain": "text/plain", "svg": "image/svg+xml"}
    return {
        "output_type": "display_data",
        "data": {names[name]: value for name, value in data.items()},
        "metadata": {},
    }


def code_cell(source, *outputs, name=""):
    return {
        "cell_type": "code", "id": name or f"c{len(source)}", "metadata": {}, "source": source,
        "outputs": list(outputs), "execution_count": 1,
    }  # fmt: skip


def notebook(*cells):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def slide(title, *blocks, section="Side by side", origin="one.ipynb cell 1", **more):
    return {
        "section": section, "title": title, "blocks": list(blocks), "origin": origin, "lede": "",
        "notes": "", "seconds": 60, "below": False, "opening": False, **more,
    }  # fmt: skip


def words(markdown):
    return {"kind": "prose", "markdown": markdown}


def columns(badge="first run 1 s", **sources):
    made = [
        {"framework": name, "source": source, "badge": badge, "lines": [], "outputs": []}
        for name, source in sources.items()
    ]
    return {
        "kind": "code", "columns": made, "bands": [], "font_px": 16.0, "outputs_px": 0.0
    }  # fmt: skip


def cost(median, spread=0.0, count=1, regime="first run", **more):
    return {
        "regime": regime, "median_seconds": median,
        "lower_quartile_seconds": median * (1 - spread / 2),
        "upper_quartile_seconds": median * (1 + spread / 2),
        "samples": count, "total_seconds": median * count, "unsteady": None, "device": "cpu",
        "device_model": "A processor", "cores": 2, "threads": 2, "alone": True, **more,
    }  # fmt: skip


def run(framework="pytorch", kernels=6, versions=None, **more):
    return {
        "section": "Side by side", "framework": framework, "swept": {}, "kernels": [{}] * kernels,
        "parameters": {"batch_size": 64}, "versions": versions or {"torch": "2.12.0"},
        "language_version": "3.11.7", "device": {"kind": "cpu", "model": "A processor",
        "cores": 2, "threads": 2}, "identity": None, **more,
    }  # fmt: skip


def curve(metric, *values, framework="pytorch", diverged=False):
    return {
        "section": "Side by side", "framework": framework, "metric": metric, "against": "epoch",
        "points": [[n, value] for n, value in enumerate(values, 1)], "diverged": diverged,
    }  # fmt: skip


def files(slides=(), cells=(), runs=(), steps=(), totals=(), curves=(), title="A deck"):
    """Return a built deck's files: `steps` maps a step's title to its costs by framework."""
    heads = [{"framework": {"name": "pytorch", "title": "PyTorch", "distributions": ["torch"]}}]
    merged = notebook(
        *({"cell_type": "markdown", "metadata": {"abreast": s}, "source": ""} for s in slides)
    )
    merged["metadata"] = {"abreast": {"name": "deck", "heads": heads}}
    timings = {
        "steps": [
            {"section": "Side by side", "step": step, "costs": costs}
            for step, costs in dict(steps).items()
        ],
        "totals": dict(totals), "sweeps": [], "curves": list(curves),
    }  # fmt: skip
    runs, packages = packages_once(runs)
    manifest = {
        "made_by": "abreast", "abreast": "0.1.0", "deck": "deck", "title": title,
        "profile": "quick", "packages": packages, "runs": runs,
    }  # fmt: skip
    texts = {
        "deck.ipynb": merged, "manifest.json": manifest, "timings.json": timings,
        "notebooks/side-by-side/pytorch.ipynb": notebook(*cells),
    }  # fmt: skip
    return {name: json.dumps(document) for name, document in texts.items()}


def before_and_after():
    """Return the files of a deck and of a later build, of which much is another."""
    return _before(), _after()


def _before():
    return files(
        title="AlexNet, three frameworks abreast",
        slides=[
            slide("How to read the slides", words("- each column is one framework\n- lines match")),
            slide("Old news", words("It will go."), section="Overview"),
            slide("Training", columns(pytorch="for epoch in range(3):\n    train(epoch)")),
            slide("Accuracy", columns(pytorch="score(net)"), notes="Mind the seed."),
        ],
        cells=[
            code_cell("train()", stream("epoch 1: loss 1.257\nepoch 2: loss 0.703\n"), name="a"),
            code_cell("plot()", display(png=plot(CURVE)), name="b"),
            code_cell("frame", display(html=_table("0.741", "512")), name="c"),
            code_cell("net", stream("Net(\n  (0): Conv2d(1, 96)\n  (1): ReLU()\n)\n"), name="d"),
            code_cell("load()", stream("reading\n", "stderr"), name="e"),
        ],
        runs=[run(versions={"torch": "2.12.0", "numpy": "2.3.1"})],
        steps={"Training": {"pytorch": cost(61.0)}, "One batch": {"pytorch": _steady(0.0471)}},
        totals={"pytorch": cost(67.0)},
        curves=[curve("accuracy", 0.6, 0.741), curve("loss", 1.257, 0.703)],
    )


def _after():
    warning = (
        "/opt/env/lib/python3.11/site-packages/torch/nn/functional.py:413: FutureWarning: "
        "reduction='elementwise_mean' will be removed in 2.15\n  warnings.warn(message)\n"
    )
    return files(
        title="AlexNet, three frameworks abreast",
        slides=[
            slide(
                "How to read the slides",
                words("- each column is one framework, in the same order\n- lines match"),
            ),
            slide(
                "Accuracy", columns(pytorch="score(net)"), notes="Mind the seed, and the device."
            ),
            slide("Training", columns(pytorch="for epoch in range(5):\n    train(epoch)")),
            slide("What is new", words("A slide that was not there."), section="Overview"),
        ],
        cells=[
            code_cell("train()", stream("epoch 1: loss 1.301\nepoch 2: loss 0.744\n"), name="a"),
            code_cell("plot()", display(png=plot(OTHER_CURVE)), name="b"),
            code_cell("frame", display(html=_table("0.712", "512")), name="c"),
            code_cell(
                "net",
                stream("Net(\n  (0): Conv2d(1, 96)\n  (1): GELU()\n  (2): Dropout(0.5)\n)\n"),
                name="d",
            ),
            code_cell("load()", stream("reading\n" + warning, "stderr"), name="e"),
        ],
        runs=[run(versions={"torch": "2.13.0", "numpy": "2.4.6"}, parameters={"batch_size": 32})],
        steps={"Training": {"pytorch": cost(140.0)}, "One batch": {"pytorch": _steady(0.0360)}},
        totals={"pytorch": cost(150.0)},
        curves=[curve("accuracy", 0.6, 0.712), curve("loss", 1.301, 0.744)],
    )


def _steady(median):
    return cost(median, spread=0.04, count=6, regime="steady", total_seconds=2.0)


def _table(accuracy, size):
    head = "<tr><th></th><th>accuracy</th><th>size</th></tr>"
    rows = f"<tr><th>0</th><td>{accuracy}</td><td>{size}</td></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"
