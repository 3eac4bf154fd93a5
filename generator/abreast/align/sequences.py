"""K sequences of pieces -> rows: the method that both levels, cells and statements, use.

Evidence for each pair of pieces (similarity.py) is weighed into the scores of a pair hidden Markov
model; its posteriors (posterior.py) are evidence of their own, for what the other sequences and the
flow of names say of a pair, and are weighed in the next pass; rows are what has the highest
expected accuracy under the last posteriors (consensus.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from abreast.align.beliefs import Posteriors, believe, between, flow_of, level_of
from abreast.align.consensus import consensus
from abreast.align.gains import Gains, Group
from abreast.align.pieces import CERTAIN, Piece, anchors_of, continues, skeleton, verdicts_on
from abreast.align.similarity import evidence
from abreast.align.weights import Weighing

_DECISIVE = 1000.0
"""The gain of a pair of which an author has spoken: more than all others together."""


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
    verdicts = verdicts_on(sequences)
    said = {pair: CERTAIN * v for pair, v in verdicts.items()}
    for pair, anchored in anchors_of(sequences).items():
        said[pair] = said[pair] + anchored
    found = evidence([[piece.features for piece in pieces] for pieces in sequences])
    flows = [flow_of([piece.features for piece in pieces]) for pieces in sequences]
    weights = {pair: weighing(level_of(e)) for pair, e in found.items()}
    posterior = believe(found, flows, weights, said)
    gains = Gains(
        lengths=tuple(map(len, sequences)),
        pairs={
            # Two sequences of which one is empty have no evidence, and no pairs either.
            pair: posterior[pair]
            - (weights[pair].threshold if pair in weights else 0.0)
            + _DECISIVE * verdict
            for pair, verdict in verdicts.items()
        },
        continues=tuple(continues(pieces) for pieces in sequences),
    )
    groups = consensus(gains, skeleton(sequences, steps))
    lengths = gains.lengths
    return [
        Aligned(group, _confidence(group, posterior, lengths), _missing(group, posterior, lengths))
        for group in groups
    ]


def _missing(
    group: Group, posterior: Posteriors, lengths: Sequence[int]
) -> dict[int, tuple[int, float]]:
    missing = {}
    for g in range(len(lengths)):
        if g in group or not lengths[g]:
            continue
        rows = [between(posterior, f, g)[p] for f, pieces in group.items() for p in pieces]
        likely = np.mean(rows, axis=0)
        best = int(likely.argmax())
        missing[g] = (best, float(likely[best]))
    return missing


def _confidence(group: Group, posterior: Posteriors, lengths: Sequence[int]) -> float:
    """Return the mean probability of the row's pairs; of a piece alone, that it is alone."""
    pairs = [
        float(between(posterior, f, g)[p, q])
        for f, g in combinations(sorted(group), 2)
        for p in group[f]
        for q in group[g]
    ]
    if pairs:
        return sum(pairs) / len(pairs)
    ((f, pieces),) = group.items()
    others = [between(posterior, f, g)[pieces[0]] for g, n in enumerate(lengths) if g != f and n]
    alone = [1.0 - min(1.0, float(row.sum())) for row in others]
    return sum(alone) / len(alone) if alone else 1.0
