"""abreast pace."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from abreast.model import Deck
    from abreast.timing.comparison import Comparison, SectionPace, SlidePace, Times
    from abreast.timing.rehearsals import Rehearsal

_TO, _MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"
_LEAST_TO_MOST = f"least{_TO}most"


@click.command("pace")
@click.argument("deck")
@click.argument(
    "files", nargs=-1, required=True, metavar="REHEARSAL.JSON…", type=click.Path(path_type=Path)
)
@click.option("--write", is_flag=True, help="Put the proposed minutes into deck.yml.")
@click.option("--name", help="The folder in outputs/ that was rehearsed; the deck's name if none.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    deck: str, files: tuple[Path, ...], write: bool, name: str | None, as_json: bool
) -> None:
    """Compare rehearsals of DECK with its plan, and propose minutes for its sections.

    Times are minutes:seconds, of several rehearsals the median and its spread. With --write only
    the numbers in deck.yml change: comments, order and quotes stay.
    """
    from abreast.cli.console import progress
    from abreast.deck.budgets import write_minutes
    from abreast.deck.deckfile import find_deck, load_deck
    from abreast.timing.comparison import compare
    from abreast.timing.rehearsals import read_rehearsals

    loaded = load_deck(find_deck(deck))
    with progress(as_json=False) as tell:
        rehearsals = read_rehearsals(files, name or loaded.name, tell)
        found = compare(loaded, rehearsals, tell)
    changes = _changes(loaded, found)
    if not as_json:
        _show(loaded, rehearsals, found)
    if write and changes:
        write_minutes(loaded.path, changes)
    if as_json:
        click.echo(json.dumps(_record(loaded, rehearsals, found, written=write and bool(changes))))
    else:
        click.echo(_next(loaded, deck, changes, write=write))


def _changes(deck: Deck, found: Comparison) -> dict[int, float]:
    """Return the proposals that deck.yml does not have yet, by the section's index."""
    return {
        index: pace.minutes
        for index, (section, pace) in enumerate(zip(deck.sections, found.sections, strict=True))
        if pace.minutes is not None and pace.minutes != section.minutes
    }


def _record(
    deck: Deck, rehearsals: Sequence[Rehearsal], found: Comparison, *, written: bool
) -> dict[str, Any]:
    return {
        "deck": deck.name,
        "deck_minutes": deck.minutes,
        "needed_seconds": found.needed,
        "scaled": found.scaled,
        "written": written,
        "rehearsals": [
            {
                "file": str(r.path),
                "started": r.started.isoformat(),
                "total_seconds": r.total_seconds,
            }
            for r in rehearsals
        ],
        "sections": [
            {
                "title": section.title,
                **_times(section.times),
                "proposed_minutes": section.minutes,
                "stand_ins": list(section.remarks),
            }
            for section in found.sections
        ],
        "slides": [
            {
                "number": slide.number,
                "section": slide.section,
                "title": slide.title,
                **_times(slide.times),
            }
            for slide in found.slides
        ],
    }


def _times(times: Times) -> dict[str, Any]:
    return {
        "planned_seconds": times.planned,
        "actual_seconds": list(times.actual),
        "median_seconds": times.median,
        "spread_seconds": times.spread,
        "spread_is": "quartiles" if times.by_quartiles else "range",
    }


def _show(deck: Deck, rehearsals: Sequence[Rehearsal], found: Comparison) -> None:
    from abreast.cli.console import table
    from abreast.errors import counted

    count = counted(len(rehearsals), "rehearsal")
    lengths = ", ".join(_clock(rehearsal.total_seconds) for rehearsal in rehearsals)
    click.echo(f"{deck.title}: {count} ({lengths})\n")
    head = ("planned", "actual", *_spread_head(len(rehearsals)), "difference")
    sections = [
        (section.title, *_cells(section.times, head), _proposal(section))
        for section in found.sections
    ]
    total = ("all", *_cells(_total(found), head), _clock(_proposed(found)))
    table("Sections", ("", *head, "proposal"), [*sections, total], numbers=(*head, "proposal"))
    click.echo()
    for line in _remarks(deck, found):
        click.echo(line)
    click.echo()
    rows = list(_slide_rows(found.slides, head))
    table("Slides", ("", " ", *head), rows, numbers=("", *head))
    click.echo()


