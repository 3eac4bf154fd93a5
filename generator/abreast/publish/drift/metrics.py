"""The last value of what cells published of their training, before and after."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from abreast.model import Curve
from abreast.publish.drift.changes import MetricChange
from abreast.publish.drift.numeric import NEGLIGIBLE, in_parentheses, relative_change
from abreast.publish.drift.snapshot import Place, Snapshot, place_of

_MORE = re.compile(
    r"acc|accuracy|f1|auc|auroc|precision|recall|score|r2|iou|dice|map|bleu|rouge|psnr|ssim"
    r"|examples?_per_second|throughput"
)
_LESS = re.compile(r"loss|error|err|mse|rmse|mae|mape|nll|perplexity|ppl|cer|wer|fid|regret")

_SILENT, _FAILED = "not published", "failed"

_Key = tuple[str, str, str]


def metric_changes(before: Snapshot, after: Snapshot) -> tuple[MetricChange, ...]:
    """Return the metrics of which the last value changed, by section and framework.

    One that only one of the builds published is a change where both decks have the notebook,
    whether it ran or not. What a notebook published before it failed is no last value.
    """
    if before.curves is None or after.curves is None:
        return ()
    was, now = _absences(before), _absences(after)
    old, new = _last(before.curves, was), _last(after.curves, now)
    return tuple(
        _change(key, old.get(key), new.get(key), (was[key[:2]], now[key[:2]]))
        for key in {**new, **old}
        if key[:2] in was and key[:2] in now and _differ(key, old, new)
    )


def rise_is_good(metric: str) -> bool | None:
    """Return whether more of a metric is better, by the words of its name; None for neither."""
    words = re.split(r"[^a-z0-9]+", metric.lower())
    if any(_LESS.fullmatch(word) for word in words):
        return False
    return True if any(_MORE.fullmatch(word) for word in words) else None


def _absences(snapshot: Snapshot) -> dict[Place, str]:
    """Return for each of a deck's notebooks what is said of a metric that it did not publish."""
    executed = {place_of(r): _FAILED if r.get("failure") else _SILENT for r in snapshot.runs}
    return {**executed, **dict.fromkeys(snapshot.lacking, "not run")}


def _last(curves: Sequence[Curve], absences: Mapping[Place, str]) -> dict[_Key, float]:
    """Return the last value of each metric; NaN for one that diverged."""
    return {
        (c.section, c.framework, c.metric): math.nan if c.diverged else c.points[-1][1]
        for c in curves
        if (c.diverged or c.points) and absences.get((c.section, c.framework)) != _FAILED
    }


def _differ(key: _Key, old: Mapping[_Key, float], new: Mapping[_Key, float]) -> bool:
    if key not in old or key not in new:
        return True
    one, other = old[key], new[key]
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) != math.isnan(other)
    return abs(relative_change(one, other)) > NEGLIGIBLE


def _change(
    key: _Key, old: float | None, new: float | None, absences: tuple[str, str]
) -> MetricChange:
    section, framework, metric = key
    numbers = old is not None and new is not None and math.isfinite(old) and math.isfinite(new)
    was, now = _told(old, absences[0]), _told(new, absences[1])
    relative = relative_change(old, new) if numbers else math.inf  # type: ignore[arg-type]
    return MetricChange(
        section=section,
        framework=framework,
        metric=metric,
        before=_finite(old),
        after=_finite(new),
        better=_better(metric, old, new),
        words=f"{was} → {now}{in_parentheses(relative)}",
    )


def _better(metric: str, old: float | None, new: float | None) -> bool | None:
    if old is None or new is None:
        return None
    if math.isnan(old) or math.isnan(new):
        return math.isnan(old)
    good = rise_is_good(metric)
    return None if good is None else (new > old) == good


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _told(value: float | None, absence: str) -> str:
    if value is None:
        return absence
    return "diverged" if math.isnan(value) else f"{value:.4g}"
