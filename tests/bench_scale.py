"""What a notebook costs on Dask beside its own work: `make bench-scale`.

Notebooks of two empty cells are executed one after the other by this process and by one worker of
a cluster on this machine; what passes beside their kernels' start, work and end is what executing
them here and there adds to each. Parcels of notebooks of 50 cells that are handed back at once tell what the client and the scheduler can pass
on in a second: the part that more workers do not divide. The machine's load is told with them.
"""

import json
import os
import pickle
import tempfile
import time
from dataclasses import replace
from unittest.mock import patch

from abreast.events import ignore
from abreast.model import Identity, Recipe, Run, Subject
from abreast.run import store
from abreast.run.executors import local
from abreast.run.executors.dask import DaskExecutor
from abreast.run.executors.local import LocalExecutor
from abreast.run.executors.parcels import packed
from abreast.run.executors.turn import Turn
from abreast.run.home import VARIABLE
from distributed import as_completed

from tests.bench_engine import job, middle

NOTEBOOKS, TIMES = 6, 5
PARCELS = 1_000


def seconds_each(executor, name):
    """Execute notebooks; return the seconds that each took in its kernel, and beside it."""
    turns = [Turn(job=job(2, "pass", key=f"{name}-{n}")) for n in range(NOTEBOOKS)]
    runs = []
    started = time.perf_counter()
    with patch.object(local._Hall, "_start_ahead", lambda _: None):
        executor.execute(turns, lambda _, run: runs.append(run), ignore)
    whole = time.perf_counter() - started
    assert [run.failure for run in runs] == [None] * NOTEBOOKS
    inside = sum(run.provenance.seconds for run in runs)
    return inside / NOTEBOOKS, (whole - inside) / NOTEBOOKS


def passed_on(client):
    """Return the parcels that went to a worker and back in a second."""
    parcels = [packed(Turn(job=job(50, key=f"parcel-{n}")))[0] for n in range(PARCELS)]
    started = time.perf_counter()
    futures = [client.submit(len_of, parcel, pure=False) for parcel in parcels]
    assert (
        sum(future.result() for future in as_completed(futures, loop=client.loop)) == 50 * PARCELS
    )
    return PARCELS / (time.perf_counter() - started)


def stored_in_ms():
    """Return the milliseconds that it takes to store a run."""
    output = {"output_type": "stream", "name": "stdout", "text": "some line\n" * 10}
    cells = [replace(cell, outputs=(output,)) for cell in job(50).notebook.cells]
    times = []
    for n in range(50):
        run = Run(
            key=f"{n}", cells=tuple(cells), subject=Subject(deck="d", section="s", framework="f"),
            identity=Identity(
                schema=0, probe="", language="python", cells=(), recipe=Recipe(environment="")
            ),
        )  # fmt: skip
        started = time.perf_counter()
        store.save(run)
        times.append((time.perf_counter() - started) * 1e3)
    return middle(times)


def len_of(turn):
    return len(turn.job.notebook.cells)


def main():
    load = os.getloadavg()[0]
    here, dask = LocalExecutor("", 1), DaskExecutor("", 1)
    try:
        seconds_each(here, "first"), seconds_each(dask, "first")
        plain = [seconds_each(here, f"here-{n}") for n in range(TIMES)]
        sent = [seconds_each(dask, f"dask-{n}") for n in range(TIMES)]
        rate = passed_on(dask._joined())
    finally:
        dask.close()
    with tempfile.TemporaryDirectory() as home, patch.dict(os.environ, {VARIABLE: home}):
        stored = stored_in_ms()
    result = {
        "load_before": round(load, 2),
        "load_after": round(os.getloadavg()[0], 2),
        "kernel_seconds": middle(inside for inside, _ in plain + sent),
        "added_here_ms": middle(beside * 1e3 for _, beside in plain),
        "added_by_dask_ms": middle(beside * 1e3 for _, beside in sent),
        "parcel_bytes": len(pickle.dumps(packed(Turn(job=job(50)))[0])),
        "parcels_per_second": round(rate),
        "stored_in_ms": stored,
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
