"""A server on this machine's loopback, whose address nobody can guess and no other name leads to.

Any program and any web page may connect to 127.0.0.1: pages of other sites by a name that they let
point there (DNS rebinding), other users of the machine by trying ports. So each request must name
the server as it was given out, and a path of 128 random bits that only this address has.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from abreast.errors import UsageError

HOST = "127.0.0.1"
LOCAL_NAMES = (HOST, "localhost", "[::1]")
"""What this machine calls itself; at the end of a tunnel people type any of them."""

Route = tuple[str, type[RequestHandler], dict[str, Any]]
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Type": "text/plain; charset=utf-8",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",  # the speaker view frames the deck
}


def secret_path() -> str:
    """Return a path that nobody can guess, with its slashes."""
    return f"/{secrets.token_urlsafe(16)}/"


def is_own_origin(origin: str, hosts: frozenset[str]) -> bool:
    """Say whether a page of `origin` came from one of the `hosts`, names with their port."""
    parts = urlsplit(origin)
    return parts.scheme == "http" and parts.netloc.lower() in hosts


def listen(
    routes: Sequence[Route], *, port: int = 0, names: Sequence[str] = (HOST,)
) -> tuple[HTTPServer, int]:
    """Serve `routes` on the loopback; return the server and its port, a free one for port 0.

    A route has a path, a handler and what the handler's `initialize` is given, beside `hosts`:
    `names` with the port, which requests may call the server by. Raises UsageError for a port that
    is taken.
    """
    for quiet in ("tornado.access", "tornado.general"):
        # What others send wrongly is not for the user's terminal.
        logging.getLogger(quiet).addHandler(logging.NullHandler())
    try:
        sockets = bind_sockets(port, HOST)
    except OSError as error:
        raise UsageError(
            f"the port {port} cannot be used: {error.strerror}.",
            where="--port",
            remedy="Leave it out, and a free one is chosen.",
        ) from None
    bound: int = sockets[0].getsockname()[1]
    hosts = frozenset(f"{name}:{bound}" for name in names)
    application = Application(
        [(path, handler, {"hosts": hosts, **given}) for path, handler, given in routes],
        default_handler_class=Nothing,
        default_handler_args={"hosts": hosts},
    )
    server = HTTPServer(application)
    server.add_sockets(sockets)
    return server, bound


class LoopbackHandler(RequestHandler):
    """Answers what names the server as it was given out."""

    hosts: frozenset[str]

    def initialize(self, *, hosts: frozenset[str]) -> None:
        """Take what its route gives it."""
        self.hosts = hosts

    def set_default_headers(self) -> None:
        """Let nothing be kept, guessed, framed elsewhere, or told to where links lead."""
        for name, value in _HEADERS.items():
            self.set_header(name, value)
        self.clear_header("Server")

    def prepare(self) -> None:
        """Refuse what came by another name."""
        if self.request.headers.get("Host", "").lower() not in self.hosts:
            self.answer(HTTPStatus.MISDIRECTED_REQUEST, "wrong host")

    def answer(self, status: HTTPStatus, content: str | bytes, kind: str = "text/plain") -> None:
        """Send the whole answer."""
        self.set_status(status)
        self.set_header("Content-Type", f"{kind}; charset=utf-8")
        self.finish(content)

    def write_error(self, status_code: int, **_: Any) -> None:
        """Send the status and no more."""
        status = HTTPStatus(status_code)
        self.answer(status, status.phrase)


class Nothing(LoopbackHandler):
    """Answers that nothing is here."""

    def prepare(self) -> None:
        """Refuse what came by another name; of all else say that it is not here."""
        super().prepare()
        if not self._finished:
            self.answer(HTTPStatus.NOT_FOUND, "nothing here")
