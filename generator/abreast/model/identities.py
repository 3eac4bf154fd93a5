"""What makes a run what it is: all that can change what a notebook computes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from abreast.model.decks import Value

# As pip reads a line: options begin a word with `-`, comments one with `#`.
_COMMENT = re.compile(r"(^|\s)#.*")
_OPTION = re.compile(r"(^|\s)--?\w.*")
PIN = re.compile(r"\s*(?P<name>[\w.-]+)\s*(\[[^]]*\])?\s*={2,3}\s*(?P<version>[^\s;,#]+)")
"""A requirement that is pinned: its name, and the one version that fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The pinned requirements of an environment, in pip's format."""

    text: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def requirements(self) -> tuple[tuple[int, str], ...]:
        """The requirements, each with the number of its line: no options, hashes or comments.

        What pip would make of each is not checked.
        """
        found = []
        number, line = 1, ""
        # One more line, for a last one that says it goes on.
        for position, read in enumerate([*self.text.splitlines(), ""], start=1):
            written = _COMMENT.sub("", read)
            line += written.removesuffix("\\")
            if written.endswith("\\"):
                continue
            words = _OPTION.sub("", line).strip()
            if words:
                found.append((number, words))
            number, line = position + 1, ""
        return tuple(found)

    @property
    def packages(self) -> dict[str, str]:
        """The version of each package that is pinned, by name, as they stand in the text."""
        pins = (PIN.match(requirement) for _, requirement in self.requirements)
        return {pin["name"]: pin["version"] for pin in pins if pin}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a kernel is made of and runs on: known before it is installed.

    `environment` is the digest of a lock, whose `packages` are for people, or identifies a user's
    own kernelspec. `device` is "cpu" or a GPU's name, `driver` that GPU's.
    """

    environment: str
    packages: Mapping[str, str] = field(default_factory=dict)
    device: str = "cpu"
    driver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeIdentity:
    """A code cell: the SHA-256 of its source, and its tags that change what is executed."""

    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """All that can change what a notebook computes. Two runs of one identity are the same run.

    `parameters` are those in effect, the notebook's own defaults among them where they are plain
    literals. `files` has the SHA-256 of each file that code may read or import, by its place seen
    from the notebook.
    """

    schema: int
    probe: str
    language: str
    cells: tuple[CodeIdentity, ...]
    recipe: Recipe
    parameters: Mapping[str, Value] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def work(self) -> str:
        """The SHA-256, in hexadecimal, of all but what the kernel is made of and runs on."""
        return _digest(
            [self.schema, self.probe, self.language, dict(self.parameters), dict(self.files)],
            [[cell.source, cell.tags] for cell in self.cells],
        )

    @property
    def key(self) -> str:
        """The SHA-256 of it all, in hexadecimal: where a run is stored."""
        return _digest(self.work, asdict(self.recipe))


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was executed, as people know it: it stays the same while its identity changes."""

    deck: str
    section: str
    framework: str
    swept: Mapping[str, Value] = field(default_factory=dict)
