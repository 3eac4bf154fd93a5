"""How much two pieces of code or prose say the same: cosine of TF-IDF over sub-tokens."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

Vector: TypeAlias = Mapping[str, float]

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)?|[+\-*/%@=<>!&|^~]+|[\[{(]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-zA-Z])(?=\d)")


def tokens(text: str) -> list[str]:
    """Return the sub-tokens of a text: words of identifiers, numbers, runs of operators.

    `LazyConv2d(96, kernel_size=11)` gives lazy, conv, d, (, 96, kernel, size, =, 11. Linear time.
    """
    return [part.lower() for token in _TOKEN.findall(text) for part in _CAMEL.split(token) if part]


def vectors(texts: Sequence[str]) -> list[Vector]:
    """Return unit TF-IDF vectors of the texts, weighted by how rare a token is among them.

    tf is 1 + log(count), idf is log(1 + N / df): Salton and Buckley, "Term-weighting approaches
    in automatic text retrieval", 1988.
    """
    counts = [Counter(tokens(text)) for text in texts]
    frequency = Counter(token for count in counts for token in count)
    result = []
    for count in counts:
        weights = {
            token: (1 + math.log(n)) * math.log(1 + len(texts) / frequency[token])
            for token, n in count.items()
        }
        result.append(_unit(weights))
    return result


def cosine(a: Vector, b: Vector) -> float:
    """Return the cosine of two unit vectors, from 0 to 1."""
    if len(a) > len(b):
        a, b = b, a
    return sum(weight * b[token] for token, weight in a.items() if token in b)


def mean(members: Iterable[Vector]) -> Vector:
    """Return the unit vector in the direction of the members' sum."""
    total: dict[str, float] = {}
    for member in members:
        for token, weight in member.items():
            total[token] = total.get(token, 0.0) + weight
    return _unit(total)


def _unit(weights: Mapping[str, float]) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {token: weight / length for token, weight in weights.items()}
