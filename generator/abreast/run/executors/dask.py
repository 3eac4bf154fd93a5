"""Turns on the workers of a Dask cluster: of this machine, or of any that runs a scheduler."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from abreast.errors import EnvironmentMissingError
from abreast.events import Said, Sink
from abreast.run.executors.turn import Take, Turn
from abreast.run.machine import Machine, like_gpus, this_machine

if TYPE_CHECKING:
    from distributed import Client


class DaskExecutor:
    """Executes turns on the cluster at `address`, else on one of `workers` processes here.

    Several kernels of one job cannot take turns with others' there: what a round meets on one
    machine it does not meet on another.
    """

    one_by_one = False

    def __init__(self, address: str, workers: int) -> None:
        try:
            import distributed  # noqa: F401, PLC0415 - optional
        except ImportError:
            raise EnvironmentMissingError(
                "Dask is not installed.", remedy="Install it with: pip install 'abreast[dask]'"
            ) from None
        self._address = address
        self._workers = workers
        self._opened = ExitStack()
        self._client: Client | None = None
        self._gpus: tuple[str, ...] = ()

    def machine(self) -> Machine:
        """Return what kernels find there.

        Raises UsageError where no worker is, or where they are not alike.
        """
        from abreast.run.executors.cluster import common_machine  # noqa: PLC0415 - optional

        if self._address:
            return common_machine(self._joined(), self._address)
        return replace(this_machine(), installs=True)

    def execute(self, turns: Sequence[Turn], take: Take, emit: Sink) -> None:
        """Execute each turn once; on KeyboardInterrupt every kernel is killed."""
        from abreast.run.executors.cluster import lone_hosts  # noqa: PLC0415 - optional
        from abreast.run.executors.delivery import Delivery  # noqa: PLC0415
        from abreast.run.executors.worker import Terms  # noqa: PLC0415

        machine = self.machine()
        client = self._joined()
        count = len(client.nthreads())
        emit(Said(text=f"{count} Dask workers" if count > 1 else "1 Dask worker"))
        terms = Terms(machine=machine, alone_on=lone_hosts(client), gpus=self._gpus)
        Delivery(client, terms, take, emit).run(turns)

    def close(self) -> None:
        """Leave the cluster; end it if it was started here."""
        self._opened.close()

    def _joined(self) -> Client:
        """Return the client, joining or starting the cluster when it is needed first."""
        from abreast.run.executors.cluster import joined, started  # noqa: PLC0415 - optional

        if self._client is None:
            if self._address:
                context = joined(self._address)
            else:
                self._gpus = tuple(like_gpus())[: self._workers]
                context = started(len(self._gpus) or self._workers, gpus=bool(self._gpus))
            self._client = self._opened.enter_context(context)
        return self._client
