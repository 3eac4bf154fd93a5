"""What fits a slide, by arithmetic: rows at the largest type at which nothing is clipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from abreast.model import CodeColumn, CodeRow
from abreast.slides.code import is_packable
from abreast.slides.costs import fit_cost
from abreast.slides.drafts import Draft, DraftColumn
from abreast.slides.layout import Layout, Set, band_height, best_merit, lay_out, numbered, pages
from abreast.slides.metrics import (
    COST,
    HEAD,
    characters,
    column_width,
    floor_px,
    mono_width,
    prose_lines,
    sizes,
)
from abreast.slides.outputs import displays_height, fit_outputs, least_height

_SMALLER = 0.92  # outputs beside code, of the code's type
_SHARE = 0.35  # of the room: outputs that would get less stand on a slide of their own
_UNBOUNDED = 1e6
PROBLEM_PX, PROBLEM_LINE, PROBLEM_X, PROBLEM_Y = 15.0, 1.4, 27.0, 24.0


def fit_row(draft: Draft, room: float, first: float) -> list[CodeRow]:
    """Return a row at the largest type that fits one slide, else cut into several.

    `room` is the height below the title (px) of a slide, `first` of the first one, which may have
    a sentence under its title. Code is cut between bands, all columns together; outputs stand
    under the last of it, or on a slide of their own where that takes no more slides.
    """
    room, first = room - HEAD, first - HEAD
    layouts = _Layouts(draft)
    together = _together(draft, layouts, first)
    if together:
        return [together]
    return _parts(draft, layouts, room, first)


def row_height(row: CodeRow) -> float:
    """Return the height of a fitted row, px, with its heads."""
    columns = {column.framework: column.lines for column in row.columns}
    bands = tuple(
        {name: tuple(columns[name][n - 1] for n in ns) for name, ns in band.lines.items()}
        for band in row.bands
    )
    results = max(_result_height(c, row.outputs_px, len(row.columns)) for c in row.columns)
    return HEAD + Layout(font_px=row.font_px, bands=bands).height + results


class _Layouts:
    """A row's code at each size of type, set when it is asked for."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._set: dict[tuple[float, bool], Layout] = {}
        self._results: dict[tuple[float, float], float] = {}
        packable = any(is_packable(column.source) for column in draft.columns)
        self.packings = (False, True) if packable else (False,)
        widths = [[mono_width(line) for line in c.source.splitlines()] for c in draft.columns]
        count = len(draft.columns)
        bounds = [
            (best_merit(size, widths, characters(count, size)), size) for size in sizes(count)
        ]
        self.bounds = sorted(bounds, reverse=True)
        """What each size can merit at best, and the size; the most promising first."""

    def at(self, font_px: float, *, pack: bool) -> Layout:
        """Return the row's code at a size of type."""
        key = (font_px, pack)
        if key not in self._set:
            self._set[key] = lay_out(self._draft, font_px, pack=pack)
        return self._set[key]

    def results(self, font_px: float, room: float) -> float:
        """Return the height (px) that the row's results must get beside code of this size."""
        key = (font_px, room)
        if key not in self._results:
            self._results[key] = _wanted(self._draft, font_px, room)
        return self._results[key]


def _together(draft: Draft, layouts: _Layouts, room: float) -> CodeRow | None:
    """Return code and outputs on one slide, at the layout that reads best; None if they do not."""
    best: Layout | None = None
    for pack in layouts.packings:
        for bound, size in layouts.bounds:
            if best and bound <= best.merit:
                break
            layout = layouts.at(size, pack=pack)
            fits = layout.height + layouts.results(size, room) <= room
            if fits and (best is None or layout.merit > best.merit):
                best = layout
        if best and not _small(best, draft):
            break
    if best is None:
        return None
    return _row(draft, best.bands, best, (), results=room - best.height)


def _small(layout: Layout, draft: Draft) -> bool:
    """Say whether packing is worth a try: the author's own layout forces small type."""
    return layout.merit < 1.15 * floor_px(len(draft.columns))


def _parts(draft: Draft, layouts: _Layouts, room: float, first: float) -> list[CodeRow]:
    """Return the row on as few slides as the floor allows, at the type that reads best there."""
    candidates = []
    for pack in layouts.packings:
        for _, size in layouts.bounds:
            layout = layouts.at(size, pack=pack)
            bands = pages(layout, room, first)
            left = _left(layouts, layout, bands, room, first)
            count = len(bands) + (left is None and _has_results(draft.columns))
            cuts = sum(map(len, bands)) - len(layout.bands)
            candidates.append((count, cuts, -layout.merit, layout, bands, left))
    *_, layout, bands, left = min(candidates, key=lambda candidate: candidate[:3])
    last = len(bands) - 1
    parts = [
        _row(draft, page, layout, bands[n + 1 :], results=left if n == last else None)
        for n, page in enumerate(bands)
    ]
    if left is None and _has_results(draft.columns):
        parts.append(_results(draft, room))
    return parts


