"""Samples -> estimates -> words, and which of them a step gets."""

import statistics
from dataclasses import replace
from pathlib import Path

import pytest
from abreast.events import ignore
from abreast.model import (
    MAY_RAISE,
    METRICS,
    SKIP,
    AbreastSection,
    Cell,
    Column,
    Device,
    Estimate,
    Execution,
    Framework,
    Notebook,
    Provenance,
    Run,
    Sample,
)
from abreast.timing.costs import badge, cost, step_costs, total_costs
from abreast.timing.metrics import curves, examples
from abreast.timing.statistics import estimate, first_run, steady
from abreast.timing.sweeps import sweeps
from abreast.timing.words import duration, estimated
from hypothesis import given
from hypothesis import strategies as st

SECONDS = st.floats(1e-6, 1e5)
STEPS = [("Load", {"one": [0]}), ("Train", {"one": [1], "two": [1]})]


def samples(*seconds):
    return tuple(Sample(wall_seconds=s) for s in seconds)


def run(*rounds, **more):
    return Run(key="k", cells=more.pop("cells", ()), rounds=rounds, clock="kernel", **more)


def told(median, half, count=9, total=9.0, regime="steady"):
    return estimated(
        Estimate(
            regime=regime, median_seconds=median, lower_seconds=median - half,
            upper_seconds=median + half, count=count, total_seconds=total,
        )
    )  # fmt: skip


def test_a_single_duration_claims_two_digits():
    spoken = [duration(s) for s in (1e-5, 0.00123, 0.1184, 0.9994, 11.62, 65.0, 125.0, 9000)]
    assert spoken == [
        "under 1 ms", "1.2 ms", "120 ms", "1.0 s", "12 s", "65 s", "2.1 min", "2.5 h",
    ]  # fmt: skip


def test_an_estimate_claims_the_digits_that_its_spread_supports():
    assert told(0.412, 0.0124) == "412 ms ±3%"
    assert told(0.412, 0.049) == "410 ms ±12%, unsteady"
    assert told(0.412, 0.0004) == "412 ms ±1%"
    assert told(1.9, 0.06, regime="first run") == "first run 1.90 s ±3%"
    assert told(1.65, 0.28) == "1.6 s ±17%, unsteady"
    assert told(12.3, 9) == "12 s ±73%, unsteady"
    assert told(754, 90) == "13 min ±12%, unsteady"


def test_a_spread_needs_five_samples_and_half_a_second():
    assert told(0.412, 0.0124, count=4) == "410 ms"
    assert told(0.0412, 0.00124, total=0.3) == "41 ms"
    assert told(0.0009, 0.0001) == "under 1 ms"


