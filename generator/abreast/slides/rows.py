"""The rows of an abreast section -> slides."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from abreast.align import align_cells, align_statements
from abreast.errors import shown
from abreast.events import Event, Sink, Warned, ignore
from abreast.fragments import Fragments, digest
from abreast.model import Cell, CodeRow, Column, Execution, Row, Run, Slide
from abreast.slides.cells import (
    lacks_alt,
    origin,
    own_seconds,
    visible,
)
from abreast.slides.drafting import draft_columns
from abreast.slides.drafts import Draft, DraftColumn
from abreast.slides.fit import fit_row, has_something
from abreast.slides.fragments import attach_fragments
from abreast.slides.header import (
    Heading,
    part_titles,
    room_below,
    room_of_part,
    split_heading,
)
from abreast.slides.notes import also_saying, joined
from abreast.slides.texts import prose_slides, warn_of
from abreast.slides.wordings import Members, row_notes, shared_heading, shared_prose, without_prose
from abreast.timing.pacing import divided
from abreast.timing.sweeps import Steps

_NO_INPUT = frozenset({"hide-input", "remove-input"})
_NO_OUTPUT = frozenset({"hide-output", "remove-output"})


@dataclass(slots=True, kw_only=True)
class _Section:
    """What the rows of one section are drawn from, and what waits for the next slide.

    `waiting` says that the heading's sentence does, `pending` are the speaker's words that do,
    `asking` the cells whose tags may say how long it stands.
    """

    title: str
    by_name: Mapping[str, Execution]
    columns: Sequence[Column]
    heading: Heading
    tell: Sink
    fragments: Fragments
    waiting: bool = False
    pending: str = ""
    asking: list[Cell] = field(default_factory=list)
    slides: list[Slide] = field(default_factory=list)
    steps: list[tuple[str, dict[str, list[int]]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOfRows:
    """The slides of a section, and its steps: titles, and cells by framework."""

    slides: list[Slide]
    steps: Steps


def abreast_section(
    title: str,
    executions: Sequence[Execution],
    columns: Sequence[Column],
    tell: Sink = ignore,
    fragments: Fragments | None = None,
) -> SectionOfRows:
    """Return the slides of one abreast section: a slide a row, more where a row does not fit."""
    fragments = fragments or Fragments()
    by_name = {execution.column.name: execution for execution in executions}
    _warn_of(executions, tell, fragments)
    cells = {name: visible(e.notebook.cells) for name, e in by_name.items()}
    rows = _aligned(cells, _vocabularies(columns), tell, fragments)
    notes = row_notes(rows, {name: e.notebook.cells for name, e in by_name.items()})
    heading = Heading(title=title)
    section = _Section(
        title=title,
        by_name=by_name,
        columns=columns,
        heading=heading,
        tell=tell,
        fragments=fragments,
    )
    followed = [_is_code(row, by_name) for row in rows[1:]] + [False] * bool(rows)
    for row, spoken, before_code in zip(rows, notes, followed, strict=True):
        members = {n: [by_name[n].notebook.cells[j] for j in js] for n, js in row.cells.items()}
        section.asking += [cell for run in members.values() for cell in run]
        if _is_code(row, by_name):
            _add_code(section, members, spoken)
        else:
            _add_prose(section, members, spoken, before_code=before_code)
    if section.slides and section.pending:
        section.slides[-1] = also_saying(section.slides[-1], section.pending)
    return SectionOfRows(slides=attach_fragments(section.slides), steps=section.steps)


def _aligned(
    cells: Mapping[str, Sequence[Cell]],
    vocabularies: Mapping[str, Mapping[str, str]],
    tell: Sink,
    fragments: Fragments,
) -> tuple[Row, ...]:
    """Return the rows of cells, and tell what was said of them when they were found."""
    heard: list[str] = []

    def hear(event: Event) -> None:
        if isinstance(event, Warned):
            heard.append(event.text)

    plain = {
        name: [(cell.index, cell.cell_type, cell.source, sorted(cell.tags)) for cell in mine]
        for name, mine in cells.items()
    }
    key = digest("rows", plain, vocabularies)
    rows = fragments.records(key, Row, lambda: align_cells(cells, vocabularies, hear))
    for text in json.loads(fragments.text(digest("heard", key), lambda: json.dumps(heard))):
        tell(Warned(text=text))
    return rows


def _add_prose(section: _Section, members: Members, spoken: str, *, before_code: bool) -> None:
    """Let a heading right above code wait for it; make any other prose a slide."""
    found, others = shared_heading(members, section.by_name)
    if found and before_code:
        section.heading, section.waiting = found, True
        section.pending = joined(section.pending, others, spoken)
        return
    text = shared_prose(members, section.by_name)
    first = next(iter(members.values()))[0]
    where = _origin(members, section.by_name)
    said = joined(section.pending, spoken)
    own = _own_seconds(section, where)
    section.slides += prose_slides(
        section.title,
        text,
        first,
        notes=said,
        origin=where,
        seconds=own,
        fragments=section.fragments,
    )
    title, _ = split_heading(text)
    section.heading = Heading(title=title or section.heading.title)
    section.waiting, section.pending = False, ""


def _add_code(section: _Section, members: Members, spoken: str) -> None:
    code, inside = without_prose(members, section.by_name)
    section.pending = joined(section.pending, inside, spoken)
    indices = {name: [cell.index for cell in run] for name, run in code.items()}
    section.steps.append((section.heading.title, indices))
    columns = draft_columns(section.columns, section.by_name, code)
    if not has_something(columns):
        return
    heading = section.heading if section.waiting else replace(section.heading, lede="")
    section.slides += _row_slides(section, heading, code, columns)
    section.waiting, section.pending = False, ""


def _own_seconds(section: _Section, where: str) -> int | None:
    cells, section.asking = section.asking, []
    return own_seconds(cells, where, section.tell)


def _vocabularies(columns: Sequence[Column]) -> dict[str, Mapping[str, str]]:
    return {column.name: column.framework.vocabulary for column in columns}


def _is_code(row: Row, by_name: Mapping[str, Execution]) -> bool:
    return any(
        by_name[name].notebook.cells[index].cell_type == "code"
        for name, indices in row.cells.items()
        for index in indices
    )


def _row_slides(
    section: _Section, heading: Heading, members: Members, columns: Sequence[DraftColumn]
) -> list[Slide]:
    parts = _parts(section, heading, members, columns)
    titles = part_titles(heading.title, len(parts))
    below = any(cell.slide_type == "subslide" for run in members.values() for cell in run)
    where = _origin(members, section.by_name)
    own = _own_seconds(section, where)
    slides = [
        Slide(
            section=section.title,
            title=title,
            lede=heading.lede if n == 0 else "",
            blocks=(part,),
            notes=section.pending,
            origin=where,
            seconds=own,
            below=below or n > 0,
        )
        for n, (part, title) in enumerate(zip(parts, titles, strict=True))
    ]
    return divided(slides)


def _parts(
    section: _Section, heading: Heading, members: Members, columns: Sequence[DraftColumn]
) -> tuple[CodeRow, ...]:
    """Return the row, cut into what fits a slide."""
    first = room_below(heading.title, heading.lede)
    room = min(room_of_part(heading.title), first)
    cells = [cell for run in members.values() for cell in run]
    fragment = all(cell.slide_type == "fragment" for cell in cells)
    vocabularies = _vocabularies(section.columns)

    def fitted() -> list[CodeRow]:
        code = {column.framework: column.source for column in columns if column.source}
        languages = {column.framework: column.language for column in columns}
        bands = align_statements(code, languages, vocabularies)
        draft = Draft(columns=tuple(columns), bands=tuple(bands), fragment=fragment)
        return fit_row(draft, room, first)

    key = digest("row", columns, fragment, room, first, vocabularies)
    return section.fragments.records(key, CodeRow, fitted)


def _origin(members: Members, by_name: Mapping[str, Execution]) -> str:
    return ", ".join(
        origin(by_name[name].notebook, cells) for name, cells in members.items() if cells
    )


def _warn_of(executions: Sequence[Execution], tell: Sink, fragments: Fragments) -> None:
    for execution in executions:
        for cell in visible(execution.notebook.cells):
            if cell.cell_type == "markdown":
                warn_of(execution.notebook, cell, tell, fragments)
        if isinstance(execution.result, Run):
            for cell in visible(execution.result.cells):
                if lacks_alt(cell):
                    where = f"{shown(execution.notebook.path)}, cell {cell.number}"
                    tell(
                        Warned(
                            text=f"{where}: a picture without alt text. Say what it shows in the "
                            "cell's first line: #| fig-alt: …"
                        )
                    )
