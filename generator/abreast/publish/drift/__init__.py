"""What changed between a build and the one before it: slides, outputs, metrics, times, versions."""

from abreast.publish.drift.changes import Drift
from abreast.publish.drift.compare import build_drift, compare, drift_since, standing_drift
from abreast.publish.drift.markdown import markdown
from abreast.publish.drift.page import drift_files, drift_html
from abreast.publish.drift.previous import (
    DRIFT_HTML,
    DRIFT_JSON,
    SUFFIXES,
    Previous,
    previous_build,
)
from abreast.publish.drift.report import drift_json, read_drift, terminal_lines
from abreast.publish.drift.rules import Rule, broken, parse_rules
from abreast.publish.drift.snapshot import Snapshot, snapshot

__all__ = [
    "DRIFT_HTML",
    "DRIFT_JSON",
    "SUFFIXES",
    "Drift",
    "Previous",
    "Rule",
    "Snapshot",
    "broken",
    "build_drift",
    "compare",
    "drift_files",
    "drift_html",
    "drift_json",
    "drift_since",
    "markdown",
    "parse_rules",
    "previous_build",
    "read_drift",
    "snapshot",
    "standing_drift",
    "terminal_lines",
]
