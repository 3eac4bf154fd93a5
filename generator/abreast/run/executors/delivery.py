"""Turns on their way to Dask's workers, and their runs on the way back."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import dask
from distributed import Client, Future, KilledWorker, as_completed

from abreast.errors import AbreastError
from abreast.events import Sink
from abreast.model import Run
from abreast.run.executors.parcels import content_of, packed, restored
from abreast.run.executors.turn import Take, Turn
from abreast.run.executors.worker import (
    GPU,
    MOST_STARTS,
    Parcel,
    Terms,
    deliver,
    event_of,
    keep,
    kill,
    not_run,
)

_MOST_UNDER_WAY = 1_000
"""So many turns are with the scheduler at once: it holds the notebook of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A turn that is under way. `times` counts how often it was handed to the scheduler."""

    turn: Turn
    parcel: Parcel
    contents: Sequence[Future[Any]]
    times: int = 1


class Delivery:
    """What one client has under way at a time."""

    def __init__(self, client: Client, terms: Terms, take: Take, emit: Sink) -> None:
        self._client = client
        self._terms = terms
        self._take = take
        self._emit = emit
        self._topic = f"abreast-{uuid.uuid4().hex}"
        self._contents: dict[tuple[Path, Path], Future[Any]] = {}
        self._under_way: dict[Future[Any], _Sent] = {}
        self._futures = as_completed([], loop=client.loop)

    def run(self, turns: Sequence[Turn]) -> None:
        """Send all turns and take what comes back; on KeyboardInterrupt kill every kernel."""
        waiting = deque(turns)
        self._client.subscribe_topic(self._topic, self._hear)
        try:
            while waiting or self._under_way:
                while waiting and len(self._under_way) < _MOST_UNDER_WAY:
                    self._send(waiting.popleft())
                self._receive(next(self._futures))
        except BaseException:
            self._kill()
            raise
        finally:
            self._client.unsubscribe_topic(self._topic)

    def _send(self, turn: Turn) -> None:
        small, paths = packed(turn)
        ticket = f"{self._topic}-{turn.job.key}"
        parcel = Parcel(turn=small, ticket=ticket, topic=self._topic, terms=self._terms)
        contents = [self._content(path, place) for path, place in paths.items()]
        self._submit(_Sent(turn=turn, parcel=parcel, contents=contents))

    def _submit(self, sent: _Sent) -> None:
        wants_gpu = sent.turn.job.kernel.device == "cuda"
        future = self._client.submit(
            deliver,
            sent.parcel,
            *sent.contents,
            key=f"{sent.parcel.ticket}-{sent.times}",
            resources={GPU: 1} if wants_gpu else None,
            pure=False,
        )
        self._under_way[future] = sent
        self._futures.add(future)

    def _content(self, path: Path, place: Path) -> Future[Any]:
        """Return a file or folder as content on the cluster; it goes there once."""
        if (path, place) not in self._contents:
            content = content_of(path, place)
            # Not scattered: what only workers hold is lost with the one that held it.
            with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"}):
                self._contents[path, place] = self._client.submit(
                    keep, content, key=f"abreast-content-{content.digest}"
                )
        return self._contents[path, place]

    def _receive(self, future: Future[Any]) -> None:
        sent = self._under_way.pop(future)
        run = self._run_of(future, sent)
        future.release()
        if run is None:
            self._submit(replace(sent, times=sent.times + 1))
        else:
            self._take(sent.turn, restored(run, sent.turn.job))

    def _run_of(self, future: Future[Any], sent: _Sent) -> Run | None:
        """Return what came of a turn; None when it is to be sent again."""
        job = sent.parcel.turn.job
        try:
            run = future.result()
        except KilledWorker:
            # A scheduler's own patience may be more or less than ours, and it also counts workers
            # on which a turn only waited.
            starts = len(self._client.get_events(sent.parcel.ticket))
            if max(starts, sent.times) < MOST_STARTS:
                return None
            run = None
        except CancelledError:
            raise AbreastError(
                "the Dask scheduler is gone.", remedy="What has run is stored: build again."
            ) from None
        except Exception as error:  # noqa: BLE001 - whatever a worker could not do
            return not_run(job, f"the worker could not run it: {type(error).__name__}: {error}")
        return run or not_run(job, f"each of the {MOST_STARTS} workers that ran it was lost")

    def _hear(self, event: tuple[float, Any]) -> None:
        _, told = event
        # What is told may arrive later than the run itself.
        if any(sent.parcel.ticket == told["ticket"] for sent in [*self._under_way.values()]):
            self._emit(event_of(told["record"]))

    def _kill(self) -> None:
        self._client.cancel([*self._under_way], force=True)
        self._client.run(kill, self._topic, on_error="ignore")
