"""What makes a run what it is: all that can change what a notebook computes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from abreast.model.decks import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The pinned requirements of an environment, in pip's format."""

    text: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def packages(self) -> dict[str, str]:
        """The version of each package that is pinned, by name, as they stand in the text."""
        lines = (line.partition(";")[0].strip() for line in self.text.splitlines())
        pins = (line.partition("==") for line in lines if not line.startswith("#"))
        return {name: version for name, equal, version in pins if equal}


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
    def key(self) -> str:
        """The SHA-256 of it all, in hexadecimal: where a run is stored."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was executed, as people know it: it stays the same while its identity changes."""

    deck: str
    section: str
    framework: str
    swept: Mapping[str, Value] = field(default_factory=dict)
