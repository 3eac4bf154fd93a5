"""Why a notebook must run again, in words: how what it is differs from what was run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from abreast.model import CodeIdentity, Framework, Identity, Notebook, Recipe
from abreast.run.key import code_cells

_MOST_NAMED = 3


def reasons(
    before: Identity, now: Identity, notebook: Notebook, framework: Framework
) -> tuple[str, ...]:
    """Return what differs between a run and what would be run, a phrase each; empty for nothing.

    Cells are numbered as in the notebook now, from 1 and with its Markdown.
    """
    return (
        *_parameters(before.parameters, now.parameters),
        *_cells(before.cells, now.cells, [cell.number for cell in code_cells(notebook.cells)]),
        *_files(before.files, now.files),
        *_recipe(before.recipe, now.recipe, framework),
        *_own(before, now),
    )


def _parameters(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    told = []
    for name in sorted({*before, *now}):
        if name not in before:
            told.append(f"parameter {name} is new: {now[name]}")
        elif name not in now:
            told.append(f"parameter {name} is gone")
        elif before[name] != now[name]:
            told.append(f"parameter {name} {before[name]} → {now[name]}")
    return told


def _cells(
    before: Sequence[CodeIdentity], now: Sequence[CodeIdentity], numbers: Sequence[int]
) -> list[str]:
    changed: list[int] = []
    new: list[int] = []
    gone = 0
    old_sources, sources = [c.source for c in before], [c.source for c in now]
    matcher = SequenceMatcher(a=old_sources, b=sources, autojunk=False)
    told = []
    for kind, a, a_end, b, b_end in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(before[a:a_end], now[b:b_end], numbers[b:b_end], strict=True)
            told += [_tags(old, cell, number) for old, cell, number in pairs]
            continue
        both = min(a_end - a, b_end - b)
        changed += numbers[b : b + both]
        new += numbers[b + both : b_end]
        gone += (a_end - a) - both
    return [
        *_counted(changed, "changed", "changed"),
        *_counted(new, "is new", "are new"),
        *([f"{gone} code cell{'s' * (gone > 1)} removed"] if gone else []),
        *filter(None, told),
    ]


def _counted(numbers: Sequence[int], one: str, many: str) -> list[str]:
    if not numbers:
        return []
    if len(numbers) == 1:
        return [f"cell {numbers[0]} {one}"]
    named = ", ".join(map(str, numbers[:_MOST_NAMED]))
    left = len(numbers) - _MOST_NAMED
    return [f"cells {named}{f' and {left} more' if left > 0 else ''} {many}"]


def _tags(before: CodeIdentity, now: CodeIdentity, number: int) -> str:
    added, removed = {*now.tags} - {*before.tags}, {*before.tags} - {*now.tags}
    told = [*(f"tag {t} added" for t in sorted(added)), *(f"tag {t} removed" for t in removed)]
    return f"cell {number}: {', '.join(told)}" if told else ""


def _files(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [
        *_named((n for n in now if n in before and now[n] != before[n]), "changed"),
        *_named((n for n in now if n not in before), "new"),
        *_named((n for n in before if n not in now), "gone"),
    ]


def _named(places: Iterable[str], what: str) -> list[str]:
    names = [PurePosixPath(place).name for place in places]
    if not names:
        return []
    left = len(names) - _MOST_NAMED
    more = f" and {left} more files" if left > 0 else ""
    verb = what if what == "changed" else f"{'are' if len(names) > 1 else 'is'} {what}"
    return [f"{', '.join(names[:_MOST_NAMED])}{more} {verb}"]


def _recipe(before: Recipe, now: Recipe, framework: Framework) -> list[str]:
    told = []
    if before.device != now.device:
        told.append(away(before.device, now))
    elif before.driver != now.driver:
        told.append(f"driver {before.driver} → {now.driver}")
    if before.environment != now.environment:
        told += _packages(before.packages, now.packages, framework.distributions)
    return told


def _packages(before: Mapping[str, str], now: Mapping[str, str], first: Sequence[str]) -> list[str]:
    other = {n for n in {*before, *now} if before.get(n) != now.get(n)}
    if not before or not now or not other:
        return ["another environment"]
    own = [_moved(name, before, now) for name in first if name in other]
    rest = sorted(other - {*first})
    if own and rest:
        return [*own, f"{len(rest)} more packages"]
    named = ", ".join(_moved(name, before, now) for name in rest[:_MOST_NAMED])
    left = len(rest) - _MOST_NAMED
    return own or [named + (f" and {left} more packages" if left > 0 else "")]


def _moved(name: str, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    if name not in before:
        return f"{name} {now[name]} is new"
    return f"{name} {before[name]} → {now[name]}" if name in now else f"{name} is gone"


def is_away(device: str, here: Recipe) -> bool:
    """Say whether a run's device is a GPU that is not here: nobody can execute it so again."""
    return device not in {"cpu", here.device}


def away(device: str, here: Recipe) -> str:
    """Return on what a kept run was executed, and what is here."""
    return f"ran on {device_words(device)}, this is {_article(here.device)}"


def device_words(device: str) -> str:
    """Return what people call a device: "the CPU", or the GPU's name."""
    return "the CPU" if device == "cpu" else device


def _article(device: str) -> str:
    return "a CPU" if device == "cpu" else device


def _own(before: Identity, now: Identity) -> list[str]:
    same: Callable[[Identity], object] = lambda one: (one.schema, one.probe)  # noqa: E731
    told = [] if same(before) == same(now) else ["abreast measures otherwise now"]
    if before.language != now.language:
        told.append(f"language {before.language} → {now.language}")
    return told
