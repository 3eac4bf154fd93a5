"""What a deck was made of and what it cost, with units in the names: for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from abreast import __version__
from abreast.model import Costs, Deck, Execution, Lack, Slide
from abreast.publish.timings import shown_times
from abreast.run.recorded import run_record


def manifest(
    deck: Deck,
    profile: str,
    executions: Sequence[Execution],
    slides: Sequence[Slide],
    costs: Costs,
    made_of: Mapping[str, str],
) -> dict[str, Any]:
    """Return the record of a build, without the files that `publish` adds.

    `made_of` are the digests of all that went into it.
    """
    return {
        "abreast": __version__,
        "deck": deck.name,
        "title": deck.title,
        "profile": profile,
        "inputs": dict(made_of),
        "planned_minutes": deck.minutes,
        "slides": [_slide(slide) for slide in slides],
        "times": shown_times(costs),
        "runs": list(map(_run, executions, notebook_names(executions))),
    }


def _slide(slide: Slide) -> dict[str, Any]:
    return {
        "section": slide.section,
        "title": slide.title,
        "origin": slide.origin,
        "planned_seconds": slide.seconds,
    }


def _run(execution: Execution, notebook: str) -> dict[str, Any]:
    result = execution.result
    record: dict[str, Any] = {
        "section": execution.section,
        "framework": execution.column.name,
        "swept": dict(execution.swept),
    }
    if isinstance(result, Lack):
        return {**record, "lack": result.reason}
    return {
        **record,
        **run_record(result),
        "as_found": result.clock == "none",
        "failure": result.failure.message if result.failure else None,
        "notebook": notebook,
    }


def notebook_names(executions: Sequence[Execution]) -> list[str]:
    """Return where a build keeps each executed notebook, seen from the deck's folder.

    No two are the same, also where titles differ only in what a file name cannot hold.
    """
    names: list[str] = []
    for one in executions:
        swept = "".join(f"-{slug(f'{name} {value}')}" for name, value in one.swept.items())
        name = f"notebooks/{slug(one.section)}/{slug(one.column.name)}{swept}"
        number = sum(known == name or known.startswith(f"{name}~") for known in names)
        names.append(f"{name}~{number + 1}" if number else name)
    return [f"{name}.ipynb" for name in names]


def slug(title: str) -> str:
    """Return a title as a file name: lower case, words joined by hyphens."""
    words = "".join(c.lower() if c.isalnum() else " " for c in title).split()
    return "-".join(words) or "section"
