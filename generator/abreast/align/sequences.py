"""K sequences of pieces -> rows: the method that both levels, cells and statements, use.

Evidence for each pair of pieces (similarity.py) is weighed into the scores of a pair hidden Markov
model; its posteriors (posterior.py) are evidence of their own, for what the other sequences and the
flow of names say of a pair, and are weighed in the next pass; rows are what has the highest
expected accuracy under the last posteriors (consensus.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TypeAlias

import numpy as np

from abreast.align.consensus import Gains, Group, consensus
from abreast.align.features import Features
from abreast.align.posterior import Scores, posteriors
from abreast.align.similarity import Evidence, Matrix, Table, evidence
from abreast.align.weights import Weighing

Pair: TypeAlias = tuple[int, int]
Posteriors: TypeAlias = Mapping[Pair, Matrix]

_CERTAIN = 40.0
"""Nats: what an author has said is as good as certain, its contrary as good as impossible."""
_SETTLED = 0.05
"""Once no posterior moves by more than this, another pass would change nothing."""
_DECISIVE = 1000.0
"""The gain of a pair of which an author has spoken: more than all others together."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is aligned. Pieces of unlike kinds never share a row.

    `step` is the row that an author has pinned the piece to; `alone` keeps it to itself.
    """

    text: str
    features: Features
    kind: str = "code"
    step: str | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Aligned:
    """A row: its pieces by sequence, and the probability that it is right, from 0 to 1.

    `missing` has, for each sequence without a piece here, the likeliest piece and its probability.
    """

    group: Group
    confidence: float
    missing: Mapping[int, tuple[int, float]]


def align_sequences(
    sequences: Sequence[Sequence[Piece]], weighing: Weighing, steps: Sequence[str] = ()
) -> list[Aligned]:
    """Return rows in order, every piece in exactly one, every sequence's order kept.

    `steps` are the names of all pinned rows in order. Time and memory are proportional to the
    product of the two longest lengths, for each pair of sequences.
    """
    verdicts = _verdicts(sequences)
    said = {pair: _CERTAIN * v for pair, v in verdicts.items()}
    for pair, anchored in _anchors(sequences).items():
        said[pair] = said[pair] + anchored
    found = evidence([[piece.features for piece in pieces] for pieces in sequences])
    flows = [_flow([piece.features for piece in pieces]) for pieces in sequences]
    posterior = believe(found, flows, weighing, said)
    thresholds = {pair: weighing(level_of(e)).threshold for pair, e in found.items()}
    gains = Gains(
        lengths=tuple(map(len, sequences)),
        pairs={
            pair: posterior[pair] - thresholds.get(pair, 0.0) + _DECISIVE * verdict
            for pair, verdict in verdicts.items()
        },
        continues=tuple(_continues(pieces) for pieces in sequences),
    )
    groups = consensus(gains, _skeleton(sequences, steps))
    lengths = gains.lengths
    return [
        Aligned(group, _confidence(group, posterior, lengths), _missing(group, posterior, lengths))
        for group in groups
    ]


def believe(
    found: Mapping[Pair, Evidence],
    flows: Sequence[Matrix],
    weighing: Weighing,
    verdicts: Mapping[Pair, Matrix],
) -> Posteriors:
    """Return how likely each two pieces of different sequences belong to one row.

    `flows` say who uses a name of whom in each sequence; `verdicts`, in nats, are added to the
    scores of each pair of sequences.
    """
    posterior = _posterior(found, weighing, verdicts)
    passes = max((weighing(level_of(e)).passes for e in found.values()), default=1)
    for _ in range(passes - 1):
        later = _later_evidence(posterior, flows, len(flows))
        both = {pair: _with(e, later[pair]) for pair, e in found.items()}
        before, posterior = posterior, _posterior(both, weighing, verdicts)
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
    found: Mapping[Pair, Evidence], weighing: Weighing, verdicts: Mapping[Pair, Matrix]
) -> dict[Pair, Matrix]:
    problems = []
    for pair, e in found.items():
        weights, said = weighing(level_of(e)), verdicts[pair]
        problems.append(
            Scores(
                match=weighed(e.match, weights.match) + said,
                join_a=weighed(e.join_a, weights.join) + said,
                join_b=weighed(e.join_b, weights.join) + said,
                gap=weights.gap,
                more=weights.more,
            )
        )
    return {pair: p.together for pair, p in zip(found, posteriors(problems), strict=True)}


# --- what an author has said --------------------------------------------------------------------


def _verdicts(sequences: Sequence[Sequence[Piece]]) -> dict[Pair, Matrix]:
    """Return 1 for pairs that are pinned to one step, -1 for pairs that may not share a row."""
    numbers: dict[str | None, int] = {None: -1}
    for pieces in sequences:
        for piece in pieces:
            numbers.setdefault(piece.step, len(numbers))
    kinds = [np.array([piece.kind for piece in pieces], dtype=object) for pieces in sequences]
    alone = [np.array([piece.alone for piece in pieces], dtype=bool) for pieces in sequences]
    step = [np.array([numbers[piece.step] for piece in pieces], dtype=int) for pieces in sequences]
    verdicts = {}
    for f, g in combinations(range(len(sequences)), 2):
        a, b = step[f][:, None], step[g][None, :]
        unlike = (kinds[f][:, None] != kinds[g][None, :]) | alone[f][:, None] | alone[g][None, :]
        # A step that both notebooks have is for the cells that are pinned to it.
        taken_a, taken_b = np.isin(a, step[g]) & (a >= 0), np.isin(b, step[f]) & (b >= 0)
        elsewhere = (a != b) & (taken_a | taken_b | ((a >= 0) & (b >= 0)))
        together = (a == b) & (a >= 0)
        verdicts[f, g] = np.where(together, 1.0, np.where(unlike | elsewhere, -1.0, 0.0))
    return verdicts


def _anchors(sequences: Sequence[Sequence[Piece]]) -> dict[Pair, Matrix]:
    """Return certainty for what two sequences begin or end with word for word.

    Where both repeat themselves, nothing else tells one repetition from the next.
    """
    anchors = {}
    for f, g in combinations(range(len(sequences)), 2):
        a, b = ([(p.kind, p.text, p.step) for p in sequences[s]] for s in (f, g))
        table = np.zeros((len(a), len(b)))
        head = _common(a, b)
        tail = _common(a[head:][::-1], b[head:][::-1])
        for k in range(head):
            table[k, k] = _CERTAIN
        for k in range(1, tail + 1):
            table[-k, -k] = _CERTAIN
        anchors[f, g] = table
    return anchors


def _common(a: Sequence[object], b: Sequence[object]) -> int:
    return next(
        (k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )


def _continues(pieces: Sequence[Piece]) -> tuple[bool, ...]:
    def may(before: Piece, piece: Piece) -> bool:
        same = before.step == piece.step and (before.kind == piece.kind or piece.step is not None)
        return same and not before.alone and not piece.alone

    later = (may(before, piece) for before, piece in pairwise(pieces))
    return (False, *later)[: len(pieces)]


def _skeleton(sequences: Sequence[Sequence[Piece]], steps: Sequence[str]) -> list[Group]:
    rows: dict[str, Group] = {step: {} for step in steps}
    for f, pieces in enumerate(sequences):
        for i, piece in enumerate(pieces):
            if piece.step is not None:
                rows[piece.step].setdefault(f, []).append(i)
    return list(rows.values())


# --- what the other sequences say ---------------------------------------------------------------


def _flow(sequence: Sequence[Features]) -> Matrix:
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
            left, right = _between(first, f, h), _between(first, h, g)
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


def _between(first: Posteriors, f: int, g: int) -> Matrix:
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


def _missing(
    group: Group, posterior: Posteriors, lengths: Sequence[int]
) -> dict[int, tuple[int, float]]:
    missing = {}
    for g in range(len(lengths)):
        if g in group or not lengths[g]:
            continue
        rows = [_between(posterior, f, g)[p] for f, pieces in group.items() for p in pieces]
        likely = np.mean(rows, axis=0)
        best = int(likely.argmax())
        missing[g] = (best, float(likely[best]))
    return missing


def _confidence(group: Group, posterior: Posteriors, lengths: Sequence[int]) -> float:
    """Return the mean probability of the row's pairs; of a piece alone, that it is alone."""
    pairs = [
        float(_between(posterior, f, g)[p, q])
        for f, g in combinations(sorted(group), 2)
        for p in group[f]
        for q in group[g]
    ]
    if pairs:
        return sum(pairs) / len(pairs)
    ((f, pieces),) = group.items()
    others = [_between(posterior, f, g)[pieces[0]] for g, n in enumerate(lengths) if g != f and n]
    alone = [1.0 - min(1.0, float(row.sum())) for row in others]
    return sum(alone) / len(alone) if alone else 1.0
