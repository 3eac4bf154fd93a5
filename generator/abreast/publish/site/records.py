"""A manifest's records of runs as types: whatever is not as it should be is found here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from abreast.model import Device
from abreast.model.records import from_record


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A notebook that the slides of a deck show, as it was executed, or was not.

    `lack` says why it was not; `failure` what ended it early; `day` is when it ran (UTC).
    `notebook` is its path in the deck's folder. What is unknown, or is not there, is empty.
    """

    section: str
    framework: str
    lack: str | None = None
    failure: str = ""
    device: Device = field(default_factory=Device)
    day: date | None = None
    as_found: bool = False
    notebook: str = ""


def run_records(manifest: Mapping[str, Any]) -> tuple[RunRecord, ...]:
    """Return the runs of a manifest but those of a sweep, of which times alone are shown.

    Raises KeyError, TypeError, ValueError and AttributeError for what another version wrote.
    """
    files = manifest["files"]
    return tuple(_record(run, files) for run in manifest["runs"] if not run.get("swept"))


def _record(run: Mapping[str, Any], files: Mapping[str, Any]) -> RunRecord:
    section, framework = _text(run["section"]), _text(run["framework"])
    if "lack" in run:
        return RunRecord(section=section, framework=framework, lack=_text(run["lack"]))
    notebook = _text(run["notebook"])
    return RunRecord(
        section=section,
        framework=framework,
        failure=_text(run.get("failure") or ""),
        device=_device(run["device"]),
        day=_day(_text(run["started"])),
        as_found=bool(run.get("as_found")),
        notebook=notebook if notebook in files else "",
    )


def _device(record: Mapping[str, Any]) -> Device:
    device = from_record(Device, record)
    _text(device.model)
    if not isinstance(device.cores, int | None):
        raise TypeError(f"{device.cores!r} is no number of cores")
    return device


def _day(started: str) -> date | None:
    # Of outputs as they were found in a notebook nobody knows when.
    return datetime.fromisoformat(started).date() if started else None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
