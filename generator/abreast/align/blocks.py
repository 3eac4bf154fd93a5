"""Long sequences: cut where they surely correspond, then aligned block by block.

A bound on the dynamic programs, which grow with the product of two lengths. The cuts come from the
same method over chunks of consecutive pieces, a chunk taken as one piece.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from abreast.align.features import Channel, Features
from abreast.align.pieces import Piece
from abreast.align.sequences import Aligned, align_sequences
from abreast.align.weights import Weighing
from abreast.events import Sink, Warned

LIMIT = 80
"""The most pieces of a sequence that are aligned at once."""
_CHUNKS = 50
_SURE = 0.6

Cut: TypeAlias = tuple[int, ...]
"""Where a block begins, in each sequence."""


def align_in_blocks(
    sequences: Sequence[Sequence[Piece]], weighing: Weighing, steps: Sequence[str], tell: Sink
) -> list[Aligned]:
    """Return rows as `align_sequences` does, in blocks of at most `LIMIT` pieces a sequence.

    Time is proportional to the longest length, once it is over `LIMIT`. A pinned step is never cut
    in two: where pins leave no place for a cut, a block may be longer.
    """
    if max(map(len, sequences), default=0) <= LIMIT:
        return align_sequences(sequences, weighing, steps)
    cuts = [cut for cut in _cuts(sequences, weighing) if _keeps_steps(sequences, cut)]
    ends: Cut = tuple(map(len, sequences))
    borders = [tuple(0 for _ in sequences), *cuts, ends]
    if cuts:
        tell(
            Warned(
                text=f"{max(ends)} cells are too many to align at once: cut into "
                f"{len(borders) - 1} blocks where the columns agree."
            )
        )
    return [
        row
        for start, end in pairwise(borders)
        for row in _block(sequences, start, end, weighing, steps)
    ]


def _block(
    sequences: Sequence[Sequence[Piece]],
    start: Cut,
    end: Cut,
    weighing: Weighing,
    steps: Sequence[str],
) -> Iterator[Aligned]:
    parts = [pieces[a:b] for pieces, a, b in zip(sequences, start, end, strict=True)]
    pinned = {piece.step for part in parts for piece in part}
    for row in align_sequences(parts, weighing, [step for step in steps if step in pinned]):
        yield Aligned(
            group={f: [start[f] + i for i in places] for f, places in row.group.items()},
            confidence=row.confidence,
            missing={f: (start[f] + i, p) for f, (i, p) in row.missing.items()},
        )


def _cuts(sequences: Sequence[Sequence[Piece]], weighing: Weighing) -> list[Cut]:
    size = math.ceil(max(map(len, sequences)) / _CHUNKS)
    chunks = [[_chunk(p[k : k + size]) for k in range(0, len(p), size)] for p in sequences]
    present = [f for f, pieces in enumerate(sequences) if pieces]
    agreed = [
        tuple(row.group[f][0] * size if f in row.group else 0 for f in range(len(sequences)))
        for row in align_sequences(chunks, weighing)
        if row.confidence >= _SURE and all(f in row.group for f in present)
    ]
    ends: Cut = tuple(map(len, sequences))
    cuts: list[Cut] = [tuple(0 for _ in sequences)]
    for here, following in pairwise([*agreed, ends]):
        if _span(cuts[-1], following) > LIMIT:
            if any(here):
                cuts.append(here)
            cuts += _evenly(cuts[-1], following)
    if not agreed:
        cuts += _evenly(cuts[-1], ends)
    return [cut for cut in dict.fromkeys(cuts) if any(cut)]


def _span(start: Cut, end: Cut) -> int:
    return max(b - a for a, b in zip(start, end, strict=True))


def _evenly(start: Cut, end: Cut) -> list[Cut]:
    """Where nothing agrees, cut all sequences at the same share of what is left of them."""
    parts = math.ceil(_span(start, end) / LIMIT)
    return [
        tuple(a + (b - a) * k // parts for a, b in zip(start, end, strict=True))
        for k in range(1, parts)
    ]


def _chunk(pieces: Sequence[Piece]) -> Piece:
    bags: dict[Channel, Counter[str]] = {}
    for piece in pieces:
        for channel, bag in piece.features.bags.items():
            total = bags.setdefault(channel, Counter())
            for word, count in bag.items():
                total[word] += count  # type: ignore[assignment]
    features = Features(
        bags=bags,
        size=math.log1p(sum(math.expm1(piece.features.size) for piece in pieces)),
        defines=frozenset().union(*(piece.features.defines for piece in pieces)),
        uses=frozenset().union(*(piece.features.uses for piece in pieces)),
        introduced=any(piece.features.introduced for piece in pieces),
    )
    return Piece(text="\n".join(piece.text for piece in pieces), features=features)


def _keeps_steps(sequences: Sequence[Sequence[Piece]], cut: Cut) -> bool:
    before = {p.step for pieces, at in zip(sequences, cut, strict=True) for p in pieces[:at]}
    after = {p.step for pieces, at in zip(sequences, cut, strict=True) for p in pieces[at:]}
    return not (before & after) - {None}
