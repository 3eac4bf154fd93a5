"""A build's files -> how they differ from the build before, told in files and in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from abreast.events import Drifted, Sink
from abreast.pipeline.requests import Built, Request
from abreast.publish.drift import (
    DRIFT_HTML,
    SUFFIXES,
    broken,
    build_drift,
    drift_files,
    standing_drift,
    terminal_lines,
)
from abreast.publish.outputs import Content, whole


def with_drift(
    built: Built, request: Request, files: Mapping[str, Content], record: Mapping[str, Any]
) -> tuple[Built, dict[str, Content]]:
    """Return a build with its drift, and its files with those that tell of it.

    `record` is their manifest. A first build has none to tell of.
    """
    # What is compared is needed as a whole: it is made once.
    there = {
        name: whole(content) if name.endswith(SUFFIXES) else content
        for name, content in files.items()
    }
    drift = build_drift(built.folder, there, record)
    if drift is None:
        return built, there
    too_much = broken(drift, request.fail_on)
    return replace(built, drift=drift, too_much=too_much), {**there, **drift_files(drift)}


def with_standing_drift(built: Built, request: Request) -> Built:
    """Return a build that wrote nothing with the drift of the deck that is there."""
    drift = standing_drift(built.folder)
    return replace(built, drift=drift, too_much=broken(drift, request.fail_on) if drift else ())


def tell_drift(built: Built, emit: Sink) -> None:
    """Tell how a build that was published drifted."""
    if drift := built.drift:
        page = None if drift.is_silent else built.folder / DRIFT_HTML
        emit(Drifted(since=drift.since, lines=terminal_lines(drift), page=page))
