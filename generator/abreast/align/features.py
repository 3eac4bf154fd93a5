"""What a piece of code or prose says: a bag of weighted words for each channel.

No channel knows a framework. A vocabulary (`Dense` is `Linear`) only adds words to the bags.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from abreast.align.concepts import concepts_of

Channel: TypeAlias = Literal[
    "names", "words", "prose", "numbers", "roles", "titles", "concepts", "operators"
]
Bag: TypeAlias = Mapping[str, float]
Vocabulary: TypeAlias = Mapping[str, str]
"""A framework's word, in lower case -> the words that others use for it."""

_LONGEST = 300_000
"""Characters of a piece that are looked at; no person wrote more in a cell."""
_LINE = 400
_STEM = 6
_PREFIX = 4

_TOKEN = re.compile(
    r"""
    (?P<string>[rbfuRBFU]{0,2}(?:\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)|'''(?:[^\\]|\\.)*?(?:'''|\Z)
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    |(?P<comment>\#[^\n]*)
    |(?P<name>[^\W\d]\w*)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\.\d+)
    |(?P<operator><-|\|>|[-+*/%@=<>!&|^~]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TARGET = re.compile(
    r"^([ \t]*)(?:const |let |var |local )?([^\W\d][\w.]*(?:[ \t]*,[ \t]*[^\W\d][\w.]*)*)"
    r"[ \t]*(?:=(?!=)|<-|:=)",
    re.MULTILINE,
)
_DEFINITION = re.compile(
    r"^[ \t]*(?:def|class|function|struct|mutable struct|fn|func)[ \t]+([^\W\d]\w*)", re.MULTILINE
)
_HEADING = re.compile(r"^#+ (.*)", re.MULTILINE)
_LOOP_NAME = re.compile(r"\bfor[ \t]+\(?([^\W\d]\w*(?:[ \t]*,[ \t]*[^\W\d]\w*)*)\)?[ \t]+(?:in|=)")
_ROLE = re.compile(
    r"""
    (?P<install>[!%].*install|using[ ]Pkg|install\.packages)
    |(?P<magic>[!%])
    |(?P<import>(?:import|from|using|library|require|include|source)\b)
    |(?P<class>(?:@\w|(?:class|struct|mutable[ ]struct|abstract[ ]type)\b))
    |(?P<define>(?:def|function|fn|func|async[ ]def|macro)\b|[\w.]+\s*(?:<-|=)\s*function\b
        |[\w!]+\([^()]*\)\s*=(?!=))
    |(?P<loop>(?:for|while)\b)
    |(?P<branch>(?:if|elif|else|elseif|try|except|with)\b)
    |(?P<return>(?:return|yield)\b)
    |(?P<print>(?:print|println|cat|display|message|show|head|first|summary|describe|str)\b)
    |(?P<assign>[\w.,\s\[\]"'$:()*]+?(?:=(?!=)|<-|:=))
    |(?P<call>.*[\w!.\])]\s*\()
    |(?P<value>.)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Features:
    """A piece's bags, the log of its length in words, and the names it defines and uses.

    `introduced` says that prose stands before it.
    """

    bags: Mapping[Channel, Bag]
    size: float
    defines: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    introduced: bool = False


def code_features(source: str, before: str = "", vocabulary: Vocabulary | None = None) -> Features:
    """Return what code says; `before` is the prose that introduces it. Linear time."""
    tokens = _TOKEN.findall(source[:_LONGEST])
    strings, comments, found, figures, signs = zip(*tokens, strict=True) if tokens else ((),) * 5
    identifiers = Counter(filter(None, found))
    uses = frozenset(identifiers)
    for name, count in list(identifiers.items()):
        for meaning in (vocabulary or {}).get(name.lower(), "").split():
            identifiers[meaning] += count
    prose = _spoken(" ".join([before, *strings, *comments]))
    words, names, concepts = dict(prose), _names(identifiers), dict[str, float]()
    for name, count in identifiers.items():
        for word in _name_words(name):
            words[word] = words.get(word, 0.0) + count
        for concept in _name_concepts(name):
            concepts[concept] = concepts.get(concept, 0.0) + count
    numbers = Counter(f"{float(number):g}" for number in figures if number)
    operators = Counter(filter(None, signs))
    definitions, targets = _DEFINITION.findall(source), _TARGET.findall(source)
    bags: dict[Channel, Bag] = {
        "names": names, "words": words, "prose": prose, "numbers": numbers, "roles": _roles(source),
        "titles": _titles(definitions, targets), "concepts": concepts, "operators": operators,
    }  # fmt: skip
    return Features(
        bags=bags,
        size=math.log1p(len(source.split())),
        defines=_defined(definitions, targets, source),
        uses=uses,
        introduced=bool(before),
    )


def prose_features(text: str) -> Features:
    """Return what a piece of prose says; its headings count twice. Linear time."""
    headings = " ".join(_HEADING.findall(text))
    bags: dict[Channel, Bag] = {"prose": _spoken(text + headings), "titles": _spoken(headings)}
    return Features(bags=bags, size=math.log1p(len(text.split())))


def _names(identifiers: Mapping[str, int]) -> dict[str, float]:
    """Return the parts of names, their wholes (`group_by` is `groupby`), and their beginnings.

    A beginning, at half weight, makes `optim` and `optimizer`, `conv` and `convolution` meet.
    """
    bag: dict[str, float] = {}
    for name, count in identifiers.items():
        for part, weight in _name_parts(name):
            bag[part] = bag.get(part, 0.0) + weight * count
    return bag


@lru_cache(maxsize=1 << 15)
def _parts(name: str) -> tuple[str, ...]:
    """`LazyConv2d` -> lazy, conv, 2, d."""
    return tuple(
        part.lower() for word in _WORD.findall(name) for part in _CAMEL.split(word) if part
    )


@lru_cache(maxsize=1 << 15)
def _name_parts(name: str) -> tuple[tuple[str, float], ...]:
    parts = _parts(name)
    found = [(part, 1.0) for part in parts]
    found += [("~" + p[:_PREFIX], 0.5) for p in parts if len(p) >= _PREFIX and not p[0].isdigit()]
    if len(parts) > 1:
        found.append(("".join(parts), 1.0))
    return tuple(found)


@lru_cache(maxsize=1 << 15)
def _name_words(name: str) -> tuple[str, ...]:
    parts = _parts(name)
    whole = ("".join(parts),) if len(parts) > 1 else ()
    return tuple(p[:_STEM] for p in (*parts, *whole) if len(p) > 2 and not p.isdigit())


@lru_cache(maxsize=1 << 15)
def _name_concepts(name: str) -> tuple[str, ...]:
    return tuple(concept for part in _parts(name) for concept in concepts_of(part))


def _spoken(text: str) -> dict[str, float]:
    return dict(Counter(word.lower()[:_STEM] for word in _WORD.findall(text) if len(word) > 2))


def _roles(source: str) -> Counter[str]:
    """Count the kinds of lines; what is nested counts less than what opens it."""
    roles: Counter[str] = Counter()
    for line in source.split("\n"):
        stripped = line.lstrip()[:_LINE]
        if stripped and not stripped.startswith("#") and (match := _ROLE.match(stripped)):
            nested = line[0].isspace()
            roles[match.lastgroup or "value"] += 0.4 if nested else 1.0  # type: ignore[assignment]
    return roles


def _titles(definitions: Sequence[str], targets: Sequence[tuple[str, str]]) -> Bag:
    """Return the words of what the code is about: what it defines, and assigns at its top."""
    assigned = [names for indent, names in targets if not indent]
    titles: dict[str, float] = {}
    for name, weight in [*((n, 2.0) for n in definitions), *((n, 1.0) for n in assigned)]:
        for part in _parts(name):
            titles[part[:_STEM]] = titles.get(part[:_STEM], 0.0) + weight
    return titles


def _defined(
    definitions: Sequence[str], targets: Sequence[tuple[str, str]], source: str
) -> frozenset[str]:
    lists = [names for _, names in targets] + _LOOP_NAME.findall(source)
    names = (name.strip().rpartition(".")[2] for listed in lists for name in listed.split(","))
    return frozenset((*definitions, *names))
