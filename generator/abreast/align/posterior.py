"""How likely it is that two pieces belong to one row, given everything around them.

A pair hidden Markov model over two sequences (Durbin, Eddy, Krogh and Mitchison, "Biological
sequence analysis", 1998, chapter 4), with two states more than usual so that a row may hold a run
of one sequence. Its states, at (i, j) pieces read:

    match    a[i] and b[j] begin a row           from (i-1, j-1), any state
    join a   a[i] continues the row of b[j]      from (i-1, j),   match or join a
    join b   b[j] continues the row of a[i]      from (i, j-1),   match or join b
    gap a    a[i] is alone                       from (i-1, j),   all but gap b
    gap b    b[j] is alone                       from (i, j-1),   any state

A path's weight is the product of its steps' weights; the posterior of a pair is the weight of the
paths that put it into one row, divided by the weight of all (forward-backward).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from abreast.align.similarity import Matrix

_MATCH, _JOIN_A, _JOIN_B, _GAP_A, _GAP_B = range(5)
_LIMIT = 60.0
_EVERY = 4
"""Scores are cut at +-60 nats, and every fourth antidiagonal is rescaled: e**240 is a double."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Log-weights of the steps: matrices (n, m) for pairs, numbers for the first gap and more."""

    match: Matrix
    join_a: Matrix
    join_b: Matrix
    gap: float
    more: float


def posteriors(problems: Sequence[Scores]) -> list[Matrix]:
    """Return for each problem the probability, (n, m), that two pieces are in one row.

    All are solved at once, antidiagonal by antidiagonal.

    Time and memory are proportional to the product of the longest lengths, a problem.
    """
    if not problems:
        return []
    lattice = _Lattice(problems)
    forward, forward_log = lattice.forward()
    backward, backward_log = lattice.backward()
    return lattice.combine(forward, forward_log, backward, backward_log)


