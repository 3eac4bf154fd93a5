"""Prose that does not fit one slide -> parts that do, each valid Markdown.

Cut is where readers would turn a page: between blocks and list items; tables, code, quotations and
paragraphs only where one does not fit a slide of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from abreast.slides.markdown import tokens
from abreast.slides.prose.lists import list_items, list_source
from abreast.slides.prose.paragraphs import cut_paragraph
from abreast.slides.prose.rows import cut_row

Fits = Callable[[Sequence[str]], bool]
"""Says whether these blocks, as Markdown, fit one below the other."""
Cut = tuple[str, list[str]]
"""A block's beginning that fits, "" where none should stand here, and the rest as blocks."""

_QUOTED = re.compile(r" {0,3}> ?")
_LISTS = frozenset({"bullet_list", "ordered_list"})
_APART = "<!-- -->"
"""Keeps two lists from running into one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is still free on a slide, and what a whole slide holds."""

    left: Fits
    whole: Fits

    def beside(self, taken: Sequence[str]) -> Room:
        """Return the room beside blocks that were taken; what announces more stays with it."""
        bound = taken[len(taken) - _announcing(taken) :]
        return Room(
            left=lambda added: self.left([*taken, *added]),
            whole=lambda added: self.whole([*bound, *added]),
        )

    def inside(self, wrap: Callable[[str], str]) -> Room:
        """Return the room within a block that `wrap` makes of Markdown."""
        return Room(
            left=lambda added: self.left([wrap(joined(added))]),
            whole=lambda added: self.whole([wrap(joined(added))]),
        )


def sources(markdown: str) -> list[str]:
    """Return the Markdown of each block of a text."""
    lines = markdown.split("\n")
    found = []
    for node in SyntaxTreeNode(tokens(markdown)).children:
        if node.type == "code_block":  # by its indent it would go into a list before it
            found.append(_fenced(node.content.rstrip("\n").split("\n"), ""))
        elif node.map:
            found.append("\n".join(lines[slice(*node.map)]).rstrip())
    return found


def joined(parts: Sequence[str]) -> str:
    """Return blocks as one Markdown text."""
    return "\n\n".join(parts)


def take(parts: Sequence[str], room: Room) -> tuple[list[str], list[str]]:
    """Return the blocks that fit and the rest; the last one is cut where that is called for.

    Neither a heading nor a sentence that ends in a colon stands alone above the cut.
    """
    taken: list[str] = []
    for i, part in enumerate(parts):
        if room.left([*taken, part]):
            taken.append(part)
            continue
        head, rest = _cut(part, room.beside(taken))
        if head:
            return [*taken, head], [*rest, *parts[i + 1 :]]
        count = len(taken) - _announcing(taken)
        return taken[:count], list(parts[count:])
    return taken, []


def take_too_much(parts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the first block, with what announces it, though it does not fit, and the rest."""
    count = next((n for n, part in enumerate(parts) if not _announces(part)), len(parts) - 1) + 1
    return list(parts[:count]), list(parts[count:])


def _announcing(parts: Sequence[str]) -> int:
    """Return how many blocks at the end only announce what follows."""
    return next((n for n, part in enumerate(reversed(parts)) if not _announces(part)), len(parts))


def _announces(part: str) -> bool:
    return _kind(part) == "heading" or (
        _kind(part) == "paragraph" and part.endswith((":", "\uff1a"))
    )


def _kind(part: str) -> str:
    children = SyntaxTreeNode(tokens(part)).children
    return children[0].type if children else ""


def _cut(part: str, room: Room) -> Cut:
    kind = _kind(part)
    if kind in _LISTS:
        return _cut_list(part, room)
    if room.whole([part]) or kind not in _CUTTERS:
        return "", [part]
    return _CUTTERS[kind](part, room)


def _cut_list(part: str, room: Room) -> Cut:
    items = list_items(part)
    count = _most(len(items) - 1, lambda n: room.left([list_source(items[:n])]))
    if count:
        return list_source(items[:count]), [list_source(items[count:])]
    first, others = items[0], items[1:]
    if room.whole([first.source()]):
        return "", [part]
    taken, rest = take(sources(first.content), room.inside(first.source))
    if not taken:
        return "", [part]
    # What is left of an item goes on without a mark of its own; the next item keeps its number.
    after = [_APART, list_source(others)] if others else []
    return first.source(joined(taken)), [*rest, *after]


def _cut_quote(part: str, room: Room) -> Cut:
    inner = "\n".join(_QUOTED.sub("", line, count=1) for line in part.split("\n"))
    taken, rest = take(sources(inner), room.inside(_quoted))
    return (_quoted(joined(taken)), [_quoted(joined(rest))]) if taken else ("", [part])


def _quoted(markdown: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in markdown.split("\n"))


def _cut_text(part: str, room: Room) -> Cut:
    head, tail = cut_paragraph(part, lambda text: room.left([text]))
    return head, [tail]


def _cut_code(part: str, room: Room) -> Cut:
    token = tokens(part)[0]
    lines, info = token.content.removesuffix("\n").split("\n"), token.info.strip()
    count = _most(len(lines) - 1, lambda n: room.left([_fenced(lines[:n], info)]))
    if not count:
        first = lines[0]
        at = _most(len(first) - 1, lambda n: room.left([_fenced([first[:n]], info)]))
        if not at:
            return "", [part]
        count, lines = 1, [first[:at], first[at:], *lines[1:]]
    # Programs part best where their authors left a line free.
    count = next((n for n in range(count, count // 2, -1) if not lines[n].strip()), count)
    head, tail = "\n".join(lines[:count]).rstrip(), "\n".join(lines[count:]).strip("\n")
    return _fenced(head.split("\n"), info), [_fenced(tail.split("\n"), info)]


def _fenced(lines: Sequence[str], info: str) -> str:
    text = "\n".join(lines)
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{info}\n{text}\n{fence}"


def _cut_table(part: str, room: Room) -> Cut:
    lines = part.split("\n")
    head, rows = lines[:2], lines[2:]

    def table(members: Sequence[str]) -> str:
        return "\n".join([*head, *members])

    count = _most(len(rows) - 1, lambda n: room.left([table(rows[:n])]))
    if count:
        return table(rows[:count]), [table(rows[count:])]
    if not rows or room.whole([table(rows[:1])]):
        return "", [part]
    begin, rest = cut_row(rows[0], lambda row: room.left([table([row])]))
    return (table([begin]), [table([rest, *rows[1:]])]) if begin else ("", [part])


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """Return how many of so many fit."""
    return bisect_left(range(1, count + 1), True, key=lambda n: not fits(n))


_CUTTERS: dict[str, Callable[[str, Room], Cut]] = {
    "paragraph": _cut_text,
    "fence": _cut_code,
    "table": _cut_table,
    "blockquote": _cut_quote,
}
