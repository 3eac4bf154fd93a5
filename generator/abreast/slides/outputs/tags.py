"""HTML of an output, read once for all who take its tags one after the other."""

from __future__ import annotations

from functools import lru_cache
from html.parser import HTMLParser
from typing import Literal, NamedTuple, Protocol, TypeAlias

Attributes: TypeAlias = list[tuple[str, str | None]]


class Taker(Protocol):
    """Takes what an HTMLParser finds, by the names of its methods."""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Take an opening tag."""

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """Take a tag that opens and closes."""

    def handle_endtag(self, tag: str) -> None:
        """Take a closing tag."""

    def handle_data(self, data: str) -> None:
        """Take the text between tags."""


def read_tags(html: str, taker: Taker) -> None:
    """Give a taker what HTML holds, in order."""
    for found in _found(html):
        if found.kind == "start":
            taker.handle_starttag(found.text, found.attributes)
        elif found.kind == "end":
            taker.handle_endtag(found.text)
        elif found.kind == "data":
            taker.handle_data(found.text)
        else:
            taker.handle_startendtag(found.text, found.attributes)


class _Found(NamedTuple):
    kind: Literal["start", "both", "end", "data"]
    text: str
    attributes: Attributes


# What an output is made harmless of and what is measured of it follow on each other.
@lru_cache(maxsize=4)
def _found(html: str) -> list[_Found]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[_Found] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self.found.append(_Found("start", tag, attrs))

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.found.append(_Found("both", tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(_Found("end", tag, []))

    def handle_data(self, data: str) -> None:
        self.found.append(_Found("data", data, []))