class _Lattice:
    """Arrays over (antidiagonal, problem, i): all cells of an antidiagonal depend on earlier ones.

    Now and then an antidiagonal is divided by its largest number, whose logarithm is kept, so that
    long sequences neither overflow nor vanish.
    """

    def __init__(self, problems: Sequence[Scores]) -> None:
        self.shapes = [problem.match.shape for problem in problems]
        self.rows, self.columns = map(int, np.max(self.shapes, axis=0))
        self.diagonals = self.rows + self.columns + 1
        # One more place than pieces before the first, and one that is always zero.
        self.width = self.rows + 2
        self.steps = np.zeros((3, self.diagonals, len(problems), self.width))
        for p, problem in enumerate(problems):
            n, m = problem.match.shape
            i, j = np.indices((n, m)) + 1
            for state, score in enumerate((problem.match, problem.join_a, problem.join_b)):
                self.steps[state, i + j, p, i] = np.exp(np.clip(score, -_LIMIT, _LIMIT))
        self.gap = np.exp([[problem.gap] for problem in problems])
        self.more = np.exp([[problem.more] for problem in problems])

    def forward(self) -> tuple[Matrix, Matrix]:
        states = np.zeros((self.diagonals, 5, len(self.shapes), self.width))
        logs = np.zeros((self.diagonals, len(self.shapes)))
        states[0, _MATCH, :, 0] = 1.0
        for d in range(1, self.diagonals):
            all_, inner, above = self._ranges(d)
            last, here = states[d - 1], states[d]
            gap_a, gap_b = last[_GAP_A], last[_GAP_B]
            paired = last[_MATCH] + last[_JOIN_A] + last[_JOIN_B]
            here[_GAP_A, :, inner] = paired[:, above] * self.gap + gap_a[:, above] * self.more
            here[_GAP_B, :, all_] = (paired + gap_a)[:, all_] * self.gap
            here[_GAP_B, :, all_] += gap_b[:, all_] * self.more
            if d > 1:  # the start counts as a match, but nothing can join it
                match, join_a, join_b = self.steps[:, d]
                joined = (last[_MATCH] + last[_JOIN_A])[:, above]
                here[_JOIN_A, :, inner] = joined * join_a[:, inner]
                joined = (last[_MATCH] + last[_JOIN_B])[:, all_]
                here[_JOIN_B, :, all_] = joined * join_b[:, all_]
                before = states[d - 2, :, :, above].sum(0)
                if (d - 1) % _EVERY == 0:
                    before *= np.exp(logs[d - 2] - logs[d - 1])[:, None]
                here[_MATCH, :, inner] = before * match[:, inner]
            logs[d] = logs[d - 1] + self._rescale(here, d, all_)
        return states, logs

    def backward(self) -> tuple[Matrix, Matrix]:
        states = np.zeros((self.diagonals, 5, len(self.shapes), self.width))
        logs = np.zeros((self.diagonals, len(self.shapes)))
        ends = [n + m for n, m in self.shapes]
        for d in range(self.diagonals - 1, -1, -1):
            here = states[d]
            all_, _, _ = self._ranges(d)
            below = slice(all_.start + 1, all_.stop + 1)
            if d + 1 < self.diagonals:
                after, (_, join_a, join_b) = states[d + 1], self.steps[:, d + 1]
                to_a, to_b = after[_GAP_A, :, below], after[_GAP_B, :, all_]
                to_join_a = after[_JOIN_A, :, below] * join_a[:, below]
                to_join_b = after[_JOIN_B, :, all_] * join_b[:, all_]
                to_match = np.zeros_like(to_b)
                if d + 2 < self.diagonals:
                    match = self.steps[0, d + 2]
                    to_match = states[d + 2, _MATCH, :, below] * match[:, below]
                    if (d + 1) % _EVERY == 0:
                        to_match *= np.exp(logs[d + 2] - logs[d + 1])[:, None]
                onward = to_match + (to_a + to_b) * self.gap
                here[_MATCH, :, all_] = onward + (to_join_a + to_join_b if d else 0)
                here[_JOIN_A, :, all_] = onward + to_join_a
                here[_JOIN_B, :, all_] = onward + to_join_b
                here[_GAP_A, :, all_] = to_match + to_a * self.more + to_b * self.gap
                here[_GAP_B, :, all_] = to_match + to_b * self.more
                logs[d] = logs[d + 1]
            for p, end in enumerate(ends):
                if d == end:
                    here[:, p, self.shapes[p][0]] = 1.0
                    logs[d, p] = 0.0
            logs[d] += self._rescale(here, d, all_)
        return states, logs

    def _ranges(self, d: int) -> tuple[slice, slice, slice]:
        """Return the places of an antidiagonal, those past i = 0, and the places one i before."""
        first, last = max(0, d - self.columns), min(self.rows, d)
        inner = max(first, 1)
        return slice(first, last + 1), slice(inner, last + 1), slice(inner - 1, last)

    def _rescale(self, here: Matrix, d: int, all_: slice) -> Matrix | float:
        if d % _EVERY:
            return 0.0
        part = here[:, :, all_]
        largest = part.max(axis=(0, 2))
        largest[largest <= 0] = 1.0
        part /= largest[:, None]
        logs: Matrix = np.log(largest)
        return logs

    def combine(
        self, forward: Matrix, forward_log: Matrix, backward: Matrix, backward_log: Matrix
    ) -> list[Matrix]:
        pairing = slice(_MATCH, _JOIN_B + 1)
        found = []
        for p, (n, m) in enumerate(self.shapes):
            total = np.log(forward[n + m, :, p, n].sum()) + forward_log[n + m, p]
            scale = np.exp(np.minimum(forward_log[:, p] + backward_log[:, p] - total, 700.0))
            both = (forward[:, pairing, p] * backward[:, pairing, p]).sum(1) * scale[:, None]
            i, j = np.indices((n, m)) + 1
            found.append(np.minimum(both[i + j, i], 1.0))
        return found
