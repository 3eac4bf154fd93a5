"""Rules for CI: which drift is too much. "accuracy drop > 0.02, time rise > 25%, warnings > 0"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal, TypeAlias

from abreast.errors import Mistake, UsageError, nearest
from abreast.publish.drift.changes import (
    Drift,
    NewWarning,
    OutputChange,
    SettingChange,
    SlideChange,
)
from abreast.publish.drift.numeric import relative_change
from abreast.publish.drift.words import (
    cell_place,
    setting_words,
    slide_place,
    slides_added,
    slides_changed,
    slides_moved,
    slides_removed,
)

Direction: TypeAlias = Literal["drop", "rise", "change"]
Counted: TypeAlias = SlideChange | OutputChange | SettingChange | NewWarning

_VERSIONS = frozenset({"package", "language", "abreast"})

TIME = "time"
"""The subject that means every time which changed beyond its spread."""
COUNTS: Mapping[str, Callable[[Drift], Sequence[Counted]]] = {
    "slides changed": slides_changed,
    "slides added": slides_added,
    "slides removed": slides_removed,
    "slides moved": slides_moved,
    "outputs changed": lambda drift: drift.outputs,
    "versions changed": lambda drift: [c for c in drift.settings if c.what in _VERSIONS],
    "warnings": lambda drift: drift.warnings,
    "deprecations": lambda drift: [w for w in drift.warnings if w.kind == "deprecation"],
}
"""What is counted, and how. Deprecations are warnings too."""

_OPTION = "--fail-on"
_RULE = re.compile(
    r"(?P<subject>\S.*?)(?:\s+(?P<direction>drop|rise|change))?\s*(?P<sign>>=?)\s*"
    r"(?P<limit>\d+(?:\.\d*)?|\.\d+)\s*(?P<percent>%?)"
)
_EXAMPLE = "Write for example: accuracy drop > 0.02, time rise > 25%, outputs changed > 0."
_MOST_PLACES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How much of something is too much.

    `direction` is None for what is counted. With `percent` the limit is a share of the value
    before, in hundredths; else it has the metric's own unit, for times seconds.
    """

    text: str
    subject: str
    direction: Direction | None
    limit: float
    inclusive: bool = False
    percent: bool = False

    def breaks(self, amount: float) -> bool:
        """Say whether an amount is too much."""
        return amount >= self.limit if self.inclusive else amount > self.limit

    def amount(self, before: float, after: float) -> float:
        """Return how much a value changed in the rule's direction, in the unit of its limit."""
        change = relative_change(before, after) * 100 if self.percent else after - before
        return {"drop": -change, "rise": change, "change": abs(change)}[self.direction or "change"]


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Return the rules of `--fail-on`, which commas part.

    Raises UsageError with all that is wrong.
    """
    mistakes: list[Mistake] = []
    rules = []
    for part in text.split(","):
        found = _RULE.fullmatch(part.strip())
        mistake = _mistake(part.strip(), found)
        if mistake:
            mistakes.append(Mistake(where=_OPTION, what=mistake[0], remedy=mistake[1]))
        elif found:
            rules.append(_rule(part.strip(), found))
    if mistakes:
        raise UsageError.of(mistakes)
    return tuple(rules)


def broken(drift: Drift, rules: Sequence[Rule]) -> tuple[Mistake, ...]:
    """Return what breaks the rules, each with its place: the section, the slide or the cell.

    A metric that is not published any more, or is no number any more, breaks its rules. So does a
    rule about a metric that neither build published: it would never find anything.
    """
    return tuple(mistake for rule in rules for mistake in _broken(drift, rule))


def _rule(text: str, found: re.Match[str]) -> Rule:
    return Rule(
        text=text,
        subject=found["subject"],
        direction=found["direction"],  # type: ignore[arg-type]  # one of the three, or None
        limit=float(found["limit"]),
        inclusive=found["sign"] == ">=",
        percent=bool(found["percent"]),
    )


def _mistake(part: str, found: re.Match[str] | None) -> tuple[str, str] | None:
    """Return what is wrong with a part of the option, and what to do about it."""
    if found is None:
        return f"'{part}' is no rule.", _EXAMPLE
    subject = found["subject"]
    if subject in COUNTS:
        if found["direction"] or found["percent"]:
            return f"'{part}': {subject} are counted.", f"Write {subject} > NUMBER."
        return None
    if subject.split()[0] in {name.split()[0] for name in COUNTS}:
        words = f"{subject} {found['direction'] or ''}".strip()
        return f"'{part}': '{words}' is not counted.", nearest(words, list(COUNTS))
    if not found["direction"]:
        return f"'{part}' lacks drop, rise or change.", f"{_EXAMPLE} Counted: {', '.join(COUNTS)}."
    return None


def _broken(drift: Drift, rule: Rule) -> Iterator[Mistake]:
    if rule.subject in COUNTS:
        yield from _counted(rule, COUNTS[rule.subject](drift))
    elif rule.subject == TIME:
        for time in drift.times:
            if rule.breaks(rule.amount(time.before_seconds, time.after_seconds)):
                where = f"{time.section or 'all sections'}, {time.step or 'all cells'}"
                yield _told(rule, f"{where}, {time.framework}", time.words)
    elif rule.subject not in drift.published:
        yield Mistake(
            where=f"the rule '{rule.text}'",
            what=f"no notebook publishes '{rule.subject}'.",
            remedy=nearest(rule.subject, [*drift.published, TIME]),
        )
    else:
        yield from _metrics(drift, rule)


def _counted(rule: Rule, found: Sequence[Counted]) -> Iterator[Mistake]:
    if rule.breaks(len(found)):
        places = "; ".join(map(_place, found[:_MOST_PLACES]))
        more = f" and {len(found) - _MOST_PLACES} more" if len(found) > _MOST_PLACES else ""
        yield _told(rule, places + more, f"{len(found)} counted")


def _metrics(drift: Drift, rule: Rule) -> Iterator[Mistake]:
    for change in drift.metrics:
        if change.metric != rule.subject or change.before is None:
            continue
        lost = change.after is None
        amount = inf if change.after is None else rule.amount(change.before, change.after)
        if lost or rule.breaks(amount):
            yield _told(rule, f"{change.section}, {change.framework}", change.words)


def _place(change: Any) -> str:
    match change:
        case SlideChange():
            return slide_place(change)
        case SettingChange():
            return setting_words(change)
        case _:
            return cell_place(change.notebook, change.cell)


def _told(rule: Rule, where: str, what: str) -> Mistake:
    return Mistake(where=where, what=f"{what}, against the rule '{rule.text}'.")
