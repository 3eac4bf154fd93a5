"""Forward and backward sums against the list of all paths."""

import math

import numpy as np
from abreast.align.posterior import Scores, posteriors
from hypothesis import given, settings
from hypothesis import strategies as st


def by_listing(scores):
    """Return the posteriors of a small problem by walking every path."""
    n, m = scores.match.shape
    together, total = np.zeros((n, m)), 0.0

    def walk(i, j, state, weight, pairs):
        nonlocal total
        if (i, j) == (n, m):
            total += weight
            for pair in pairs:
                together[pair] += weight
        if i < n and j < m:
            walk(i + 1, j + 1, "match", weight * math.exp(scores.match[i, j]), [*pairs, (i, j)])
        if i < n and state in {"match", "join a"}:
            step = math.exp(scores.join_a[i, j - 1])
            walk(i + 1, j, "join a", weight * step, [*pairs, (i, j - 1)])
        if j < m and state in {"match", "join b"}:
            step = math.exp(scores.join_b[i - 1, j])
            walk(i, j + 1, "join b", weight * step, [*pairs, (i - 1, j)])
        if i < n and state != "gap b":
            step = scores.more if state == "gap a" else scores.gap
            walk(i + 1, j, "gap a", weight * math.exp(step), pairs)
        if j < m:
            step = scores.more if state == "gap b" else scores.gap
            walk(i, j + 1, "gap b", weight * math.exp(step), pairs)

    walk(0, 0, "start", 1.0, [])
    return together / total


@st.composite
def problems(draw):
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    number = st.floats(-6, 6)
    matrix = st.lists(number, min_size=n * m, max_size=n * m)
    match, join_a, join_b = (np.array(draw(matrix)).reshape(n, m) for _ in range(3))
    return Scores(match, join_a, join_b, draw(number), draw(number))


@settings(max_examples=40)
@given(st.lists(problems(), min_size=1, max_size=3))
def test_posteriors_are_shares_of_all_paths(given_problems):
    for scores, found in zip(given_problems, posteriors(given_problems), strict=True):
        assert np.allclose(found, by_listing(scores), atol=1e-9)


def test_long_sequences_neither_overflow_nor_vanish():
    scores = np.where(np.eye(300), 50.0, -50.0)
    (found,) = posteriors([Scores(scores, scores, scores, 0.0, 0.0)])
    assert np.allclose(found, np.eye(300), atol=1e-6)
