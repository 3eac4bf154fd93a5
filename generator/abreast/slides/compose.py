"""Sections and executions -> slides: each row a slide, prose between them, notes below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from abreast.align import align_cells, align_statements
from abreast.deck import parameters as parameter_cells
from abreast.events import Sink, ignore
from abreast.model import (
    AbreastSection,
    Block,
    Cell,
    CodeColumn,
    CodeRow,
    Column,
    Deck,
    Execution,
    Lack,
    Notebook,
    Prose,
    Row,
    Run,
    Slide,
    SlidesSection,
)
from abreast.slides.fit import fit_row
from abreast.timing.statistics import badge, cost_table

_LEDE = 180
"""A heading with one paragraph of at most this many characters heads the code below it."""
_HEADING = re.compile(r"\A#{1,3}[ \t]+(?P<title>[^\n]+)\n*(?P<rest>.*)\Z", re.DOTALL)
_NO_INPUT = frozenset({"hide-input", "remove-input"})
_NO_OUTPUT = frozenset({"hide-output", "remove-output"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A title and the sentence under it."""

    title: str
    lede: str = ""


def compose(
    deck: Deck,
    prose: Mapping[str, Notebook],
    executions: Sequence[Execution],
    tell: Sink = ignore,
) -> tuple[Slide, ...]:
    """Return the deck's slides in order.

    `prose` has the notebook of each slides section by title; `executions` those of the abreast
    sections, in the deck's order.
    """
    slides: list[Slide] = []
    sections = iter(executions)
    for section in deck.sections:
        if isinstance(section, SlidesSection):
            slides += _prose_section(section.title, prose[section.title])
        elif isinstance(section, AbreastSection):
            mine = [next(sections) for _ in section.notebooks]
            slides += abreast_section(section.title, mine, deck.columns, tell)
        else:
            slides += _timings_section(section.title, executions)
    return tuple(slides)


