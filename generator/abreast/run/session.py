"""One kernel and one notebook: cells executed in order, timed by the probe in the kernel."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from zmq import ZMQError

_PROBE = Path(__file__).with_name("probe.py")
_REPORT = "__import__('json').dumps(__import__('sys').modules['_abreast_probe'].report())"
_PROBE_SECONDS = 60.0
"""How long the probe may take to answer; a kernel that cannot is measured by the client."""

Progress = Callable[[int, str], None]
"""Called with a cell's index and the last line it printed ("" when it begins)."""


@dataclass(slots=True, kw_only=True)
class Session:
    """What abreast asks of an execution, and the engine's record of it."""

    kernel_dirs: tuple[Path, ...] = ()
    cwd: Path | None = None
    env: dict[str, str] = field(default_factory=dict)
    cell_seconds: float | None = None
    run_seconds: float | None = None
    progress: Progress = lambda _index, _line: None
    # The record:
    cells: list[Any] = field(default_factory=list)
    pid: int | None = None
    current: int | None = None
    executed: set[int] = field(default_factory=set)
    client_seconds: dict[int, float] = field(default_factory=dict)
    report: dict[str, Any] | None = None
    problem: BaseException | None = None

    def kill(self) -> None:
        """Kill the kernel and what it started, at once."""
        if self.pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            group = os.getpgid(self.pid)
            if group == os.getpgrp():  # a provisioner that did not give it a group of its own
                os.kill(self.pid, signal.SIGKILL)
            else:
                os.killpg(group, signal.SIGKILL)


class _Client(NotebookClient):
    """Tells the session of each line printed."""

    def __init__(self, nb: Any, session: Session, **options: Any) -> None:
        super().__init__(nb, **options)
        self._session = session

    def output(self, outs: Any, msg: Any, display_id: Any, cell_index: int) -> Any:
        if msg["msg_type"] == "stream":
            printed = msg["content"]["text"].replace("\r", "\n").strip()
            if printed:
                self._session.progress(cell_index, printed.splitlines()[-1])
        return super().output(outs, msg, display_id, cell_index)


async def execute(nb: Any, kernel_name: str, start_timeout: float, session: Session) -> Any:
    """Execute the cells of `nb` in place; what ended it early is left in `session.problem`.

    Raises RuntimeError or jupyter_client's errors when no kernel starts.
    """
    # The path must be short and unique: with jupyter's default, kernels take each other's sockets.
    sockets = Path(tempfile.mkdtemp(prefix="abreast-", dir="/tmp" if os.name == "posix" else None))  # noqa: S108
    try:
        try:
            client = await _start(nb, kernel_name, start_timeout, session, sockets)
        except (RuntimeError, TimeoutError, ZMQError):
            client = await _start(nb, kernel_name, start_timeout, session, None)
        limit = asyncio.timeout(session.run_seconds)
        try:
            async with limit:
                await _cells(client, session)
        except DeadKernelError as problem:
            # nbclient takes our cancellation for the death of the kernel.
            raise (TimeoutError() if limit.expired() else problem) from None
        finally:
            await client._async_cleanup_kernel()  # noqa: SLF001 - nbclient's only asynchronous way
    except (CellExecutionError, CellTimeoutError, DeadKernelError, TimeoutError) as problem:
        session.problem = problem
    finally:
        session.pid = None
        shutil.rmtree(sockets, ignore_errors=True)
    return nb


async def _start(
    nb: Any, kernel_name: str, start_timeout: float, session: Session, sockets: Path | None
) -> _Client:
    """Start the kernel over ipc when there is a folder for its sockets, else over TCP."""
    specs = KernelSpecManager()
    if session.kernel_dirs:
        specs = KernelSpecManager(kernel_dirs=[str(path) for path in session.kernel_dirs])
    manager = AsyncKernelManager(kernel_name=kernel_name, kernel_spec_manager=specs)
    if sockets is not None:
        manager.transport = "ipc"
        manager.ip = str(sockets / "k")
    client = _Client(
        nb,
        session,
        km=manager,
        timeout=session.cell_seconds,
        startup_timeout=int(start_timeout),
        coalesce_streams=True,
    )
    client.reset_execution_trackers()
    cwd = str(session.cwd) if session.cwd else None
    try:
        # What a kernel's libraries log outside of any cell is not for the user's terminal.
        await client.async_start_new_kernel(
            env={**os.environ, **session.env},
            cwd=cwd,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        session.pid = getattr(manager.provisioner, "pid", None)
        await client.async_start_new_kernel_client()
    except BaseException:
        await manager.shutdown_kernel(now=True)
        raise
    return client


async def _cells(client: _Client, session: Session) -> None:
    language = await _language_info(client)
    probed = language.get("name") == "python" and await _install_probe(client)
    clock = asyncio.get_running_loop().time
    try:
        for index, cell in enumerate(client.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            session.current = index
            session.progress(index, "")
            started = clock()
            await client.async_execute_cell(cell, index)
            session.client_seconds[index] = clock() - started
            session.executed.add(index)
    except CellExecutionError:
        if probed:
            session.report = await _ask_probe(client)
        raise
    if probed:
        session.report = await _ask_probe(client)
    client.set_widgets_metadata()


async def _language_info(client: _Client) -> dict[str, Any]:
    assert client.kc is not None  # noqa: S101 - it was started
    reply = await client.async_wait_for_reply(client.kc.kernel_info())
    info: dict[str, Any] = (reply or {}).get("content", {}).get("language_info", {})
    client.nb.metadata["language_info"] = info
    return info


async def _install_probe(client: _Client) -> bool:
    source = _PROBE.read_text(encoding="utf-8") + "\ninstall()\n"
    answer = await _evaluate(client, f"exec({source!r}, {{'__name__': '_abreast_probe'}})")
    return answer is not None


async def _ask_probe(client: _Client) -> dict[str, Any] | None:
    answer = await _evaluate(client, _REPORT)
    if answer is None:
        return None
    report: dict[str, Any] = json.loads(ast.literal_eval(answer))
    return report


async def _evaluate(client: _Client, expression: str) -> str | None:
    """Return the repr of an expression in the kernel, leaving no trace; None if it failed."""
    assert client.kc is not None  # noqa: S101 - it was started
    request = client.kc.execute(
        "", silent=True, store_history=False, user_expressions={"abreast": expression}
    )
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            reply = await client.async_wait_for_reply(request)
    except TimeoutError:
        return None
    result = (reply or {}).get("content", {}).get("user_expressions", {}).get("abreast", {})
    if result.get("status") != "ok":
        return None
    text: str = result["data"]["text/plain"]
    return text
