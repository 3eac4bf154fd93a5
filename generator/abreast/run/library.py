"""Runs that are kept: in the user's own store, and behind it in outputs/."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict

from abreast.model import Identity, Notebook, Run, Subject
from abreast.run import store
from abreast.run.committed import Committed
from abreast.run.store import Known


class Library:
    """All runs that a deck can be built from, for as long as one plan is made."""

    def __init__(self, *committed: Committed) -> None:
        self._committed = committed
        self._in_outputs = [one for folder in committed for one in folder.known()]
        self._stored: list[Known] | None = None

    def load(self, one: Known, notebook: Notebook, now: Identity) -> Run | None:
        """Return a run on the cells of the notebook as it is `now`; None if it cannot be read."""
        if not one.committed:
            return store.load(one.key, notebook, now)
        found = (folder.load(one.key, notebook, now) for folder in self._committed)
        return next(filter(None, found), None)

    def that_fit(self, key: str, work: str, is_away: Callable[[str], bool]) -> list[Known]:
        """Return the runs of `key`, and those of the same work from devices that are away.

        The best first: those that more kernels timed, then the latest.
        """

        def fit(known: Iterable[Known]) -> list[Known]:
            return [k for k in known if k.key == key or (k.work == work and is_away(k.device))]

        own = store.known(key)
        found = [*([own] if own else []), *fit(self._in_outputs)] or fit(self._all_stored())
        return sorted(found, key=lambda one: (one.rounds, one.started), reverse=True)

    def known(self, subject: Subject) -> list[Known]:
        """Return the runs of what people know by this name, the latest first."""
        wanted = asdict(subject)
        found = [k for k in (*self._all_stored(), *self._in_outputs) if k.subject == wanted]
        return sorted(found, key=lambda one: one.started, reverse=True)

    def _all_stored(self) -> list[Known]:
        if self._stored is None:
            self._stored = store.all_known()
        return self._stored
