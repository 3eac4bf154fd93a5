"""Words -> lines: all breaks of a flow of code are chosen together.

The method is that of Knuth & Plass, "Breaking paragraphs into lines" (Software: Practice and
Experience 11, 1981): the sum of what lines and breaks cost is least over the whole flow. Widths
are monospaced columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wcwidth import iter_graphemes

from abreast.model.displays import Line
from abreast.slides.metrics import mono_width

LINE = 100_000
"""The cost of a line: no sum of good breaks outweighs it."""
MARK = 2
"""Columns of the mark before a soft line."""
SOFT = 100 * LINE
"""The cost of a line that only a soft break makes fit: no breaks outweigh it."""
_DEEPEST = 1000
_LONGEST = 3
_TORN = 7 * LINE // 10
_GOES_ON = 4 * LINE // 10
_FLUSH = 6 * LINE // 10


class Word(NamedTuple):
    """What stays together on a line.

    `glue` stands before it inside a line. Where a line begins with it, that costs `price`, the
    line has `indent` columns before it, and the line before ends with `tail`. `row` is the
    author's. The break is inside `depth` brackets; it `parts` whole elements or clauses, or `opens`
    a bracket. To stand on the line of the word before costs `joint`.
    """

    text: str
    row: int
    glue: str = ""
    price: int = 0
    indent: int = 0
    tail: str = ""
    depth: int = 0
    parts: bool = False
    opens: bool = False
    joint: int = 0


class Breaks(NamedTuple):
    """What lines cost, and the numbers of the words that they begin with."""

    cost: int
    starts: tuple[int, ...]


def best_breaks(words: Sequence[Word], width: int) -> Breaks:
    """Return the breaks of least cost; the first line has the indent of the first word.

    A line with a word that fits nowhere is wider than `width`. Time is proportional to the words
    times those of a line.
    """
    found = _best(words, width, width)
    return found if found.cost < SOFT else _best(words, width, _LONGEST * width)


def _best(words: Sequence[Word], width: int, longest: int) -> Breaks:
    """Return the best breaks of which no line but of one word is wider than `longest`."""
    sizes = [mono_width(word.text) for word in words]
    glues = [mono_width(word.glue) for word in words]
    count = len(words)
    cost, after = [0] * (count + 1), [count] * (count + 1)
    for first in range(count - 1, -1, -1):
        begin = words[first]
        used, joints, best = begin.indent - glues[first], -begin.joint, -1
        shallow = _DEEPEST
        for last in range(first, count):
            used += glues[last] + sizes[last]
            joints += words[last].joint
            if last > first and words[last].parts:
                shallow = min(shallow, words[last].depth)
            end = words[last + 1] if last + 1 < count else None
            total = cost[last + 1] + joints + _cost(begin, used, end, width, shallow)
            # Of equals the fuller first line.
            if best < 0 or total <= best:
                best, after[first] = total, last + 1
            if used > longest:
                break
        cost[first] = best + LINE
    starts = [0]
    while after[starts[-1]] < count:
        starts.append(after[starts[-1]])
    return Breaks(cost[0], tuple(starts))


def lines_of(words: Sequence[Word], starts: Sequence[int]) -> list[Line]:
    """Return the lines that begin with these words."""
    ends = [*starts[1:], len(words)]
    return [_line(words, first, end) for first, end in zip(starts, ends, strict=True)]


def _cost(begin: Word, used: int, end: Word | None, width: int, shallow: int) -> int:
    """Return what a line costs that begins and ends before these words.

    `shallow` is the depth of the outermost place on it that would part whole elements. A line that
    begins deeper goes on after the rest of an element; one that ends deeper tears another.
    """
    cost = _GOES_ON * (begin.depth > shallow)
    if end is None:
        return cost + _overfull(begin, used, width)
    cost += end.price + _TORN * (end.depth > shallow)
    cost += _FLUSH * (end.opens and end.indent <= begin.indent)
    return cost + _overfull(begin, used + len(end.tail), width)


def _overfull(begin: Word, used: int, width: int) -> int:
    """Return what the soft lines cost that a line would go on in."""
    if used <= width:
        return 0
    return SOFT * -(-(used - width) // (width - _soft_indent(begin.indent, width) - MARK))


def _line(words: Sequence[Word], first: int, after: int) -> Line:
    text = " " * words[first].indent + words[first].text
    text += "".join(word.glue + word.text for word in words[first + 1 : after])
    tail = words[after].tail if after < len(words) else ""
    return Line(text=text + tail, number=words[first].row)


def soft_lines(line: Line, width: int) -> list[Line]:
    """Cut a line that is too wide, the rest marked as going on with it.

    It is cut at a space in the second half of the room, else where the room ends, but never inside
    a grapheme. The texts joined are the line's.
    """
    if mono_width(line.text) <= width:
        return [line]
    indent = _soft_indent(len(line.text) - len(line.text.lstrip(" ")), width)
    texts = _cut(line.text, width, width - indent - MARK)
    return [
        Line(text=texts[0], number=line.number),
        *(Line(text=text, number=line.number, soft=True, indent=indent) for text in texts[1:]),
    ]


def _soft_indent(columns: int, width: int) -> int:
    return min(columns + MARK, (width - MARK) // 2)


def _cut(text: str, first: int, later: int) -> list[str]:
    parts: list[str] = []
    current: list[tuple[str, int]] = []
    used, room = 0, first
    for grapheme in iter_graphemes(text):
        size = mono_width(grapheme)
        while used + size > room and current:
            keep = _kept(current, room)
            parts.append("".join(part for part, _ in current[:keep]))
            current = current[keep:]
            used, room = sum(columns for _, columns in current), later
        current.append((grapheme, size))
        used += size
    return [*parts, "".join(part for part, _ in current)]


def _kept(graphemes: Sequence[tuple[str, int]], room: int) -> int:
    """Return how many graphemes stay: up to a space in the second half, else all that fit."""
    used = fitting = space = 0
    words = False
    for count, (grapheme, size) in enumerate(graphemes, 1):
        used += size
        if used > room:
            break
        fitting = count
        words = words or grapheme != " "
        if grapheme == " " and words and 2 * used > room:
            space = count
    return space or fitting or 1
