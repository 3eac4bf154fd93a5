"""Changes in words, the same in the terminal, on the page and in a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from abreast.errors import counted
from abreast.publish.drift.changes import (
    Drift,
    MetricChange,
    OutputChange,
    Part,
    SettingChange,
    SlideChange,
    TimeChange,
)


def summary(drift: Drift) -> str:
    """Return all kinds of changes in one line: "1 slide changed, torch 2.12 → 2.13, …"."""
    return ", ".join(kind for kind, _ in kinds(drift)) or "nothing changed"


def slides_changed(drift: Drift) -> list[SlideChange]:
    """Return the slides that are in both decks and changed."""
    return [slide for slide in drift.slides if slide.parts and slide.before and slide.after]


def slides_added(drift: Drift) -> list[SlideChange]:
    """Return the slides that are new."""
    return [slide for slide in drift.slides if not slide.before]


def slides_removed(drift: Drift) -> list[SlideChange]:
    """Return the slides that are gone."""
    return [slide for slide in drift.slides if not slide.after]


def slides_moved(drift: Drift) -> list[SlideChange]:
    """Return the slides that stand elsewhere among the others."""
    return [slide for slide in drift.slides if slide.moved]


def slide_place(slide: SlideChange) -> str:
    """Return "slide 4, How to read the slides"; of one that is gone its number before."""
    number = f"slide {slide.after}" if slide.after else f"former slide {slide.before}"
    return number + (f", {slide.title}" if slide.title else "")


def slide_words(slide: SlideChange) -> str:
    """Return what happened to a slide: "code (pytorch) and notes", "added", "moved from 7"."""
    if not slide.before:
        return "added"
    if not slide.after:
        return "removed"
    moved = [f"moved from {slide.before}"] if slide.moved else []
    return listed([*moved, *map(part_words, slide.parts)])


def part_words(part: Part) -> str:
    """Return "code (pytorch)"."""
    return f"{part.what} ({part.framework})" if part.framework else part.what


def notebook_name(notebook: str) -> str:
    """Return an executed notebook's name as people say it: "side-by-side/pytorch"."""
    return notebook.removeprefix("notebooks/").removesuffix(".ipynb")


def cell_place(notebook: str, cell: int) -> str:
    """Return "side-by-side/pytorch, cell 4"."""
    return f"{notebook_name(notebook)}, cell {cell}"


def output_words(change: OutputChange) -> str:
    """Return what changed of an output, and whether its code did."""
    return f"{change.words}{' (its code changed too)' if change.code_changed else ''}"


def metric_words(change: MetricChange) -> str:
    """Return "accuracy of pytorch 0.71 → 0.65 (-8.5%)"."""
    return f"{change.metric} of {change.framework} {change.words}"


def time_words(change: TimeChange) -> str:
    """Return "time of Training, pytorch: 61 s → 95 s (+56%)"."""
    return f"time of {change.step or 'all cells'}, {change.framework}: {change.words}"


def setting_words(change: SettingChange) -> str:
    """Return "torch 2.12 → 2.13", "device of mxnet CPU → NVIDIA H200"."""
    return f"{setting_name(change)} {change.before} → {change.after}"


def setting_name(change: SettingChange) -> str:
    """Return what a setting is called: a package's name, "parameter lr of pytorch"."""
    owner = f" of {change.framework}" if change.framework else ""
    if change.what == "package":
        return change.name if change.leading else f"{change.name}{owner}"
    if change.what == "parameter":
        return f"parameter {change.name}{owner}"
    return f"{change.what}{owner}"


def listed(words: Sequence[str]) -> str:
    """Return "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def setting_kind(change: SettingChange) -> str:
    """Return "torch", "parameter lr", "device"."""
    return setting_name(replace(change, framework=""))


def kinds(drift: Drift) -> Iterator[tuple[str, str]]:
    """Yield each kind of changes in words, with the part of the page that has them."""
    slides = (
        ("added", slides_added(drift)),
        ("removed", slides_removed(drift)),
        ("changed", slides_changed(drift)),
        ("moved", [slide for slide in slides_moved(drift) if not slide.parts]),
    )
    yield from ((f"{counted(len(found), 'slide')} {w}", "slides") for w, found in slides if found)
    if drift.outputs:
        yield f"{counted(len(drift.outputs), 'output')} changed", "outputs"
    yield from ((text, "settings") for text in _settings(drift))
    if drift.metrics:
        worse = sum(change.better is False for change in drift.metrics)
        judged = f" ({worse} for the worse)" if worse else ""
        yield f"{counted(len(drift.metrics), 'metric')} changed{judged}", "metrics"
    if drift.times:
        slower = sum(change.relative > 0 for change in drift.times)
        yield f"{counted(len(drift.times), 'time')} changed ({slower} slower)", "times"
    if drift.warnings:
        yield counted(len(drift.warnings), "new warning"), "warnings"


def _settings(drift: Drift) -> Iterator[str]:
    leading = [change for change in drift.settings if change.leading]
    yield from dict.fromkeys(map(setting_words, leading))
    rest = [change for change in drift.settings if not change.leading]
    for what, noun in (("package", "other package"), ("", "setting")):
        count = sum((change.what == "package") == bool(what) for change in rest)
        if count:
            yield f"{counted(count, noun)} changed"
