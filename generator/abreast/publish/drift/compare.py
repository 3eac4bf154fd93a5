"""Two snapshots -> what changed from one to the other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from abreast.publish.drift.changes import Drift, SlideChange
from abreast.publish.drift.metrics import metric_changes
from abreast.publish.drift.outputs import output_changes
from abreast.publish.drift.previous import (
    DRIFT_JSON,
    SUFFIXES,
    Previous,
    at_head,
    on_disk,
    previous_build,
)
from abreast.publish.drift.report import read_drift
from abreast.publish.drift.settings import setting_changes
from abreast.publish.drift.slides import slide_changes
from abreast.publish.drift.snapshot import Snapshot, merged_name, snapshot
from abreast.publish.drift.times import incomparable, time_changes
from abreast.publish.drift.trimming import without_same_cells
from abreast.publish.drift.warned import new_warnings
from abreast.publish.outputs import Content, whole
from abreast.run.committed import MANIFEST


def drift_since(previous: Previous, files: Mapping[str, str]) -> Drift:
    """Return what changed from an earlier build to these files (text by relative name)."""
    same = {name for name, text in previous.files.items() if files.get(name) == text}
    alike = {name for name in same if name.endswith(".ipynb")}
    old, new, skipped = _trimmed(previous.files, files)
    before, after = snapshot(old, alike), snapshot(new, alike)
    return compare(before, after, since=previous.since, skipped=skipped)


def _trimmed(
    old: Mapping[str, str], new: Mapping[str, str]
) -> tuple[Mapping[str, str], Mapping[str, str], int]:
    """Return two builds' files, slides left out that both begin or end with; how many begin."""
    name = merged_name(new)
    if name not in old or name not in new:
        return old, new, 0
    before, after, skipped = without_same_cells(old[name], new[name])
    return {**old, name: before}, {**new, name: after}, skipped


def build_drift(
    folder: Path, files: Mapping[str, Content], manifest: Mapping[str, Any]
) -> Drift | None:
    """Return how a build differs from the one before it in `folder`; None for a first build."""
    previous = previous_build(folder)
    if previous is None:
        return None
    texts = {name: _text(content) for name, content in files.items() if name.endswith(SUFFIXES)}
    return drift_since(previous, {**texts, MANIFEST: json.dumps(manifest)})


def _text(content: Content) -> str:
    there = whole(content)
    return there.decode() if isinstance(there, bytes) else there


def standing_drift(folder: Path) -> Drift | None:
    """Return how the deck in `folder`, which no build would change, differs from the one before.

    That is git HEAD's; where git cannot tell, what the last build noted. None for a first build.
    """
    head, here = at_head(folder), on_disk(folder)
    if head and here:
        return drift_since(head, here.files)
    try:
        return read_drift((folder / DRIFT_JSON).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def compare(before: Snapshot, after: Snapshot, *, since: str = "", skipped: int = 0) -> Drift:
    """Return all that changed; `since` names the build that `before` is of.

    `skipped` is how many slides that did not change both lack at their beginning.

    What either build lacks, or another version of abreast wrote, is not compared, and said so.
    """
    slides, unread = _slides(before, after, skipped)
    files = dict.fromkeys([*before.unread, *after.unread, *unread])
    return Drift(
        deck=after.deck,
        title=after.title,
        since=since,
        slides=slides,
        outputs=output_changes(before.notebooks, after.notebooks),
        metrics=metric_changes(before, after),
        times=time_changes(before, after),
        settings=setting_changes(before, after),
        warnings=new_warnings(before.notebooks, after.notebooks),
        published=tuple(sorted({c.metric for b in (before, after) for c in b.curves or ()})),
        unknown=(
            *(f"{name}: it is not as this version of abreast writes it" for name in files),
            *incomparable(before, after),
        ),
    )


def _slides(
    before: Snapshot, after: Snapshot, skipped: int
) -> tuple[tuple[SlideChange, ...], tuple[str, ...]]:
    """Return what changed of slides, or the name of what holds them where that cannot be told."""
    if before.slides is None or after.slides is None:
        return (), ()
    try:
        return slide_changes(before.slides, after.slides, skipped), ()
    except (KeyError, TypeError):
        return (), ("the slides",)
