"""What a session left -> a run, where clocks and cells misbehave."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from abreast.model import Cell, Framework, Job, Kernel, Notebook
from abreast.run.machine import Reading, group_seconds, others_share, read_processors
from abreast.run.record import run_of
from abreast.run.session import Request
from nbformat import v4


def job():
    cells = (Cell(index=0, cell_type="code", source="x"),)
    return Job(
        section="S", framework=Framework(name="one", title="One"),
        notebook=Notebook(path=Path("one.ipynb"), cells=cells),
        kernel=Kernel(name="k"), key="k", cwd=Path(),
    )  # fmt: skip


def session(*in_kernel, seconds=1.0):
    requests = [Request(id=str(n), seconds=seconds) for n in range(len(in_kernel))]
    samples = {r.id: {"wall_seconds": s} for r, s in zip(requests, in_kernel, strict=True)}
    report = {"samples": samples, "problems": {}, "device": {"kind": "cpu"}, "versions": {}}
    return SimpleNamespace(
        cells=[v4.new_code_cell("x")], requests={0: requests}, report=report, stumbles={},
        current=0, problem=None,
    )  # fmt: skip


def test_samples_come_in_the_order_of_their_requests():
    run = run_of(job(), session(0.9, 0.2, 0.3), None)
    assert [s.wall_seconds for s in run.rounds[0][0]] == [0.9, 0.2, 0.3]
    assert not run.remarks


@pytest.mark.parametrize("jumped", [-3600.0, 3600.0])
def test_a_clock_that_jumped_gives_no_time_and_says_so(jumped):
    run = run_of(job(), session(0.9, jumped), None)
    assert run.rounds == ({},)
    assert run.remarks == {0: "it has no time, for the clock jumped while it was measured"}
    assert run.failure is None


def test_a_cell_that_the_probe_did_not_see_or_could_not_wait_for_has_no_time():
    unseen, unsynchronized = session(0.9), session(0.9)
    unseen.report["samples"] = {}
    unsynchronized.report["problems"] = {"0": "waiting for torch raised RuntimeError: gone"}
    found = [run_of(job(), left, None) for left in (unseen, unsynchronized)]
    assert [run.rounds for run in found] == [({},), ({},)]
    assert [run.remarks[0] for run in found] == [
        "it has no time, for the probe in its kernel did not see it",
        "it has no time, for waiting for torch raised RuntimeError: gone",
    ]


def test_a_probe_that_does_not_answer_leaves_the_times_of_the_client():
    left = session(0.9)
    left.report = None
    run = run_of(
        replace(job(), kernel=Kernel(name="k", executable=Path("/env/bin/python"))),
        left,
        None,
    )
    assert (run.failure, run.clock) == (None, "client")
    assert run.rounds[0][0][0].wall_seconds == 1.0
    assert run.provenance.device.words == ""


def test_the_share_of_others_leaves_out_what_is_ours():
    before = Reading(busy_seconds=10.0, all_seconds=100.0, own_seconds=1.0)
    after = Reading(busy_seconds=18.0, all_seconds=120.0, own_seconds=2.0)
    assert others_share(before, after, 3.0) == pytest.approx(4 / 20)
    assert others_share(before, after, 99.0) == 0.0
    assert others_share(before, before, 0.0) is None


def test_processor_time_is_read_where_the_system_tells_it():
    import os

    reading = read_processors()
    if reading is None:
        pytest.skip("only Linux tells")
    assert 0 < reading.busy_seconds < reading.all_seconds
    assert group_seconds(os.getpgrp()) > 0
