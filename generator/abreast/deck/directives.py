"""Directives: `#| name: value` lines at the top of a code cell, as Quarto writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_DIRECTIVE = re.compile(r"^#\|\s*(?P<name>[\w-]+):\s*(?P<value>.*)$")


def directives(source: str) -> list[tuple[str, str]]:
    """Return the names and values of a code cell's directives, in order."""
    return list(_leading(_lines(source)))


def without_directives(source: str) -> str:
    """Return a code cell's source without its directives, nor empty lines around it."""
    lines = _lines(source)
    count = sum(1 for _ in _leading(lines))
    return "\n".join(lines[count:]).strip("\n")


def _lines(source: str) -> list[str]:
    return source.strip("\n").split("\n")


def _leading(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        found = _DIRECTIVE.match(line)
        if not found:
            return
        yield found["name"], found["value"].strip()
