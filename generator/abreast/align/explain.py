"""Why a row is a row, in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from keyword import iskeyword

from abreast.align.features import Channel, Features, code_features, prose_features
from abreast.align.pins import pin_of
from abreast.model import ALONE, Cell, Row

_SHOWN = 4
_CHANNELS: tuple[tuple[Channel, str], ...] = (
    ("names", "names"), ("numbers", "numbers"), ("prose", "words"), ("concepts", "topics"),
)  # fmt: skip


def explain(notebooks: Mapping[str, Sequence[Cell]], rows: Sequence[Row]) -> list[str]:
    """Return a line for each row: what its cells share that few others have, or why it is alone.

    Linear time.
    """
    cells = {(name, cell.index): cell for name, members in notebooks.items() for cell in members}
    said = {place: _features(cell) for place, cell in cells.items()}
    common: dict[Channel, Counter[str]] = {
        channel: Counter(word for f in said.values() for word in f.bags.get(channel, ()))
        for channel, _ in _CHANNELS
    }
    return [_reason(row, notebooks, cells, said, common) for row in rows]


def _features(cell: Cell) -> Features:
    code = cell.cell_type == "code"
    return code_features(cell.source) if code else prose_features(cell.source)


def _reason(
    row: Row,
    notebooks: Mapping[str, Sequence[Cell]],
    cells: Mapping[tuple[str, int], Cell],
    said: Mapping[tuple[str, int], Features],
    common: Mapping[Channel, Counter[str]],
) -> str:
    members = {name: [cells[name, i] for i in run] for name, run in row.cells.items()}
    pins = {pin_of(cell) for run in members.values() for cell in run} - {None}
    if pins:
        return f"pinned to '{min(pins, key=str)}'"
    if any(ALONE in cell.tags for run in members.values() for cell in run):
        return "set apart"
    if len(members) == 1:
        return _alone(row, cells) if len(notebooks) > 1 else "the only notebook"
    found = []
    for channel, label in _CHANNELS:
        columns = [
            {w for i in run for w in said[name, i].bags.get(channel, ()) if _telling(w)}
            for name, run in row.cells.items()
        ]
        shared = Counter(word for column in columns for word in column)
        best = sorted(
            (word for word, count in shared.items() if count > 1),
            key=lambda word: (-shared[word] / common[channel][word], -shared[word], word),
        )
        if best:
            words = best[:_SHOWN]
            if channel == "prose":
                words = [_whole(stem, members) for stem in words]
            found.append(f"{label} {', '.join(words)}")
    return "shared " + "; ".join(found) if found else "by its place and its shape"


def _telling(word: str) -> bool:
    return word[0].isdigit() or (len(word) > 2 and word[0].isalpha() and not iskeyword(word))


def _whole(stem: str, members: Mapping[str, Sequence[Cell]]) -> str:
    """Return a word that a stem stands for, as one of the authors wrote it."""
    text = "\n".join(cell.source for run in members.values() for cell in run)
    found = re.search(rf"(?<![^\W\d_]){re.escape(stem)}[^\W\d_]*", text, re.IGNORECASE)
    return found[0].lower() if found else stem


def _alone(row: Row, cells: Mapping[tuple[str, int], Cell]) -> str:
    if not row.missing:
        return "nothing like it"
    name, (index, probability) = max(row.missing.items(), key=lambda item: item[1][1])
    number = cells[name, index].number
    return f"nothing like it; nearest is cell {number} of {name} ({probability:.0%})"
