"""Drift as `drift.json` and as lines for the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace

from abreast.errors import UsageError
from abreast.model.records import from_record
from abreast.publish.drift.changes import Drift, MetricChange, OutputChange, Picture
from abreast.publish.drift.words import (
    cell_place,
    metric_words,
    output_words,
    slide_place,
    slide_words,
    summary,
    time_words,
)

_MOST_LINES = 8


def drift_json(drift: Drift) -> str:
    """Return drift as JSON; of pictures only their type and SHA-256.

    It has no time of its own: the same two builds give the same text.
    """
    slim = replace(drift, outputs=tuple(map(_without_pictures, drift.outputs)))
    return json.dumps(asdict(slim), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_drift(text: str) -> Drift:
    """Return what `drift_json` wrote, pictures apart.

    Raises UsageError for anything else.
    """
    try:
        return from_record(Drift, json.loads(text))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError(
            "drift.json is not as this version of abreast writes it.",
            remedy="Build the deck again.",
        ) from None


def terminal_lines(drift: Drift) -> tuple[str, ...]:
    """Return drift in a few lines: all of it in the first, the weightiest changes after it."""
    details = list(_details(drift))
    shown = [f"  {line}" for line in details[:_MOST_LINES]]
    rest = len(details) - len(shown)
    more = [f"  and {rest} more"] if rest else []
    return (f"drift since {drift.since}: {summary(drift)}", *shown, *more)


def _details(drift: Drift) -> Iterator[str]:
    yield from map(metric_words, sorted(drift.metrics, key=_weight))
    yield from map(time_words, sorted(drift.times, key=lambda c: -c.relative))
    for warning in drift.warnings:
        yield f"{cell_place(warning.notebook, warning.cell)}: {warning.kind}: {warning.text}"
    for slide in drift.slides:
        yield f"{slide_place(slide)}: {slide_words(slide)}"
    for output in drift.outputs:
        yield f"{cell_place(output.notebook, output.cell)}: {output_words(output)}"
    yield from (f"not compared: {reason}" for reason in drift.unknown)


def _weight(change: MetricChange) -> int:
    """Return 0 for a metric that is lost, 1 for one that became worse, 2 for others."""
    return 0 if change.after is None else 1 if change.better is False else 2


def _without_pictures(change: OutputChange) -> OutputChange:
    return replace(change, before=_slim(change.before), after=_slim(change.after))


def _slim(picture: Picture | None) -> Picture | None:
    return picture and replace(picture, data="")
