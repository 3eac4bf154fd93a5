"""What the engine adds to a kernel's own time, and what starting the next kernel ahead saves.

`make bench-engine`. A notebook of 50 cells is executed with python3 by abreast and, in turns, by a
bare loop over jupyter_client's messages in the same process; the ratio is that of the medians,
with the kernel's start and end in both, and of the cells alone. Then a chain of short notebooks is
executed with and without starting the next kernel while one runs. The machine's load is told, for
the numbers are no better than it was quiet.
"""

import asyncio
import json
import os
import statistics
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

from abreast.events import ignore
from abreast.model import Cell, Framework, Job, Kernel, Notebook
from abreast.run.executors import local
from abreast.run.executors.notebook import execute, session_of
from abreast.run.executors.turn import Turn
from jupyter_client.manager import AsyncKernelManager

CELLS, TURNS = 50, 9
CHAIN, CHAINS = 6, 5
SOURCE = "total = sum(range(20_000))\nprint(total)"


def job(count, source=SOURCE, key="k"):
    cells = [Cell(index=n, cell_type="code", source=f"# {n}\n{source}") for n in range(count)]
    return Job(
        section="S", framework=Framework(name="python", title="Python"),
        notebook=Notebook(path=Path(f"{key}.ipynb"), cells=tuple(cells)),
        kernel=Kernel(name="python3"), key=key, cwd=Path.cwd(),
    )  # fmt: skip


async def bare(sources):
    """Execute sources as plainly as jupyter_client can; return seconds in all and of the cells."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        manager = AsyncKernelManager(transport="ipc", ip=f"{folder}/k")
        # As nbclient has it: without it a kernel writes each cell into a database on disk.
        await manager.start_kernel(extra_arguments=["--HistoryManager.hist_file=:memory:"])
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        begun = time.perf_counter()
        for source in sources:
            request = client.execute(source)
            while (await client.get_shell_msg())["parent_header"].get("msg_id") != request:
                pass
            while True:
                message = await client.get_iopub_msg()
                mine = message["parent_header"].get("msg_id") == request
                if mine and message["content"].get("execution_state") == "idle":
                    break
        ended = time.perf_counter()
        client.stop_channels()
        await manager.shutdown_kernel()
    return time.perf_counter() - started, ended - begun


def ours(one):
    """Execute a job through papermill and the engine; return seconds in all and of the cells."""
    session = session_of(one)
    started = time.perf_counter()
    run = execute(Turn(job=one), session, ignore, alone=True)
    assert run.failure is None, run.failure
    cells = sum(request.seconds for (request,) in session.requests.values())
    return time.perf_counter() - started, cells


def chain(*, ahead):
    """Execute short notebooks one by one; return the seconds that it takes."""
    turns = [Turn(job=job(2, key=str(n))) for n in range(CHAIN)]
    nothing = patch.object(local._Hall, "_start_ahead", lambda _: None)
    taken = []
    started = time.perf_counter()
    with nullcontext() if ahead else nothing:
        local.LocalExecutor("", 1).execute(turns, lambda *pair: taken.append(pair), ignore)
    assert [run.failure for _, run in taken] == [None] * CHAIN
    return time.perf_counter() - started


def middle(values):
    return round(statistics.median(values), 3)


def main():
    load = os.getloadavg()[0]
    one = job(CELLS)
    ours(one), asyncio.run(bare([SOURCE]))  # imports are nobody's
    engine, plain = [], []
    for _ in range(TURNS):
        engine.append(ours(one))
        plain.append(asyncio.run(bare([SOURCE] * CELLS)))
    chains = [(chain(ahead=True), chain(ahead=False)) for _ in range(CHAINS)]
    result = {
        "load_before": round(load, 2), "load_after": round(os.getloadavg()[0], 2),
        "cells": CELLS, "times": TURNS,
        "whole_ratio": middle(ours[0] / bare[0] for ours, bare in zip(engine, plain, strict=True)),
        "cells_ratio": middle(ours[1] / bare[1] for ours, bare in zip(engine, plain, strict=True)),
        "whole_seconds": {"abreast": middle(e[0] for e in engine), "bare": middle(p[0] for p in plain)},
        "ms_per_cell": {
            "abreast": middle(e[1] / CELLS * 1e3 for e in engine),
            "bare": middle(p[1] / CELLS * 1e3 for p in plain),
        },
        "chain": {
            "notebooks": CHAIN,
            "ahead_seconds": middle(with_it for with_it, _ in chains),
            "without_seconds": middle(without for _, without in chains),
            "ratio": middle(with_it / without for with_it, without in chains),
        },
    }  # fmt: skip
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
