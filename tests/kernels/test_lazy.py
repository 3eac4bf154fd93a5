"""The point of the probe: lazily dispatched work is charged to the cell that asked for it."""

import json
import statistics

import pytest

from tests.conftest import Project, code, samples_of

pytestmark = [pytest.mark.kernel, pytest.mark.framework]

TIMES = 7
SETUP = {
    "mxnet": "import mxnet as mx\nx = mx.nd.ones((1500, 1500)) / 1500\nmx.nd.dot(x, x).wait_to_read()",
    "jax": "import jax.numpy as jnp\nx = jnp.ones((1500, 1500)) / 1500\n(x @ x).block_until_ready()",
}
PRODUCT = {"mxnet": "mx.nd.dot(x, y)", "jax": "x @ y"}
WAIT = {"mxnet": "y.wait_to_read()", "jax": "y.block_until_ready()"}


def cells(name):
    """Lazy cells whose results a thread waits for by hand, each with one that does nothing after it.

    The very work that the probe times is timed by hand: what else the machine does meets both.
    """
    lines = (
        "from queue import SimpleQueue",
        "from threading import Thread",
        "from time import perf_counter",
        SETUP[name],
        "asked, by_hand = SimpleQueue(), SimpleQueue()",
        "def watch():",
        "    while True:",
        "        y, started = asked.get()",
        f"        {WAIT[name]}",
        "        by_hand.put(perf_counter() - started)",
        "Thread(target=watch, daemon=True).start()",
    )
    yield code("\n".join(lines))
    products = f"y = x\nfor _ in range(12):\n    y = {PRODUCT[name]}"
    for _ in range(TIMES):
        yield code(f"started = perf_counter()\n{products}\nasked.put((y, started))")
        yield code("pass")
    yield code(f"import json\nprint(json.dumps([by_hand.get() for _ in range({TIMES})]))")


def measured(folder, name):
    """Return the samples of the lazy cells, those of the cells after them, and the seconds by hand."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (samples,) = next(samples_of(r) for r in manifest["runs"] if r["framework"] == name)
    executed = json.loads((folder / "notebooks" / "s" / f"{name}.ipynb").read_text("utf-8"))
    lazy, after = (
        [samples[str(index)][0] for index in range(first, 2 * TIMES + 1, 2)] for first in (1, 2)
    )
    return lazy, after, json.loads(executed["cells"][-1]["outputs"][0]["text"])


@pytest.mark.parametrize("name", ["mxnet", "jax"])
def test_lazy_products_are_charged_to_their_own_cell(name, tmp_path):
    project = Project(tmp_path)
    deck = f"title: Lazy\nframeworks: [{name}]\nsections:\n  - {{title: S, abreast: {{{name}: one.ipynb}}}}\n"
    project.deck("lazy", deck, one=tuple(cells(name)))
    done = project.call("build", "lazy")
    assert done.returncode == 0, done.stderr
    lazy, after, by_hand = measured(tmp_path / "outputs" / "lazy", name)

    def over_by_hand(samples, field):
        each = (sample[field] / hand for sample, hand in zip(samples, by_hand, strict=True))
        return statistics.median(each)

    probe, naive = over_by_hand(lazy, "wall_seconds"), over_by_hand(lazy, "dispatch_seconds")
    late = over_by_hand(after, "wall_seconds")
    print(f"{name}: over by hand: probe {probe:.3f}, naive {naive:.4f}, the next cell {late:.4f}")
    assert 0.9 <= probe <= 1.1
    assert naive <= 0.1
    assert late <= 0.1
