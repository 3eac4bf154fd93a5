"""What the authors of a row say in words: once where they say the same, else under their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from abreast.model import Cell, Execution, Row
from abreast.slides.cells import is_spoken, visible, with_attachments
from abreast.slides.header import Heading, as_heading

Members: TypeAlias = Mapping[str, Sequence[Cell]]
"""The cells of a row, by framework."""


def without_prose(
    members: Members, by_name: Mapping[str, Execution]
) -> tuple[dict[str, list[Cell]], str]:
    """Return a row's code, and what its authors say between it as a note for the speaker."""
    code = {n: [cell for cell in run if cell.cell_type == "code"] for n, run in members.items()}
    said = [
        f"**{by_name[name].column.framework.title}** {with_attachments(cell)}"
        for name, run in members.items()
        for cell in run
        if cell.cell_type != "code"
    ]
    return code, "\n\n".join(said)


def shared_heading(
    members: Members, by_name: Mapping[str, Execution]
) -> tuple[Heading | None, str]:
    """Return the first column's heading where all have one, and the other wordings as a note."""
    texts = _texts(members)
    headings = [as_heading(text) for text in texts.values()]
    if not all(headings):
        return None, ""
    first = next(iter(texts.values()))
    others = [
        f"**{by_name[name].column.framework.title}** {text.lstrip('#').strip()}"
        for name, text in texts.items()
        if text != first
    ]
    return headings[0], "\n\n".join(others)


def _texts(members: Members) -> dict[str, str]:
    return {n: "\n\n".join(with_attachments(cell) for cell in run) for n, run in members.items()}


def shared_prose(members: Members, by_name: Mapping[str, Execution]) -> str:
    """Return the row's prose: once where all say the same, else under each framework's name."""
    texts = _texts(members)
    if len(set(texts.values())) == 1 or len(texts) == 1:
        return next(iter(texts.values()))
    return "\n\n".join(
        f"**{by_name[name].column.framework.title}** {text}" for name, text in texts.items()
    )


def row_notes(rows: Sequence[Row], notebooks: Mapping[str, Sequence[Cell]]) -> list[str]:
    """Return the speaker notes of each row: the notes cells that follow its cells, each once."""
    following: dict[tuple[str, int], list[str]] = {}
    for name, cells in notebooks.items():
        # What is said before anything is shown belongs to the first that is.
        last = next((cell.index for cell in visible(cells)), -1)
        for cell in cells:
            if is_spoken(cell):
                following.setdefault((name, last), []).append(cell.source.strip())
            elif visible([cell]):
                last = cell.index
    result = []
    for row in rows:
        said = [
            text
            for name, indices in row.cells.items()
            for index in indices
            for text in following.get((name, index), ())
        ]
        result.append("\n\n".join(dict.fromkeys(said)))
    return result
