"""What the page says of a deck's runs: on what, when, and what did not run."""

from __future__ import annotations

from datetime import date

from abreast.errors import counted
from abreast.publish.site.decks import BuiltDeck
from abreast.publish.site.records import RunRecord

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AS_FOUND = "outputs as found in the notebooks"


def devices(deck: BuiltDeck) -> list[str]:
    """Return on what the deck's notebooks ran, with the frameworks where they differ."""
    found: dict[str, list[str]] = {}
    for run in _executed(deck):
        names = found.setdefault(_device(run), [])
        title = _title(deck, run)
        if title not in names:
            names.append(title)
    if len(found) < 2:
        return list(found)
    return [f"{device}: {', '.join(names)}" for device, names in found.items()]


def days(deck: BuiltDeck) -> tuple[str, str]:
    """Return when the notebooks ran (UTC): for machines the last day, and all of it in words."""
    found = sorted({day for run in _executed(deck) if (day := run.day)})
    if not found:
        return "", ""
    words = list(dict.fromkeys([_in_words(found[0]), _in_words(found[-1])]))
    return found[-1].isoformat(), " to ".join(words)


def failures(deck: BuiltDeck) -> list[str]:
    """Return a sentence for each notebook that did not run, or not to its end."""
    found = []
    for run in deck.runs:
        what = f"{_title(deck, run)}, {run.section}"
        if run.lack is not None:
            found.append(f"{what}: not run. {run.lack}")
        elif run.failure:
            found.append(f"{what}: failed. {run.failure}")
    return found


def executed_notebooks(deck: BuiltDeck) -> dict[str, list[tuple[str, str]]]:
    """Return the executed notebooks by section: the framework's title and the relative path.

    A sweep's, which are there for their times, are not shown.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for run in _executed(deck):
        if run.notebook:
            found.setdefault(run.section, []).append((_title(deck, run), run.notebook))
    return found


def _executed(deck: BuiltDeck) -> list[RunRecord]:
    return [run for run in deck.runs if run.lack is None]


def _title(deck: BuiltDeck, run: RunRecord) -> str:
    heads = (head.framework for head in deck.presentation.heads)
    titles = {framework.name: framework.title for framework in heads}
    return titles.get(run.framework, run.framework)


def _device(run: RunRecord) -> str:
    device = run.device
    if device.kind is None:
        return _AS_FOUND if run.as_found else "an unknown device"
    if device.kind == "cuda":
        return device.model or "GPU"
    about = [device.model, counted(device.cores, "core") if device.cores else ""]
    words = ", ".join(filter(None, about))
    return f"CPU ({words})" if words else "CPU"


def _in_words(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
