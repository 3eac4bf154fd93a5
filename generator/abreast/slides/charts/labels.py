"""Labels along an axis: moved apart where they would lie over each other, or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from abreast.model import Tick
from abreast.slides.metrics import prose_width


@dataclass(slots=True)
class _Pool:
    """Labels that touch, by the mean of where they want to be."""

    mean: float
    count: int


def moved_apart(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Return places from `low` to `high` that are `apart` at least, in the order of those wanted.

    Of all such places, those with the least sum of squared distances to the wanted ones: less n
    times `apart`, places need only ascend, which is an isotonic regression, here by pooling
    adjacent violators (Barlow, Bartholomew, Bremner and Brunk, Statistical Inference under Order
    Restrictions, Wiley 1972, section 1.2). Labels too many for the axis share it equally.
    """
    if not wanted:
        return []
    apart = min(apart, (high - low) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    pools: list[_Pool] = []
    for rank, n in enumerate(order):
        pools.append(_Pool(wanted[n] - rank * apart, 1))
        while len(pools) > 1 and pools[-2].mean > pools[-1].mean:
            last, before = pools.pop(), pools[-1]
            total = before.mean * before.count + last.mean * last.count
            before.count += last.count
            before.mean = total / before.count
    means = [pool.mean for pool in pools for _ in range(pool.count)]
    most = high - apart * (len(wanted) - 1)
    places = [0.0] * len(wanted)
    for rank, n in enumerate(order):
        places[n] = min(max(means[rank], low), most) + rank * apart
    return places


def legible(ticks: Sequence[Tick], length: float, font_px: float) -> tuple[Tick, ...]:
    """Return every tick, or every second, third …: the most whose labels stand side by side.

    `length` is the axis's, px.
    """
    for every in range(1, len(ticks) + 1):
        kept = ticks[::every]
        ends = [(tick.at * length, prose_width(f"{tick.label}n", font_px) / 2) for tick in kept]
        if all(b - a >= half + other for (a, half), (b, other) in pairwise(ends)):
            return tuple(kept)
    return tuple(ticks[:1])
