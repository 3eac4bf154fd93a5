"""The point of the probe: lazily dispatched work is charged to the cell that asked for it."""

import json
import statistics

import pytest

from tests.conftest import Project, code, samples_of

pytestmark = [pytest.mark.kernel, pytest.mark.framework]

PAIRS, ATTEMPTS = 7, 3
SETUP = {
    "mxnet": "import mxnet as mx\nx = mx.nd.ones((1200, 1200)) / 1200\nmx.nd.dot(x, x).wait_to_read()",
    "jax": "import jax.numpy as jnp\nx = jnp.ones((1200, 1200)) / 1200\n(x @ x).block_until_ready()",
}
PRODUCT = {"mxnet": "mx.nd.dot(x, y)", "jax": "x @ y"}
WAIT = {"mxnet": "mx.nd.waitall()", "jax": "y.block_until_ready()"}


def cells(name):
    """A lazy cell and the same with waits by hand, in turns: what the machine does meets both."""
    work = f"y = x\nfor _ in range(12):\n    y = {PRODUCT[name]}"
    timed = f"import time\ny = x\n{WAIT[name]}\nstarted = time.perf_counter()\n{work}\n{WAIT[name]}\nprint(time.perf_counter() - started)"
    yield code(SETUP[name])
    for _ in range(PAIRS):
        yield code(work)
        yield code(timed)


def measured(folder, name):
    """Return wall and dispatch seconds of the lazy cells, and the seconds taken by hand."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (samples,) = next(samples_of(r) for r in manifest["runs"] if r["framework"] == name)
    executed = json.loads((folder / "notebooks" / "s" / f"{name}.ipynb").read_text("utf-8"))
    lazy = [samples[str(index)][0] for index in range(1, 2 * PAIRS, 2)]
    by_hand = [
        float(executed["cells"][index]["outputs"][0]["text"])
        for index in range(2, 2 * PAIRS + 1, 2)
    ]
    return (
        [sample["wall_seconds"] for sample in lazy],
        [sample["dispatch_seconds"] for sample in lazy],
        by_hand,
    )


@pytest.mark.parametrize("name", ["mxnet", "jax"])
def test_lazy_products_are_charged_to_their_own_cell(name, tmp_path):
    project = Project(tmp_path)
    deck = f"title: Lazy\nframeworks: [{name}]\nsections:\n  - {{title: S, abreast: {{{name}: one.ipynb}}}}\n"
    project.deck("lazy", deck, one=tuple(cells(name)))
    ratios, naive = [], []
    for _ in range(ATTEMPTS):
        done = project.call("build", "lazy", "--force")
        assert done.returncode == 0, done.stderr
        wall, dispatch, by_hand = measured(tmp_path / "outputs" / "lazy", name)
        # The least that each took: what else the machine did meanwhile only adds.
        ratios.append(min(wall) / min(by_hand))
        naive.append(min(by_hand) / statistics.median(dispatch))
        if 0.9 <= ratios[-1] <= 1.1:
            break
    print(f"{name}: probe over hand-synchronized {ratios}, hand-synchronized over naive {naive}")
    assert 0.9 <= ratios[-1] <= 1.1, ratios
    assert naive[-1] >= 10, naive
