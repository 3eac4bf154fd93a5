"""Inside a band, what differs between the columns: the longest common subsequence is quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations


def differing(words: Mapping[str, Sequence[str]]) -> dict[str, frozenset[int]]:
    """Return, for each column, the indices of the words that not every other column has in place.

    `words` has the words of one band by column; columns without words do not count. A band that
    only one column has differs in nothing: there is nothing to compare it with.
    """
    named = {name: list(own) for name, own in words.items() if own}
    quiet = {name: set(range(len(own))) for name, own in named.items()}
    for one, other in combinations(named, 2):
        matcher = SequenceMatcher(None, named[one], named[other], autojunk=False)
        blocks = matcher.get_matching_blocks()
        quiet[one] &= {block.a + i for block in blocks for i in range(block.size)}
        quiet[other] &= {block.b + i for block in blocks for i in range(block.size)}
    return {
        name: frozenset(range(len(own))) - quiet.get(name, set()) for name, own in words.items()
    }