def _left(
    layouts: _Layouts,
    layout: Layout,
    bands: Sequence[tuple[Set, ...]],
    room: float,
    first: float,
) -> float | None:
    """Return the room (px) that the last slide of code has for the results; None for too little."""
    if not bands:
        return None
    room = room if len(bands) > 1 else first
    left = room - sum(band_height(band, layout.font_px) for band in bands[-1])
    return left if layouts.results(layout.font_px, room) <= left else None


def _row(
    draft: Draft,
    bands: tuple[Set, ...],
    layout: Layout,
    later: Sequence[tuple[Set, ...]],
    *,
    results: float | None = None,
) -> CodeRow:
    """Return the row with these bands; with its results in `results` px, if they stand here.

    `later` are the slides that go on with it.
    """
    lines, numbers = numbered(bands)
    count = len(draft.columns)
    outputs_px = max(floor_px(count), layout.font_px * _SMALLER)
    columns = []
    for column in draft.columns:
        own = CodeColumn(
            framework=column.framework,
            language=column.language,
            source=column.source,
            lines=lines.get(column.framework, ()),
            last=_before(later, column.framework),
        )
        if results is not None:
            own = _with_results(own, column, count, outputs_px, results)
        columns.append(own)
    return CodeRow(
        columns=tuple(columns),
        bands=numbers,
        font_px=layout.font_px,
        outputs_px=outputs_px,
        fragment=draft.fragment,
    )


def _before(later: Sequence[tuple[Set, ...]], name: str) -> int:
    """Return the author's line before the first that stands on later slides; 0 for none."""
    following = (lines for page in later for band in page if (lines := band.get(name)))
    return next((lines[0].number - 1 for lines in following), 0)


def _results(draft: Draft, room: float) -> CodeRow:
    """Return the outputs alone: at the largest type that shows them whole, else cut."""
    count = len(draft.columns)
    for size in sizes(count):
        wanted = max(_fixed(c, count) + _needed(c, count, size) for c in draft.columns)
        if wanted <= room or size == floor_px(count):
            break
    columns = tuple(
        _with_results(CodeColumn(framework=c.framework, language=c.language), c, count, size, room)
        for c in draft.columns
    )
    return CodeRow(
        columns=columns, bands=(), font_px=size, outputs_px=size, fragment=draft.fragment
    )


def _with_results(
    column: CodeColumn, draft: DraftColumn, count: int, size: float, room: float
) -> CodeColumn:
    aside, device = fit_cost(draft.badge, draft.aside, draft.device, column_width(count))
    return replace(
        column,
        outputs=fit_outputs(draft.outputs, count, size, room - _fixed(draft, count), alt=draft.alt),
        badge=draft.badge,
        aside=aside,
        device=device,
        problem=draft.problem,
        stale=draft.stale,
    )


def has_something(columns: Sequence[DraftColumn]) -> bool:
    """Say whether a row has anything to show: code, outputs, a time, or what went wrong."""
    return any(column.source for column in columns) or _has_results(columns)


def _has_results(columns: Sequence[DraftColumn]) -> bool:
    return any(c.outputs or c.badge or c.problem or c.stale for c in columns)


def _wanted(draft: Draft, font_px: float, room: float) -> float:
    """Return the height that outputs beside code must get: all they need, up to a fair share."""
    count = len(draft.columns)
    size = max(floor_px(count), font_px * _SMALLER)
    return max(
        (
            _fixed(column, count)
            + max(
                least_height(column.outputs, count, size),
                min(_needed(column, count, size), _SHARE * room),
            )
            for column in draft.columns
        ),
        default=0.0,
    )


def _needed(column: DraftColumn, count: int, size: float) -> float:
    return displays_height(fit_outputs(column.outputs, count, size, _UNBOUNDED), size)


def _fixed(column: DraftColumn | CodeColumn, count: int) -> float:
    """Return the height of what is not an output: the time's badge and a problem's words, px."""
    height = COST if column.badge or column.device or column.stale else 0.0
    if column.problem:
        lines = _problem_lines(column.problem, count)
        height += lines * PROBLEM_PX * PROBLEM_LINE + PROBLEM_Y
    return height


def _problem_lines(problem: str, count: int) -> int:
    width = column_width(count) - PROBLEM_X
    return sum(prose_lines(line, width, PROBLEM_PX) for line in problem.splitlines())


def _result_height(column: CodeColumn, size: float, count: int) -> float:
    return _fixed(column, count) + displays_height(column.outputs, size)
