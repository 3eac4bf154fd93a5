"""How alike two sequences of pieces are, piece by piece: named matrices of evidence.

Cosines of TF-IDF vectors a channel (Salton and Buckley, "Term-weighting approaches in automatic
text retrieval", 1988), each also as a share of the best in its row and column, so that a pair is
judged against what else the same two notebooks offer and not against a fixed threshold.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from abreast.align.features import Bag, Channel, Features

Matrix: TypeAlias = NDArray[np.float64]
Table: TypeAlias = Mapping[str, Matrix]
Pair: TypeAlias = tuple[int, int]
"""The places of two sequences, the first before the second."""

CHANNELS: tuple[Channel, ...] = (
    "names", "words", "prose", "numbers", "roles", "titles", "concepts", "operators",
)  # fmt: skip
_RELATIVE: tuple[Channel, ...] = ("names", "words", "titles", "concepts")
_CONTAINED: tuple[Channel, ...] = ("names", "words")
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against each pair of pieces; every matrix is (len(a), len(b)).

    `match` is for two pieces that begin a row; `join_a` for a piece of the first sequence that
    continues one, `join_b` for a piece of the second.
    """

    match: Table
    join_a: Table
    join_b: Table


@dataclass(frozen=True, slots=True)
class _Vectors:
    """A channel's unit TF-IDF vectors, and the weights of the words that each piece has at all."""

    unit: Matrix
    present: Matrix
    idf: Matrix


def evidence(sequences: Sequence[Sequence[Features]]) -> dict[tuple[int, int], Evidence]:
    """Return the evidence for each pair of sequences, by their places in `sequences`.

    Time is proportional to the product of two lengths, a pair, times the words they share.
    """
    ends = np.cumsum([0, *(len(sequence) for sequence in sequences)])
    pieces = [piece for sequence in sequences for piece in sequence]
    vectors = {c: _vectors([p.bags.get(c, {}) for p in pieces], c) for c in CHANNELS}
    pairs = combinations([i for i, sequence in enumerate(sequences) if sequence], 2)
    return {
        (f, g): _pair(pieces, vectors, slice(ends[f], ends[f + 1]), slice(ends[g], ends[g + 1]))
        for f, g in pairs
    }


def _pair(
    pieces: Sequence[Features], vectors: Mapping[Channel, _Vectors], a: slice, b: slice
) -> Evidence:
    cosines: dict[str, Matrix] = {c: v.unit[a] @ v.unit[b].T for c, v in vectors.items()}
    relative = {f"best {c}": _share_of_best(cosines[c]) for c in _RELATIVE}
    shared = {**cosines, **relative}
    ones = np.ones_like(cosines["names"])
    shared["bias"] = ones
    shared["level"] = ones * _level(cosines["names"])
    size_a = np.array([piece.size for piece in pieces[a]])[:, None]
    size_b = np.array([piece.size for piece in pieces[b]])[None, :]
    said_a = np.array([float(piece.introduced) for piece in pieces[a]])[:, None]
    said_b = np.array([float(piece.introduced) for piece in pieces[b]])[None, :]
    numbers_a, numbers_b = (vectors["numbers"].present[s].any(1).astype(float) for s in (a, b))
    match = {
        **shared,
        "both numbers": np.outer(numbers_a, numbers_b),
        "both introduced": said_a * said_b,
        "size": abs(size_a - size_b),
    }
    join_a, join_b = dict(shared), dict(shared)
    for channel in _CONTAINED:
        both, own_a, own_b = _overlap(vectors[channel], a, b)
        join_a[f"inside {channel}"] = both / own_a[:, None]
        join_b[f"inside {channel}"] = both / own_b[None, :]
    join_a |= {"larger": size_b - size_a, "introduced": said_a * ones}
    join_b |= {"larger": size_a - size_b, "introduced": said_b * ones}
    return Evidence(match=match, join_a=join_a, join_b=join_b)


def _vectors(bags: Sequence[Bag], channel: Channel) -> _Vectors:
    frequency = Counter(chain.from_iterable(bags))
    # A word of one piece alone meets nobody: it only makes its own piece's vector longer.
    shared = {w: i for i, w in enumerate(w for w, n in frequency.items() if n > 1)}
    counts = np.zeros((len(bags), len(shared)))
    lonely = np.zeros(len(bags))
    rare = math.log(1 + len(bags))
    for row, bag in enumerate(bags):
        met = [(shared[word], count) for word, count in bag.items() if word in shared]
        if met:
            columns, found = zip(*met, strict=True)
            counts[row, columns] = found
        if len(met) < len(bag):
            alone = np.array([count for word, count in bag.items() if word not in shared])
            lonely[row] = ((_damped(alone) * rare) ** 2).sum()
    counts = _damped(counts)
    idf = np.array([math.log((1 + len(bags)) / frequency[word]) for word in shared])
    if channel == "roles":
        idf, lonely = np.ones_like(idf), np.zeros_like(lonely)
    weighted = counts * idf
    length = np.sqrt((weighted**2).sum(1) + lonely)
    return _Vectors(
        unit=weighted / np.maximum(length, _TINY)[:, None],
        present=(counts > 0).astype(np.float64),
        idf=idf,
    )


def _damped(counts: Matrix) -> Matrix:
    damped: Matrix = np.where(counts >= 1, 1 + np.log(np.maximum(counts, 1)), counts)
    return damped


def _level(cosine: Matrix) -> float:
    """Return how alike a piece and its best counterpart are, on the average of these notebooks."""
    return float((cosine.max(1).mean() + cosine.max(0).mean()) / 2)


def _share_of_best(cosine: Matrix) -> Matrix:
    best = np.maximum(cosine.max(1, keepdims=True), cosine.max(0, keepdims=True))
    share: Matrix = cosine / np.maximum(best, _TINY)
    return share


def _overlap(vectors: _Vectors, a: slice, b: slice) -> tuple[Matrix, Matrix, Matrix]:
    """Return the weight of the words that two pieces share, and that each has in all."""
    weighted = vectors.present[a] * vectors.idf
    own = [np.maximum((vectors.present[s] * vectors.idf).sum(1), _TINY) for s in (a, b)]
    return weighted @ vectors.present[b].T, own[0], own[1]
