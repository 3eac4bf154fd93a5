"""Lists as sources: their items with their marks, and the numbers going on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markdown_it.tree import SyntaxTreeNode

from abreast.slides.markdown import tokens

_MARKER = re.compile(r" *(?P<mark>[-+*]|(?P<number>\d{1,9})(?P<stop>[.)]))(?P<gap> *)")
_HEAD = re.compile(r"[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A list item: its mark, and its content as it would stand outside the list."""

    mark: str
    content: str

    def source(self, content: str | None = None) -> str:
        """Return the item's Markdown, with other content where that is given."""
        first, *rest = (self.content if content is None else content).split("\n")
        indent = " " * (len(self.mark) + 1)
        lines = [f"{self.mark} {first}", *(indent + line if line.strip() else "" for line in rest)]
        return "\n".join(lines).rstrip()

    def numbered(self, later: int) -> Item:
        """Return the item with the mark of one so many items later."""
        found = _MARKER.match(self.mark)
        if found is None or found["number"] is None:
            return self
        return replace(self, mark=f"{int(found['number']) + later}{found['stop']}")


def list_items(source: str) -> list[Item]:
    """Return the items of a list, an ordered one's numbered as they are drawn."""
    lines = [_untabbed(line) for line in source.split("\n")]
    nodes = SyntaxTreeNode(tokens(source)).children[0].children
    items = [_item(lines[slice(*node.map)]) for node in nodes if node.map]
    return [replace(item, mark=items[0].numbered(n).mark) for n, item in enumerate(items)]


def list_source(items: Sequence[Item]) -> str:
    """Return a list's Markdown."""
    return "\n".join(item.source() for item in items)


def _item(lines: Sequence[str]) -> Item:
    found = _MARKER.match(lines[0])
    assert found is not None  # noqa: S101 - the parser has found an item there
    gap = len(found["gap"])
    inset = found.end("mark") + (gap if 1 <= gap <= 4 and lines[0][found.end() :].strip() else 1)
    rest = [re.sub(rf"\A {{0,{inset}}}", "", line) for line in lines[1:]]
    return Item(mark=found["mark"], content="\n".join([lines[0][inset:], *rest]).rstrip())


def _untabbed(line: str) -> str:
    found = _HEAD.match(line)
    end = found.end() if found else 0
    return line[:end].expandtabs(4) + line[end:]
