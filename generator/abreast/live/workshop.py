"""A deck that is being worked on: what is shown of it, what is wrong with it, what runs."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

from abreast.errors import AbreastError, Mistake
from abreast.events import Event, JobFailed, JobFinished, JobStarted, Said, Sink, Warned
from abreast.fragments import Fragments
from abreast.live.changes import Page, changed_slides, update
from abreast.live.drawing import blank, draw
from abreast.live.footprint import Footprint, footprint
from abreast.live.runs import Runs
from abreast.live.watch import edits
from abreast.model import Lack
from abreast.pipeline import Request
from abreast.render.views import environment
from abreast.run.machine import Machine

Message = Mapping[str, Any]
T = TypeVar("T")
_HALF_WRITTEN_SECONDS = 0.15
"""A file with mistakes may be one that an editor is still writing."""


class Workshop:
    """Watches a deck, draws it after each edit, and runs what is stale.

    `send` is given, as JSON, what the pages that show it must know. `looked` is set when it was
    read for the first time, well or not.
    """

    def __init__(
        self, request: Request, machine: Machine, *, tell: Sink, send: Callable[[Message], None]
    ) -> None:
        self._request, self._machine = request, machine
        self._tell, self._send = tell, send
        self._session, self._states = secrets.token_hex(4), 0
        self.drawing = blank(request, self._state())
        self._footprint = Footprint(files=frozenset({request.deck}), trees=frozenset())
        self._mistakes: tuple[Mistake, ...] = ()
        self._warned: frozenset[str] = frozenset()
        self._runs = Runs(self)
        self._edited: frozenset[Path] = frozenset()
        self._since = time.monotonic()
        self._dirty = asyncio.Event()
        self.looked = asyncio.Event()
        # What draws keeps what it drew: one thread, so that it is not asked twice at a time.
        self._fragments = Fragments()
        self._hand = ThreadPoolExecutor(1, "drawing")

    async def work(self) -> None:
        """Watch, draw and run until cancelled; then no kernel is left. Raises AbreastError."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._watch())
                group.create_task(self._draw())
                group.create_task(self._runs.work())
        except* AbreastError as errors:
            raise errors.exceptions[0] from None

    def greeting(self) -> list[Message]:
        """Return what a page must know that was loaded, or was away."""
        state = {"kind": "state", "state": self.drawing.page.state}
        return [state, self._told_mistakes(), self._told_runs()]

    def again(self) -> None:
        """Run anew what failed."""
        self._runs.again()
        self._tell_pages()

    def told(self, event: Event) -> None:
        """Pass on what runs."""
        if isinstance(event, JobStarted | JobFinished | JobFailed | Warned):
            self._tell(event)
        self._send(self._told_runs())

    def ended(self) -> None:
        """Draw with what a notebook gave."""
        self._look_again(frozenset())

    async def _watch(self) -> None:
        self._footprint = await self._by_hand(footprint, self._request.deck)
        async for changed in edits(lambda: self._footprint):
            self._look_again(changed)

    def _look_again(self, edited: frozenset[Path]) -> None:
        if not self._dirty.is_set():
            self._since = time.monotonic()
        self._edited |= edited
        self._dirty.set()

    async def _draw(self) -> None:
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            edited, self._edited = self._edited, frozenset()
            if any(path.suffix == ".j2" for path in edited):
                environment.cache_clear()
                self._fragments = Fragments()
            try:
                await self._draw_once(edited)
            except AbreastError as error:
                await self._mistaken(error.mistakes)
            except Exception as error:  # noqa: BLE001 - serving goes on
                what = f"{type(error).__name__}: {error}"
                bug = Mistake(what=what, remedy="This is a bug in abreast. Please report it.")
                await self._mistaken((bug,))
            self.looked.set()
            self._footprint = await self._by_hand(footprint, self._request.deck, self._footprint)

    async def _draw_once(self, edited: frozenset[Path]) -> None:
        self._states += 1
        warnings: list[str] = []
        drawing = await self._by_hand(
            draw, self._request, self._machine, self._state(), self._fragments, warnings
        )
        before = self.drawing.page
        is_new = replace(drawing.page, state=before.state) != before
        self.drawing = drawing if is_new else replace(drawing, page=before)
        self._mistakes = ()
        if self._request.execute and drawing.deck:
            self._runs.want(drawing.deck, drawing.stale)
        if is_new:
            self._send(update(before, drawing.page))
        self._tell_pages()
        if is_new or edited:
            self._report(before, edited)
        for text in dict.fromkeys(warnings):
            if text not in self._warned:
                self._tell(Warned(text=text))
        self._warned = frozenset(warnings)

    def _report(self, before: Page, edited: frozenset[Path]) -> None:
        seconds = time.monotonic() - self._since
        page = self.drawing.page
        named = ", ".join(sorted(path.name for path in edited))
        count = changed_slides(before, page)
        what = f"{count} of {len(page.slides)} slides changed" if count else "no slide changed"
        told = f"{named}: {what}" if named else what
        self._tell(Said(text=f"{told}, {1000 * seconds:.0f} ms"))

    async def _mistaken(self, mistakes: tuple[Mistake, ...]) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._dirty.wait(), _HALF_WRITTEN_SECONDS)
            return
        if mistakes != self._mistakes:
            for mistake in mistakes:
                self._tell(Said(text=f"error: {mistake}"))
        self._mistakes = mistakes
        self._tell_pages()

    def _tell_pages(self) -> None:
        self._send(self._told_mistakes())
        self._send(self._told_runs())

    def _told_mistakes(self) -> Message:
        of_runs = (*self._runs.mistakes(), *self._lacks())
        return {
            "kind": "mistakes",
            "of": "deck" if self._mistakes else "runs",
            "mistakes": [asdict(mistake) for mistake in self._mistakes or of_runs],
        }

    def _told_runs(self) -> Message:
        return {"kind": "runs", "runs": self._runs.states()}

    def _lacks(self) -> list[Mistake]:
        """Return what keeps notebooks from running here, where they were to run."""
        lacking = self.drawing.lacking if self._request.execute else ()
        reasons = {task.target.reason: task for task in lacking if isinstance(task.target, Lack)}
        return [Mistake(what=reason, where=task.label) for reason, task in reasons.items()]

    def _state(self) -> str:
        return f"{self._session}-{self._states}"

    async def _by_hand(self, work: Callable[..., T], *given: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._hand, work, *given)
