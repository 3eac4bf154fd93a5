"""Slides added, removed, moved or changed, and what of them changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from abreast.model import (
    BarChart,
    Block,
    CodeRow,
    Display,
    ImageDisplay,
    PlotRow,
    Prose,
    Slide,
    Table,
    TableDisplay,
    TextDisplay,
)
from abreast.model.records import from_record
from abreast.publish.drift.changes import Part, PartName, SlideChange
from abreast.publish.drift.diffs import line_diff
from abreast.publish.drift.forms import Form, Kind
from abreast.publish.drift.matching import matched, moved
from abreast.publish.drift.noise import denoised
from abreast.publish.drift.numeric import without_numbers
from abreast.publish.drift.outputs import form_changes
from abreast.publish.drift.snapshot import Record

_PART = re.compile(r" \(\d+/\d+\)$")
_CELL = re.compile(r" cells? \d+(?:-\d+)?")


def slide_changes(
    before: Sequence[Record], after: Sequence[Record], skipped: int = 0
) -> tuple[SlideChange, ...]:
    """Return what changed from slides to slides, each as a record of `abreast.model.Slide`.

    In the later deck's order, what was removed at its end. Badges, the seconds that a slide is
    given, and type sizes do not count: times are compared for themselves. `skipped` slides come
    before both.

    Raises KeyError and TypeError for records of another version of abreast.
    """
    start, end = _same_ends(before, after)
    old = [from_record(Slide, record) for record in before[start : len(before) - end]]
    new = [from_record(Slide, record) for record in after[start : len(after) - end]]
    places = matched(old, new, (_content, _named, _titled), _words)
    away = moved(places)
    return tuple(_changes(old, new, places, away, skipped + start))


def _changes(
    old: Sequence[Slide], new: Sequence[Slide], places: dict[int, int], away: set[int], start: int
) -> Iterator[SlideChange]:
    for place, slide in enumerate(new):
        earlier = places.get(place)
        parts = tuple(_parts(old[earlier], slide)) if earlier is not None else ()
        if earlier is None or parts or place in away:
            yield SlideChange(
                title=slide.title,
                section=slide.section,
                origin=slide.origin,
                before=None if earlier is None else start + earlier + 1,
                after=start + place + 1,
                moved=place in away,
                parts=parts,
            )
    for earlier in sorted(set(range(len(old))) - set(places.values())):
        slide = old[earlier]
        yield SlideChange(
            title=slide.title,
            section=slide.section,
            origin=slide.origin,
            before=start + earlier + 1,
            after=None,
        )


def _same_ends(before: Sequence[Record], after: Sequence[Record]) -> tuple[int, int]:
    """Return how many slides at the beginning and at the end are the same, but for their time."""
    shorter = min(len(before), len(after))
    start = next((i for i in range(shorter) if not _same(before[i], after[i])), shorter)
    rest = shorter - start
    end = next((i for i in range(rest) if not _same(before[-1 - i], after[-1 - i])), rest)
    return start, end


def _same(one: Record, other: Record) -> bool:
    return {**one, "seconds": None} == {**other, "seconds": None}


def _content(slide: Slide) -> tuple[object, ...]:
    """Return all that the author wrote on a slide."""
    return _title(slide), slide.section, _prose(slide), slide.notes, tuple(_code(slide).items())


def _named(slide: Slide) -> tuple[str, ...]:
    """Return a slide's name and the notebooks that it shows: the numbers of cells change."""
    title = slide.title and _title(slide)
    return (slide.section, slide.title, _CELL.sub("", slide.origin)) if title else ()


def _titled(slide: Slide) -> str:
    return _title(slide)


def _words(slide: Slide) -> tuple[str, ...]:
    return tuple(" ".join([slide.title, _prose(slide), *_code(slide).values()]).split())


def _parts(old: Slide, new: Slide) -> Iterator[Part]:
    texts: tuple[tuple[PartName, str, str], ...] = (
        ("section", old.section, new.section),
        ("title", _title(old), _title(new)),
        ("prose", _prose(old), _prose(new)),
        ("notes", old.notes, new.notes),
    )
    for what, was, now in texts:
        if was != now:
            yield Part(what=what, diff=line_diff(was, now))
    codes = _code(old), _code(new)
    for framework in codes[0] | codes[1]:
        was, now = (code.get(framework, "") for code in codes)
        if was != now:
            yield Part(what="code", framework=framework, diff=line_diff(was, now))
    outputs = _outputs(old), _outputs(new)
    for framework in outputs[0] | outputs[1]:
        if form_changes(*(forms.get(framework, ()) for forms in outputs)):
            yield Part(what="outputs", framework=framework)
    if _charts(old) != _charts(new):
        yield Part(what="charts")


def _title(slide: Slide) -> str:
    return _PART.sub("", slide.title)


def _prose(slide: Slide) -> str:
    """Return a slide's lede and Markdown; of what abreast wrote itself no lede and no numbers."""
    written = [block.markdown for block in slide.blocks if isinstance(block, Prose)]
    if not slide.origin:
        return without_numbers(denoised("\n\n".join(written)))
    return "\n\n".join(filter(None, [slide.lede, *written]))


def _code(slide: Slide) -> dict[str, str]:
    return {
        column.framework: column.source
        for block in slide.blocks
        if isinstance(block, CodeRow)
        for column in block.columns
    }


def _outputs(slide: Slide) -> dict[str, tuple[Form, ...]]:
    return {
        column.framework: tuple(_form(display) for display in column.outputs)
        + ((Form(kind="error", text=column.problem),) if column.problem else ())
        for block in slide.blocks
        if isinstance(block, CodeRow)
        for column in block.columns
    }


def _form(display: Display) -> Form:
    match display:
        case TextDisplay():
            text = display.full or "\n".join(line.text for line in display.lines)
            kind: Kind = "stderr" if display.stream == "stderr" else "text"
            return Form(kind=kind, text=text)
        case TableDisplay():
            return Form(kind="table", text=repr(display.rows), rows=(*display.head, *display.rows))
        case ImageDisplay():
            drawn: Kind = "svg" if display.mime.startswith("image/svg") else "picture"
            return Form(kind=drawn, text=display.data, mime=display.mime)
        case _:
            text = display.html if display.kind == "html" else display.markdown
            return Form(kind="html", text=text)


def _charts(slide: Slide) -> list[str]:
    """Return what charts and tables are about, not what they measured."""
    return sorted({name for block in slide.blocks for name in _about(block)})


def _about(block: Block) -> Iterator[str]:
    match block:
        case BarChart():
            yield from (bar.name for group in block.groups for bar in group.bars)
        case PlotRow():
            yield from (f"{plot.title} {s.name}" for plot in block.plots for s in plot.series)
        case Table():
            yield from (without_numbers(denoised(text)) for row in block.rows for text in row)
        case _:
            return
