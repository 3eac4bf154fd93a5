"""Outputs of cells before and after, each by what it is: text, numbers, tables, pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from math import isfinite

from abreast.model import Cell
from abreast.publish.drift.cells import cell_pairs
from abreast.publish.drift.changes import Diff, DiffLine, OutputChange, What
from abreast.publish.drift.diffs import line_diff
from abreast.publish.drift.forms import Form, Kind, forms
from abreast.publish.drift.noise import denoised, denoised_html, denoised_svg
from abreast.publish.drift.numeric import largest, number_changes
from abreast.publish.drift.pictures import ALIKE, distance, sizes

_KINDS: tuple[Kind, ...] = ("stdout", "stderr", "text", "html", "table", "svg", "picture", "error")
_NAMES: Mapping[Kind, str] = {
    "stdout": "text", "stderr": "text on stderr", "text": "text", "html": "HTML",
    "table": "table", "svg": "picture", "picture": "picture", "error": "error",
}  # fmt: skip
_MOST_CELLS = 40  # of a table that are told


def output_changes(
    before: Mapping[str, Sequence[Cell]], after: Mapping[str, Sequence[Cell]]
) -> tuple[OutputChange, ...]:
    """Return what changed of the outputs of notebooks that both builds executed, by their cells."""
    found: list[OutputChange] = []
    for notebook, cells in after.items():
        for old, new in cell_pairs(before.get(notebook, ()), cells):
            if old.outputs == new.outputs:
                continue
            edited = old.source != new.source
            found += [
                replace(change, notebook=notebook, cell=new.number, code_changed=edited)
                for change in form_changes(forms(old.outputs), forms(new.outputs))
            ]
    return tuple(found)


def form_changes(before: Sequence[Form], after: Sequence[Form]) -> list[OutputChange]:
    """Return what changed between outputs, of the cell 0 of no notebook.

    Those of one kind are compared in their order: the first text to the first, and so on.
    """
    found = []
    for kind in _KINDS:
        old = [form for form in before if form.kind == kind]
        new = [form for form in after if form.kind == kind]
        for one, other in zip_longest(old, new):
            change = _change(one, other) if one and other else _one_sided(one, other)
            found += [change] if change else []
    return found


def _change(before: Form, after: Form) -> OutputChange | None:
    if before.text == after.text:
        return None
    if before.kind == "picture":
        return _picture(before, after)
    if before.kind == "svg":
        return _drawing(before, after)
    if before.kind == "table" and len(before.rows) == len(after.rows):
        return _table(before, after)
    return _text(before, after)


def _text(before: Form, after: Form) -> OutputChange | None:
    reading = denoised_html if before.kind in {"html", "table"} else denoised
    old, new = reading(_as_text(before)), reading(_as_text(after))
    numbers = number_changes(old, new)
    if numbers == ():
        return None
    diff = line_diff(_as_text(before), _as_text(after), reading)
    if numbers:
        most = largest(numbers)
        several = f"{len(numbers)} numbers, most: " if len(numbers) > 1 else ""
        return _made("numbers", several + most.words, relative=most.relative, diff=diff)
    what: What = "error" if before.kind == "error" else "text"
    return _made(what, f"another {_NAMES[before.kind]}", diff=diff)


def _table(before: Form, after: Form) -> OutputChange | None:
    lines, relative = [], 0.0
    for number, (old, new) in enumerate(zip(before.rows, after.rows, strict=True)):
        for place, (was, now) in enumerate(zip_longest(old, new, fillvalue="")):
            numbers = number_changes(denoised(was), denoised(now))
            if numbers == ():
                continue
            name = after.rows[0][place] if number and place < len(after.rows[0]) else ""
            where = f"row {number}" + (f", {name}" if name else f", column {place + 1}")
            lines.append(f"{where}: {numbers[0].words if numbers else f'{was} → {now}'}")
            relative = max([relative, *(abs(n.relative) for n in numbers or ())])
    if not lines:
        return None
    told = tuple(DiffLine(sign="+", text=line) for line in lines[:_MOST_CELLS])
    rest = len(lines) - _MOST_CELLS
    told += (DiffLine(sign="@", text=f"{rest} more cells"),) if rest > 0 else ()
    several = f"{len(lines)} cells, first: " if len(lines) > 1 else ""
    words = f"table, {several}{lines[0]}"
    return _made("table", words, relative=relative, diff=told if len(lines) > 1 else ())


def _picture(before: Form, after: Form) -> OutputChange | None:
    share = distance(before.text, after.text)
    if share is None:
        words = "another picture, which cannot be read"
    else:
        old, new = sizes(before.text, after.text)
        if share <= ALIKE and old == new:
            return None
        size = "" if old == new else f", {_size(old)} → {_size(new)} px"
        words = f"{share:.1%} of the picture looks different{size}"
    change = _made("picture", words, distance=share)
    return replace(change, before=before.picture, after=after.picture)


def _drawing(before: Form, after: Form) -> OutputChange | None:
    if denoised_svg(before.text) == denoised_svg(after.text):
        return None
    change = _made("picture", "another drawing (SVG)")
    return replace(change, before=before.picture, after=after.picture)


def _one_sided(before: Form | None, after: Form | None) -> OutputChange | None:
    form = after or before
    assert form is not None  # noqa: S101 - zip_longest gives one of them
    words = f"{'a new' if after else 'no more'} {_NAMES[form.kind]}"
    if form.kind in {"picture", "svg"}:
        return replace(
            _made("picture", words),
            before=before.picture if before else None,
            after=after.picture if after else None,
        )
    diff = line_diff(_as_text(before) if before else "", _as_text(after) if after else "")
    if form.kind != "error":
        return _made("text", words, diff=diff)
    return _made("error", f"{words}: {form.text.splitlines()[0]}", diff=diff)


def _made(
    what: What,
    words: str,
    *,
    relative: float | None = None,
    distance: float | None = None,
    diff: Diff = (),
) -> OutputChange:
    known = relative if relative and isfinite(relative) else None
    return OutputChange(
        notebook="", cell=0, what=what, words=words, relative=known, distance=distance, diff=diff
    )


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]} by {size[1]}"


def _as_text(form: Form) -> str:
    return "\n".join(" | ".join(row) for row in form.rows) if form.rows else form.text
