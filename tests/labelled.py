"""Rows whose lines were labelled by hand, and how well bands find their pairs."""

import re
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

FOLDER = Path(__file__).parent / "golden" / "bands"
_HEAD = re.compile(r"### (?P<framework>\S+) \((?P<language>\w+)\)")
_LINE = re.compile(r"(?P<labels>\S+) *\|(?: (?P<code>.*))?")


@dataclass(frozen=True)
class Labelled:
    """A row: its code and languages by framework, and groups of lines from 1 that say the same."""

    name: str
    code: dict
    languages: dict
    groups: list


def read(kind):
    return [_read(path) for path in sorted((FOLDER / kind).glob("*.txt"))]


def _read(path):
    code, languages, groups, framework = {}, {}, {}, ""
    for line in path.read_text("utf-8").splitlines():
        if head := _HEAD.fullmatch(line):
            framework = head["framework"]
            languages[framework] = head["language"]
            code[framework] = []
            continue
        found = _LINE.fullmatch(line)
        code[framework].append(found["code"] or "")
        for label in found["labels"].split(","):
            if label != ".":
                lines = groups.setdefault(label, {}).setdefault(framework, [])
                lines.append(len(code[framework]))
    texts = {name: "\n".join(lines) for name, lines in code.items()}
    return Labelled(path.stem, texts, languages, list(groups.values()))


def counts(row, bands):
    """Return pairs found and right, found, and labelled: of lines that are not word for word alike."""
    text = {name: source.split("\n") for name, source in row.code.items()}

    def hard(pair):
        (f, a), (g, b) = pair
        one, other = text[f][a - 1].split(), text[g][b - 1].split()
        return one and other and one != other

    gold = {pair for pair in _pairs(row.groups) if hard(pair)}
    found = {pair for pair in _pairs(bands) if hard(pair)}
    return len(gold & found), len(found), len(gold)


def _pairs(groups):
    return {
        ((f, i), (g, j))
        for group in groups
        for (f, lines), (g, others) in combinations(sorted(group.items()), 2)
        for i in lines
        for j in others
    }


def f1(totals):
    right, found, gold = map(sum, zip(*totals, strict=True))
    return 2 * right / max(1, found + gold)
