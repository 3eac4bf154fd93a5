"""What stands in columns: frameworks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

DeviceClass: TypeAlias = Literal["cpu", "cuda"]
Mark: TypeAlias = Literal["circle", "square", "triangle", "diamond", "hexagon", "bar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """What a column shows.

    `distributions` are packages; the version of the first that is installed stands in the column's
    head. `locks` are the device classes for which abreast ships a lock of the environment.
    `vocabulary` says what the framework's words are called elsewhere: a name in lower case -> other
    names, separated by spaces. It only adds to what alignment sees.
    """

    name: str
    title: str
    distributions: tuple[str, ...] = ()
    colour: str = "#5d6673"
    mark: Mark = "bar"
    locks: tuple[DeviceClass, ...] = ()
    vocabulary: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A framework's place on the slides. `kernel` names a user's own kernelspec."""

    framework: Framework
    kernel: str | None = None

    @property
    def name(self) -> str:
        """The framework's name."""
        return self.framework.name
