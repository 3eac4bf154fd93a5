"""What is aligned, and what an author has said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from abreast.align.features import Features
from abreast.align.gains import Group
from abreast.align.similarity import Matrix, Pair

CERTAIN = 40.0
"""Nats: what an author has said is as good as certain, its contrary as good as impossible."""


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


def verdicts_on(sequences: Sequence[Sequence[Piece]]) -> dict[Pair, Matrix]:
    """Return 1 for pairs that are pinned to one step, -1 for pairs that may not share a row."""
    numbers: dict[str | None, int] = {None: -1}
    for pieces in sequences:
        for piece in pieces:
            numbers.setdefault(piece.step, len(numbers))
    kinds = [np.array([piece.kind for piece in pieces], dtype=object) for pieces in sequences]
    alone = [np.array([piece.alone for piece in pieces], dtype=bool) for pieces in sequences]
    step = [np.array([numbers[piece.step] for piece in pieces], dtype=int) for pieces in sequences]
    verdicts = {}
    silent = len(numbers) == 1 and not any(map(np.any, alone)) and _one_kind(sequences)
    for f, g in combinations(range(len(sequences)), 2):
        if silent:
            verdicts[f, g] = np.zeros((len(sequences[f]), len(sequences[g])))
            continue
        a, b = step[f][:, None], step[g][None, :]
        unlike = (kinds[f][:, None] != kinds[g][None, :]) | alone[f][:, None] | alone[g][None, :]
        # A step that both notebooks have is for the cells that are pinned to it.
        taken_a, taken_b = np.isin(a, step[g]) & (a >= 0), np.isin(b, step[f]) & (b >= 0)
        elsewhere = (a != b) & (taken_a | taken_b | ((a >= 0) & (b >= 0)))
        together = (a == b) & (a >= 0)
        verdicts[f, g] = np.where(together, 1.0, np.where(unlike | elsewhere, -1.0, 0.0))
    return verdicts


def _one_kind(sequences: Sequence[Sequence[Piece]]) -> bool:
    return len({piece.kind for pieces in sequences for piece in pieces}) <= 1


def anchors_of(sequences: Sequence[Sequence[Piece]]) -> dict[Pair, Matrix]:
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
            table[k, k] = CERTAIN
        for k in range(1, tail + 1):
            table[-k, -k] = CERTAIN
        anchors[f, g] = table
    return anchors


def _common(a: Sequence[object], b: Sequence[object]) -> int:
    return next(
        (k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )


def continues(pieces: Sequence[Piece]) -> tuple[bool, ...]:
    """Return for each piece whether it may stand in the row of the piece before it."""

    def may(before: Piece, piece: Piece) -> bool:
        same = before.step == piece.step and (before.kind == piece.kind or piece.step is not None)
        return same and not before.alone and not piece.alone

    later = (may(before, piece) for before, piece in pairwise(pieces))
    return (False, *later)[: len(pieces)]


def skeleton(sequences: Sequence[Sequence[Piece]], steps: Sequence[str]) -> list[Group]:
    """Return the pinned rows in order."""
    rows: dict[str, Group] = {step: {} for step in steps}
    for f, pieces in enumerate(sequences):
        for i, piece in enumerate(pieces):
            if piece.step is not None:
                rows[piece.step].setdefault(f, []).append(i)
    return list(rows.values())
