"""Which slide of a deck was which in the deck before; no slide is taken twice."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

T = TypeVar("T")

ALIKE = 0.6
"""Slides that nothing else joins correspond from this share of words in common on."""
_MOST = 10_000  # pairs whose words are compared


def matched(
    before: Sequence[T],
    after: Sequence[T],
    keys: Sequence[Callable[[T], Hashable]],
    words: Callable[[T], Sequence[str]],
) -> dict[int, int]:
    """Return the places in `before` of what stands in `after`, by its places.

    Each of `keys` joins what it gives the same value for, in order, the surest first; what it gives
    a false value for it leaves alone. The rest is joined by common `words`, the likest first.
    """
    places: dict[int, int] = {}
    for key in keys:
        free: dict[Hashable, list[int]] = {}
        for place in _free(len(before), places.values()):
            free.setdefault(key(before[place]), []).append(place)
        for place in _free(len(after), places):
            value = key(after[place])
            if value and free.get(value):
                places[place] = free[value].pop(0)
    for place, earlier in _likest(before, after, places, words):
        if place not in places and earlier not in places.values():
            places[place] = earlier
    return places


def moved(places: dict[int, int]) -> set[int]:
    """Return what stands in another order: all but a longest rising sequence of earlier places."""
    order = sorted(places)
    ends: list[int] = []  # the least end of a rising sequence of each length
    lengths = []
    for place in order:
        length = bisect_left(ends, places[place])
        ends[length : length + 1] = [places[place]]
        lengths.append(length)
    staying, wanted = set(), len(ends) - 1
    for place, length in zip(reversed(order), reversed(lengths), strict=True):
        if length == wanted:
            staying.add(place)
            wanted -= 1
    return set(order) - staying


def _free(count: int, taken: Iterable[int]) -> list[int]:
    used = set(taken)
    return [place for place in range(count) if place not in used]


def _likest(
    before: Sequence[T],
    after: Sequence[T],
    places: dict[int, int],
    words: Callable[[T], Sequence[str]],
) -> list[tuple[int, int]]:
    """Return pairs of places in `after` and `before` that are alike enough, the likest first."""
    new, old = _free(len(after), places), _free(len(before), places.values())
    if len(new) * len(old) > _MOST:
        return []
    return [pair for _, pair in sorted(_alike(before, after, new, old, words), key=_likeness)]


def _alike(
    before: Sequence[T],
    after: Sequence[T],
    new: Sequence[int],
    old: Sequence[int],
    words: Callable[[T], Sequence[str]],
) -> Iterator[tuple[float, tuple[int, int]]]:
    said = {place: words(after[place]) for place in new}
    for earlier in old:
        matcher = SequenceMatcher(None, (), words(before[earlier]), autojunk=False)
        for place in new:
            matcher.set_seq1(said[place])
            if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE:
                ratio = matcher.ratio()
                if ratio >= ALIKE:
                    yield ratio, (place, earlier)


def _likeness(found: tuple[float, tuple[int, int]]) -> tuple[float, int, tuple[int, int]]:
    ratio, (place, earlier) = found
    return -ratio, abs(place - earlier), (place, earlier)
