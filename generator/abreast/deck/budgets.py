"""Minutes -> deck.yml: the numbers alone are written, the rest of the file stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from abreast.errors import UsageError, shown
from abreast.writing import write_whole

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

Edit = tuple[int, int, str]
"""A text in place of the characters from one index up to another."""

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_COLON = re.compile(r"\s*:")
_ALIAS = re.compile(r"\s*:\s*\*[^\s,\]}]+")
_LINE_END = re.compile(r"\r\n|\n|\r")


def write_minutes(path: Path, minutes: Mapping[int, float]) -> None:
    """Write the minutes of sections, by their index, into a deck file.

    Comments, order, quotes and line ends stay; the file is replaced as a whole, or not at all.

    Raises UsageError where the edited text would not say exactly this, AbreastError when the disk
    refuses.
    """
    path = path.resolve()
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    try:
        edited = with_minutes(text, minutes)
        _check(edited, text, minutes)
    except ValueError as error:
        raise UsageError(
            f"the minutes cannot be written here: {error}.",
            where=shown(path),
            remedy="Nothing was written. Write them by hand, or do without anchors and aliases.",
        ) from None
    write_whole(path, edited.encode("utf-8"))


def with_minutes(text: str, minutes: Mapping[int, float]) -> str:
    """Return a deck file's text with these minutes of sections, by their index.

    A number that is there is replaced; else `minutes` is put after the section's title. Raises
    ValueError for a section whose title is another's.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - slow, and --help needs none of it

    root = YAML(typ="rt").compose(text)
    sections = _value(root, "sections")
    assert sections is not None  # noqa: S101 - the deck was loaded
    edits = [_edit(text, sections.value[i], f"{value:g}") for i, value in minutes.items()]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _edit(text: str, section: MappingNode, number: str) -> Edit:
    for key, value in section.value:
        if key.value == "minutes":
            start, end = _place(text, key, value)
            return start, end, number if start < end else f" {number}"
    return _insertion(text, section, number)


def _insertion(text: str, section: MappingNode, number: str) -> Edit:
    """Return the edit that puts minutes after a section's title."""
    titles = [pair for pair in section.value if pair[0].value == "title"]
    if not titles:
        raise ValueError("a section without a title of its own")
    ((key, value),) = titles
    begin = key.start_mark.index
    quote = text[begin] if key.style else ""
    name = f"{quote}minutes{quote}"
    _, end = _place(text, key, value)
    if section.flow_style:
        return end, end, f", {name}: {number}"
    indent = " " * key.start_mark.column
    if value.style in {"|", ">"}:
        # Its end is where the next key stands, behind comments: so they go before it.
        return begin, begin, f"{name}: {number}{_line_end(text, begin)}{indent}"
    line_end = _LINE_END.search(text, end)
    at = line_end.start() if line_end else len(text)
    return at, at, f"{_line_end(text, at)}{indent}{name}: {number}"


def _place(text: str, key: ScalarNode, value: ScalarNode) -> tuple[int, int]:
    """Return where a value's text stands, without its anchor and tag.

    ruamel.yaml gives an alias the marks of what it stands for, and nothing those of what follows:
    then it is what stands behind the key.
    """
    behind = key.end_mark.index
    if value.start_mark.index == value.end_mark.index:
        colon = _COLON.match(text, behind)
        return (colon.end(), colon.end()) if colon else (behind, behind)
    alias = _ALIAS.match(text, behind)
    if alias:
        return text.rindex("*", behind, alias.end()), alias.end()
    properties = _PROPERTIES.match(text, value.start_mark.index)
    start = properties.end() if properties else value.start_mark.index
    return start, value.end_mark.index


def _line_end(text: str, at: int) -> str:
    """Return how the line at an index ends, or else the first of the file."""
    found = _LINE_END.search(text, at) or _LINE_END.search(text)
    return found[0] if found else "\n"


def _value(mapping: Node, name: str) -> Node | None:
    return next((value for key, value in mapping.value if key.value == name), None)


def _check(edited: str, text: str, minutes: Mapping[int, float]) -> None:
    """Raise ValueError unless an edited text differs in what it says by these minutes alone."""
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    wanted = YAML(typ="rt").load(text)
    for index, value in minutes.items():
        wanted["sections"][index]["minutes"] = value
    try:
        found: object = YAML(typ="rt").load(edited)
    except (YAMLError, ValueError):  # the latter of a tag that the number does not fit
        raise ValueError("the file would not be YAML any more") from None
    if found != wanted:
        raise ValueError("something else would change too")
