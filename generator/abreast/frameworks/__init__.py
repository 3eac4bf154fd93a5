"""What abreast knows of each framework: one small module each, found by entry point.

Another package adds a framework with an entry point in the group `abreast.frameworks` whose
value is a `Framework`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files

from abreast.model import DeviceClass, Framework, Mark

GROUP = "abreast.frameworks"

# For columns that no module describes: each differs from its neighbours in colour and shape.
_UNLISTED: tuple[tuple[str, Mark], ...] = (
    ("#3f7d58", "bar"),
    ("#7b4fa3", "hexagon"),
    ("#1f7a8c", "bar"),
    ("#a23b72", "hexagon"),
)


def names() -> list[str]:
    """Return the names of all frameworks that are known here, sorted."""
    return sorted(_entry_points())


def load(name: str) -> Framework:
    """Return the framework called `name`. Raises LookupError when there is none."""
    points = _entry_points()
    if name not in points:
        raise LookupError(name)
    framework: Framework = points[name].load()
    return framework


def vocabularies(names: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """Return what is known of the words of those frameworks that are known here."""
    points = _entry_points()
    return {name: load(name).vocabulary for name in names if name in points}


def unlisted(name: str, index: int) -> Framework:
    """Return a framework that no module describes; `index` picks its colour and mark."""
    colour, mark = _UNLISTED[index % len(_UNLISTED)]
    return Framework(name=name, title=name, colour=colour, mark=mark)


def titled(framework: Framework, title: str) -> Framework:
    """Return the framework under another title; an empty one changes nothing."""
    return replace(framework, title=title) if title else framework


def lock_text(framework: Framework, device: DeviceClass) -> str:
    """Return the lock of a framework's environment, in pip's requirements format.

    Raises LookupError when abreast ships none for that device class.
    """
    if device not in framework.locks:
        raise LookupError(f"{framework.name} for {device}")
    path = files(__name__) / "locks" / f"{framework.name}-{device}.txt"
    return path.read_text(encoding="utf-8")


@cache
def _entry_points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