@given(SECONDS, st.floats(0.0, 0.9))
def test_words_never_claim_more_than_the_spread_and_never_lie_by_more(median, half):
    words = told(median, half * median).partition(" ±")[0]
    if words == "under 1 ms":
        assert median < 1e-3
        return
    number, unit = words.split()
    in_seconds = {"ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}[unit]
    whole, _, part = number.partition(".")
    zeros = 0 if part else len(whole) - len(whole.rstrip("0"))
    last = in_seconds * 10.0 ** (zeros - len(part))
    # Two digits of the spread at most are told.
    assert last >= half * median / 101
    assert float(number) * in_seconds == pytest.approx(median, abs=max(0.51 * last, half * median))


@given(st.lists(SECONDS, min_size=1, max_size=30))
def test_an_estimate_is_the_median_within_its_quartiles(seconds):
    found = estimate(seconds, "steady")
    assert found.median_seconds == pytest.approx(statistics.median(seconds))
    assert found.lower_seconds <= found.median_seconds <= found.upper_seconds
    assert found.count == len(seconds)


def test_quartiles_are_those_of_hyndman_and_fan_7():
    found = estimate([1.0, 2.0, 3.0, 4.0, 10.0, 20.0], "steady")
    assert (found.lower_seconds, found.upper_seconds) == (2.25, 8.5)
    assert found.spread == pytest.approx(6.25 / 3.5)


def test_the_first_run_and_a_warm_up_are_not_part_of_what_is_steady():
    timed = run({0: samples(9.0, 5.0, 0.1, 0.2, 0.3, 0.4, 0.5)})
    assert steady(timed, [0]).median_seconds == pytest.approx(0.3)
    assert first_run(timed, [0]).median_seconds == 9.0
    assert steady(run({0: samples(9.0)}), [0]) is None
    assert steady(run(), [0]) is None


def test_with_several_kernels_the_first_is_not_counted_and_a_sample_is_a_kernel():
    rounds = [{0: samples(100.0)}, *({0: samples(float(n))} for n in (5, 1, 4, 2, 3))]
    found = first_run(run(*rounds), [0])
    assert (found.median_seconds, found.count, found.regime) == (3.0, 5, "first run")
    repeated = [
        {0: samples(9.0, 9.0, *[median - 0.5, median, median + 99])}
        for median in (7, 1, 2, 3, 4, 5)
    ]
    found = steady(run(*repeated), [0])
    assert (found.median_seconds, found.count, found.regime) == (3.0, 5, "steady")


def test_a_step_is_steady_where_its_repeated_cells_are_most_of_it():
    repeated = samples(1.0, 0.5, 0.4, 0.4, 0.4, 0.4, 0.4)
    assert cost(run({0: repeated, 1: samples(0.01)}), [0, 1]).estimate.regime == "steady"
    assert cost(run({0: repeated, 1: samples(3.0)}), [0, 1]).estimate.regime == "first run"
    assert cost(run({0: repeated}), [7]) is None


def test_badges_tell_where_the_time_comes_from():
    assert badge(Run(key="", cells=()), [0]) == ("as found", "")
    timed = run({0: samples(1.5), 1: samples(0.5)})
    assert badge(timed, [0, 1]) == ("first run 2.0 s", "")
    assert badge(timed, [2]) == ("", "")
    repeated = run({0: samples(1.9, 0.5, 0.4, 0.41, 0.42, 0.43, 0.44)})
    assert badge(repeated, [0]) == ("420 ms ±2%", "first run 1.9 s")
    outside = Run(key="", cells=(), rounds=({0: samples(0.5)},), clock="client")
    assert badge(outside, [0]) == ("first run 500 ms (with messaging)", "")
    beside = run({0: samples(0.5)}, provenance=Provenance(alone=False))
    assert badge(beside, [0]) == ("first run 500 ms (not alone)", "")


def code(count):
    return tuple(Cell(index=n, cell_type="code", source="x") for n in range(count))


def execution(name, result, **more):
    return Execution(
        section="S", column=Column(framework=Framework(name=name, title=name)),
        notebook=Notebook(path=Path(f"{name}.ipynb"), cells=()), result=result, **more,
    )  # fmt: skip


def test_steps_under_one_title_are_one_and_failed_notebooks_have_no_total():
    one = execution("one", run({0: samples(1.0), 1: samples(2.0), 2: samples(4.0)}))
    steps = [("Load", {"one": [0]}), ("Load", {"one": [1]}), ("Train", {"one": [2], "two": [0]})]
    found = step_costs("S", steps, [one])
    assert [(s.title, s.costs["one"].estimate.median_seconds) for s in found] == [
        ("Load", 3.0), ("Train", 4.0),
    ]  # fmt: skip
    whole = replace(one, result=replace(one.result, cells=code(3)))
    broken = execution("two", run({0: samples(1.0)}, cells=code(1), failure=object()))
    assert {n: c.estimate.median_seconds for n, c in total_costs([whole, broken]).items()} == {
        "one": 7.0
    }


def test_a_total_counts_each_cell_once_however_often_it_was_repeated():
    timed = run({0: samples(1.0, 0.5, 0.5, 0.5), 1: samples(2.0)}, cells=code(2))
    assert total_costs([execution("one", timed)])["one"].estimate.median_seconds == 3.0


def test_a_total_is_of_all_cells_on_like_devices_or_not_told():
    timed = run({0: samples(1.0)}, cells=code(1))
    in_part = replace(timed, cells=code(2))
    on_gpu = replace(timed, provenance=Provenance(device=Device(kind="cuda", model="A")))
    words_only = run({}, cells=())
    assert total_costs([execution("one", in_part)]) == {}
    assert total_costs([execution("one", timed), execution("one", on_gpu)]) == {}
    both = total_costs([execution("one", timed), execution("one", words_only)])
    assert both["one"].estimate.median_seconds == 1.0
    may_raise = (
        *code(1),
        Cell(index=1, cell_type="code", source="1/0", tags=frozenset({MAY_RAISE})),
    )
    assert "one" in total_costs([execution("one", replace(timed, cells=may_raise))])


def test_cells_that_are_not_executed_need_no_time():
    timed = run({0: samples(1.0), 2: samples(2.0)}, cells=code(4))
    for other in ({"tags": frozenset({SKIP})}, {"source": " \n"}, {"cell_type": "markdown"}):
        cells = [replace(c, **other) if c.index in {1, 3} else c for c in timed.cells]
        found = replace(timed, cells=tuple(cells))
        assert badge(found, [0, 1, 2]) == ("first run 3.0 s", "")
        assert badge(found, [1, 3]) == ("", "")
        assert total_costs([execution("one", found)])["one"].estimate.median_seconds == 3.0


def test_what_was_measured_in_part_is_not_told_as_the_whole():
    timed = run({0: samples(1.0)}, cells=code(2))
    assert cost(timed, [0, 1]) is None
    assert badge(timed, [0, 1]) == ("", "")
    rounds = [
        {0: samples(9.0), 1: samples(9.0)},
        *({0: samples(1.0), 1: samples(n)} for n in (1.0, 2.0, 3.0)),
    ]
    lost = run(*rounds, {0: samples(1.0)}, cells=code(2))
    found = first_run(lost, [0, 1])
    assert (found.count, found.lower_seconds) == (3, 2.5)


def test_kernels_of_short_repeats_keep_their_spread():
    repeated = {0: samples(0.1, 0.1, *[0.002] * 300)}
    assert steady(run(*[repeated] * 6), [0]).spread is not None


def test_devices_are_alike_by_kind_model_and_cores_but_not_threads():
    cpu = Device(kind="cpu", model="A", cores=2, threads=1)
    assert cpu.is_like(Device(kind="cpu", model="A", cores=2, threads=2))
    assert not cpu.is_like(Device(kind="cpu", model="B", cores=2))
    assert not cpu.is_like(Device(kind="cuda", model="A", cores=2))
    devices = (cpu, Device(kind="cpu"), Device(), Device(kind="cuda", model="NVIDIA H200"))
    assert [d.words for d in devices] == ["CPU, 1 thread", "CPU", "", "NVIDIA H200"]


def published(*records, index=0):
    outputs = tuple({"output_type": "display_data", "data": {METRICS: r}} for r in records)
    return Cell(index=index, cell_type="code", source="x", outputs=outputs)


def test_published_metrics_become_curves_against_what_they_are_counted_by():
    records = ({"epoch": 1, "loss": 0.8}, {"epoch": 2, "loss": 0.5, "accuracy": 0.7})
    told_of = []
    found = curves("S", [execution("one", run(cells=(published(*records),)))], told_of.append)
    assert [(c.metric, c.against, c.points) for c in found] == [
        ("loss", "epoch", ((1.0, 0.8), (2.0, 0.5))), ("accuracy", "epoch", ((2.0, 0.7),)),
    ]  # fmt: skip
    listed = published([{"loss": 3}, {"loss": 2}], '{"loss": 1}')
    (curve,) = curves("S", [execution("one", run(cells=(listed,)))], told_of.append)
    assert (curve.against, curve.points) == ("", ((1.0, 3.0), (2.0, 2.0), (3.0, 1.0)))
    assert not told_of


def test_what_is_no_record_of_numbers_is_told_with_its_cell_and_left_out():
    told_of = []
    cells = (published("lost", [1, 2], {"name": "x"}, {"loss": 1.0}, index=3),)
    (curve,) = curves("S", [execution("one", run(cells=cells))], told_of.append)
    assert curve.points == ((1.0, 1.0),)
    (warned,) = told_of
    assert warned.text.startswith("one.ipynb, cell 4: 4 of what it published")


def test_a_sweep_times_the_cells_that_tell_how_many_examples_they_worked_on():
    cells = (
        Cell(index=0, cell_type="code", source="import"),
        published({"examples": 640}, index=1),
    )
    assert examples(cells) == 640
    section = AbreastSection(title="S", notebooks={}, sweep={"n": (1, 2), "m": ("a", "b")})
    points = [
        execution(
            "one", run({0: samples(9.0), 1: samples(float(n))}, cells=cells), swept={"n": n, "m": m}
        )
        for n in (1, 2)
        for m in ("a", "b")
    ]
    first, second = sweeps(section, STEPS, points, ignore)
    assert (first.parameter, first.fixed, second.fixed) == ("n", {"m": "a"}, {"m": "b"})
    assert first.timed == "Train"
    assert [(p.value, p.cost.estimate.median_seconds, p.examples) for p in first.lines["one"]] == [
        (1, 1.0, 640),
        (2, 2.0, 640),
    ]
    assert sweeps(AbreastSection(title="S", notebooks={}), STEPS, [], ignore) == []


def test_columns_of_a_sweep_are_timed_by_the_same_cells():
    cells = (Cell(index=0, cell_type="code", source="x"), published({"examples": 64}, index=1))
    section = AbreastSection(title="S", notebooks={"one": None, "two": None}, sweep={"n": (1, 2)})
    telling = execution("one", run({0: samples(9.0), 1: samples(1.0)}, cells=cells), swept={"n": 1})
    silent = execution(
        "two", run({0: samples(2.0), 1: samples(3.0)}, cells=code(2)), swept={"n": 1}
    )
    (both,) = sweeps(section, STEPS, [telling, silent], ignore)
    found = {name: points[0].cost.estimate.median_seconds for name, points in both.lines.items()}
    assert (both.timed, found) == ("all cells", {"one": 10.0, "two": 5.0})
    told_of = []
    sweeps(section, STEPS, [telling], told_of.append)
    assert told_of[0].text == "'S': the notebook of two does not declare n; it is not in the sweep."


def test_cells_on_other_paths_are_in_no_sweep_and_publish_nothing():
    away = replace(published({"loss": 1.0}, "no record", index=0), elsewhere=True)
    here = published({"loss": 0.5}, index=1)
    section = AbreastSection(title="S", notebooks={"one": None}, sweep={"n": (1, 2)})
    timed = run({0: samples(5.0), 1: samples(1.0)}, cells=(away, here))
    (found,) = sweeps(section, STEPS, [execution("one", timed, swept={"n": 1})], ignore)
    assert found.lines["one"][0].cost.estimate.median_seconds == 1.0
    told_of = []
    (curve,) = curves("S", [execution("one", timed)], told_of.append)
    assert (curve.points, told_of) == (((1.0, 0.5),), [])


def test_throughput_is_of_the_same_cells_as_its_examples():
    telling = [published({"examples": n}, index=i) for i, n in enumerate((4000, 64))]
    timed = {0: samples(60.0), 1: samples(0.2, 0.1, *[0.1] * 6)}
    section = AbreastSection(title="S", notebooks={}, sweep={"n": (1, 2)})
    (found,) = sweeps(
        section, STEPS, [execution("one", run(timed, cells=tuple(telling)), swept={"n": 1})], ignore
    )
    (point,) = found.lines["one"]
    assert (point.examples, round(point.cost.estimate.median_seconds, 3)) == (64, 0.1)


def test_a_training_that_diverged_says_so_and_keeps_what_was_finite():
    records = [{"epoch": n, "loss": loss} for n, loss in enumerate((2.3, 1.9, "nan", 10**400))]
    told_of = []
    (curve,) = curves("S", [execution("one", run(cells=(published(*records),)))], told_of.append)
    assert (curve.points, curve.diverged) == (((0.0, 2.3), (1.0, 1.9)), True)
    assert not told_of
