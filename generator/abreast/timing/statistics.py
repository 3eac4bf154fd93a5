"""Samples -> estimates: medians and quartiles, first runs apart from what comes after them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from abreast.model import WARMUPS, Estimate, Regime, Round, Run


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the lower quartile, the median and the upper quartile of at least one value.

    They interpolate linearly between order statistics: definition 7 of Hyndman and Fan, "Sample
    quantiles in statistical packages", The American Statistician 50 (1996), 361-365.
    """
    if len(values) == 1:
        return values[0], values[0], values[0]
    lower, median, upper = statistics.quantiles(values, n=4, method="inclusive")
    return lower, median, upper


def estimate(seconds: Sequence[float], regime: Regime, measured: float | None = None) -> Estimate:
    """Return the median and the quartiles of samples (seconds).

    Not the mean, because times have a floor and a long tail: one interruption moves it. `measured`
    is how many seconds the samples stand for, where that is more than they add up to.

    Raises ValueError without samples.
    """
    if not seconds:
        raise ValueError("no samples")
    lower, median, upper = quartiles(seconds)
    return Estimate(
        regime=regime,
        median_seconds=median,
        lower_seconds=lower,
        upper_seconds=upper,
        count=len(seconds),
        total_seconds=sum(seconds) if measured is None else measured,
    )


def counted_rounds(run: Run, cells: Iterable[int]) -> Sequence[Round]:
    """Return the kernels that measured all of these cells that are executed.

    Where several were started the first is not counted: it found the disk's cache cold, and no
    other has that in common with it.
    """
    wanted = set(cells) - {cell.index for cell in run.cells if not cell.is_executed}
    rounds = run.rounds[1:] or run.rounds
    return [samples for samples in rounds if wanted <= samples.keys()] if wanted else []


def first_run(run: Run, cells: Sequence[int]) -> Estimate | None:
    """Return what the first runs of cells took together, None where one was not measured.

    One sample a kernel.
    """
    rounds = counted_rounds(run, cells)
    sums = [sum(r[i][0].wall_seconds for i in cells if i in r) for r in rounds]
    return estimate(sums, "first run") if sums else None


def steady(run: Run, cells: Sequence[int]) -> Estimate | None:
    """Return what the repeated ones of cells take after their warm-ups; None where none is.

    With one kernel a sample is an execution; with several it is a kernel's median, because
    executions in one kernel resemble each other more than they resemble those in the next.
    """
    repeated = repeated_cells(run, cells)
    rounds = counted_rounds(run, repeated)
    times = [[_after(samples, i) for i in repeated] for samples in rounds]
    times = [together for together in times if all(together)]
    if not times:
        return None
    if len(run.rounds) == 1:
        return estimate([sum(each) for each in zip(*times[0], strict=False)], "steady")
    medians = [sum(map(statistics.median, together)) for together in times]
    return estimate(medians, "steady", sum(sum(map(sum, together)) for together in times))


def repeated_cells(run: Run, cells: Iterable[int]) -> list[int]:
    """Return those of cells that were executed again after their warm-ups."""
    first = run.rounds[0] if run.rounds else {}
    return [index for index in cells if len(first.get(index, ())) > WARMUPS]


def _after(samples: Round, index: int) -> list[float]:
    return [sample.wall_seconds for sample in samples[index][WARMUPS:]]
