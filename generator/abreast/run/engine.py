"""The papermill engine, found by entry point.

papermill's own engine saves twice a cell, counts the saving as the cell's time, and marks every
cell completed after a crash; this one leaves saving to papermill's end and keeps its own record.

Import papermill before this module: papermill imports it in turn while it loads its engines.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from papermill.engines import Engine

from abreast.run.kernel import execute
from abreast.run.loop import Loop
from abreast.run.session import Session


class AbreastEngine(Engine):  # type: ignore[misc]  # papermill publishes no types
    """`papermill --engine abreast` and abreast's own runs go through here."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        start_timeout: float = 60,
        execution_timeout: float | None = None,
        session: Session | None = None,
        **_: Any,
    ) -> Any:
        """Execute all cells; the first that raises ends it, its output kept in the notebook."""
        session = session or Session(cell_seconds=execution_timeout)
        # A copy of the list: papermill puts cells of its own between them after an error.
        session.cells = list(nb_man.nb.cells)
        with nullcontext(session.loop) if session.loop else Loop() as loop:
            return loop.call(execute(nb_man.nb, kernel_name, start_timeout, session))
