"""Where jobs run: this machine, a Dask cluster, or what another package offers.

Another package adds an executor with an entry point in the group `abreast.executors` whose value
is an `Opener`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Protocol

from abreast.errors import UsageError, nearest
from abreast.events import Sink
from abreast.run.executors.turn import Take, Turn
from abreast.run.machine import Machine

GROUP = "abreast.executors"
_DASK_ADDRESSES = ("tcp://", "tls://")


class Executor(Protocol):
    """Executes notebooks somewhere, several at once where that is asked for.

    `one_by_one` says that they run one after the other, in the order given, on one machine.
    """

    one_by_one: bool

    def machine(self) -> Machine:
        """Return what kernels find there. Raises UsageError where its parts are not alike."""

    def execute(self, turns: Sequence[Turn], take: Take, emit: Sink) -> None:
        """Execute each turn once and `take` what came of it, at once, in whatever order.

        On KeyboardInterrupt every kernel is killed before it propagates; what ended until then has
        been taken.
        """

    def close(self) -> None:
        """Leave or end what was joined or started; nothing of it runs on."""


class Opener(Protocol):
    """What an entry point names."""

    def __call__(self, address: str, workers: int) -> Executor:
        """Return an executor for `workers` notebooks at once; `address` is empty unless given."""


def load(name: str, workers: int) -> Executor:
    """Return the executor called `name`, or the Dask cluster whose scheduler has this address.

    Raises UsageError for an unknown one, EnvironmentMissingError where a package is missing.
    """
    address = name if name.startswith(_DASK_ADDRESSES) else ""
    points = {point.name: point for point in entry_points(group=GROUP)}
    point = points.get("dask" if address else name)
    if point is None:
        known = [*sorted(points), "tcp://HOST:PORT"]
        raise UsageError(f"unknown executor '{name}'.", remedy=nearest(name, known))
    opener: Opener = point.load()
    return opener(address, workers)
