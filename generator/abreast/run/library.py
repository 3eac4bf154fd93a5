"""Runs that are kept: in the user's own store, and behind it in outputs/."""

from __future__ import annotations

from dataclasses import dataclass

from abreast.model import Identity, Notebook, Run, Subject
from abreast.run import store
from abreast.run.committed import Committed
from abreast.run.store import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All runs that a deck can be built from."""

    committed: Committed

    def load(self, key: str, notebook: Notebook, now: Identity) -> Run | None:
        """Return the run of `key` on the cells of the notebook as it is `now`, or None."""
        return store.load(key, notebook, now) or self.committed.load(key, notebook, now)

    def known(self, subject: Subject) -> list[Known]:
        """Return the runs of what people know by this name, the latest first."""
        found = [*store.known(subject), *self.committed.known(subject)]
        return sorted(found, key=lambda one: one.started, reverse=True)
