"""Turns on this machine: papermill in threads, kernels as processes of their own."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from abreast.errors import UsageError
from abreast.events import Sink
from abreast.run.executors.notebook import execute, session_of
from abreast.run.executors.turn import Take, Turn
from abreast.run.loop import Loop
from abreast.run.machine import Machine, like_gpus, this_machine
from abreast.run.session import Session

_START_SECONDS = 60.0
"""How long a kernel may take to answer, as papermill has it."""


class LocalExecutor:
    """Executes `workers` notebooks at once: on CPU cores, and on GPUs one each.

    Those whose times were asked for run last, one by one, with nothing beside them. Where one runs
    at a time, the kernel of the next is started meanwhile, but never beside one that is timed.
    """

    def __init__(self, address: str, workers: int) -> None:
        if address:
            raise UsageError(f"notebooks are not executed on this machine at '{address}'.")
        self._workers = workers
        self.one_by_one = workers == 1

    def machine(self) -> Machine:
        """Return what kernels find here."""
        return this_machine()

    def execute(self, turns: Sequence[Turn], take: Take, emit: Sink) -> None:
        """Execute each turn once; on KeyboardInterrupt every kernel is killed."""
        with Loop() as loop, ThreadPoolExecutor(self._workers, "abreast") as pool:
            _Hall(turns, self._workers, loop, pool, take, emit).empty()

    def close(self) -> None:
        """Do nothing: nothing of it outlives `execute`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seat:
    """A turn with its session, and the GPU that it is bound to."""

    turn: Turn
    session: Session
    gpu: str | None


class _Hall:
    """Where turns wait until there is a seat."""

    def __init__(
        self,
        turns: Sequence[Turn],
        workers: int,
        loop: Loop,
        pool: ThreadPoolExecutor,
        take: Take,
        emit: Sink,
    ) -> None:
        self._waiting = sorted(turns, key=lambda turn: turn.is_timed)
        self._one_by_one = workers == 1 or len(turns) == 1
        self._workers = workers
        self._loop = loop
        self._pool = pool
        self._take = take
        self._emit = emit
        self._gpus = like_gpus() if any(map(_wants_gpu, turns)) else []
        self._running: dict[Future[None], _Seat] = {}
        self._ahead: _Seat | None = None

    def empty(self) -> None:
        """Execute all turns; return when the last has ended."""
        try:
            while self._waiting or self._running or self._ahead:
                while (seat := self._seat()) is not None:
                    self._begin(seat)
                # Waiting with a time limit lets the main thread take Ctrl-C.
                ended, _ = wait(self._running, timeout=0.2, return_when=FIRST_COMPLETED)
                for future in ended:
                    del self._running[future]
                    future.result()
        except BaseException:
            self._kill()
            raise

    def _seat(self) -> _Seat | None:
        """Return a seat for the first turn that may begin now."""
        taken = self._running.values()
        if len(taken) == self._workers or any(seat.turn.is_timed for seat in taken):
            return None
        if self._ahead is not None:
            seat, self._ahead = self._ahead, None
            return seat
        used = {seat.gpu for seat in taken}
        free = [gpu for gpu in self._gpus if gpu not in used]
        for turn in self._waiting:
            if turn.is_timed and taken:
                break
            if free or not self._gpus or not _wants_gpu(turn):
                self._waiting.remove(turn)
                return self._seated(turn, free)
        return None

    def _seated(self, turn: Turn, free: Sequence[str]) -> _Seat:
        gpu = free[0] if free and _wants_gpu(turn) else None
        session = session_of(turn.job, gpu)
        session.loop = self._loop
        return _Seat(turn=turn, session=session, gpu=gpu)

    def _begin(self, seat: _Seat) -> None:
        if self._one_by_one and self._waiting and not seat.turn.is_timed:
            self._start_ahead()
        future = self._pool.submit(self._execute, seat, self._ahead)
        self._running[future] = seat

    def _start_ahead(self) -> None:
        """Start the kernel of the next turn while nothing is timed that it could disturb."""
        from abreast.run.kernel import start  # noqa: PLC0415 - nbclient takes half a second

        seat = self._seated(self._waiting.pop(0), self._gpus)
        self._ahead = seat
        work = start(seat.turn.job.kernel.name, _START_SECONDS, seat.session)
        seat.session.ahead = self._loop.begin(work)

    def _execute(self, seat: _Seat, ahead: _Seat | None) -> None:
        alone = self._one_by_one or seat.turn.is_timed
        beside = ahead.session if ahead else None
        run = execute(seat.turn, seat.session, self._emit, alone=alone, beside=beside)
        # On Ctrl-C it is no failure of the notebook.
        if not (run.failure and seat.session.killed):
            self._take(seat.turn, run)

    def _kill(self) -> None:
        """Kill every kernel, and wait until all threads have seen it."""
        futures = [*self._running]
        sessions = [seat.session for seat in self._running.values()]
        if self._ahead is not None:
            from abreast.run.kernel import abandon  # noqa: PLC0415

            sessions.append(self._ahead.session)
            futures.append(self._pool.submit(self._loop.call, abandon(self._ahead.session)))
        while any(not future.done() for future in futures):
            # Again and again: a kernel may be about to start.
            for session in sessions:
                session.kill()
            wait(futures, timeout=0.1)


def _wants_gpu(turn: Turn) -> bool:
    return turn.job.kernel.device == "cuda"
