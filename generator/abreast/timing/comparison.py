"""Rehearsals against the plan: what sections and slides really took, and what to give them.

Times are seconds, minutes only where the name says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from abreast.errors import shown
from abreast.events import Sink, Warned, ignore
from abreast.model import Deck, Section
from abreast.timing.pacing import share
from abreast.timing.rehearsals import Rehearsal, Shown
from abreast.timing.statistics import quartiles

QUARTILES_FROM = 4
"""Of so many times on, the spread is the interquartile range: one odd rehearsal leaves it alone."""

_HALF = 30.0  # a proposal's unit, seconds

Key = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What rehearsals took for a section or a slide, one time for each that tells it (seconds)."""

    planned: float | None
    actual: tuple[float, ...]

    @property
    def median(self) -> float | None:
        """The median of the rehearsals; None where none tells."""
        return median(self.actual) if self.actual else None

    @property
    def by_quartiles(self) -> bool:
        """Whether there are enough times for the spread to be the interquartile range."""
        return len(self.actual) >= QUARTILES_FROM

    @property
    def spread(self) -> tuple[float, float] | None:
        """The least and the most; from four times on the quartiles; None for a single one."""
        if len(self.actual) < 2:
            return None
        if not self.by_quartiles:
            return min(self.actual), max(self.actual)
        lower, _, upper = quartiles(self.actual)
        return lower, upper

    @property
    def difference(self) -> float | None:
        """How much longer than planned it took, of whole seconds as both are told."""
        if self.median is None or self.planned is None:
            return None
        return round(self.median) - round(self.planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlidePace:
    """A slide of the last rehearsal, and its times in all."""

    number: int
    section: str
    title: str
    times: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPace:
    """A section of the deck, its times, and the minutes proposed for it.

    `minutes` is None where nothing is proposed: what deck.yml says stays. `remarks` say what stands
    for times that were lost.
    """

    title: str
    times: Times
    minutes: float | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All sections of a deck and the slides of its last rehearsal, in order.

    `needed` (seconds) is what the sections take together; `scaled` says that the proposal is less,
    so as to fit the deck's minutes.
    """

    sections: tuple[SectionPace, ...]
    slides: tuple[SlidePace, ...]
    needed: float
    scaled: bool


def compare(deck: Deck, rehearsals: Sequence[Rehearsal], tell: Sink = ignore) -> Comparison:
    """Compare rehearsals of a deck, at least one, with its plan, and propose minutes.

    A section's time in a rehearsal is the sum of its slides'. Where a slide's time was lost (its
    clock jumped, or the rehearsal ended before it), its median in the other rehearsals stands for
    it, else its plan. A section that a rehearsal did not reach has no time from it. `tell` hears of
    all that is left out.
    """
    for rehearsal in rehearsals:
        _warn_of(deck, rehearsal, tell)
    known = _known(rehearsals)
    told = [_section(section, rehearsals, known) for section in deck.sections]
    needs = [_need(times) for times, _ in told]
    needed = sum(need for need in needs if need is not None)
    minutes, scaled = _proposed(deck, [times for times, _ in told], needs)
    sections = [
        SectionPace(title=section.title, times=times, minutes=own, remarks=remarks)
        for section, (times, remarks), own in zip(deck.sections, told, minutes, strict=True)
    ]
    slides = [
        SlidePace(
            number=slide.number,
            section=slide.section,
            title=slide.title,
            times=Times(planned=slide.planned_seconds, actual=tuple(known.get(slide.key, ()))),
        )
        for slide in rehearsals[-1].slides
    ]
    return Comparison(sections=tuple(sections), slides=tuple(slides), needed=needed, scaled=scaled)


def _known(rehearsals: Iterable[Rehearsal]) -> dict[Key, list[float]]:
    """Return each slide's times that were not lost."""
    known: dict[Key, list[float]] = {}
    for rehearsal in rehearsals:
        for slide in rehearsal.slides:
            if slide.visits and not slide.clock_jumped:
                known.setdefault(slide.key, []).append(slide.seconds)
    return known