def _spread_head(count: int) -> tuple[str, ...]:
    from abreast.timing.comparison import QUARTILES_FROM

    if count < 2:
        return ()
    return (_LEAST_TO_MOST,) if count < QUARTILES_FROM else ("middle half",)


def _cells(times: Times, head: Sequence[str]) -> list[str]:
    """Return what stands below each word of a table's head."""
    difference = times.difference
    told = {
        "planned": _clock(times.planned),
        "actual": _clock(times.median),
        "difference": "" if difference is None else _clock(difference, signed=True),
    }
    spread = _TO.join(_clock(end) for end in times.spread or ())
    return [told.get(name, spread) for name in head]


def _slide_rows(slides: Sequence[SlidePace], head: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield a row for each slide, below one with the name of its section."""
    for section, own in groupby(slides, key=lambda slide: slide.section):
        yield "", section, *[""] * len(head)
        for slide in own:
            yield str(slide.number), slide.title, *_cells(slide.times, head)


def _total(found: Comparison) -> Times:
    """Return what all sections take together; nothing where rehearsals do not tell of each."""
    from abreast.timing.comparison import Times

    planned = [section.times.planned for section in found.sections]
    actual = [section.times.median for section in found.sections]
    whole = None not in actual
    return Times(
        planned=None if None in planned else sum(filter(None, planned)),
        actual=(sum(filter(None, actual)),) if whole else (),
    )


def _proposed(found: Comparison) -> float | None:
    """Return the seconds of all proposals together; what is not proposed stays as planned."""
    kept = [
        section.times.planned if section.minutes is None else section.minutes * 60
        for section in found.sections
    ]
    return None if None in kept else sum(filter(None, kept))


def _proposal(section: SectionPace) -> str:
    if section.minutes is None:
        return ""
    return ("*" if section.remarks else "") + _clock(section.minutes * 60)


def _remarks(deck: Deck, found: Comparison) -> Iterator[str]:
    for section in found.sections:
        if section.remarks:
            yield (
                f"* {section.title}: no time of {'; '.join(section.remarks)}. A slide's median in "
                "the other rehearsals, else its plan, stands for it."
            )
    told = [*(part.times for part in found.sections), *(slide.times for slide in found.slides)]
    if len({own.by_quartiles for own in told if own.spread}) > 1:
        yield "Where fewer than 4 rehearsals have a time, the least and the most are shown."
    if found.scaled and deck.minutes is not None:
        over = found.needed - deck.minutes * 60
        yield (
            f"The sections need {_clock(found.needed)}, {_clock(over)} more than the deck's "
            f"{deck.minutes:g} minutes: the proposal is scaled to fit."
        )


def _next(deck: Deck, spec: str, changes: Mapping[int, float], *, write: bool) -> str:
    from abreast.errors import shown

    where = shown(deck.path)
    if not changes:
        return f"{where} has these minutes already."
    if not write:
        return f"To put the proposal into {where}, give --write."
    lines = [f"Wrote {where}:"]
    for index, minutes in changes.items():
        section = deck.sections[index]
        before = "none" if section.minutes is None else f"{section.minutes:g}"
        lines.append(f"  {section.title}: {minutes:g} minutes, was {before}")
    return "\n".join([*lines, f"Next: abreast build {spec}"])


def _clock(seconds: float | None, *, signed: bool = False) -> str:
    """Return a time as minutes:seconds, "" for None; with its sign where it is a difference."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(abs(seconds)), 60)
    sign = (_MINUS if seconds < 0 else "+") if signed and (minutes or rest) else ""
    return f"{sign}{minutes}:{rest:02}"
