"""What a deck cost as files: one long table, and the same nested, with training curves.

Times are seconds, and unrounded: how many digits count, the quartiles say.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from abreast.model import Cost, Costs, Sweep, SweepPoint
from abreast.model.records import json_entries
from abreast.timing.words import UNSTEADY

_COLUMNS = (
    "kind", "section", "step", "framework", "parameter", "value", "fixed", "regime",
    "median_seconds", "lower_quartile_seconds", "upper_quartile_seconds", "samples",
    "total_seconds", "unsteady", "examples", "examples_per_second", "device", "device_model",
    "cores", "threads", "alone",
)  # fmt: skip

Record = dict[str, Any]


def timings_csv(costs: Costs) -> str:
    """Return steps, totals and sweeps as CSV (RFC 4180, UTF-8), a row a framework.

    `kind` is "step", "total" (whole notebooks) or "sweep"; of a sweep `step` says what was timed.
    `fixed` has its other parameters as JSON. What is unknown or does not apply is empty; `unsteady`
    is so for too few samples.
    """
    file = io.StringIO()
    writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in _rows(costs):
        writer.writerow({name: _word(value) for name, value in row.items()})
    return file.getvalue()


def timings_json(costs: Costs) -> str:
    """Return steps, totals, sweeps and curves as JSON; null is unknown."""
    return json_entries(
        {
            "steps": [
                {"section": step.section, "step": step.title, "costs": _costs(step.costs)}
                for step in costs.steps
            ],
            "totals": _costs(costs.totals),
            "sweeps": [_sweep(sweep) for sweep in costs.sweeps],
            "curves": [asdict(curve) for curve in costs.curves],
        }
    )


def _rows(costs: Costs) -> Iterator[Record]:
    for step in costs.steps:
        for name, cost in step.costs.items():
            own = {"kind": "step", "section": step.section, "step": step.title, "framework": name}
            yield own | _cost(cost)
            if cost.first:
                yield own | _cost(replace(cost, estimate=cost.first))
    for name, cost in costs.totals.items():
        yield {"kind": "total", "framework": name} | _cost(cost)
    for sweep in costs.sweeps:
        own = {"kind": "sweep", "section": sweep.section, "step": sweep.timed}
        own |= {"parameter": sweep.parameter, "fixed": json.dumps(dict(sweep.fixed))}
        for name, line in sweep.lines.items():
            for point in line:
                yield own | {"framework": name} | _point(point)


def _sweep(sweep: Sweep) -> Record:
    return {
        "section": sweep.section,
        "parameter": sweep.parameter,
        "timed": sweep.timed,
        "fixed": dict(sweep.fixed),
        "lines": {name: [_point(point) for point in line] for name, line in sweep.lines.items()},
    }


def _costs(costs: Mapping[str, Cost]) -> dict[str, Record]:
    return {name: _cost(cost) | _first(cost) for name, cost in costs.items()}


def _first(cost: Cost) -> Record:
    """Return the first run that a steady time has before it."""
    return {"first_run_seconds": cost.first.median_seconds} if cost.first else {}


def _point(point: SweepPoint) -> Record:
    examples, seconds = point.examples, point.cost.estimate.median_seconds
    rate = examples / seconds if examples and seconds else None
    told = {"value": point.value, "examples": examples, "examples_per_second": rate}
    return told | _cost(point.cost)


def _cost(cost: Cost) -> Record:
    found, device = cost.estimate, cost.device
    return {
        "regime": found.regime,
        "median_seconds": found.median_seconds,
        "lower_quartile_seconds": found.lower_seconds,
        "upper_quartile_seconds": found.upper_seconds,
        "samples": found.count,
        "total_seconds": found.total_seconds,
        "unsteady": None if found.spread is None else found.spread > UNSTEADY,
        "device": device.kind,
        "device_model": device.model,
        "cores": device.cores,
        "threads": device.threads,
        "alone": cost.alone,
    }


def _word(value: Any) -> Any:
    """Return a value as CSV writes it: truth as in JSON."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value
