"""Samples -> estimates: medians and quartiles, first runs apart from what comes after them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from abreast.model import WARMUPS, Estimate, Regime, Round, Run, Sample


def estimate(seconds: Sequence[float], regime: Regime) -> Estimate:
    """Return the median and the quartiles of samples (seconds).

    Quartiles interpolate linearly between order statistics: definition 7 of Hyndman and Fan,
    "Sample quantiles in statistical packages", The American Statistician 50 (1996). The median
    and the quartiles, because times have a floor and a long tail: one interruption moves a mean.

    Raises ValueError without samples.
    """
    if not seconds:
        raise ValueError("no samples")
    if len(seconds) == 1:
        lower = median = upper = seconds[0]
    else:
        lower, median, upper = statistics.quantiles(seconds, n=4, method="inclusive")
    return Estimate(
        regime=regime,
        median_seconds=median,
        lower_seconds=lower,
        upper_seconds=upper,
        count=len(seconds),
        total_seconds=sum(seconds),
    )


def first_run(run: Run, cells: Iterable[int]) -> Estimate | None:
    """Return what the first runs of cells took together, None where none was measured.

    One sample a kernel. Where several kernels were started the first of them is not counted: it
    found the disk's cache cold, and no other has that in common with it.
    """
    indices = tuple(cells)
    sums = [sum(_first(samples, i) for i in indices) for samples in _counted(run.rounds)]
    measured = any(i in samples for samples in run.rounds[:1] for i in indices)
    return estimate(sums, "first run") if measured and sums else None


def steady(run: Run, cells: Iterable[int]) -> Estimate | None:
    """Return what the repeated ones of cells take after their warm-ups; None where none is.

    With one kernel a sample is an execution; with several it is a kernel's median, because
    executions in one kernel resemble each other more than they resemble those in the next.
    """
    first = run.rounds[0] if run.rounds else {}
    repeated = [i for i in cells if _is_repeated(first.get(i, ()))]
    if not repeated:
        return None
    rounds = [
        samples for samples in _counted(run.rounds) if all(_after(samples, i) for i in repeated)
    ]
    if len(rounds) > 1:
        medians = [sum(statistics.median(_after(r, i)) for i in repeated) for r in rounds]
        return estimate(medians, "steady")
    executions = zip(*(_after(first, i) for i in repeated), strict=False)
    return estimate([sum(together) for together in executions], "steady")


def _counted(rounds: Sequence[Round]) -> Sequence[Round]:
    return rounds[1:] if len(rounds) > 1 else rounds


def _first(samples: Round, index: int) -> float:
    return samples[index][0].wall_seconds if index in samples else 0.0


def _is_repeated(samples: Sequence[Sample]) -> bool:
    return len(samples) > WARMUPS


def _after(samples: Round, index: int) -> list[float]:
    return [sample.wall_seconds for sample in samples.get(index, ())[WARMUPS:]]
