"""Minutes -> seconds a slide: what a section has is shared by what its slides ask of the speaker.

What a slide asks for is reckoned from its words, its bands of code and its pictures. Only the
ratios between slides count where the deck gives minutes: then they are scaled to these.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from abreast.errors import Mistake, UsageError, shown
from abreast.events import Sink, Warned, ignore
from abreast.model import (
    Block,
    CodeRow,
    Deck,
    Display,
    HtmlDisplay,
    ImageDisplay,
    Prose,
    Slide,
    Table,
)

SPOKEN_WORDS_A_MINUTE = 140.0
"""Of lectures: Tauroza and Allison, "Speech Rates in British English", Applied Linguistics 11
(1990), 90-105."""
READ_WORDS_A_MINUTE = 238.0
"""Of non-fiction, read silently: Brysbaert, "How many words do we read per minute?", Journal of
Memory and Language 109 (2019), 104047."""
SLIDE_SECONDS, BAND_SECONDS, PICTURE_SECONDS = 5.0, 8.0, 10.0
"""To turn to a slide, to step through a band, to look at a picture. Chosen, not measured: they say
how much a band weighs beside words (8 s are 19 words spoken)."""
SHORTEST_SECONDS = 5
"""What no slide gets less than, where the minutes permit it."""

_IN_WORDS = re.compile(r"\w+(?:['\u2019-]\w+)*")
_UNSPOKEN = re.compile(r"\]\([^)]*\)|<[^>]*>|(?m:^ {0,3}\[[^\]]+\]:.*$)")
_PICTURE = re.compile(r"!\[|<(?:img|svg|canvas)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """Slides, by their places in the deck, that share so many seconds; `name` for messages."""

    name: str
    places: tuple[int, ...]
    seconds: int = 0


def pace(deck: Deck, sections: Sequence[Sequence[Slide]], tell: Sink = ignore) -> tuple[Slide, ...]:
    """Return the deck's slides, each with the whole seconds that the speaker has for it.

    `sections` are the slides of each section, in the deck's order. The slides of a section that has
    minutes share them; those of all sections without share what the others leave of the deck's
    minutes; in a deck without minutes they have none. Seconds that a slide has already are its own
    and stay; where others share the rest, the sum is exactly the minutes. Slides for which nothing
    is left have 0 seconds, and `tell` hears of it.

    Raises UsageError where slides' own seconds are more than the minutes that they are part of.
    """
    slides = [slide for section in sections for slide in section]
    pools = _pools(deck, sections)
    own = {i: slide.seconds for i, slide in enumerate(slides) if slide.seconds is not None}
    _check(deck, pools, own)
    asked = efforts(slides)
    for pool in pools:
        sharing = [i for i in pool.places if i not in own]
        rest = pool.seconds - sum(own.get(i, 0) for i in pool.places)
        if sharing and not rest:
            tell(Warned(text=f"{shown(deck.path)}: no time is left for slides of {pool.name}."))
        shares = share(rest, [asked[i] for i in sharing], SHORTEST_SECONDS)
        for i, seconds in zip(sharing, shares, strict=True):
            slides[i] = replace(slides[i], seconds=seconds)
    return tuple(slides)


def divided(parts: Sequence[Slide]) -> list[Slide]:
    """Return the parts of one row or cell with its own seconds, if it has any, shared out."""
    if not parts or parts[0].seconds is None:
        return list(parts)
    shares = share(parts[0].seconds, efforts(parts))
    return [replace(part, seconds=own) for part, own in zip(parts, shares, strict=True)]


def efforts(slides: Sequence[Slide]) -> list[float]:
    """Return what each slide asks of the speaker, seconds.

    A slide stands while its notes are spoken, and at least while its words are read; steps and
    pictures take time besides. The parts of one row have the same notes: each says its part.
    """
    result = []
    for _, group in groupby(enumerate(slides), key=_of_one_row):
        parts = [slide for _, slide in group]
        spoken = max(_words(slide.notes) for slide in parts) / len(parts)
        result += [_effort(slide, spoken) for slide in parts]
    return result


def share(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Return whole numbers in proportion to `weights`, all above 0, that add up to `total`.

    None is below `least` where the total permits it: what is lower is raised, and the others give
    way in proportion. Fractions are settled by the largest remainder (Hamilton's method), of equal
    ones the first, so more weight never means a smaller number.
    """
    if not weights:
        return []
    quotas = _quotas(
        total, [Fraction(weight) for weight in weights], min(least, total // len(weights))
    )
    numbers = [math.floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda i: numbers[i] - quotas[i])
    for i in by_remainder[: total - sum(numbers)]:
        numbers[i] += 1
    return numbers


def _quotas(total: int, weights: Sequence[Fraction], least: int) -> list[Fraction]:
    """Return shares that are not yet whole; exact, because a rounding error could break a tie."""
    raised: set[int] = set()
    while True:
        free = sum(weight for i, weight in enumerate(weights) if i not in raised)
        scale = (total - least * len(raised)) / Fraction(free)
        lower = {i for i, weight in enumerate(weights) if weight * scale < least} - raised
        if not lower:
            return [
                Fraction(least) if i in raised else weight * scale
                for i, weight in enumerate(weights)
            ]
        raised |= lower


def _pools(deck: Deck, sections: Sequence[Sequence[Slide]]) -> list[_Pool]:
    pools, without, start = [], [], 0
    for section, slides in zip(deck.sections, sections, strict=True):
        name, places = f"'{section.title}'", tuple(range(start, start + len(slides)))
        start += len(slides)
        if section.minutes is None:
            without.append(_Pool(name=name, places=places))
        else:
            seconds = _seconds(section.minutes)
            pools.append(_Pool(name=f"the section {name}", seconds=seconds, places=places))
    if deck.minutes is not None and without:
        left = _seconds(deck.minutes) - sum(pool.seconds for pool in pools)
        name = f"the sections without minutes ({', '.join(pool.name for pool in without)})"
        places = tuple(place for pool in without for place in pool.places)
        pools.append(_Pool(name=name, seconds=max(0, left), places=places))
    return pools


def _seconds(minutes: float) -> int:
    return round(minutes * 60)


def _check(deck: Deck, pools: Iterable[_Pool], own: Mapping[int, int]) -> None:
    mistakes = []
    for pool in pools:
        asked = sum(own.get(i, 0) for i in pool.places)
        if asked > pool.seconds:
            mistakes.append(
                Mistake(
                    what=f"the slides' own seconds in {pool.name} add up to {asked} s "
                    f"({asked / 60:.3g} minutes); there are {pool.seconds} s "
                    f"({pool.seconds / 60:.3g} minutes).",
                    where=shown(deck.path),
                    remedy="Give it more minutes, or lower the tags abreast:seconds=N.",
                )
            )
    if mistakes:
        raise UsageError.of(mistakes)


def _of_one_row(numbered: tuple[int, Slide]) -> tuple[str, str, int]:
    place, slide = numbered
    return slide.section, slide.origin, 0 if slide.origin else place


def _effort(slide: Slide, spoken: float) -> float:
    shown_words = sum(_words(text) for text in (slide.title, slide.lede, *map(_text, slide.blocks)))
    said = max(spoken / SPOKEN_WORDS_A_MINUTE, shown_words / READ_WORDS_A_MINUTE) * 60
    bands = sum(len(block.bands) for block in slide.blocks if isinstance(block, CodeRow))
    pictures = sum(map(_pictures, slide.blocks))
    return SLIDE_SECONDS + said + BAND_SECONDS * bands + PICTURE_SECONDS * pictures


def _text(block: Block) -> str:
    """Return the words of a block that are there to be read; code is stepped through."""
    if isinstance(block, Prose):
        return block.markdown
    if isinstance(block, Table):
        return " ".join([*block.head, *(cell for row in block.rows for cell in row), block.caption])
    return ""


def _pictures(block: Block) -> int:
    if isinstance(block, Prose):
        return len(_PICTURE.findall(block.markdown))
    if isinstance(block, CodeRow):
        return sum(map(_is_picture, (output for c in block.columns for output in c.outputs)))
    return 0 if isinstance(block, Table) else 1  # a chart


def _is_picture(display: Display) -> bool:
    if isinstance(display, HtmlDisplay):
        return bool(_PICTURE.search(display.html))
    return isinstance(display, ImageDisplay)


def _words(text: str) -> float:
    """Return how many words a Markdown text has; scripts without spaces have two letters a word."""
    found = _IN_WORDS.findall(_UNSPOKEN.sub(" ", text))
    if text.isascii():
        return float(len(found))
    wide = sum(unicodedata.east_asian_width(char) in "WF" for word in found for char in word)
    return wide / 2 + sum(not _all_wide(word) for word in found)


def _all_wide(word: str) -> bool:
    return all(unicodedata.east_asian_width(char) in "WF" for char in word)
