"""What is stale runs in the background, one notebook at a time; a newer edit takes its place."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from abreast.errors import AbreastError, Mistake
from abreast.events import CellStarted, Event, JobStarted
from abreast.live.worker import LENGTH
from abreast.model import Deck, Execution, Job, Run
from abreast.run.executions import failure_error
from abreast.run.plan import Task

_PATIENCE_SECONDS = 10.0
"""How long a kernel may take to be killed."""


class Audience(Protocol):
    """Who is told of runs."""

    def told(self, event: Event) -> None:
        """Hear of an event; the runs' `states` are then as they are after it."""

    def ended(self) -> None:
        """Hear that a notebook ran to its end or failed."""


@dataclass(slots=True, kw_only=True)
class _Current:
    task: Task
    job: Job
    since: float
    number: int = 0
    cells: int = 0
    process: asyncio.subprocess.Process | None = None
    is_wanted: bool = True


class Runs:
    """The notebooks that must run, by the keys of their runs.

    A key that ended is not executed again: a notebook that fails waits to be mended.
    """

    def __init__(self, audience: Audience) -> None:
        self._audience = audience
        self._deck: Deck | None = None
        self._stale: dict[str, Task] = {}
        self._ended: dict[str, tuple[Mistake, ...]] = {}
        self._current: _Current | None = None
        self._woken = asyncio.Event()

    def want(self, deck: Deck, tasks: Sequence[Task]) -> None:
        """Execute these and no others: what runs and is not among them is ended at once."""
        self._deck = deck
        self._stale = {_job(task).key: task for task in tasks}
        if self._current and self._current.job.key not in self._stale:
            self._end(self._current)
        self._woken.set()

    def again(self) -> None:
        """Execute anew what failed."""
        for key in [key for key, mistakes in self._ended.items() if mistakes]:
            del self._ended[key]
        self._woken.set()

    def mistakes(self) -> tuple[Mistake, ...]:
        """Return why notebooks that are still as they were did not finish."""
        return tuple(m for key in self._stale for m in self._ended.get(key, ()))

    def states(self) -> list[dict[str, Any]]:
        """Return, as JSON, where each notebook stands that must run, the running one first."""
        done = [key for key, mistakes in self._ended.items() if not mistakes]
        states = [self._state(k, t) for k, t in self._stale.items() if k not in done]
        return sorted(states, key=lambda state: state["state"] != "running")

    async def work(self) -> None:
        """Execute what is wanted, until cancelled; then no kernel is left."""
        try:
            while True:
                await self._woken.wait()
                self._woken.clear()
                while task := self._next():
                    await self._execute(task)
        finally:
            if self._current:
                self._end(self._current)
                await self._reap(self._current)

    def _next(self) -> Task | None:
        # What slides show comes before the points of a sweep.
        waiting = [task for key, task in self._stale.items() if key not in self._ended]
        return min(waiting, key=lambda task: bool(task.swept), default=None)

    def _state(self, key: str, task: Task) -> dict[str, Any]:
        state: dict[str, Any] = {
            "section": task.section.title,
            "column": task.column.name,
            "label": task.label,
            "shown": not task.swept,
            "state": "failed" if self._ended.get(key) else "waiting",
        }
        if self._current and self._current.job.key == key:
            seconds = time.monotonic() - self._current.since
            state |= {"state": "running", "seconds": round(seconds, 1)}
            state |= {"number": self._current.number, "cells": self._current.cells}
        return state

    async def _execute(self, task: Task) -> None:
        current = self._current = _Current(task=task, job=_job(task), since=time.monotonic())
        result: Execution | AbreastError | None = None
        # In a session of its own: Ctrl-C in the terminal is for the server, which ends it in turn.
        current.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "abreast.live.worker",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert current.process.stdin is not None  # noqa: S101 - it is a pipe
        current.process.stdin.write(pickle.dumps((self._deck, replace(task, previous=None))))
        if not current.is_wanted:
            self._end(current)
        async for message in _messages(current.process):
            if isinstance(message, Execution | AbreastError):
                result = message
            elif current.is_wanted:
                self._hear(current, message)
        await self._reap(current)
        self._current = None
        if current.is_wanted:
            self._ended[current.job.key] = _mistakes(task, result)
            self._audience.ended()

    def _hear(self, current: _Current, event: Event) -> None:
        if isinstance(event, JobStarted):
            current.cells, current.number = event.cells, 0
        elif isinstance(event, CellStarted):
            current.cells, current.number = event.cells, event.number
        self._audience.told(event)

    @staticmethod
    def _end(current: _Current) -> None:
        current.is_wanted = False
        if current.process and current.process.stdin:
            current.process.stdin.close()

    @staticmethod
    async def _reap(current: _Current) -> None:
        if current.process is None:
            return
        try:
            await asyncio.wait_for(current.process.wait(), _PATIENCE_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                current.process.kill()
            await current.process.wait()


async def _messages(process: asyncio.subprocess.Process) -> Any:
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    with contextlib.suppress(asyncio.IncompleteReadError):
        while True:
            (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
            yield pickle.loads(await process.stdout.readexactly(length))  # noqa: S301 - our own


def _job(task: Task) -> Job:
    assert isinstance(task.target, Job)  # noqa: S101 - others cannot run
    return task.target


def _mistakes(task: Task, result: Execution | AbreastError | None) -> tuple[Mistake, ...]:
    """Return what kept a notebook from its end; nothing where it came to it."""
    if isinstance(result, AbreastError):
        return result.mistakes
    if result is None:
        remedy = "What it wrote stands in the terminal."
        return (Mistake(what="its run ended unexpectedly.", where=task.label, remedy=remedy),)
    if isinstance(result.result, Run) and result.result.failure:
        remedy = "Mend it and save: it runs again."
        return tuple(replace(m, remedy=remedy) for m in failure_error([result]).mistakes)
    return ()
