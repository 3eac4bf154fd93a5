"""`abreast serve`: a deck in the browser while it is edited."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from tornado.websocket import WebSocketClosedError, WebSocketHandler

from abreast.events import Sink
from abreast.live.loopback import (
    HOST,
    LOCAL_NAMES,
    LoopbackHandler,
    Route,
    is_own_origin,
    listen,
    secret_path,
)
from abreast.live.workshop import Message, Workshop
from abreast.pipeline import Request
from abreast.run.machine import this_machine


def serve(request: Request, *, port: int, opened: Callable[[str], None], tell: Sink) -> None:
    """Show the deck on this machine's loopback and bring each edit onto it, until SIGINT.

    `opened` is given the address once there is something to see. Notebooks that are stale are
    executed where `request.execute` says so, and their runs stored; outputs/ is left alone.

    Raises UsageError for a port that is taken, AbreastError where files cannot be watched.
    """
    asyncio.run(_serve(request, port, opened, tell))


async def _serve(request: Request, port: int, opened: Callable[[str], None], tell: Sink) -> None:
    pages: set[_Pages] = set()

    def send(message: Message) -> None:
        text = json.dumps(message)
        for page in pages.copy():
            page.send(text)

    workshop = Workshop(request, this_machine(), tell=tell, send=send)
    path = secret_path()
    given: dict[str, Any] = {"workshop": workshop}
    routes: list[Route] = [(path, _Page, given), (f"{path}live", _Pages, {**given, "pages": pages})]
    server, bound = listen(routes, port=port, names=LOCAL_NAMES)
    work = asyncio.create_task(workshop.work())
    stopped = asyncio.create_task(_signal())
    looked = asyncio.create_task(workshop.looked.wait())
    try:
        await asyncio.wait({work, stopped, looked}, return_when=asyncio.FIRST_COMPLETED)
        if looked.done():
            opened(f"http://{HOST}:{bound}{path}")
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.stop()
        for task in (work, stopped, looked):
            task.cancel()
        results = await asyncio.gather(work, stopped, looked, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]


async def _signal() -> None:
    """Return when the user or the system wants an end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


class _Page(LoopbackHandler):
    """The deck as it is now, in one file."""

    def initialize(self, *, hosts: frozenset[str], workshop: Workshop) -> None:  # type: ignore[override]
        super().initialize(hosts=hosts)
        self.workshop = workshop

    def get(self) -> None:
        """Answer with the page."""
        self.answer(HTTPStatus.OK, self.workshop.drawing.html(), "text/html")


class _Pages(LoopbackHandler, WebSocketHandler):
    """A page that is open, and hears what changes."""

    def initialize(  # type: ignore[override]
        self, *, hosts: frozenset[str], workshop: Workshop, pages: set[_Pages]
    ) -> None:
        super().initialize(hosts=hosts)
        self.workshop, self.pages = workshop, pages

    def prepare(self) -> None:
        """Let only the page itself connect: browsers let every site open sockets."""
        super().prepare()
        origin = self.request.headers.get("Origin")
        if not self._finished and origin is not None and not is_own_origin(origin, self.hosts):
            self.answer(HTTPStatus.FORBIDDEN, "wrong origin")

    def check_origin(self, origin: str) -> bool:
        """Add nothing to that: what tornado compares changes with its version."""
        return is_own_origin(origin, self.hosts)

    def open(self, *_: Any) -> None:
        """Tell how things stand."""
        self.set_nodelay(value=True)
        self.pages.add(self)
        for message in self.workshop.greeting():
            self.send(json.dumps(message))

    def on_message(self, message: str | bytes) -> None:
        """Hear the one thing that a page may ask for."""
        if message == "again":
            self.workshop.again()

    def on_close(self) -> None:
        """Send nothing more."""
        self.pages.discard(self)

    def send(self, text: str) -> None:
        """Send a message, unless the page was closed meanwhile."""
        try:
            self.write_message(text)
        except WebSocketClosedError:
            self.pages.discard(self)
