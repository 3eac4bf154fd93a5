"""A thread with an event loop: kernels are started, used and shut down in one and the same."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

Result = TypeVar("Result")


class Loop:
    """A context: the thread ends when it is left.

    A thread of its own, for who calls may be inside an event loop, as in Jupyter.
    """

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="abreast-kernels", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def call(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do the work in the loop's thread and return what comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def begin(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Begin the work in the loop's thread; only there the task may be awaited."""

        # A task needs a loop that runs.
        async def begun() -> asyncio.Task[Result]:
            return asyncio.ensure_future(work)

        return self.call(begun())

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.get_loop().run_forever()
