"""Golden images of six kinds of slide. A person has looked at each one that is kept.

`ABREAST_GOLDEN=write make test-looks` writes them anew: look at them before you commit them.
"""

import io
import os

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.conftest import ROOT, Project, code, prose, text_output
from tests.torture import ERROR, SVG, data, frame

pytestmark = pytest.mark.browser

GOLDEN = ROOT / "tests" / "golden" / "looks"
# Fonts are embedded; only the antialiasing of another machine may differ.
MEAN, SHARE = 1.5, 0.02

DECK = """\
title: Looks
frameworks: [pytorch, mxnet, tensorflow]
sections:
  - {title: Words, slides: words.ipynb}
  - title: Code
    abreast: {pytorch: pytorch.ipynb, mxnet: mxnet.ipynb, tensorflow: tensorflow.ipynb}
"""
WORDS = (
    prose("# Three frameworks abreast\n\nOne network, three ways to say it."),
    prose(
        "## What softmax does\n\nIt turns scores into **probabilities**:\n\n"
        r"$$p_i = \frac{e^{x_i}}{\sum_{j=1}^{n} e^{x_j}}$$"
        "\n\n- all are positive\n- they add up to 1\n\n> Large scores win."
    ),
)
LAYERS = {
    "pytorch": "net = nn.Sequential(\n    nn.LazyConv2d(96, kernel_size=11, stride=4),\n"
    "    nn.ReLU(),\n    nn.MaxPool2d(3, stride=2),\n    nn.Flatten(),\n    nn.LazyLinear(10),\n)",
    "mxnet": "net = nn.Sequential()\nnet.add(\n    nn.Conv2D(96, kernel_size=11, strides=4),\n"
    "    nn.Activation('relu'),\n    nn.MaxPool2D(3, strides=2),\n    nn.Dense(10),\n)",
    "tensorflow": "net = keras.Sequential([\n    layers.Conv2D(96, kernel_size=11, strides=4),\n"
    "    layers.ReLU(),\n    layers.MaxPool2D(3, strides=2),\n    layers.Flatten(),\n"
    "    layers.Dense(10),\n])",
}


def cells(name):
    plot = data({"image/svg+xml": SVG}, alt="The loss goes down")
    return [
        prose("## The network\n\nOne stack of layers, three spellings."), code(LAYERS[name]),
        prose("## What comes out"), code(f"{name}.show()", outputs=[
            text_output("".join(f"epoch {n}: loss {1 / (n + 1):.3f}\n" for n in range(80))), frame(40, 5),
        ]),
        prose("## The curve"), code("plot(losses)", outputs=[plot]),
        prose("## A mistake"), code("x = 0\n1 / x", outputs=[ERROR]),
    ]  # fmt: skip


KINDS = {
    "opening": (0, -1), "prose": (1, -1), "step": (2, 1), "outputs": (3, -1), "plot": (4, -1),
    "error": (5, -1),
}  # fmt: skip


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("project"))
    project.deck("looks", DECK, words=WORDS, **{name: cells(name) for name in LAYERS})
    done = project.call("build", "looks", "--no-run")
    assert done.returncode == 0, done.stderr
    return project.folder / "outputs" / "looks" / "index.html"


@pytest.mark.parametrize("kind", KINDS)
def test_a_slide_looks_as_it_did(page, deck, kind, tmp_path):
    number, step = KINDS[kind]
    page.goto(deck.as_uri())
    page.evaluate("abreast.ready.then(() => document.fonts.ready)")
    page.evaluate(f"Reveal.slide({number}, 0, {step})")
    page.wait_for_timeout(200)
    drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    golden = GOLDEN / f"{kind}.png"
    if os.environ.get("ABREAST_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        drawn.quantize(256).save(golden, optimize=True)
    kept = Image.open(golden).convert("RGB")
    difference = ImageChops.difference(drawn, kept).convert("L")
    changed = sum(difference.histogram()[48:]) / (drawn.width * drawn.height)
    if ImageStat.Stat(difference).mean[0] > MEAN or changed > SHARE:
        drawn.save(tmp_path / f"{kind}.png")
        pytest.fail(f"{kind} looks otherwise: compare {tmp_path / kind}.png with {golden}")
