"""Rehearsals, as the deck's page saves them: a JSON file with how long each slide was shown."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from abreast.errors import Mistake, UsageError, shown
from abreast.events import Sink, Warned, ignore

FORMAT, VERSION = "abreast rehearsal", 1

_AGAIN = "Save it from the deck's page again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How long a slide was shown in one rehearsal, `seconds` over `visits`.

    `clock_jumped` says that the time of a visit was lost. `copy` tells slides of one section, title
    and origin apart; it counts from 0.
    """

    number: int
    section: str
    title: str
    origin: str
    planned_seconds: float | None
    seconds: float
    visits: int
    clock_jumped: bool = False
    copy: int = 0

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What the slide is known by in other rehearsals, whatever its number there."""
        return self.section, self.origin, self.title, self.copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A rehearsal: all slides of the deck in order, also those that were never shown."""

    path: Path
    started: datetime
    total_seconds: float
    slides: tuple[Shown, ...]

    @property
    def reached(self) -> int:
        """How many of the slides stand before the end of the rehearsal: up to the last shown."""
        return max((n for n, slide in enumerate(self.slides, 1) if slide.visits), default=0)


def read_rehearsals(paths: Iterable[Path], deck: str, tell: Sink = ignore) -> tuple[Rehearsal, ...]:
    """Return the rehearsals of a deck, by its name, in the order in which they were held.

    One that is there twice counts once, and a file that cannot be read, is no rehearsal, is one of
    another deck or another version, or has times that are none is left out: `tell` hears of both.

    Raises UsageError with a line for each file where all are left out.
    """
    found: dict[tuple[Any, ...], Rehearsal] = {}
    mistakes: list[Mistake] = []
    for path in paths:
        try:
            rehearsal = _rehearsal(_record(path, deck), path)
        except UsageError as error:
            mistakes += error.mistakes
            continue
        except ValueError as error:
            mistakes.append(_mistake(path, f"not a rehearsal: {error}.", _AGAIN))
            continue
        same = found.setdefault((rehearsal.started, rehearsal.slides), rehearsal)
        if same is not rehearsal:
            text = f"{shown(path)}: the same rehearsal as {shown(same.path)}; it counts once."
            tell(Warned(text=text))
    if mistakes and not found:
        raise UsageError.of(mistakes)
    for mistake in mistakes:
        tell(Warned(text=f"{mistake} It is left out."))
    return tuple(sorted(found.values(), key=lambda rehearsal: rehearsal.started))


def _mistake(path: Path, what: str, remedy: str) -> Mistake:
    return Mistake(what=what, where=shown(path), remedy=remedy)


def _record(path: Path, deck: str) -> Mapping[str, Any]:
    """Return what a file holds, if it is a rehearsal of this deck. Raises UsageError."""

    def refused(what: str, remedy: str) -> UsageError:
        return UsageError(what, where=shown(path), remedy=remedy)

    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = f"cannot be read: {error.strerror}."
        raise refused(reason, "Give the file that the deck's page saved.") from None
    except (ValueError, RecursionError):
        raise refused("not a rehearsal: the file is not JSON.", _AGAIN) from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        remedy = "Give a file that the deck's page saved: abreast rehearse DECK."
        raise refused("not a rehearsal.", remedy)
    if record.get("version") != VERSION or isinstance(record["version"], bool):
        what = f"a rehearsal of version {record.get('version')!r}; this abreast reads {VERSION}."
        raise refused(what, "Build the deck and rehearse with the same abreast.")
    if record.get("deck") != deck:
        what = f"a rehearsal of the deck {record.get('deck')!r}, not of '{deck}'."
        raise refused(what, "If the deck was built under that name, say so: --name NAME.")
    return record


def _rehearsal(record: Mapping[str, Any], path: Path) -> Rehearsal:
    """Return the rehearsal that a record holds. Raises ValueError saying what is wrong."""
    slides = _field(record, "slides", list, "it")
    if not slides:
        raise ValueError("it has no slides")
    counts: Counter[tuple[str, str, str, int]] = Counter()
    read = []
    for number, raw in enumerate(slides, 1):
        slide = _shown(raw, f"slide {number}")
        read.append(replace(slide, copy=counts[slide.key]))
        counts[slide.key] += 1
    return Rehearsal(
        path=path,
        started=_moment(_field(record, "started", str, "it")),
        total_seconds=_seconds(record, "total_seconds", "it"),
        slides=tuple(read),
    )


def _shown(raw: Any, place: str) -> Shown:
    if not isinstance(raw, dict):
        raise ValueError(f"{place} is no record")  # noqa: TRY004 - the file's, not the caller's
    planned = raw.get("planned_seconds")
    visits = _field(raw, "visits", int, place)
    if visits < 0:
        raise ValueError(f"{place} has {visits} visits")
    return Shown(
        number=_field(raw, "number", int, place),
        section=_field(raw, "section", str, place),
        title=_field(raw, "title", str, place),
        origin=_field(raw, "origin", str, place),
        planned_seconds=None if planned is None else _seconds(raw, "planned_seconds", place),
        seconds=_seconds(raw, "seconds", place),
        visits=visits,
        clock_jumped=_field(raw, "clock_jumped", bool, place),
    )


def _field(raw: Mapping[str, Any], name: str, kind: type, place: str) -> Any:
    value = raw.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        lack = f"no '{name}'" if value is None else f"'{name}' {value!r:.40}"
        raise ValueError(f"{place} has {lack}")
    return value


def _seconds(raw: Mapping[str, Any], name: str, place: str) -> float:
    value = raw.get(name)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        seconds = float(value) if number else math.nan  # type: ignore[arg-type]
    except OverflowError:
        seconds = math.inf
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ValueError(f"{place} has '{name}' {value!r:.40}, which is no time")
    return seconds


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"it has 'started' {text!r:.40}, which is no time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
