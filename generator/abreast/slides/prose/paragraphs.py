"""A paragraph too long for a slide -> two: at a sentence's end, else at a word's."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from abreast.slides.markdown import leaves, tokens

_SENTENCE = re.compile(
    r"(?<=[.!?\u2026])[\"'\u2019\u201d)\]*_]*\s+|(?<=[\u3002\uff01\uff1f])(?=\S)"
)
_WORD = re.compile(r"\s+")
_CHARACTER = re.compile(r"(?<=\S)(?=\S)")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)[^>]*?(?P<void>/?)>")
_VOID = frozenset({"br", "hr", "img", "input", "source", "track", "wbr"})
_MARKS = (("**", "**"), ("*", "*"), ("__", "__"), ("_", "_"), ("~~", "~~"), ("<small>", "</small>"))
_TRIES = 40  # places before the one that would fit, for one outside of markup


def cut_paragraph(source: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    """Return a paragraph's beginning that fits, "" where none does, and the rest."""
    for marks in _marks(source):
        for places in (_SENTENCE, _WORD):
            found = _cut_at(places, source, fits, marks)
            if found:
                return found
    return _cut_at(_CHARACTER, source, fits, ("", "")) or _cut_anywhere(source, fits)


def _marks(source: str) -> Iterator[tuple[str, str]]:
    """Yield what could end the first part and begin the second, for a cut inside markup."""
    yield "", ""
    yield from ((opening, closing) for opening, closing in _MARKS if opening in source)
    for token in leaves(tokens(source)):
        if token.type == "link_open":
            yield "[", f"]({token.attrs['href']})"


def _cut_at(
    places: re.Pattern[str], source: str, fits: Callable[[str], bool], marks: tuple[str, str]
) -> tuple[str, str] | None:
    """Return the longest beginning that fits and leaves the markup whole."""
    opening, closing = marks
    cuts = [(found.start(), found.end()) for found in places.finditer(source)]
    count = bisect_left(cuts, True, key=lambda cut: not fits(_begin(source, cut, places) + closing))
    for cut in reversed(cuts[max(0, count - _TRIES) : count]):
        head = _begin(source, cut, places) + closing
        tail = opening + source[cut[1] :].lstrip()
        if tail.strip() and _same(source, head, tail):
            return head, tail
    return None


def _begin(source: str, cut: tuple[int, int], places: re.Pattern[str]) -> str:
    # What a sentence's end is followed by, such as quotes, belongs to it.
    return source[: cut[1] if places is _SENTENCE else cut[0]].rstrip()


def _cut_anywhere(source: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    """Cut inside markup that nothing above could part."""
    heads = [0, *(found.start() for found in _WORD.finditer(source))]
    best = heads[max(0, bisect_left(heads, True, key=lambda at: not fits(source[:at])) - 1)]
    return source[:best], source[best:].lstrip()


def _same(source: str, head: str, tail: str) -> bool:
    """Say whether two paragraphs show what one did."""
    if not all(_is_paragraph(text) for text in (head, tail)):
        return False
    if not (_balanced(head) and _balanced(tail)):
        return False
    return _shown(head) + _shown(tail) == _shown(source)


def _is_paragraph(text: str) -> bool:
    found = tokens(text)
    return len(found) == 3 and found[0].type == "paragraph_open"


def _shown(text: str) -> list[str]:
    return list(_characters(text))


def _characters(text: str) -> Iterator[str]:
    """Yield what a text shows, but for white space: characters, formulas, code, pictures."""
    for token in leaves(tokens(text)):
        if token.type == "text":
            yield from "".join(token.content.split())
        elif token.type == "image":
            yield f"{token.attrs['src']} {token.content}"
        elif token.type in {"code_inline", "math_inline", "math_inline_double"}:
            yield f"{token.type} {token.content}"


def _balanced(text: str) -> bool:
    """Say whether each tag of raw HTML that opens here closes here."""
    depth = 0
    for token in leaves(tokens(text)):
        if token.type == "html_inline":
            tag = _TAG.match(token.content)
            if tag and not tag["void"] and tag["name"].lower() not in _VOID:
                depth += -1 if tag["end"] else 1
                if depth < 0:
                    return False
    return depth == 0
