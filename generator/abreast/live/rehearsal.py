"""A deck's page on this machine's loopback, until the rehearsal that it recorded is saved.

The page may make no requests, but it may send a form: that is how the recording arrives.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs

from tornado.web import stream_request_body

from abreast.errors import AbreastError
from abreast.events import Sink, Warned
from abreast.live.loopback import HOST, LoopbackHandler, listen, secret_path

_MOST_BYTES = 1 << 24  # a deck of 10,000 slides sends a fifth of it


def serve_rehearsal(
    page: Path, save: Callable[[str], Path], *, opened: Callable[[str], None], tell: Sink
) -> Path:
    """Serve `page` until a rehearsal of it was saved; return what `save` made of it.

    `opened` is given the address, which nobody can guess: a random port, a random path. `save` is
    given the JSON that the page sent. Where it raises an AbreastError, `tell` hears why, the page
    keeps the recording as a download, and serving goes on.
    """
    return asyncio.run(_serve(_Rehearsal(page=page, save=save, tell=tell), opened))


@dataclass(slots=True, kw_only=True)
class _Rehearsal:
    page: Path
    save: Callable[[str], Path]
    tell: Sink
    saved: asyncio.Queue[Path] = field(default_factory=asyncio.Queue)


async def _serve(rehearsal: _Rehearsal, opened: Callable[[str], None]) -> Path:
    path = secret_path()
    server, port = listen([(path, _Handler, {"rehearsal": rehearsal})])
    opened(f"http://{HOST}:{port}{path}?rehearse=post")
    saved = await rehearsal.saved.get()
    server.stop()
    return saved


@stream_request_body
class _Handler(LoopbackHandler):
    def initialize(self, *, hosts: frozenset[str], rehearsal: _Rehearsal) -> None:  # type: ignore[override]
        super().initialize(hosts=hosts)
        self.rehearsal = rehearsal
        self.body = bytearray()

    def prepare(self) -> None:
        """Refuse what is too long before it is read."""
        super().prepare()
        length = self.request.headers.get("Content-Length", "0")
        if not self._finished and (not length.isdecimal() or int(length) > _MOST_BYTES):
            self.answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too long")

    def data_received(self, chunk: bytes) -> None:
        """Take a part of the form."""
        self.body += chunk

    def get(self) -> None:
        """Answer with the page as it is now, so that a deck built meanwhile can be loaded again."""
        try:
            self.answer(HTTPStatus.OK, self.rehearsal.page.read_bytes(), "text/html")
        except OSError:
            self.answer(HTTPStatus.NOT_FOUND, "the deck's page is not there")

    async def post(self) -> None:
        """Save what the page recorded, say so, and end."""
        fields = parse_qs(self.body.decode("utf-8", "replace"))
        try:
            saved = self.rehearsal.save(fields.get("rehearsal", [""])[0])
        except AbreastError as error:
            self.rehearsal.tell(Warned(text=f"the rehearsal is not saved here: {error}"))
            self.answer(HTTPStatus.BAD_REQUEST, "{}")
            return
        await self.finish(json.dumps({"saved": saved.name}))
        self.rehearsal.saved.put_nowait(saved)
