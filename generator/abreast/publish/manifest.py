"""What a deck was made of and what it cost, with units in the names: for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import starmap
from typing import Any

from abreast import __version__
from abreast.model import Deck, Execution, Lack, Run, Slide
from abreast.run.recorded import packages_once, run_record


def manifest(
    deck: Deck,
    profile: str,
    executions: Sequence[Execution],
    slides: Sequence[Slide],
    made_of: Mapping[str, str],
) -> dict[str, Any]:
    """Return the record of a build, without the files that `publish` adds.

    `made_of` are the digests of all that went into it.
    """
    runs, packages = packages_once(starmap(_run, by_notebook(executions).items()))
    return {
        "abreast": __version__,
        "deck": deck.name,
        "title": deck.title,
        "profile": profile,
        "path": deck.on_path,
        "inputs": dict(made_of),
        "planned_minutes": deck.minutes,
        "slides": [_slide(slide) for slide in slides],
        "packages": packages,
        "runs": runs,
    }


def _slide(slide: Slide) -> dict[str, Any]:
    return {
        "section": slide.section,
        "title": slide.title,
        "origin": slide.origin,
        "planned_seconds": slide.seconds,
    }


def _run(notebook: str, execution: Execution) -> dict[str, Any]:
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


def by_notebook(executions: Sequence[Execution]) -> dict[str, Execution]:
    """Return executions by where a build keeps their notebooks, seen from the deck's folder.

    No two are the same, also where titles differ only in what a file name cannot hold. A point of
    a sweep that is the deck's own value is the run that the slides show, and is kept once.
    """
    shown = {_run_of(one) for one in executions if not one.swept}
    found: dict[str, Execution] = {}
    for one in executions:
        if one.swept and isinstance(one.result, Run) and _run_of(one) in shown:
            continue
        swept = "".join(f"-{slug(f'{name} {value}')}" for name, value in one.swept.items())
        name = f"notebooks/{slug(one.section)}/{slug(one.column.name)}{swept}"
        number = sum(known == f"{name}.ipynb" or known.startswith(f"{name}~") for known in found)
        found[f"{name}~{number + 1}.ipynb" if number else f"{name}.ipynb"] = one
    return found


def _run_of(one: Execution) -> tuple[str, str, str]:
    """Return whose run an execution shows, and the run's key; "" for the lack of one."""
    key = one.result.key if isinstance(one.result, Run) else ""
    return one.section, one.column.name, key


def slug(title: str) -> str:
    """Return a title as a file name: lower case, words joined by hyphens."""
    words = "".join(c.lower() if c.isalnum() else " " for c in title).split()
    return "-".join(words) or "section"
