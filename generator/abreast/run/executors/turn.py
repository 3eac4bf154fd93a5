"""What an executor is given: one kernel's turn at a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from abreast.model import REPEAT, Job, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One kernel of a job. `number` counts the job's kernels from 1."""

    job: Job
    number: int = 1

    @property
    def label(self) -> str:
        """What people see: the job's label, and which of its kernels this is."""
        count = self.job.kernels
        return (
            f"{self.job.label} · kernel {self.number} of {count}" if count > 1 else self.job.label
        )

    @property
    def cells(self) -> int:
        """The number of code cells."""
        return sum(cell.cell_type == "code" for cell in self.job.notebook.cells)

    @property
    def is_timed(self) -> bool:
        """Say whether times were asked for, so that nothing may run beside it."""
        return self.job.kernels > 1 or any(REPEAT in c.tags for c in self.job.notebook.cells)


Take: TypeAlias = Callable[[Turn, Run], None]
"""Called with what came of a turn, as soon as it ended, from any thread."""
