"""What charted times are, in words: medians of what, with which spread, measured on what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from abreast.model import Cost, Estimate
from abreast.timing.charts.devices import TIMES, device_words, like_devices, span
from abreast.timing.words import estimated


def what_they_are(
    costs: Sequence[Cost], *, whiskers: Sequence[bool] = (), ratios: bool = False
) -> str:
    """Return a few sentences on costs that are charted together.

    `whiskers` says of each bar or point whether it has one, `ratios` that some are told.
    """
    return " ".join(_sentences(costs, whiskers=whiskers, ratios=ratios))


def regime_words(cost: Cost, *, mixed: bool) -> str:
    """Return "first run"; where regimes are `mixed` "steady" for the others."""
    regime = cost.estimate.regime
    return regime if mixed or regime == "first run" else ""


def time_words(cost: Cost) -> str:
    """Return the time in words, without its regime: "412 ms ±3%"."""
    return estimated(replace(cost.estimate, regime="steady"))


def _sentences(costs: Sequence[Cost], *, whiskers: Sequence[bool], ratios: bool) -> Iterator[str]:
    yield _regimes([cost.estimate for cost in costs])
    if any(whiskers):
        yield "Whiskers: interquartile range."
    if ratios:
        yield f"{TIMES} compares with the fastest."
    if not any(cost.alone for cost in costs):
        yield "Other work went on meanwhile, so none is ranked."
    elif not all(cost.alone for cost in costs):
        yield "Not alone: other work went on meanwhile."
    if len(like_devices(("", cost) for cost in costs)) == 1:
        yield f"{device_words([cost.device for cost in costs])}."
    else:
        yield "Unlike devices are not compared."


def _regimes(estimates: Sequence[Estimate]) -> str:
    first = [e.count for e in estimates if e.regime == "first run"]
    steady = [e.count for e in estimates if e.regime == "steady"]
    if first and steady:
        return (
            f"{_first_runs(first)}, with compiling and tuning; "
            f"steady times, {_of(steady)}, without."
        )
    if steady:
        return f"Steady times, after warm-ups: {_of(steady)}."
    return f"{_first_runs(first)}, compiling and tuning included."


def _first_runs(counts: Sequence[int]) -> str:
    return "One first run each" if max(counts) == 1 else f"First runs, {_of(counts)}"


def _of(counts: Sequence[int]) -> str:
    return "one measurement each" if max(counts) == 1 else f"median of {span(counts)}"
