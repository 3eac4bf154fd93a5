"""What two builds were made with: versions, devices, parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, TypeAlias

from abreast.model import Device
from abreast.publish.drift.changes import SettingChange
from abreast.publish.drift.snapshot import Record, Snapshot

_What: TypeAlias = Literal["package", "language", "device", "parameter"]
_TOLD: tuple[tuple[_What, Callable[[Record], Mapping[str, Any]]], ...] = (
    ("package", lambda run: run["versions"]),
    ("language", lambda run: {"": run.get("language_version", "")}),
    ("device", lambda run: {"": _device(run["device"])}),
    ("parameter", lambda run: run["parameters"]),
)
_ABSENT = "none"


def setting_changes(before: Snapshot, after: Snapshot) -> tuple[SettingChange, ...]:
    """Return what changed of versions, devices and parameters, each framework's own first.

    A framework that only one build executed is not compared.
    """
    found = dict.fromkeys([*_of_the_deck(before, after), *_of_the_runs(before, after)])
    return tuple(sorted(found, key=lambda change: (not change.leading, bool(change.framework))))


def _of_the_deck(before: Snapshot, after: Snapshot) -> Iterator[SettingChange]:
    if not (before.abreast and after.abreast):
        return  # a manifest could not be read
    if before.profile != after.profile:
        yield _change("profile", "", "", before.profile, after.profile)
    if before.abreast != after.abreast:
        yield _change("abreast", "", "", before.abreast, after.abreast)


def _of_the_runs(before: Snapshot, after: Snapshot) -> Iterator[SettingChange]:
    old = {(run["section"], run["framework"]): run for run in before.runs}
    for run in after.runs:
        framework = run["framework"]
        earlier = old.get((run["section"], framework))
        if earlier is None:
            continue
        own = after.distributions.get(framework, ())
        for what, told in _TOLD:
            was, now = told(earlier), told(run)
            for name in sorted(was.keys() | now.keys()):
                if was.get(name) != now.get(name):
                    leading = what == "package" and name in own
                    yield _change(what, framework, name, was.get(name), now.get(name), leading)


def _change(
    what: Literal["package", "language", "device", "parameter", "profile", "abreast"],
    framework: str,
    name: str,
    before: Any,
    after: Any,
    leading: bool = False,
) -> SettingChange:
    return SettingChange(
        what=what,
        framework=framework,
        name=name,
        before=_ABSENT if before is None else str(before),
        after=_ABSENT if after is None else str(after),
        leading=leading,
    )


def _device(record: Record) -> str:
    device = Device(
        **{name: record.get(name) for name in ("kind", "cores", "threads")},
        model=record.get("model") or "",
    )
    named = device.model if device.kind == "cpu" else ""
    return ", ".join(filter(None, [device.words, named])) or "unknown"
