"""One kernel and one notebook: cells executed in order, some of them again and again."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import os
import subprocess
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_notebook
from zmq import ZMQError

from abreast.model import FEWEST_SAMPLES, LEAST_SECONDS, REPEAT, WARMUPS
from abreast.run.client import Client, in_words
from abreast.run.record import is_work
from abreast.run.session import Session
from abreast.run.sockets import SocketFolder

_MOST_REPEATS = 640
"""A cell of a millisecond reaches half a second with so many."""


async def execute(nb: Any, kernel_name: str, start_timeout: float, session: Session) -> Any:
    """Execute the cells of `nb` in place; what ended it early is left in `session.problem`.

    In the kernel that the session has started ahead, if it has. Raises RuntimeError or
    jupyter_client's errors when no kernel starts.
    """
    client = await (session.ahead or start(kernel_name, start_timeout, session))
    client.nb = nb
    limit = asyncio.timeout(session.run_seconds)
    try:
        try:
            async with limit:
                await _cells(client, session)
        except DeadKernelError as problem:
            # nbclient takes our cancellation for the death of the kernel.
            raise (TimeoutError() if limit.expired() else problem) from None
        finally:
            session.cpu_seconds = session.group_seconds()
            await stop(client, session)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, TimeoutError) as problem:
        session.problem = problem
    return nb


async def start(kernel_name: str, start_timeout: float, session: Session) -> Client:
    """Start a kernel and wait until it answers and, if it speaks Python, has the probe.

    Raises RuntimeError or jupyter_client's errors when it does not.
    """
    sockets = SocketFolder()
    try:
        try:
            client = await _start(kernel_name, start_timeout, session, sockets)
        except (RuntimeError, TimeoutError, ZMQError):
            if session.killed:
                raise
            client = await _start(kernel_name, start_timeout, session, None)
    except BaseException:
        sockets.remove()
        raise
    client.sockets = sockets
    return client


async def stop(client: Client, session: Session) -> None:
    """Shut a kernel down and remove what was made for it."""
    try:
        await client._async_cleanup_kernel()  # noqa: SLF001 - nbclient's only asynchronous way
    finally:
        session.pid = None
        client.sockets.remove()


async def abandon(session: Session) -> None:
    """Shut the kernel down that the session has started ahead, unless it has been used."""
    assert session.ahead is not None  # noqa: S101 - callers ask only then
    with contextlib.suppress(Exception):
        client = await session.ahead
        if client.kc is not None:
            await stop(client, session)


async def _start(
    kernel_name: str, start_timeout: float, session: Session, sockets: SocketFolder | None
) -> Client:
    """Start the kernel over ipc when there is a folder for its sockets, else over TCP."""
    specs = KernelSpecManager()
    if session.kernel_dirs:
        specs = KernelSpecManager(kernel_dirs=[str(path) for path in session.kernel_dirs])
    manager = AsyncKernelManager(kernel_name=kernel_name, kernel_spec_manager=specs)
    if sockets is not None:
        manager.transport = "ipc"
        manager.ip = sockets.address
    client = Client(
        new_notebook(),  # type: ignore[no-untyped-call]
        session,
        km=manager,
        timeout=session.cell_seconds,
        startup_timeout=int(start_timeout),
        coalesce_streams=True,
    )
    client.reset_execution_trackers()
    cwd = str(session.cwd) if session.cwd else None
    environment = {**os.environ, **session.env}
    try:
        # What a kernel's libraries log outside of any cell is not for the user's terminal.
        await client.async_start_new_kernel(
            env={name: value for name, value in environment.items() if value is not None},
            cwd=cwd,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        session.pid = getattr(manager.provisioner, "pid", None)
        await client.connect()
    except BaseException:
        if client.kc is not None:
            client.kc.stop_channels()
        await manager.shutdown_kernel(now=True)
        raise
    return client


async def _cells(client: Client, session: Session) -> None:
    probed = client.is_probed
    client.nb.metadata["language_info"] = client.language_info
    try:
        for index, cell in enumerate(client.nb.cells):
            if not is_work(cell):
                continue
            session.current = index
            session.progress(index, "")
            first = await client.timed(cell, index)
            session.requests[index] = [first]
            if REPEAT in cell.metadata.get("tags", ()) and not first.error:
                # Now: a repeat that kills the kernel takes the probe's record with it.
                session.report = await client.report() if probed else None
                await _repeat(client, session, index, probed=probed)
    except CellExecutionError:
        if probed:
            session.report = await client.report()
        raise
    if probed:
        session.report = await client.report()
    client.set_widgets_metadata()


async def _repeat(client: Client, session: Session, index: int, *, probed: bool) -> None:
    """Execute a cell again and again, at once; what it shows stays that of its first run.

    After the warm-ups at least 5 times and until half a second is measured, or 640 times: then
    the cell is too short to be timed by itself.
    """
    requests, cell = session.requests[index], client.nb.cells[index]
    client.quiet = True
    try:
        wanted = FEWEST_SAMPLES
        while wanted <= _MOST_REPEATS:
            while len(requests) < WARMUPS + wanted:
                request = await client.timed(copy.copy(cell), index, again=True)
                if request.error:
                    session.stumbles[index] = request.error
                    return
                requests.append(request)
            counted = requests[WARMUPS:]
            seconds = await client.measured_seconds(counted) if probed else None
            if (seconds or sum(request.seconds for request in counted)) >= LEAST_SECONDS:
                break
            wanted *= 2
    except CellExecutionError as error:
        session.stumbles[index] = in_words({"ename": error.ename, "evalue": error.evalue})
    finally:
        client.quiet = False
        client.nb.cells[index] = cell
