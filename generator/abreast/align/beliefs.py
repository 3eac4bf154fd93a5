"""How likely each two pieces belong to one row: passes of evidence and posteriors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from abreast.align.features import Features
from abreast.align.posterior import Scores, posteriors
from abreast.align.similarity import Evidence, Matrix, Pair, Table
from abreast.align.weights import Weights

Posteriors: TypeAlias = Mapping[Pair, Matrix]

_SETTLED = 0.05
"""Once no posterior moves by more than this, another pass would change nothing."""


def believe(
    found: Mapping[Pair, Evidence],
    flows: Sequence[Matrix],
    weights: Mapping[Pair, Weights],
    verdicts: Mapping[Pair, Matrix],
) -> Posteriors:
    """Return how likely each two pieces of different sequences belong to one row.

    `flows` say who uses a name of whom in each sequence; `verdicts`, in nats, are added to the
    scores of each pair of sequences.
    """
    posterior = _posterior(found, weights, verdicts)
    passes = max((weights[pair].passes for pair in found), default=1)
    for _ in range(passes - 1):
        later = _later_evidence(posterior, flows, len(flows))
        both = {pair: _with(e, later[pair]) for pair, e in found.items()}
        before, posterior = posterior, _posterior(both, weights, verdicts)
        if all(abs(posterior[pair] - before[pair]).max() < _SETTLED for pair in found):
            break
    empty = {pair: np.zeros_like(v) for pair, v in verdicts.items()}
    return {**empty, **posterior}


def level_of(found: Evidence) -> float:
    """Return how alike two sequences are, from 0 to 1."""
    return float(found.match["level"].flat[0])


def weighed(table: Table, weights: Mapping[str, float]) -> Matrix:
    """Return the score that the evidence adds up to; evidence that is not there yet adds none."""
    total = np.zeros_like(table["bias"])
    for name, weight in weights.items():
        if name in table:
            total += weight * table[name]
    return total


def _posterior(
    found: Mapping[Pair, Evidence],
    weights: Mapping[Pair, Weights],
    verdicts: Mapping[Pair, Matrix],
) -> dict[Pair, Matrix]:
    problems = []
    for pair, e in found.items():
        w, said = weights[pair], verdicts[pair]
        problems.append(
            Scores(
                match=weighed(e.match, w.match) + said,
                join_a=weighed(e.join_a, w.join) + said,
                join_b=weighed(e.join_b, w.join) + said,
                gap=w.gap,
                more=w.more,
            )
        )
    return dict(zip(found, posteriors(problems), strict=True))


def flow_of(sequence: Sequence[Features]) -> Matrix:
    """Return who uses a name of whom: [i, k] is 1 where i uses what k was the last to define."""
    flow = np.zeros((len(sequence), len(sequence)))
    owner: dict[str, int] = {}
    for i, piece in enumerate(sequence):
        for name in piece.uses & owner.keys():
            flow[i, owner[name]] = 1.0
        owner.update(dict.fromkeys(piece.defines, i))
    return flow


def _later_evidence(
    first: Posteriors, flows: Sequence[Matrix], count: int
) -> dict[Pair, dict[str, Matrix]]:
    """Return what the other sequences, and the pieces around, say of each pair.

    `through`: how surely a third sequence links the two (the consistency of T-Coffee, Notredame,
    Higgins and Heringa, 2000, and ProbCons); `against`: how surely it links each to something else;
    `uses` and `used`: how surely the pieces that the two use, or that use them, correspond.
    """
    later = {}
    for (f, g), p in first.items():
        through, against = np.zeros_like(p), np.zeros_like(p)
        thirds = [h for h in range(count) if h not in {f, g} and _links(first, f, h, g)]
        for h in thirds:
            left, right = between(first, f, h), between(first, h, g)
            linked = np.minimum(left @ right, 1.0)
            known_left = np.minimum(left.sum(1, keepdims=True), 1.0)
            known_right = np.minimum(right.sum(0, keepdims=True), 1.0)
            through += linked / len(thirds)
            against += np.maximum(np.minimum(known_left, known_right) - linked, 0) / len(thirds)
        a, b = flows[f], flows[g]
        later[f, g] = {
            "through": through,
            "against": against,
            "uses": _averaged(a) @ p @ _averaged(b).T,
            "used": _averaged(a.T) @ p @ _averaged(b.T).T,
        }
    return later


def _links(first: Posteriors, f: int, h: int, g: int) -> bool:
    return (min(f, h), max(f, h)) in first and (min(h, g), max(h, g)) in first


def between(first: Posteriors, f: int, g: int) -> Matrix:
    """Return the posteriors of f's pieces (rows) with g's (columns)."""
    return first[f, g] if f < g else first[g, f].T


def _averaged(flow: Matrix) -> Matrix:
    averaged: Matrix = flow / np.maximum(flow.sum(1, keepdims=True), 1.0)
    return averaged


def _with(found: Evidence, later: Mapping[str, Matrix]) -> Evidence:
    return Evidence(
        match={**found.match, **later},
        join_a={**found.join_a, **later},
        join_b={**found.join_b, **later},
    )
