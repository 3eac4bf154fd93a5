"""A built deck as files -> what of it is compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from abreast.model import Cell, ColumnHead, Cost, Curve, Device, Estimate
from abreast.model.records import from_record
from abreast.run.committed import MANIFEST
from abreast.run.recorded import with_packages

Record: TypeAlias = Mapping[str, Any]
Key: TypeAlias = tuple[str, str, str]
"""Section, step and framework of a time; the first two are empty for whole notebooks."""
Place: TypeAlias = tuple[str, str]
"""Section and framework."""
T = TypeVar("T")

_TIMINGS = "timings.json"
_EXECUTED = "notebooks/"
_NOTEBOOK = ".ipynb"
_OF_A_RUN = ("section", "framework", "versions", "device", "parameters", "kernels")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a build left. What could not be read is empty or None, and `unread` says so.

    `slides` are records of `abreast.model.Slide`; `distributions` the packages of each framework,
    `notebooks` the code cells of each executed notebook by its name; `runs` are the manifest's
    records of what was executed, sweeps apart, `lacking` the section and framework of what was not.
    """

    title: str = ""
    deck: str = ""
    abreast: str = ""
    profile: str = ""
    slides: tuple[Record, ...] | None = None
    distributions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notebooks: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)
    runs: tuple[Record, ...] = ()
    lacking: frozenset[Place] = frozenset()
    times: Mapping[Key, Cost] = field(default_factory=dict)
    curves: tuple[Curve, ...] | None = None
    unread: tuple[str, ...] = ()

    def kernels(self, framework: str) -> int:
        """Return how many kernels were counted in a framework's times, at the least of its runs."""
        counts = [len(r["kernels"]) for r in self.runs if r["framework"] == framework]
        least = min(counts, default=1)
        return least - 1 if least > 1 else least  # the first of several is not counted


def snapshot(files: Mapping[str, str], passing: AbstractSet[str] = frozenset()) -> Snapshot:
    """Return what a deck's files hold, as text by name relative to its folder.

    Notebooks in `passing` are not looked at: what is the same in two builds need not be compared.
    Of what is missing, or was written by another version of abreast, the rest is returned.
    """
    unread: list[str] = []

    def read(name: str, reading: Callable[[Any], T]) -> T | None:
        if name not in files or name in passing:
            return None
        try:
            return reading(json.loads(files[name]))
        except (KeyError, TypeError, ValueError, AttributeError):
            unread.append(name)
            return None

    slides, distributions = read(merged_name(files), _slides) or (None, {})
    about, swept = read(MANIFEST, _about) or ({}, frozenset())
    names = [n for n in files if n.startswith(_EXECUTED) and n not in swept]
    executed = {n: read(n, _code_cells) for n in names}
    times, curves = read(_TIMINGS, _timings) or ({}, None)
    return Snapshot(
        **about,
        slides=slides,
        distributions=distributions,
        notebooks={n: cells for n, cells in executed.items() if cells is not None},
        times=times,
        curves=curves,
        unread=tuple(unread),
    )


def merged_name(files: Iterable[str]) -> str:
    """Return the name of a deck's merged notebook among its files; "" where there is none."""
    return next((n for n in files if "/" not in n and n.endswith(_NOTEBOOK)), "")


def _about(manifest: Record) -> tuple[dict[str, Any], frozenset[str]]:
    """Return what is told of a build, and the notebooks that were executed for their times only."""
    told = {name: manifest[name] for name in ("title", "deck", "abreast", "profile")}
    packages = manifest["packages"]
    runs = [with_packages(run, packages) for run in manifest["runs"] if "lack" not in run]
    if any(name not in run for run in runs for name in _OF_A_RUN):
        raise KeyError(*_OF_A_RUN)
    swept = frozenset(run["notebook"] for run in runs if run.get("swept") and "notebook" in run)
    told["runs"] = tuple(run for run in runs if not run.get("swept"))
    told["lacking"] = frozenset(
        place_of(run) for run in manifest["runs"] if "lack" in run and not run.get("swept")
    )
    return told, swept


def place_of(run: Record) -> Place:
    """Return the section and framework of one of the manifest's runs."""
    return run["section"], run["framework"]


def _slides(notebook: Record) -> tuple[tuple[Record, ...], dict[str, Sequence[str]]]:
    """Return the slides' records as they are: most are the same in both builds."""
    heads = [from_record(ColumnHead, head) for head in notebook["metadata"]["abreast"]["heads"]]
    packages: dict[str, Sequence[str]] = {
        head.framework.name: head.framework.distributions for head in heads
    }
    return tuple(cell["metadata"]["abreast"] for cell in notebook["cells"]), packages


def _code_cells(notebook: Record) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            index=index,
            cell_type="code",
            source="".join(cell["source"]),
            id=cell.get("id", ""),
            outputs=tuple(cell["outputs"]),
        )
        for index, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code"
    )


def _timings(timings: Record) -> tuple[dict[Key, Cost], tuple[Curve, ...]]:
    curves = tuple(from_record(Curve, record) for record in timings["curves"])
    return dict(_costs(timings)), curves


def _costs(timings: Record) -> Iterator[tuple[Key, Cost]]:
    for step in timings["steps"]:
        for framework, record in step["costs"].items():
            yield (step["section"], step["step"], framework), _cost(record)
    for framework, record in timings["totals"].items():
        yield ("", "", framework), _cost(record)


def _cost(record: Record) -> Cost:
    found = Estimate(
        regime=record["regime"],
        median_seconds=record["median_seconds"],
        lower_seconds=record["lower_quartile_seconds"],
        upper_seconds=record["upper_quartile_seconds"],
        count=record["samples"],
        total_seconds=record["total_seconds"],
    )
    device = Device(
        kind=record["device"],
        model=record["device_model"],
        cores=record["cores"],
        threads=record["threads"],
    )
    return Cost(estimate=found, device=device, alone=record["alone"])