def visible(cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells that a slide may show: neither skipped, removed, notes, raw nor empty."""
    return [
        cell
        for cell in cells
        if cell.slide_type not in {"skip", "notes"}
        and "remove-cell" not in cell.tags
        and cell.cell_type != "raw"
        and cell.source.strip()
    ]


def abreast_section(
    title: str, executions: Sequence[Execution], columns: Sequence[Column], tell: Sink = ignore
) -> list[Slide]:
    """Return the slides of one abreast section: a slide a row, more where a row does not fit."""
    by_name = {execution.column.name: execution for execution in executions}
    cells = {name: visible(e.notebook.cells) for name, e in by_name.items()}
    rows = align_cells(cells, _vocabularies(columns), tell)
    notes = _row_notes(rows, {name: e.notebook.cells for name, e in by_name.items()})
    slides: list[Slide] = []
    heading, waiting, pending = Heading(title=title), False, ""
    for i, (row, spoken) in enumerate(zip(rows, notes, strict=True)):
        members = {n: [by_name[n].notebook.cells[j] for j in js] for n, js in row.cells.items()}
        first = next(iter(members.values()))[0]
        if all(cell.cell_type == "markdown" for run in members.values() for cell in run):
            text = _shared_prose(members, by_name)
            found, others = _shared_heading(members, by_name)
            if found and i + 1 < len(rows) and _is_code(rows[i + 1], by_name):
                heading, waiting = found, True
                pending = "\n\n".join(filter(None, [others, spoken]))
                continue
            slides += _prose_slides(title, text, first, spoken)
            heading, waiting = Heading(title=_first_heading(text) or heading.title), False
            continue
        members, inside = _without_prose(members, by_name)
        said = "\n\n".join(filter(None, [pending if waiting else "", inside, spoken]))
        shown = heading if waiting else replace(heading, lede="")
        slides += _row_slides(title, shown, members, by_name, columns, said)
        waiting = False
    return _attach_fragments(slides)


def _vocabularies(columns: Sequence[Column]) -> dict[str, Mapping[str, str]]:
    return {column.name: column.framework.vocabulary for column in columns}


def _is_code(row: Row, by_name: Mapping[str, Execution]) -> bool:
    return any(
        by_name[name].notebook.cells[index].cell_type == "code"
        for name, indices in row.cells.items()
        for index in indices
    )


def _without_prose(
    members: Mapping[str, Sequence[Cell]], by_name: Mapping[str, Execution]
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


def _row_slides(
    section: str,
    heading: Heading,
    members: Mapping[str, Sequence[Cell]],
    by_name: Mapping[str, Execution],
    columns: Sequence[Column],
    notes: str,
) -> list[Slide]:
    parts = [
        _code_column(column, by_name.get(column.name), members.get(column.name, ()))
        for column in columns
    ]
    code = {part.framework: part.source for part in parts if part.source}
    languages = {part.framework: part.language for part in parts}
    bands = align_statements(code, languages, _vocabularies(columns))
    cells = [cell for run in members.values() for cell in run]
    fragment = all(cell.slide_type == "fragment" for cell in cells)
    row = CodeRow(columns=tuple(parts), bands=tuple(bands), fragment=fragment)
    blocks = fit_row(row)
    below = any(cell.slide_type == "subslide" for cell in cells)
    return [
        Slide(
            section=section,
            title=heading.title + (f" ({n}/{len(blocks)})" if len(blocks) > 1 else ""),
            lede=heading.lede if n == 1 else "",
            blocks=(block,),
            notes=notes,
            below=below or n > 1,
        )
        for n, block in enumerate(blocks, 1)
    ]


def _code_column(column: Column, execution: Execution | None, cells: Sequence[Cell]) -> CodeColumn:
    if execution is None or not cells:
        return CodeColumn(framework=column.name)
    language = execution.notebook.language
    result = execution.result
    values = result.parameters if isinstance(result, Run) else {}
    source = "\n\n".join(
        _source(cell, language, values) for cell in cells if not cell.tags & _NO_INPUT
    )
    base = CodeColumn(framework=column.name, language=language, source=source)
    if isinstance(result, Lack):
        return replace(base, problem=f"Not run. {result.reason}")
    outputs = tuple(
        output
        for cell in cells
        if not cell.tags & _NO_OUTPUT
        for output in result.cells[cell.index].outputs
    )
    return replace(
        base,
        outputs=outputs,
        badge=badge(result, (cell.index for cell in cells)),
        device=result.provenance.device,
        problem=_problem(result, cells),
    )


def _source(cell: Cell, language: str, values: Mapping[str, object]) -> str:
    source = cell.source.strip("\n")
    if parameter_cells.TAG in cell.tags and language == "python" and values:
        return parameter_cells.with_values(source, values)  # type: ignore[arg-type]
    return source


def _problem(run: Run, cells: Sequence[Cell]) -> str:
    failure = run.failure
    if failure is None:
        return ""
    indices = [cell.index for cell in cells]
    if failure.cell is None or failure.cell in indices:
        at = f"Line {failure.line}: " if failure.line else ""
        return f"{at}{failure.message}"
    return "Not run: a cell before it failed." if min(indices) > failure.cell else ""


def _shared_heading(
    members: Mapping[str, Sequence[Cell]], by_name: Mapping[str, Execution]
) -> tuple[Heading | None, str]:
    """Return the first column's heading where all have one, and the other wordings as a note."""
    texts = _texts(members)
    headings = [_as_heading(text) for text in texts.values()]
    if not all(headings):
        return None, ""
    first = next(iter(texts.values()))
    others = [
        f"**{by_name[name].column.framework.title}** {text.lstrip('#').strip()}"
        for name, text in texts.items()
        if text != first
    ]
    return headings[0], "\n\n".join(others)


def _texts(members: Mapping[str, Sequence[Cell]]) -> dict[str, str]:
    return {n: "\n\n".join(with_attachments(cell) for cell in run) for n, run in members.items()}


def _shared_prose(members: Mapping[str, Sequence[Cell]], by_name: Mapping[str, Execution]) -> str:
    """Return the row's prose: once where all say the same, else under each framework's name."""
    texts = _texts(members)
    if len(set(texts.values())) == 1 or len(texts) == 1:
        return next(iter(texts.values()))
    return "\n\n".join(
        f"**{by_name[name].column.framework.title}** {text}" for name, text in texts.items()
    )


def with_attachments(cell: Cell) -> str:
    """Return a cell's Markdown with its attachments as data: addresses."""
    text = cell.source.strip()
    for name, formats in cell.attachments.items():
        for mime, payload in formats.items():
            text = text.replace(f"attachment:{name}", f"data:{mime};base64,{payload}")
    return text


def _as_heading(text: str) -> Heading | None:
    found = _HEADING.match(text)
    if not found:
        return None
    lede = found["rest"].strip()
    plain = len(lede) <= _LEDE and "\n\n" not in lede and not re.match(r"[-*+|>!`$\d]", lede)
    return Heading(title=found["title"].strip(), lede=" ".join(lede.split())) if plain else None


def _first_heading(text: str) -> str:
    found = _HEADING.match(text)
    return found["title"].strip() if found else ""


def _prose_section(title: str, notebook: Notebook) -> list[Slide]:
    slides: list[Slide] = []
    for cell in notebook.cells:
        if cell.slide_type == "notes" and cell.source.strip() and slides:
            said = "\n\n".join(filter(None, [slides[-1].notes, cell.source.strip()]))
            slides[-1] = replace(slides[-1], notes=said)
        elif cell in visible([cell]) and cell.cell_type == "markdown":
            slides += _prose_slides(title, with_attachments(cell), cell, "")
            slides = _attach_fragments(slides)
    return slides


def _prose_slides(section: str, text: str, cell: Cell, notes: str) -> list[Slide]:
    found = _HEADING.match(text)
    title, body = (found["title"].strip(), found["rest"]) if found else ("", text)
    return [
        Slide(
            section=section,
            title=title,
            blocks=(Prose(markdown=body.strip(), fragment=cell.slide_type == "fragment"),),
            notes=notes,
            below=cell.slide_type == "subslide",
            opening=text.startswith("# "),
        )
    ]


def _attach_fragments(slides: list[Slide]) -> list[Slide]:
    """Put each slide whose blocks are all fragments onto the slide before it."""
    result: list[Slide] = []
    for slide in slides:
        if result and slide.blocks and all(b.fragment for b in slide.blocks) and not slide.title:
            before = result[-1]
            notes = "\n\n".join(filter(None, [before.notes, slide.notes]))
            blocks: tuple[Block, ...] = (*before.blocks, *slide.blocks)
            result[-1] = replace(before, blocks=blocks, notes=notes)
        else:
            result.append(slide)
    return result


def _row_notes(rows: Sequence[Row], notebooks: Mapping[str, Sequence[Cell]]) -> list[str]:
    """Return the speaker notes of each row: the notes cells that follow its cells, each once."""
    following: dict[tuple[str, int], list[str]] = {}
    for name, cells in notebooks.items():
        last = -1
        for cell in cells:
            if cell.slide_type == "notes":
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


def _timings_section(title: str, executions: Sequence[Execution]) -> list[Slide]:
    table = cost_table(executions)
    block: Block = table or Prose(markdown="No notebook of this deck was timed.")
    return [Slide(section=title, title=title, blocks=(block,))]
