"""A deck's page on this machine's loopback, until the rehearsal that it recorded is saved.

The page may make no requests, but it may send a form: that is how the recording arrives.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from urllib.parse import parse_qs, urlsplit

from abreast.errors import AbreastError
from abreast.events import Sink, Warned

_LOOPBACK = "127.0.0.1"
_MOST_BYTES = 1 << 24  # a deck of 10,000 slides sends a fifth of it


def serve_rehearsal(
    page: Path, save: Callable[[str], Path], *, opened: Callable[[str], None], tell: Sink
) -> Path:
    """Serve `page` until a rehearsal of it was saved; return what `save` made of it.

    `opened` is given the address, which nobody can guess: a random port, a random path. `save` is
    given the JSON that the page sent, on another thread. Where it raises an AbreastError, `tell`
    hears why, the page keeps the recording as a download, and serving goes on.
    """
    with _Server(page, save, tell) as server:
        opened(f"http://{server.host}{server.path}?rehearse=post")
        server.serve_forever(poll_interval=0.1)
        return server.saved


class _Server(ThreadingTCPServer):
    """Not an http.server.HTTPServer, which looks its name up: without a network that can hang."""

    daemon_threads = True  # browsers open connections in advance and leave them idle
    saved: Path

    def __init__(self, page: Path, save: Callable[[str], Path], tell: Sink) -> None:
        super().__init__((_LOOPBACK, 0), _Handler)
        self.page, self.save, self.tell = page, save, tell
        self.host = f"{_LOOPBACK}:{self.server_address[1]}"
        self.path = f"/{secrets.token_urlsafe(16)}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """Let a browser hang up without a traceback."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 60

    def do_GET(self) -> None:
        """Answer with the page as it is now, so that a deck built meanwhile can be loaded again."""
        if not self._is_ours():
            return
        try:
            self._answer(HTTPStatus.OK, self.server.page.read_bytes(), "text/html")
        except OSError:
            self._answer(HTTPStatus.NOT_FOUND, b"the deck's page is not there")

    def do_POST(self) -> None:
        """Save what the page recorded, say so, and end."""
        if not self._is_ours():
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MOST_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"too long")
            return
        fields = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        try:
            saved = self.server.save(fields.get("rehearsal", [""])[0])
        except AbreastError as error:
            self.server.tell(Warned(text=f"the rehearsal is not saved here: {error}"))
            self._answer(HTTPStatus.BAD_REQUEST, b"{}")
            return
        self._answer(HTTPStatus.OK, json.dumps({"saved": saved.name}).encode())
        self.server.saved = saved
        self.server.shutdown()

    def _is_ours(self) -> bool:
        """Refuse what was not sent to the address that was given out, by any name but its own."""
        if self.headers.get("Host") != self.server.host:
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, b"wrong host")
        elif urlsplit(self.path).path != self.server.path:
            self._answer(HTTPStatus.NOT_FOUND, b"nothing here")
        else:
            return True
        return False

    def _answer(self, status: HTTPStatus, content: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name above
        """Say nothing: the terminal is the speaker's."""
