"""What each kind of evidence weighs, in nats.

The weights of code were fitted to labelled notebooks by maximum likelihood, as those of a
conditional random field (Lafferty, McCallum and Pereira, 2001) whose features are the evidence of
similarity.py and whose chain is that of posterior.py; those of prose are set by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Weights:
    """What speaks for a pair: names of evidence -> nats for each unit of it.

    `match` weighs the pair that begins a row, `join` one that continues it. `gap` is the score of
    the first piece that is left alone, `more` of each that follows it. A pair is wanted in a row
    when its posterior is over `threshold`. Each pass after the first also weighs what the
    posteriors of the pass before say.
    """

    match: Mapping[str, float]
    join: Mapping[str, float]
    gap: float
    more: float
    threshold: float
    passes: int = 3


class Weighing(Protocol):
    """The weights for two sequences that are alike to a level, from 0 to 1."""

    def __call__(self, level: float, /) -> Weights:
        """Return the weights."""
        ...


_ALIKE = Weights(
    match={
        "names": 0.66,
        "words": 1.23,
        "prose": 0.4,
        "numbers": 3.72,
        "roles": 1.12,
        "titles": 1.05,
        "concepts": 1.09,
        "operators": 0.35,
        "best names": 1.71,
        "best words": 1.21,
        "best titles": 0.15,
        "both numbers": -1.77,
        "both introduced": -0.93,
        "size": 0.27,
        "level": 0.16,
        "bias": 1.09,
        "through": 1.28,
        "against": -0.4,
        "uses": 1.16,
    },
    join={
        "names": 1.2,
        "words": 0.35,
        "prose": 0.07,
        "numbers": 1.7,
        "roles": 0.31,
        "titles": 1.05,
        "best names": 1.71,
        "best words": 0.84,
        "best titles": 1.86,
        "best concepts": 0.8,
        "inside names": 0.29,
        "inside words": 0.38,
        "larger": 1.4,
        "introduced": -0.42,
        "level": -2.53,
        "bias": -3.18,
        "through": 1.46,
        "against": -1.34,
        "uses": 0.1,
    },
    gap=1.09,
    more=0.22,
    threshold=0.6,
)

_SEPARATE = Weights(
    match={
        "names": 0.47,
        "words": 0.84,
        "prose": 2.16,
        "numbers": 1.4,
        "titles": 0.81,
        "concepts": 0.86,
        "operators": 0.08,
        "best names": 1.08,
        "best words": 2.44,
        "best titles": 0.86,
        "best concepts": 0.83,
        "both numbers": -0.12,
        "size": -0.11,
        "level": 0.37,
        "bias": 0.22,
        "through": 1.95,
        "against": 0.51,
        "uses": 1.21,
    },
    join={
        "numbers": 0.59,
        "roles": 0.42,
        "best names": 0.61,
        "best words": 2.02,
        "best titles": 0.35,
        "best concepts": 0.38,
        "inside names": 0.64,
        "inside words": 0.49,
        "larger": 0.22,
        "introduced": -0.6,
        "level": -1.77,
        "bias": -0.42,
        "through": 1.05,
        "against": 0.19,
        "used": 0.4,
    },
    gap=0.48,
    more=1.59,
    threshold=0.25,
)

_STATEMENTS = Weights(
    match={
        "names": 0.76,
        "words": 1.77,
        "prose": 1.27,
        "numbers": 2.4,
        "roles": 0.11,
        "titles": 0.71,
        "operators": 0.45,
        "best names": 2.06,
        "best words": 0.74,
        "best titles": 0.7,
        "best concepts": 1.46,
        "both numbers": 0.37,
        "size": -0.67,
        "level": -1.15,
        "bias": 0.48,
        "through": 0.89,
        "against": -0.83,
        "uses": 1.1,
    },
    join={
        "words": 1.18,
        "prose": 1.26,
        "numbers": 1.55,
        "roles": 0.54,
        "titles": 0.31,
        "concepts": 0.29,
        "best names": 1.62,
        "best words": 0.83,
        "best titles": 0.83,
        "best concepts": 0.99,
        "inside names": 0.61,
        "larger": 0.31,
        "level": -3.45,
        "bias": -0.89,
        "through": 1.79,
        "against": -1.1,
    },
    gap=-0.07,
    more=0.26,
    threshold=0.5,
)

_PROSE = Weights(
    match={"prose": 6.0, "titles": 2.0, "used": 3.0, "bias": -1.0},
    join={"bias": -30.0},
    gap=0.0,
    more=0.0,
    threshold=0.5,
    passes=2,
)

_LEVELS = (0.26, 0.36)
"""Between these levels, written separately turns into written after one another."""


def cells(level: float) -> Weights:
    """Return the weights of cells of code, of notebooks that are alike to a level.

    In notebooks that follow one another cell by cell, a piece that looks like nothing has no
    counterpart; in notebooks written separately, looks say less and a row often holds several
    cells.
    """
    low, high = _LEVELS
    share = min(max((level - low) / (high - low), 0.0), 1.0)
    return Weights(
        match=_mixed(_SEPARATE.match, _ALIKE.match, share),
        join=_mixed(_SEPARATE.join, _ALIKE.join, share),
        gap=_SEPARATE.gap + share * (_ALIKE.gap - _SEPARATE.gap),
        more=_SEPARATE.more + share * (_ALIKE.more - _SEPARATE.more),
        threshold=_SEPARATE.threshold + share * (_ALIKE.threshold - _SEPARATE.threshold),
    )


def statements(level: float) -> Weights:
    """Return the weights of statements, whatever the level."""
    del level
    return _STATEMENTS


def prose(level: float) -> Weights:
    """Return the weights of prose, whatever the level."""
    del level
    return _PROSE


def _mixed(low: Mapping[str, float], high: Mapping[str, float], share: float) -> dict[str, float]:
    names = {**low, **high}
    return {n: (1 - share) * low.get(n, 0.0) + share * high.get(n, 0.0) for n in names}