def _section(
    section: Section, rehearsals: Sequence[Rehearsal], known: Mapping[Key, Sequence[float]]
) -> tuple[Times, tuple[str, ...]]:
    """Return a section's times, and what stands for those of its slides that were lost."""
    actual, remarks = [], []
    for rehearsal in rehearsals:
        slides = [slide for slide in rehearsal.slides if slide.section == section.title]
        if not any(slide.visits for slide in slides):
            continue
        lost = _lost(rehearsal, slides)
        actual.append(sum(_stand_in(s, known) if s in lost else s.seconds for s in slides))
        if lost:
            remarks.append(f"{_listed(lost)} in {rehearsal.path.name}")
    return Times(planned=_planned(section, rehearsals), actual=tuple(actual)), tuple(remarks)


def _lost(rehearsal: Rehearsal, slides: Iterable[Shown]) -> list[Shown]:
    """Return the slides whose time a rehearsal does not tell; one passed over took none."""
    left = set(rehearsal.slides[rehearsal.reached :])
    return [slide for slide in slides if slide.clock_jumped or slide in left]


def _stand_in(slide: Shown, known: Mapping[Key, Sequence[float]]) -> float:
    times = known.get(slide.key)
    if times:
        return median(times)
    return slide.seconds if slide.planned_seconds is None else slide.planned_seconds


def _planned(section: Section, rehearsals: Sequence[Rehearsal]) -> float | None:
    """Return what deck.yml gives a section, else what its slides had in the last rehearsal."""
    if section.minutes is not None:
        return section.minutes * 60
    plans = [s.planned_seconds for s in rehearsals[-1].slides if s.section == section.title]
    given = [plan for plan in plans if plan is not None]
    return sum(given) if given else None


def _need(times: Times) -> float | None:
    return times.planned if times.median is None else times.median


def _proposed(
    deck: Deck, told: Sequence[Times], needs: Sequence[float | None]
) -> tuple[list[float | None], bool]:
    """Return each section's minutes, in halves, and whether they are scaled: the deck has less.

    Nothing is proposed for a section that no rehearsal reached, unless all must give way.
    """
    proposed = [
        None if times.median is None else max(1, math.floor(times.median / _HALF + 0.5)) * 0.5
        for times in told
    ]
    plans = [0.0 if need is None else need / 60 for need in needs]
    total = sum(plan if own is None else own for own, plan in zip(proposed, plans, strict=True))
    if deck.minutes is None or total <= deck.minutes:
        return proposed, False
    return _scaled(deck.minutes, needs), True


def _scaled(minutes: float, needs: Sequence[float | None]) -> list[float | None]:
    places = [i for i, need in enumerate(needs) if need is not None]
    unit = 0.5
    while minutes / unit < len(places):
        unit /= 2
    weights = [max(1.0, needs[i] or 0.0) for i in places]
    shares = share(math.floor(minutes / unit), weights, least=1)
    given = {i: own * unit for i, own in zip(places, shares, strict=True)}
    return [given.get(i) for i in range(len(needs))]


def _warn_of(deck: Deck, rehearsal: Rehearsal, tell: Sink) -> None:
    where = shown(rehearsal.path)
    titles = [section.title for section in deck.sections]
    found = dict.fromkeys(slide.section for slide in rehearsal.slides)
    jumped = [slide for slide in rehearsal.slides if slide.clock_jumped]
    seen = {slide.section for slide in rehearsal.slides if slide.visits}
    if jumped:
        tell(Warned(text=f"{where}: the clock jumped on {_listed(jumped)}; that time is left out."))
    for title in found:
        if title not in titles:
            tell(Warned(text=f"{where}: the deck has no section '{title}' now; it is left out."))
    for title in titles:
        if title not in seen:
            lack = "was not reached" if title in found else "is new"
            tell(Warned(text=f"{where}: '{title}' {lack}; it has no time from there."))


def _listed(slides: Sequence[Shown]) -> str:
    numbers = [slide.number for slide in slides]
    if len(numbers) == 1:
        return f"slide {numbers[0]}"
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"slides {numbers[0]} to {numbers[-1]}"
    return f"slides {', '.join(map(str, numbers))}"
