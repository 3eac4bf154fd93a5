"""Long lines with fewer points that look the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]


def thinned(points: Sequence[Point], most: int) -> tuple[Point, ...]:
    """Return at most `most` (three or more) of a line's points: the ends, and what shapes it.

    Of each of equally many points in between, the one that forms the largest triangle with the
    point chosen before it and the mean of those after: the method Largest-Triangle-Three-Buckets
    of Sveinn Steinarsson, "Downsampling Time Series for Visual Representation", University of
    Iceland 2013, section 4.2.
    """
    if len(points) <= most:
        return tuple(points)
    inner = len(points) - 2
    edges = [1 + inner * n // (most - 2) for n in range(most - 1)]
    buckets = [points[a:b] for a, b in pairwise(edges)]
    chosen = [points[0]]
    for bucket, following in zip(buckets, [*buckets[1:], points[-1:]], strict=True):
        last, mean = chosen[-1], _mean(following)
        chosen.append(max((_area(last, point, mean), point) for point in bucket)[1])
    return (*chosen, points[-1])


def _mean(points: Sequence[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _area(a: Point, b: Point, c: Point) -> float:
    return abs((a[0] - c[0]) * (b[1] - a[1]) - (a[0] - b[0]) * (c[1] - a[1])) / 2
