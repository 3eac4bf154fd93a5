"""What a deck was made of and what it cost, with units in the names: for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from abreast import __version__
from abreast.model import Costs, Deck, Execution, Lack, Sample, Slide
from abreast.publish.timings import shown_times


def manifest(
    deck: Deck,
    profile: str,
    executions: Sequence[Execution],
    slides: Sequence[Slide],
    costs: Costs,
) -> dict[str, Any]:
    """Return the record of a build, without the files that `publish` adds.

    Of each run `kernels` has, for each kernel that executed it, the samples of each cell by its
    index from 0.
    """
    return {
        "abreast": __version__,
        "deck": deck.name,
        "title": deck.title,
        "profile": profile,
        "planned_minutes": deck.minutes,
        "slides": [_slide(slide) for slide in slides],
        "times": shown_times(costs),
        "runs": [_run(execution) for execution in executions],
    }


def _slide(slide: Slide) -> dict[str, Any]:
    return {
        "section": slide.section,
        "title": slide.title,
        "origin": slide.origin,
        "planned_seconds": slide.seconds,
    }


def _run(execution: Execution) -> dict[str, Any]:
    result = execution.result
    record: dict[str, Any] = {
        "section": execution.section,
        "framework": execution.column.name,
        "swept": dict(execution.swept),
    }
    if isinstance(result, Lack):
        return {**record, "lack": result.reason}
    provenance = result.provenance
    return {
        **record,
        "key": result.key,
        "as_found": result.clock == "none",
        "failure": result.failure.message if result.failure else None,
        "parameters": dict(result.parameters),
        "device": asdict(provenance.device),
        "language_version": provenance.language_version,
        "versions": dict(provenance.versions),
        "started": provenance.started,
        "run_seconds": provenance.seconds,
        "alone": provenance.alone,
        "others_share": provenance.others_share,
        "clock": result.clock,
        "remarks": {str(index): remark for index, remark in sorted(result.remarks.items())},
        "kernels": [
            {str(index): [_sample(s) for s in samples] for index, samples in sorted(one.items())}
            for one in result.rounds
        ],
    }


def _sample(sample: Sample) -> dict[str, float]:
    return {name: value for name, value in asdict(sample).items() if value is not None}
