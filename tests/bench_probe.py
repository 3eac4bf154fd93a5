"""What the probe adds to a cell: `make bench-probe`.

Empty cells are executed in turns in two kernels of a framework's environment, one with the probe
and one without, after the framework has worked once; the median of the differences is what the
probe costs, waiting for idle devices included (milliseconds).
"""

import asyncio
import json
import statistics
from time import perf_counter

from abreast import frameworks
from abreast.run.environments import find
from abreast.run.home import home
from abreast.run.kernel import start
from abreast.run.session import Session
from nbformat import v4

CELLS = 200
WORK = {
    "pytorch": "import torch\nx = torch.ones(4) + 1",
    "tensorflow": "import tensorflow as tf\nx = tf.ones(4) + 1",
    "mxnet": "import mxnet\nx = mxnet.nd.ones(4) + 1",
    "jax": "import jax.numpy as jnp\nx = jnp.ones(4) + 1",
}


async def client(kernel, work, *, probed):
    notebook = v4.new_notebook(cells=[v4.new_code_cell(work), v4.new_code_cell("pass")])
    session = Session(kernel_dirs=(home() / "jupyter" / "kernels",))
    if kernel == "python3":
        session = Session()
    started = await start(kernel, 60, session)
    await started.language()
    if probed:
        assert await started.install_probe()
    await started.async_execute_cell(notebook.cells[0], 0)
    return started


async def cell_ms(started):
    before = perf_counter()
    await started.async_execute_cell(started.nb.cells[1], 1)
    return (perf_counter() - before) * 1e3


async def measure(kernel, work):
    plain = await client(kernel, work, probed=False)
    probed = await client(kernel, work, probed=True)
    try:
        pairs = [(await cell_ms(plain), await cell_ms(probed)) for _ in range(CELLS)]
    finally:
        await plain._async_cleanup_kernel()
        await probed._async_cleanup_kernel()
    differences = [after - before for before, after in pairs]
    return {
        "without_ms": round(statistics.median(before for before, _ in pairs), 2),
        "with_ms": round(statistics.median(after for _, after in pairs), 2),
        "added_ms": round(statistics.median(differences), 2),
    }


def main():
    kernels = {"python3": "pass"}
    for name, work in WORK.items():
        if find(frameworks.load(name), "cpu"):
            kernels[f"abreast-{name}-cpu"] = work
    result = {kernel: asyncio.run(measure(kernel, work)) for kernel, work in kernels.items()}
    print(json.dumps({"cells": CELLS, **result}, indent=1))


if __name__ == "__main__":
    main()
