"""Monotone alignment of sequences by dynamic programming, the recurrence that both levels use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

Item = TypeVar("Item")
Pair: TypeAlias = tuple[int | None, int | None]


def align_pair(
    a: Sequence[Item], b: Sequence[Item], score: Callable[[Item, Item], float], gap: float
) -> list[Pair]:
    """Return index pairs in order, None where one side has no counterpart.

    Maximises the sum of `score - gap` over the pairs: a pair that scores under `gap` is worse
    than leaving both alone. Needleman and Wunsch, 1970, with zero-cost gaps:

        best[i][j] = max(best[i-1][j-1] + score(a[i], b[j]) - gap, best[i-1][j], best[i][j-1])

    Time and memory are proportional to len(a) * len(b).
    """
    rows, columns = len(a), len(b)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(1, rows + 1):
        above, here = best[i - 1], best[i]
        for j in range(1, columns + 1):
            matched = above[j - 1] + score(a[i - 1], b[j - 1]) - gap
            here[j] = max(matched, above[j], here[j - 1])
    return _trace(a, b, score, gap, best)


def _trace(
    a: Sequence[Item],
    b: Sequence[Item],
    score: Callable[[Item, Item], float],
    gap: float,
    best: list[list[float]],
) -> list[Pair]:
    pairs: list[Pair] = []
    i, j = len(a), len(b)
    while i or j:
        here = best[i][j]
        if i and j and here == best[i - 1][j - 1] + score(a[i - 1], b[j - 1]) - gap:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif j and here == best[i][j - 1]:
            j -= 1
            pairs.append((None, j))
        else:
            i -= 1
            pairs.append((i, None))
    return pairs[::-1]
