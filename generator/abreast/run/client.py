"""A kernel's client: executes cells one by one, and talks to the probe in the kernel."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, cast

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from abreast.run.session import Request, Session
from abreast.run.sockets import SocketFolder

_PROBE = Path(__file__).with_name("probe.py")
_ASK = "__import__('sys').modules['_abreast_probe']"
_REPORT = f"__import__('json').dumps({_ASK}.report())"
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_ASK_SECONDS = 1.0
"""A kernel that is still starting is asked again so often."""

_PROBE_SECONDS = 60.0
"""How long the probe may take to answer; a kernel that cannot is measured by the client."""


def in_words(error: Mapping[str, str]) -> str:
    """Return what a kernel says was raised, as one line: "ValueError: no such class"."""
    said = _ANSI.sub("", f"{error.get('ename', '')}: {error.get('evalue', '')}")
    return said.strip().partition("\n")[0]


def _is_for(request: str, message: Mapping[str, Any]) -> bool:
    return bool(message["parent_header"].get("msg_id") == request)


class Client(NotebookClient):
    """Tells the session of each line printed; while it is `quiet`, outputs are let go."""

    def __init__(self, nb: Any, session: Session, **options: Any) -> None:
        super().__init__(nb, on_cell_executed=self._keep_reply, **options)
        self._session = session
        self.quiet = False
        self.is_probed = False
        self.language_info: dict[str, Any] = {}
        self.sockets: SocketFolder
        self._reply: dict[str, Any] = {}

    def _keep_reply(self, *, execute_reply: Any, **_: Any) -> None:
        self._reply = execute_reply

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Take a message from the kernel, as nbclient does; nothing of one that is let go."""
        if self.quiet and msg["msg_type"] != "status":
            return None
        return super().process_message(msg, cell, cell_index)

    def output(self, outs: Any, msg: Any, display_id: Any, cell_index: int) -> Any:
        """Take an output, as nbclient does, and tell of a line that was printed."""
        if msg["msg_type"] == "stream":
            printed = msg["content"]["text"].replace("\r", "\n").strip()
            if printed:
                self._session.progress(cell_index, printed.splitlines()[-1])
        return super().output(outs, msg, display_id, cell_index)

    async def timed(self, cell: Any, index: int, *, again: bool = False) -> Request:
        """Execute a cell and return the record of it; raises what nbclient raises.

        `again` keeps it out of the kernel's history: its first run stands there.
        """
        started = perf_counter()
        await self.async_execute_cell(cell, index, store_history=not again)
        seconds = perf_counter() - started
        content = self._reply["content"]
        error = in_words(content) if content.get("status") == "error" else ""
        return Request(id=self._reply["parent_header"]["msg_id"], seconds=seconds, error=error)

    async def connect(self) -> None:
        """Wait until a kernel that was just started answers, and send the probe into Python's.

        nbclient's own way waits a fifth of a second longer, for messages that do not come. Raises
        RuntimeError when the kernel dies, TimeoutError when it does not answer in time.
        """
        assert self.km is not None  # noqa: S101 - it was started
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.allow_stdin = False
        async with asyncio.timeout(self.startup_timeout):
            info = await self._answer()
        self.language_info = info.get("language_info", {})
        is_python = str(self.language_info.get("name", "")).lower() == "python"
        self.is_probed = is_python and await self._install_probe()

    async def _answer(self) -> dict[str, Any]:
        """Ask the kernel what it is until it says so, and is heard on the channel of outputs."""
        # nbclient's types are those of its synchronous face.
        kernel, manager = cast("AsyncKernelClient", self.kc), cast("AsyncKernelManager", self.km)
        while True:
            request = kernel.kernel_info()
            try:
                async with asyncio.timeout(_ASK_SECONDS):
                    while not _is_for(request, reply := await kernel.get_shell_msg()):
                        pass
            except TimeoutError:
                if not await manager.is_alive():
                    raise RuntimeError("the kernel died before it answered") from None
                continue
            with contextlib.suppress(TimeoutError):  # not every kernel says that it is idle
                async with asyncio.timeout(_ASK_SECONDS):
                    while not _is_for(request, said := await kernel.get_iopub_msg()) or (
                        said["content"].get("execution_state") != "idle"
                    ):
                        pass
            info: dict[str, Any] = reply["content"]
            return info

    async def _install_probe(self) -> bool:
        """Send the probe into the kernel; say whether it works there."""
        source = _PROBE.read_text(encoding="utf-8") + "\ninstall()\n"
        answer = await self._evaluate(f"exec({source!r}, {{'__name__': '_abreast_probe'}})")
        if answer is None or self.kc is None:
            return False
        # What a kernel prepares for its first cell is not the author's cost.
        await self.async_wait_for_reply(self.kc.execute("pass", store_history=False))
        return True

    async def report(self) -> dict[str, Any] | None:
        """Return all that the probe has measured."""
        answer = await self._evaluate(_REPORT)
        if answer is None:
            return None
        report: dict[str, Any] = json.loads(ast.literal_eval(answer))
        return report

    async def measured_seconds(self, requests: list[Request]) -> float | None:
        """Return what the probe says these executions took together."""
        ids = [request.id for request in requests]
        answer = await self._evaluate(f"{_ASK}.wall_seconds({ids!r})")
        return None if answer is None else float(answer)

    async def _evaluate(self, expression: str) -> str | None:
        """Return the repr of an expression in the kernel, leaving no trace; None if it failed."""
        assert self.kc is not None  # noqa: S101 - it was started
        request = self.kc.execute(
            "", silent=True, store_history=False, user_expressions={"abreast": expression}
        )
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                reply = await self.async_wait_for_reply(request)
        except TimeoutError:
            return None
        result = (reply or {}).get("content", {}).get("user_expressions", {}).get("abreast", {})
        if result.get("status") != "ok":
            return None
        text: str = result["data"]["text/plain"]
        return text
