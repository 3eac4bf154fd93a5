"""What a notebook costs on Dask beside its own work: `make bench-scale`.

Notebooks of two empty cells are executed one after the other by one worker of a cluster on this
machine, in turns with this process itself; the difference is what Dask adds to each. Parcels of
notebooks of 50 cells that are handed back at once tell what the client and the scheduler can pass
on in a second: the part that more workers do not divide. The machine's load is told with them.
"""

import json
import os
import pickle
import statistics
import time
from unittest.mock import patch

from abreast.events import ignore
from abreast.run.executors import local
from abreast.run.executors.dask import DaskExecutor
from abreast.run.executors.local import LocalExecutor
from abreast.run.executors.parcels import packed
from abreast.run.executors.turn import Turn
from distributed import as_completed

from tests.bench_engine import job

NOTEBOOKS, TIMES = 6, 5
PARCELS = 1_000


def seconds_each(executor, name):
    """Execute notebooks and return the seconds that each took."""
    turns = [Turn(job=job(2, "pass", key=f"{name}-{n}")) for n in range(NOTEBOOKS)]
    failures = []
    started = time.perf_counter()
    with patch.object(local._Hall, "_start_ahead", lambda _: None):
        executor.execute(turns, lambda _, run: failures.append(run.failure), ignore)
    assert failures == [None] * NOTEBOOKS
    return (time.perf_counter() - started) / NOTEBOOKS


def passed_on(client):
    """Return the parcels that went to a worker and back in a second."""
    parcels = [packed(Turn(job=job(50, key=f"parcel-{n}")))[0] for n in range(PARCELS)]
    started = time.perf_counter()
    futures = [client.submit(len_of, parcel, pure=False) for parcel in parcels]
    assert (
        sum(future.result() for future in as_completed(futures, loop=client.loop)) == 50 * PARCELS
    )
    return PARCELS / (time.perf_counter() - started)


def len_of(turn):
    return len(turn.job.notebook.cells)


def main():
    load = os.getloadavg()[0]
    here, dask = LocalExecutor("", 1), DaskExecutor("", 1)
    try:
        seconds_each(here, "first"), seconds_each(dask, "first")
        pairs = [
            (seconds_each(here, f"here-{n}"), seconds_each(dask, f"dask-{n}")) for n in range(TIMES)
        ]
        rate = passed_on(dask._joined())
    finally:
        dask.close()
    result = {
        "load_before": round(load, 2),
        "load_after": round(os.getloadavg()[0], 2),
        "here_seconds": round(statistics.median(plain for plain, _ in pairs), 3),
        "dask_seconds": round(statistics.median(sent for _, sent in pairs), 3),
        "dask_adds_seconds": round(statistics.median(sent - plain for plain, sent in pairs), 3),
        "parcel_bytes": len(pickle.dumps(packed(Turn(job=job(50)))[0])),
        "parcels_per_second": round(rate),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
