"""Durations in words, with no more digits than a single measurement supports."""

from __future__ import annotations

from collections.abc import Iterable

from abreast.model import Execution, Run, Table


def duration(seconds: float) -> str:
    """Return a duration (seconds) with two significant digits and its unit: "118 ms" is "120 ms".

    A first run is one measurement of unknown spread: more digits would be invented.
    """
    if seconds < 1e-3:
        return "under 1 ms"
    if seconds < 0.9995:
        return f"{_two_digits(seconds * 1e3)} ms"
    if seconds < 99.5:
        return f"{_two_digits(seconds)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def badge(run: Run, cells: Iterable[int]) -> str:
    """Return what stands under a column's code: the time of its cells' first run, or its origin.

    Empty where nothing was measured: a failed cell gets no time.
    """
    if run.clock == "none":
        return "as found"
    indices = [i for i in cells if i in run.seconds]
    if not indices:
        return ""
    seconds = sum(run.seconds[index] for index in indices)
    told = "" if run.clock == "kernel" else " (with messaging)"
    return f"first run {duration(seconds)}{told}"


def cost_table(executions: Iterable[Execution]) -> Table | None:
    """Return what whole notebooks took in their cells, one row each; None when none was timed."""
    rows = []
    for execution in executions:
        run = execution.result
        if isinstance(run, Run) and run.seconds and run.failure is None:
            total, longest = sum(run.seconds.values()), max(run.seconds.values())
            rows.append(
                (
                    execution.column.framework.title,
                    duration(total),
                    duration(longest),
                    run.provenance.device or "unknown device",
                )
            )
    if not rows:
        return None
    return Table(
        head=("Framework", "All cells", "Longest cell", "Device"),
        rows=tuple(rows),
        caption="One first run each, compilation included, devices synchronized around each cell.",
    )


def _two_digits(value: float) -> str:
    if value < 9.95:
        return f"{value:.1f}"
    magnitude = 10 ** (len(str(round(value))) - 2)
    return str(round(value / magnitude) * magnitude)
