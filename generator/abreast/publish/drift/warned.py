"""Warnings and deprecations that cells print to stderr, and did not before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from abreast.model import Cell
from abreast.publish.drift.changes import NewWarning
from abreast.publish.drift.noise import CELL_FILE, denoised, printed

# Python's `path:line: XyWarning: …`, a log's level, or a sentence that announces one.
_WARNING = re.compile(
    r"\b[A-Za-z]*Warning\b(?=[: (])|\bWARN(?:ING)?\b|^\s*warning\b|\bdeprecat(?:ed|ion)\b"
    r"|^W\d{4} |: W [\w/]+/",
    re.IGNORECASE,
)
_DEPRECATION = re.compile(
    r"deprecat|FutureWarning|will be removed|no longer be supported", re.IGNORECASE
)
_PYTHON = re.compile(r":\d+: \w+: ")
_PLACE = re.compile(r"(?<=\.py):\d+(?=[:\s])|(?<=\.cc):\d+(?=[\]:])|(?<=\.py)\(\d+\)")
_FOLDERS = re.compile(
    r"(?<![\w.+@~-])(?:[A-Za-z]:|~)?[\\/](?:[\w.+@~-]+[\\/])+(?=[\w.-]+\.(?:py|cc)\b)"
)


def parted(stderr: str) -> tuple[list[str], list[str]]:
    """Return the lines of stderr that warn, and the others.

    The line of source that Python prints under its warnings is neither.
    """
    warnings: list[str] = []
    others: list[str] = []
    under = False
    for line in stderr.splitlines():
        if not (under and line.startswith("  ")):
            (warnings if _WARNING.search(line) else others).append(line)
        under = bool(_PYTHON.search(line))
    return warnings, others


def new_warnings(
    before: Mapping[str, Sequence[Cell]], after: Mapping[str, Sequence[Cell]]
) -> tuple[NewWarning, ...]:
    """Return the warnings of notebooks that both builds executed, each that is new once.

    One that moved to another cell, file or line of a file is not new.
    """
    found = []
    for notebook, cells in after.items():
        if notebook in before:
            known = Counter(text for cell in before[notebook] for text in _warnings(cell))
            for cell in cells:
                for text in dict.fromkeys(_warnings(cell)):
                    if not known[text]:
                        known[text] += 1
                        found.append(_warning(notebook, cell, text))
    return tuple(found)


def _warning(notebook: str, cell: Cell, text: str) -> NewWarning:
    deprecation = bool(_DEPRECATION.search(text))
    return NewWarning(
        notebook=notebook,
        cell=cell.number,
        kind="deprecation" if deprecation else "warning",
        text=text,
    )


def _warnings(cell: Cell) -> Iterator[str]:
    streams = (o.get("text", "") for o in cell.outputs if o.get("name") == "stderr")
    text = printed("".join("".join(stream) for stream in streams))
    for line in parted(text)[0]:
        # Noise first: it knows the folders of environments, whose packages' names stay.
        told = _FOLDERS.sub("", _PLACE.sub("", denoised(line))).strip()
        yield told.removeprefix(f"{CELL_FILE}: ")
