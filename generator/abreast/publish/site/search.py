"""What the page's search looks through: titles, and code line against line, as compact JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from abreast.model import CodeColumn, CodeRow, Slide
from abreast.publish.site.decks import BuiltDeck
from abreast.publish.site.places import ShownSection, deck_address, plain, sections_shown


def search_index(decks: Sequence[BuiltDeck]) -> dict[str, Any]:
    """Return all that is searched, by deck, section and slide.

    Of a slide's code `bands` has, band by band, a text for each of the deck's columns, "" for none:
    the author's own lines, not those that were broken to fit.
    """
    return {"decks": [_deck(deck) for deck in decks]}


def rows_in(index: Mapping[str, Any]) -> int:
    """Return how many slides of an index have code."""
    return sum(
        "bands" in slide
        for deck in index["decks"]
        for section in deck["sections"]
        for slide in section["slides"]
    )


def compact_json(index: Mapping[str, Any]) -> str:
    """Return JSON that can stand inside <script>, whatever an author wrote."""
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    # Where a script ends or a comment begins there is a "<"; in JSON it stands in strings only.
    return text.replace("<", "\\u003c")


def _deck(deck: BuiltDeck) -> dict[str, Any]:
    columns = [head.framework.name for head in deck.presentation.heads]
    return {
        "title": deck.presentation.title,
        "language": deck.presentation.language,
        "page": deck_address(deck.name),
        "columns": columns,
        "sections": [_section(section, columns) for section in sections_shown(deck.presentation)],
    }


def _section(section: ShownSection, columns: Sequence[str]) -> dict[str, Any]:
    slides = [_slide(place, slide, columns) for place, slide in section.slides]
    return {"title": section.title, "slides": slides}


def _slide(place: str, slide: Slide, columns: Sequence[str]) -> dict[str, Any]:
    rows = [block for block in slide.blocks if isinstance(block, CodeRow)]
    bands = [band for row in rows for band in _bands(row, columns)]
    record = {"at": place, "title": plain(slide.title)}
    return {**record, "bands": bands} if bands else record


def _bands(row: CodeRow, columns: Sequence[str]) -> Iterator[list[str]]:
    shown = {column.framework: column.lines for column in row.columns}
    left = {column.framework: _author_lines(column) for column in row.columns}
    for band in row.bands:
        own = {
            name: dict.fromkeys(shown[name][line - 1].number for line in lines)
            for name, lines in band.lines.items()
        }
        # A line of the author's may have been broken across bands: the first has it.
        texts = [[left[name].pop(n, "") for n in own.get(name, ())] for name in columns]
        if any(map(any, texts)):
            yield ["\n".join(filter(None, lines)) for lines in texts]


def _author_lines(column: CodeColumn) -> dict[int, str]:
    """Return the author's code by the number of the line that it is shown from.

    A line that was joined to the one before it has no number of its own: it belongs to that one.
    """
    source = column.source.split("\n")[: column.last or None]
    numbers = sorted({line.number for line in column.lines})
    ends = [number - 1 for number in numbers[1:]] + [len(source)] * bool(numbers)
    return {
        number: "\n".join(source[number - 1 : end]).strip("\n")
        for number, end in zip(numbers, ends, strict=True)
    }
