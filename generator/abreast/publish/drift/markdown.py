"""Drift as Markdown: the text of a pull request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from abreast.publish.drift.changes import Diff, Drift, OutputChange
from abreast.publish.drift.words import (
    cell_place,
    output_words,
    part_words,
    setting_name,
    slide_place,
    slide_words,
    summary,
)

T = TypeVar("T")

_MOST = 25  # of a kind; a pull request's text has its bounds, and readers have theirs
_MOST_DIFFS, _MOST_DIFF_LINES = 10, 30
_CUT = "The rest is left out here."
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#!|~@&$])")


def markdown(drift: Drift, most: int = 60_000) -> str:
    """Return drift as GitHub's Markdown, of at most so many characters.

    What comes from notebooks is escaped, or in fenced code: it mentions nobody and links nowhere.
    """
    told = ""
    for part in _parts(drift):
        if len(told) + len(part) + len(_CUT) + 3 > most:
            return f"{told}{_CUT}\n"
        told += f"{part}\n\n"
    return told.rstrip("\n") + "\n"


def _parts(drift: Drift) -> list[str]:
    parts = [f"## {_plain(drift.title)}", f"Drift since {drift.since}: {_plain(summary(drift))}."]
    parts += filter(None, (
        _table("Metrics", ("metric", "framework", "change"), drift.metrics,
               lambda c: (c.metric, c.framework, c.words + _judged(c.better))),
        _table("Times", ("step", "framework", "change"), drift.times,
               lambda c: (c.step or "all cells", c.framework, c.words)),
        _table("Versions and settings", ("what", "before", "after"), drift.settings,
               lambda c: (setting_name(c), c.before, c.after)),
        _table("New warnings", ("cell", "kind", "text"), drift.warnings,
               lambda c: (cell_place(c.notebook, c.cell), c.kind, c.text)),
        _table("Slides", ("slide", "what"), drift.slides,
               lambda c: (slide_place(c), slide_words(c))),
        _table("Outputs", ("cell", "what"), drift.outputs,
               lambda c: (cell_place(c.notebook, c.cell), output_words(c))),
        *_diffs(drift),
        _list("Not compared", drift.unknown),
    ))  # fmt: skip
    return parts


def _judged(better: bool | None) -> str:
    return {True: ", better", False: ", worse", None: ""}[better]


def _table(
    title: str, head: Sequence[str], changes: Sequence[T], row: Callable[[T], Sequence[str]]
) -> str:
    if not changes:
        return ""
    lines = [f"### {title}", "", _row(head), _row(["---"] * len(head))]
    lines += [_row([_plain(text) for text in row(change)]) for change in changes[:_MOST]]
    rest = len(changes) - _MOST
    return "\n".join(lines) + (f"\n\nand {rest} more." if rest > 0 else "")


def _list(title: str, texts: Sequence[str]) -> str:
    if not texts:
        return ""
    return "\n".join([f"### {title}", "", *(f"- {_plain(text)}" for text in texts)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _diffs(drift: Drift) -> list[str]:
    found = [(title, diff) for title, diff in _all_diffs(drift) if diff]
    rest = len(found) - _MOST_DIFFS
    told = [_details(title, diff) for title, diff in found[:_MOST_DIFFS]]
    return [*told, f"and {rest} more diffs."] if rest > 0 else told


def _all_diffs(drift: Drift) -> Iterator[tuple[str, Diff]]:
    for slide in drift.slides:
        for part in slide.parts:
            yield f"{slide_place(slide)}: {part_words(part)}", part.diff
    for output in drift.outputs:
        yield _output_title(output), output.diff


def _output_title(output: OutputChange) -> str:
    return f"{cell_place(output.notebook, output.cell)}: {output.what}"


def _details(title: str, diff: Diff) -> str:
    lines = [f"{line.sign}{line.text}" for line in diff[:_MOST_DIFF_LINES]]
    rest = len(diff) - _MOST_DIFF_LINES
    lines += [f"@ {rest} more lines"] if rest > 0 else []
    longest = max([2, *(len(run) for line in lines for run in re.findall(r"`+", line))])
    fence = "`" * (longest + 1)
    body = "\n".join(lines)
    return (
        f"<details><summary>{_html(title)}</summary>\n\n{fence}diff\n{body}\n{fence}\n\n</details>"
    )


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split())).replace("\\@", "@\u2060")


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("@", "@\u2060")
