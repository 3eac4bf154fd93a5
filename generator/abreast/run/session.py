"""What abreast asks of the execution of a notebook, and the record that is made of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from abreast.run.loop import Loop
from abreast.run.machine import group_seconds

Progress = Callable[[int, str], None]
"""Called with a cell's index and the last line it printed ("" when it begins)."""


@dataclass(slots=True, kw_only=True)
class Request:
    """One execution of a cell as the client saw it.

    `id` is the message's, by which the probe in the kernel knows it too; `seconds` includes the
    messages to and fro; `error` is what it raised, where it was allowed to.
    """

    id: str
    seconds: float
    error: str = ""


@dataclass(slots=True, kw_only=True)
class Session:
    """What abreast asks of an execution, and the engine's record of it.

    `env` is what differs from this process's environment; None takes a variable away. `loop` is
    where its kernel lives, a loop of its own unless given; `ahead` is a kernel that was started
    there before its turn.

    `requests` has, by a cell's place, its executions in their order, `stumbles` what one that was
    to follow raised.
    """

    kernel_dirs: tuple[Path, ...] = ()
    cwd: Path | None = None
    env: dict[str, str | None] = field(default_factory=dict)
    cell_seconds: float | None = None
    run_seconds: float | None = None
    progress: Progress = lambda _index, _line: None
    loop: Loop | None = None
    ahead: asyncio.Task[Any] | None = None
    # The record:
    cells: list[Any] = field(default_factory=list)
    pid: int | None = None
    current: int | None = None
    requests: dict[int, list[Request]] = field(default_factory=dict)
    stumbles: dict[int, str] = field(default_factory=dict)
    report: dict[str, Any] | None = None
    problem: BaseException | None = None
    cpu_seconds: float | None = None
    killed: bool = False

    def kill(self) -> None:
        """Kill the kernel and what it started, at once."""
        self.killed = True
        if self.pid is None:
            return
        group = self._own_group()
        with contextlib.suppress(ProcessLookupError):
            if group is None:
                os.kill(self.pid, signal.SIGKILL)
            else:
                os.killpg(group, signal.SIGKILL)

    def group_seconds(self) -> float | None:
        """Return the processor time of the kernel and of what it started; None where unknown."""
        group = self._own_group()
        return None if group is None else group_seconds(group)

    def _own_group(self) -> int | None:
        """Return the kernel's process group; None where its provisioner gave it none of its own."""
        try:
            group = os.getpgid(self.pid) if self.pid else os.getpgrp()
        except ProcessLookupError:
            return None
        return None if group == os.getpgrp() else group
