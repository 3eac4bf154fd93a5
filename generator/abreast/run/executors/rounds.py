"""Jobs -> runs: every kernel that a job asks for, in rounds, on any executor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from abreast.errors import AbreastError
from abreast.events import JobFailed, JobFinished, Sink, Warned
from abreast.model import Job, Run
from abreast.run import store
from abreast.run.executors import Executor
from abreast.run.executors.turn import Turn


def run_jobs(
    jobs: Sequence[Job], executor: Executor, emit: Sink, begun: Mapping[str, Run] | None = None
) -> list[Run]:
    """Execute jobs, those that are `begun` (runs by key) by the kernels that they still want.

    A job that asks for several kernels gets them in rounds, interleaved with the others' (A B C,
    A B C), so that what the machine does meanwhile meets all alike.

    Each run that succeeds is stored when it ends. Returns the runs in the order of `jobs`, failed
    ones among them. On KeyboardInterrupt every kernel is killed before it propagates.
    """
    runs = dict(begun or {})
    runs |= _round([job for job in jobs if job.key not in runs], 1, executor, emit)
    for number in range(2, max((job.kernels for job in jobs), default=1) + 1):
        again = [job for job in jobs if _is_sound(job, runs[job.key], number)]
        others = _round(again, number, executor, emit)
        for job in again:
            runs[job.key] = _with_round(job, runs[job.key], others[job.key], number, emit)
    return [runs[job.key] for job in jobs]


def _round(jobs: Sequence[Job], number: int, executor: Executor, emit: Sink) -> dict[str, Run]:
    """Execute each job once and return the runs by key."""
    runs: dict[str, Run] = {}

    def take(turn: Turn, run: Run) -> None:
        if turn.number == 1 and not run.failure:
            # At once: an interruption later must not lose it.
            _store(run, turn.job, emit)
        runs[turn.job.key] = run
        seconds = run.provenance.seconds or 0.0
        if run.failure:
            emit(JobFailed(job=turn.label, seconds=seconds, message=run.failure.message))
        else:
            emit(JobFinished(job=turn.label, seconds=seconds))

    if jobs:
        executor.execute([Turn(job=job, number=number) for job in jobs], take, emit)
    return runs


def _is_sound(job: Job, run: Run, number: int) -> bool:
    """Say whether a job wants its kernel of this number, and none before it failed."""
    return job.kernels >= number and len(run.rounds) == number - 1 and run.failure is None


def _with_round(job: Job, run: Run, other: Run, number: int, emit: Sink) -> Run:
    """Return a run with what another kernel measured, stored; as it is where that one failed."""
    if other.failure or other.clock != run.clock:
        why = other.failure.message if other.failure else "it could not be measured as the others"
        told = f"{job.label}: kernel {number} of {job.kernels} does not count: {why}."
        told += " Its times come from those before it; the next build goes on from there."
        emit(Warned(text=told))
        return run
    shares = (run.provenance.others_share, other.provenance.others_share)
    both = replace(
        run,
        rounds=(*run.rounds, *other.rounds),
        remarks={**other.remarks, **run.remarks},
        provenance=replace(
            run.provenance,
            alone=run.provenance.alone and other.provenance.alone,
            others_share=max((share for share in shares if share is not None), default=None),
        ),
    )
    _store(both, job, emit)
    return both


def _store(run: Run, job: Job, emit: Sink) -> None:
    """Store a run, but for one that is not done yet where a fuller one is kept."""
    kept = store.known(run.key) if len(run.rounds) < job.kernels else None
    if kept and kept.rounds > len(run.rounds):
        return
    try:
        store.save(run)
    except AbreastError as error:
        emit(Warned(text=f"{job.label}: its run is not kept for other builds. {error}"))
