"""What runs on a Dask worker: a packed turn is laid out, executed, and its progress told."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import dask
from distributed import Worker, get_worker
from distributed.utils import sync

from abreast import __version__, events
from abreast.errors import AbreastError
from abreast.events import CellPrinted, Event, Said, Sink, Warned
from abreast.model import Failure, Job, Kernel, Lack, Run
from abreast.run.environments import install, kernel_of
from abreast.run.executors.notebook import execute, session_of
from abreast.run.executors.parcels import Content, unpacked
from abreast.run.executors.turn import Turn
from abreast.run.machine import Machine, this_machine
from abreast.run.session import Session

GPU = "GPU"
"""The resource that workers offer with each GPU."""

MOST_STARTS = 3
"""A turn whose worker was killed begins again, at most twice."""

_TELL_SECONDS = 0.2
"""Lines that a cell prints are told no more often: all go through the scheduler."""

_sessions: dict[str, Session] = {}
"""What is executed in this process, by ticket."""

_killed: set[str] = set()
"""The topics of clients that were interrupted: nothing of theirs begins any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What all turns of a client share.

    `machine` is what their keys were computed for, `alone_on` are the hosts where nothing of ours
    runs beside them. `gpus` are those that workers called 0, 1, … bind one each; without any,
    kernels see all of a worker's.
    """

    machine: Machine
    alone_on: frozenset[str] = frozenset()
    gpus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A packed turn. `ticket` names it on the scheduler, `topic` is where its progress is told."""

    turn: Turn
    ticket: str
    topic: str
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a worker is: the version of abreast, its machine, how many GPUs it offers at once."""

    version: str
    machine: Machine
    gpus: int


def dask_setup(worker: Worker) -> None:
    """Leave Ctrl-C to the client, where Dask preloads this module: a terminal tells all of it."""
    del worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def about(dask_worker: Worker) -> About:
    """Return what this worker is."""
    offered = dask_worker.state.total_resources
    return About(version=__version__, machine=this_machine(), gpus=int(offered.get(GPU, 0)))


def deliver(parcel: Parcel, *contents: Content) -> Run | None:
    """Execute a turn on this worker and return its run, failed or not.

    None when it has been started too often: the worker was lost each time.
    """
    emit = _teller(parcel)
    starts = _starts(parcel.ticket)
    if starts > MOST_STARTS:
        return None
    if starts > 1:
        told = "the worker that ran it was lost; it runs again"
        emit(Warned(text=f"{parcel.turn.label}: {told}"))
    try:
        kernel = _kernel(parcel, emit)
    except AbreastError as error:
        kernel = Lack(reason=str(error))
    if isinstance(kernel, Lack):
        return not_run(parcel.turn.job, kernel.reason)
    turn = replace(parcel.turn, job=replace(parcel.turn.job, kernel=kernel))
    # Dask removes what workers leave in their own folders, if need be when the next one starts.
    with unpacked(turn, contents, get_worker().local_directory) as here:
        return _execute(parcel, here, emit)


def keep(content: Content) -> Content:
    """Return it: a task's result is made again when the worker that held it is lost."""
    return content


async def kill(topic: str) -> None:
    """Kill the kernels of one client's turns here; return when none is left."""
    _killed.add(topic)
    while mine := [s for ticket, s in _sessions.items() if ticket.startswith(topic)]:
        # Again and again: a kernel may be about to start.
        for session in mine:
            session.kill()
        await asyncio.sleep(0.1)


def event_of(record: Mapping[str, Any]) -> Event:
    """Return the event of a record that a worker told."""
    fields = dict(record)
    event: Event = getattr(events, fields.pop("event"))(**fields)
    return event


def _execute(parcel: Parcel, turn: Turn, emit: Sink) -> Run:
    worker = get_worker()
    gpu = None
    if parcel.terms.gpus and turn.job.kernel.device == "cuda":
        gpu = parcel.terms.gpus[int(worker.name)]
    session = session_of(turn.job, gpu)
    session.env |= dict.fromkeys(_set_by_nanny())
    _sessions[parcel.ticket] = session
    try:
        if parcel.topic in _killed:
            return not_run(turn.job, "interrupted")
        return execute(turn, session, emit, alone=worker.ip in parcel.terms.alone_on)
    finally:
        del _sessions[parcel.ticket]


def _set_by_nanny() -> list[str]:
    """Return what a nanny has put into the environment of this worker: one thread for libraries.

    That is right for many small tasks beside each other, and would make notebooks slower than
    they are elsewhere.
    """
    if get_worker().nanny is None:
        return []
    nanny = dask.config.get("distributed.nanny")
    values = {**nanny.get("environ", {}), **nanny.get("pre-spawn-environ", {})}
    return [name for name, value in values.items() if os.environ.get(name) == str(value)]


def _starts(ticket: str) -> int:
    """Return how often this turn has been started anywhere, this time included.

    The scheduler keeps count, for who starts a turn may not live to tell.
    """
    worker = get_worker()

    async def counted() -> int:
        await worker.scheduler.log_event(topic=ticket, msg=worker.address)
        return len(await worker.scheduler.events(topic=ticket))

    return int(sync(worker.loop, counted))


def _teller(parcel: Parcel) -> Sink:
    """Return a sink that tells the client."""
    worker = get_worker()
    told = 0.0

    def emit(event: Event) -> None:
        nonlocal told
        if isinstance(event, CellPrinted):
            if time.monotonic() < told + _TELL_SECONDS:
                return
            told = time.monotonic()
        record = {"event": type(event).__name__, **asdict(event)}
        worker.log_event(parcel.topic, {"ticket": parcel.ticket, "record": record})

    return emit


def _kernel(parcel: Parcel, emit: Sink) -> Kernel | Lack:
    """Return the kernel of a job on this worker, its environment installed if need be."""
    job, worker = parcel.turn.job, get_worker()
    where = f"on the worker {worker.address}"
    found, wanted = this_machine().words, parcel.terms.machine.words
    if job.kernel.device == "cuda" and found != wanted:
        return Lack(reason=f"{where} there is {found}, not {wanted}")
    if job.kernel.lock is None:
        return _own_kernel(job.kernel, where)
    named = (job.framework, job.kernel.device, job.kernel.lock)
    kernel = kernel_of(*named)
    if isinstance(kernel, Lack) and kernel.missing:
        emit(Said(text=f"{where} {job.framework.name} is not installed yet"))
        made = install(*named[:2], lock=job.kernel.lock, emit=emit)
        kernel = made if isinstance(made, Lack) else kernel_of(*named)
    return kernel if isinstance(kernel, Kernel) else Lack(reason=f"{where}: {kernel.reason}")


def _own_kernel(kernel: Kernel, where: str) -> Kernel | Lack:
    from jupyter_client.kernelspec import KernelSpecManager  # noqa: PLC0415

    known = sorted(KernelSpecManager().find_kernel_specs())
    if kernel.name in known:
        return kernel
    there = ", ".join(known) or "none"
    return Lack(reason=f"{where} there is no Jupyter kernel '{kernel.name}'. Installed: {there}")


def not_run(job: Job, reason: str) -> Run:
    """Return the run of a job that could not be executed."""
    return Run(
        key=job.key,
        cells=job.notebook.cells,
        identity=job.identity,
        subject=job.subject,
        failure=Failure(kind="no start", message=reason),
    )
