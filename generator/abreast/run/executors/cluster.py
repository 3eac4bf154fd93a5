"""A Dask cluster: joined or started, and what its workers have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from distributed import Client, LocalCluster

from abreast import __version__
from abreast.errors import Mistake, UsageError
from abreast.run.executors import worker
from abreast.run.executors.worker import GPU, MOST_STARTS, About, about
from abreast.run.machine import Machine

_ANSWER_SECONDS = 20.0
"""How long a scheduler may take to answer, and then a worker to join it."""


@contextmanager
def joined(address: str) -> Iterator[Client]:
    """Yield a client of the scheduler at `address`. Raises UsageError where none answers."""
    try:
        client = Client(address, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers at '{address}': {error}.",
            remedy="Start one with: dask scheduler --no-dashboard",
        ) from None
    with client:
        yield client


@contextmanager
def started(workers: int, *, gpus: bool) -> Iterator[Client]:
    """Yield a client of a cluster of processes on this machine, each of which has one thread."""
    cluster = LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        memory_limit=0,  # notebooks' memory is their kernels', which it would not see
        resources={GPU: 1} if gpus else None,
        preload=worker.__name__,
        scheduler_kwargs={
            "allowed_failures": MOST_STARTS - 1,
            "dashboard": False,
            "dashboard_address": "127.0.0.1:0",  # it has a web server all the same
        },
        silence_logs="CRITICAL",
    )
    with cluster, Client(cluster, set_as_default=False) as client:
        yield client


def common_machine(client: Client, address: str) -> Machine:
    """Return what kernels find on the workers of the scheduler at `address`.

    Raises UsageError where no worker is there, where they have another abreast than this one, or
    where times of one could not be compared with another's.
    """
    try:
        client.wait_for_workers(1, timeout=_ANSWER_SECONDS)
    except TimeoutError:
        raise UsageError(
            "no worker has joined the scheduler.",
            where=address,
            remedy=f"Start one with: dask worker --nthreads 1 --no-dashboard {address}",
        ) from None
    workers = _about_all(client)
    have_gpu = {at: one for at, one in workers.items() if one.machine.gpus}
    offering = {at: one for at, one in have_gpu.items() if one.gpus}
    if have_gpu and not offering:
        raise UsageError(
            f"the worker {next(iter(have_gpu))} has a GPU and does not offer it.",
            remedy=f"Start it with --resources {GPU}=1, or with CUDA_VISIBLE_DEVICES set to ''.",
        )
    if not offering:
        return Machine(here=False, installs=True)
    kinds = {one.machine.words: (at, one.machine) for at, one in offering.items()}
    if len(kinds) > 1:
        found = "; ".join(f"{at}: {words}" for words, (at, _) in sorted(kinds.items()))
        raise UsageError(
            f"the workers' GPUs differ ({found}).",
            remedy="Times of unlike ones cannot be compared: start a scheduler for each kind.",
        )
    machine = next(iter(offering.values())).machine
    return replace(machine, here=False, installs=True)


def lone_hosts(client: Client) -> frozenset[str]:
    """Return the hosts where the cluster runs one thing at a time."""
    threads: Counter[str] = Counter()
    for address, count in client.nthreads().items():
        threads[urlsplit(address).hostname or ""] += count
    return frozenset(host for host, count in threads.items() if count == 1)


def _about_all(client: Client) -> Mapping[str, About]:
    """Ask every worker what it is. Raises UsageError for those that have another abreast."""
    answers: dict[str, About | BaseException] = client.run(about, on_error="return")
    others = [
        Mistake(what=f"the worker {address} has {_version_of(answer)}.")
        for address, answer in answers.items()
        if not isinstance(answer, About) or answer.version != __version__
    ]
    if others:
        remedy = f"Workers must have what is here: pip install 'abreast[dask]=={__version__}'"
        raise UsageError.of([*others[:-1], Mistake(what=others[-1].what, remedy=remedy)])
    return {address: answer for address, answer in answers.items() if isinstance(answer, About)}


def _version_of(answer: About | BaseException) -> str:
    if isinstance(answer, About):
        return f"abreast {answer.version}, not {__version__}"
    return f"no abreast {__version__} ({type(answer).__name__}: {answer})"
