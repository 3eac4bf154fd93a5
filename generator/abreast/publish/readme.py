"""A table between two markers of a README, and not one byte elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from abreast.errors import Mistake, UsageError, shown
from abreast.writing import content_of

BEGIN, END = "<!-- abreast:decks -->", "<!-- /abreast:decks -->"
_MARKER = re.compile(r"<!--\s*(/?)abreast:decks\s*-->", re.IGNORECASE)
_NEARLY = re.compile(r"<!--\s*/?\s*abreast:decks\b[^\r\n]*?(?:-->|$)", re.MULTILINE | re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_MARKDOWN = {".md", ".markdown"}
_MARK = "\ufeff"


def find_readme(folder: Path) -> Path:
    """Return a folder's README, whatever it is called; README.md where there is none."""
    known = [
        path
        for path in sorted(folder.glob("*"))
        if path.stem.lower() == "readme" and path.is_file()
    ]
    markdown = [path for path in known if is_markdown(path)]
    return (markdown or known or [folder / "README.md"])[0]


def is_markdown(path: Path) -> bool:
    """Say whether a README can have a table in Markdown."""
    return path.suffix.lower() in _MARKDOWN


def read_readme(path: Path) -> str:
    """Return a README's text with its line ends as they are; "" where there is none.

    Raises UsageError for what cannot be read or is not UTF-8: nobody could say which bytes a table
    in it needs.
    """
    try:
        return content_of(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"not UTF-8 (byte {error.start}), so it is left alone.",
            where=shown(path),
            remedy="Save it as UTF-8.",
        ) from None


def with_table(text: str, table: str, path: Path) -> str:
    """Return a README's text with a table between its markers, `BEGIN` and `END`.

    Each stands on a line of its own; in a block of code it is none. Where there are none, a section
    with both comes at the end. Lines of the table end as those of the text do.

    Raises UsageError, with lines, when one is missing, there are several, or one shares its line
    with others; `path` is the README's.
    """
    markers = [*_markers(text)]
    mistakes = [*_strays(text, path)] or [*_mistakes(markers, path)]
    if mistakes:
        raise UsageError.of(mistakes)
    if not markers:
        return _with_section(text, table, path)
    lines = _LINE.findall(text)
    begin, end = (line for line, _ in markers)
    ending = lines[begin][len(lines[begin].rstrip("\r\n")) :]
    between = _ended(f"\n{table}\n\n", ending)
    return "".join([*lines[: begin + 1], between, *lines[end:]])


def table_lines(text: str) -> tuple[int, ...]:
    """Return on which lines of a README, counted from 1, markers of a table stand."""
    return tuple(line + 1 for line, _ in _markers(text))


def _markers(text: str) -> Iterator[tuple[int, bool]]:
    """Yield the line of each marker, from 0, and whether it is an end."""
    for number, line, is_block in _html_lines(text):
        found = _MARKER.fullmatch(line) if is_block else None
        if found:
            yield number, bool(found[1])


def _strays(text: str, path: Path) -> Iterator[Mistake]:
    """Yield what would be a marker if it were alone on its line: in a quote, beside the other."""
    for number, line, is_block in _html_lines(text):
        found = _NEARLY.search(line)
        if found and not (is_block and _MARKER.fullmatch(line)):
            what = f"{found[0]} is not alone on its line."
            yield _mistake(path, number, what, "Put it on a line of its own, in no quote or list.")


def _html_lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the lines, from 0, of what Markdown takes for HTML, without the spaces around them.

    The last says whether it is a block of HTML, not a paragraph with some in it.
    """
    from markdown_it import MarkdownIt  # noqa: PLC0415 - slow, and only this needs it

    lines = _LINE.findall(text)
    # A byte order mark would make a paragraph of the first line's HTML.
    for token in MarkdownIt("commonmark").parse(text.removeprefix(_MARK)):
        is_block = token.type == "html_block"
        inside = any(
            child.type == "html_inline" and _NEARLY.search(child.content)
            for child in token.children or ()
        )
        if token.map and (is_block or inside):
            for number in range(*token.map):
                yield number, lines[number].strip(f" \t\r\n{_MARK}"), is_block


def _mistakes(markers: list[tuple[int, bool]], path: Path) -> Iterator[Mistake]:
    begins = [line for line, is_end in markers if not is_end]
    ends = [line for line, is_end in markers if is_end]
    for marker, lines, other in ((BEGIN, begins, ends), (END, ends, begins)):
        if other and not lines:
            what = f"the table's other marker is missing: {marker}"
            yield _mistake(path, other[0], what, "Put it on a line of its own.")
        for line in lines[1:]:
            what = f"{marker} is there again, after line {lines[0] + 1}."
            yield _mistake(path, line, what, "Remove one.")
    if len(begins) == len(ends) == 1 and ends < begins:
        yield _mistake(path, ends[0], f"{END} comes before {BEGIN}.", "Exchange them.")


def _mistake(path: Path, line: int, what: str, remedy: str) -> Mistake:
    return Mistake(what=what, where=f"{shown(path)}:{line + 1}", remedy=remedy)


def _with_section(text: str, table: str, path: Path) -> str:
    first = re.search(r"\r\n|\r|\n", text)
    body = text.rstrip("\r\n")
    section = f"{'##' if body else '#'} Decks\n\n{BEGIN}\n\n{table}\n\n{END}\n"
    gap = "" if not body else "\n" * max(0, 2 - len(_LINE.findall(text[len(body) :])[:-1]))
    new = text + _ended(gap + section, first[0] if first else "\n")
    # Behind a fence that nobody closed it would be code, and be added again each time.
    if len([*_markers(new)]) != 2:
        raise UsageError(
            "its last block of code or comment is never closed, so nothing can come after it.",
            where=shown(path),
            remedy=f"Close it, or put these two lines where the table belongs: {BEGIN} and {END}",
        )
    return new


def _ended(text: str, ending: str) -> str:
    return text.replace("\n", ending)
