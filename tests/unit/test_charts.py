"""What charts show of costs, and what they refuse to say."""

import csv
import io
import json
import math
from dataclasses import asdict, replace
from itertools import pairwise

import pytest
from abreast.model import BarChart, Costs, Curve, Presentation, Prose, Slide, Table
from abreast.model.records import from_record
from abreast.publish.timings import timings_csv, timings_json
from abreast.slides.charts.bars import BESIDE, words_width
from abreast.slides.charts.labels import legible, moved_apart
from abreast.slides.charts.lines import plain_words
from abreast.slides.charts.sections import sweep_slides, timings_section
from abreast.slides.fragments import content_height, room_of
from abreast.slides.metrics import MARGIN, WIDTH, prose_width
from abreast.timing.charts.bars import bars, compare
from abreast.timing.charts.claims import claim
from abreast.timing.charts.curves import curve_plot, final_values, metrics
from abreast.timing.charts.devices import ratios
from abreast.timing.charts.scales import (
    Scale,
    nice_number,
    number_ticks,
    round_values,
    seconds_ticks,
)
from abreast.timing.charts.sweeps import sweep_plot
from abreast.timing.charts.thinning import thinned
from hypothesis import given
from hypothesis import strategies as st

from tests.charted import (
    CPU,
    CROSSING,
    FRAMEWORKS,
    GPU,
    cost,
    costs,
    deck,
    first,
    steady,
    step,
    swept,
    trained,
)

THREE = FRAMEWORKS[:3]
seconds = st.floats(1e-6, 1e5)
estimates = st.one_of(
    st.builds(first, seconds), st.builds(steady, seconds, st.floats(0, 0.9), st.integers(1, 40))
)
measured = st.builds(cost, estimates, st.sampled_from((CPU, GPU)), alone=st.booleans())
by_name = st.dictionaries(st.sampled_from([f.name for f in FRAMEWORKS]), measured, min_size=1)
titles = st.text("ab c`*_$é深", min_size=1, max_size=70)
steps = st.builds(lambda title, given: step(title, **given), titles, by_name)
all_costs = st.builds(
    lambda made, totals: Costs(steps=tuple(made), totals=totals),
    st.lists(steps, max_size=14),
    by_name,
)


def charts(slides):
    return [block for slide in slides for block in slide.blocks if isinstance(block, BarChart)]


def chart_of(*made, totals=None, frameworks=THREE):
    (slide,) = timings_section("Cost", Costs(steps=made, totals=totals or {}), frameworks)
    return slide.blocks[0], slide.lede


# Axes


@given(st.floats(1e-12, 1e12), st.booleans())
def test_a_nice_number_is_1_2_5_or_10_times_a_power_of_ten(value, rounded):
    nice = nice_number(value, rounded=rounded)
    digit = nice / 10.0 ** math.floor(math.log10(nice) + 1e-9)
    assert any(math.isclose(digit, wanted) for wanted in (1, 2, 5))
    assert nice >= value * (1 - 1e-9) or rounded
    assert 0.5 < nice / value < 2.6


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_round_values_are_few_and_inside(low, length):
    values = round_values(low, low + length)
    assert 2 <= len(values) <= 8
    assert all(low - length * 1e-6 <= value <= low + length * (1 + 1e-6) for value in values)


UNITS = {"ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}


@given(st.floats(1e-5, 1e6), st.floats(1.5, 1e5), st.booleans())
def test_the_words_of_a_tick_are_the_value_at_its_place(low, factor, logarithmic):
    high = low * factor
    scale = Scale(low=low if logarithmic else 0.0, high=high, logarithmic=logarithmic)
    for tick in seconds_ticks(scale):
        number, _, unit = tick.label.partition(" ")
        value = float(number.replace(",", "")) * UNITS.get(unit, 0.0)
        assert tick.at == pytest.approx(scale.at(value) if value else 0.0, abs=1e-6)
    for tick in number_ticks(scale):
        value = float(tick.label.replace(",", ""))
        assert tick.at == pytest.approx(scale.at(value) if value else 0.0, abs=1e-6)


def test_what_is_counted_has_no_fractions():
    labels = [tick.label for tick in number_ticks(Scale(low=0.9, high=3.1), whole=True)]
    assert labels == ["1", "2", "3"]
    assert [t.label for t in number_ticks(Scale(low=0.0, high=2.0), whole=True)] == ["0", "1", "2"]


# Labels


@given(
    st.lists(st.floats(0, 1), max_size=8),
    st.floats(0, 0.3),
    st.lists(st.floats(0, 1), min_size=8, max_size=8),
)
def test_names_are_moved_apart_as_little_as_can_be(wanted, apart, others):
    places = moved_apart(wanted, apart, 0.0, 1.0)
    fitting = min(apart, 1 / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    for one, next_one in pairwise(order):
        assert places[next_one] - places[one] >= fitting - 1e-9
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in places)

    def moved(candidate):
        return sum((a - b) ** 2 for a, b in zip(candidate, wanted, strict=True))

    # No other places that stand as far apart are nearer to the wanted ones.
    free = 1 - fitting * (len(wanted) - 1)
    other = [0.0] * len(wanted)
    for rank, (n, start) in enumerate(zip(order, sorted(others[: len(order)]), strict=True)):
        other[n] = start * free + rank * fitting
    assert moved(places) <= moved(other) + 1e-9


def test_labels_that_would_collide_are_left_out():
    plot = sweep_plot(swept({"pytorch": range(1, 100)}, values=range(1000, 1099)), THREE)
    kept = legible(plot.along_ticks, 600, 16)
    assert 5 < len(kept) < 99
    widths = [prose_width(tick.label, 16) for tick in kept]
    ends = [(t.at * 600 - w / 2, t.at * 600 + w / 2) for t, w in zip(kept, widths, strict=True)]
    assert all(end < start for (_, end), (start, _) in pairwise(ends))


def test_a_title_on_a_drawing_has_no_markup():
    assert plain_words("The `net`, *layer* by [layer](x.html): $x_1$, a_b") == (
        "The net, layer by layer: x_1, a_b"
    )
    assert plain_words("1. Load") == "1. Load"


# Bars


@given(all_costs)
def test_bars_keep_the_decks_order_and_unlike_devices_apart(given_costs):
    comparison = compare(given_costs, FRAMEWORKS)
    names = [framework.name for framework in FRAMEWORKS]
    for group in comparison.total + comparison.steps:
        drawn = [bars(comparison, group, device) for device in comparison.devices]
        assert sorted(b.framework for bs in drawn for b in bs) == sorted(group.costs)
        for device, mine in zip(comparison.devices, drawn, strict=True):
            places = [names.index(bar.framework) for bar in mine]
            assert places == sorted(places)
            assert all(group.costs[bar.framework].device.is_like(device) for bar in mine)
            assert all(0 <= bar.length <= 1 for bar in mine)


@given(all_costs)
def test_a_ratio_is_told_only_where_it_is_beyond_doubt(given_costs):
    comparison = compare(given_costs, FRAMEWORKS)
    for group in comparison.total + comparison.steps:
        for device in comparison.devices:
            mine = {bar: group.costs[bar.framework] for bar in bars(comparison, group, device)}
            least = min((c.estimate.median_seconds for c in mine.values()), default=0.0)
            fastest = [c for c in mine.values() if c.estimate.median_seconds == least]
            for bar, slower in mine.items():
                if bar.ratio:
                    assert not group.summed
                    assert any(is_beyond_doubt(slower, faster) for faster in fastest)


def is_beyond_doubt(slower, faster):
    return (
        slower.alone
        and faster.alone
        and slower.estimate.regime == faster.estimate.regime
        and None not in {slower.estimate.spread, faster.estimate.spread}
        and slower.estimate.lower_seconds > faster.estimate.upper_seconds
    )


def test_ratios_have_two_digits():
    told = ratios({
        "a": cost(steady(1.0)), "b": cost(steady(1.52)), "c": cost(steady(12.3)),
        "d": cost(steady(134.0)), "e": cost(steady(1.01)), "f": cost(steady(9.96)),
    })  # fmt: skip
    assert told == {"b": "1.5×", "c": "12×", "d": "130×", "f": "10×"}


def test_one_run_has_no_ratio_because_its_spread_is_unknown():
    assert ratios({"a": cost(first(1.0)), "b": cost(first(9.0))}) == {}


def test_a_framework_on_another_device_does_not_set_the_scale():
    train = {"pytorch": cost(steady(1.0), GPU), "tensorflow": cost(steady(2.0), GPU)}
    chart, lede = chart_of(step("Train", **train, mxnet=cost(steady(90.0))))
    first_group, apart = chart.groups
    assert [bar.length for bar in first_group.bars] == pytest.approx([0.5, 1.0], rel=0.03)
    assert not first_group.hollow
    assert apart.hollow
    assert [(bar.framework, bar.cut, bar.ratio) for bar in apart.bars] == [("mxnet", True, "")]
    assert [caption.text for caption in chart.captions] == [
        "On NVIDIA H200", "On CPU (Xeon, 2 cores), 2 threads: not compared with the rest",
    ]  # fmt: skip
    assert "Unlike devices are not compared." in lede


def test_small_steps_are_summed_and_the_table_has_each():
    (slide, *_) = timings_section("Cost", replace(costs(2), curves=()), FRAMEWORKS[:2])
    (chart,) = slide.blocks
    assert chart.groups[-1].lines == ("The other 3 steps",)
    assert [bar.words for bar in chart.groups[-1].bars] == ["30 ms", "30 ms"]
    assert [row[0] for row in chart.readout.rows][-4:] == [
        "The other 3 steps", "Import 0", "Import 1", "Import 2",
    ]  # fmt: skip


def test_first_runs_and_steady_times_are_not_summed():
    tiny = [
        step("a", pytorch=cost(first(0.01))), step("b", pytorch=cost(first(0.01))),
        step("c", pytorch=cost(steady(0.01))), step("d", pytorch=cost(steady(0.01))),
    ]  # fmt: skip
    chart, _ = chart_of(
        step("Train", pytorch=cost(first(9.0))), *tiny,
        totals={"pytorch": cost(first(9.2))}, frameworks=FRAMEWORKS[:1],
    )  # fmt: skip
    assert [" ".join(group.lines) for group in chart.groups] == [
        "All cells", "Train", "The other 2 steps, first run", "The other 2 steps, steady",
    ]  # fmt: skip


def test_steps_that_the_total_would_dwarf_have_a_scale_of_their_own_and_say_so():
    made = [step(f"s{n}", pytorch=cost(steady(1.0))) for n in range(10)]
    chart, _ = chart_of(*made, totals={"pytorch": cost(steady(10.0))}, frameworks=THREE[:1])
    assert [caption.text for caption in chart.captions] == ["Step by step, on a scale of its own"]
    assert chart.groups[1].bars[0].length > 0.9
    chart, _ = chart_of(*made[:2], totals={"pytorch": cost(steady(2.0))}, frameworks=THREE[:1])
    assert [caption.text for caption in chart.captions] == ["Step by step, on the same scale"]
    assert chart.groups[1].bars[0].length == pytest.approx(0.5, rel=0.03)


def test_who_has_no_time_is_named():
    chart, _ = chart_of(step("Train", mxnet=cost(first(1.0))))
    assert chart.groups[0].lacking == "no time: PyTorch, TensorFlow"
    assert chart.readout.rows == (("Train", "no time", "first run 1.0 s", "no time"),)


def test_a_lede_says_what_the_numbers_are():
    def lede(*given):
        costs_ = {f.name: c for f, c in zip(THREE, given, strict=False)}
        return chart_of(step("Train", **costs_))[1]

    on = "CPU (Xeon, 2 cores), 2 threads."
    assert lede(cost(first(1.0))) == f"One first run each, compiling and tuning included. {on}"
    assert lede(cost(steady(1.0)), cost(steady(1.0, count=20))) == (
        f"Steady times, after warm-ups: median of 7 to 20. Whiskers: interquartile range. {on}"
    )
    assert lede(cost(steady(1.0)), cost(first(1.0))) == (
        "One first run each, with compiling and tuning; steady times, median of 7, without. "
        f"Whiskers: interquartile range. {on}"
    )
    assert "× compares with the fastest" in lede(cost(steady(1.0)), cost(steady(2.0)))
    busy = lede(cost(steady(1.0), alone=False), cost(steady(2.0), alone=False))
    assert "Other work went on meanwhile" in busy
    assert "×" not in busy


def test_where_some_were_not_alone_their_bars_say_so():
    chart, lede = chart_of(
        step("t", pytorch=cost(steady(1.0), alone=False), mxnet=cost(steady(2.0)))
    )
    assert [bar.words for bar in chart.groups[0].bars] == ["1.00 s ±2% (not alone)", "2.00 s ±2%"]
    assert "Not alone: other work went on meanwhile." in lede


@given(all_costs)
def test_whatever_was_measured_fits_its_slides(given_costs):
    slides = timings_section("What it cost", given_costs, FRAMEWORKS)
    for slide in slides:
        assert content_height(slide) <= room_of(slide) + 1e-6
    for chart in charts(slides):
        assert chart.font_px >= 14.5
        for bar in (bar for group in chart.groups for bar in group.bars):
            end = max(bar.length, *bar.whisker, 0) * chart.axis_px
            words = words_width(bar, chart.font_px)
            assert chart.titles_px + end + BESIDE + words <= WIDTH - 2 * MARGIN + 1e-6
    shown = [" ".join(g.lines) for chart in charts(slides) for g in chart.groups if not g.hollow]
    assert shown.count("All cells") >= 1


def test_parts_of_a_long_section_are_numbered_and_share_their_scale():
    slides = timings_section("Cost", replace(costs(5, steps=12), curves=()), FRAMEWORKS)
    assert [slide.title for slide in slides] == [
        f"Cost ({n}/{len(slides)})" for n in range(1, len(slides) + 1)
    ]
    assert [slide.below for slide in slides] == [False] + [True] * (len(slides) - 1)
    ticks = {tuple(tick.label for tick in chart.axes[-1].ticks) for chart in charts(slides)}
    assert len(ticks) == 1


def test_a_deck_without_times_says_so():
    (slide,) = timings_section("Cost", Costs(), THREE)
    assert slide.blocks == (Prose(markdown="No notebook of this deck was timed."),)


# Sweeps


def test_a_sweep_says_who_is_fastest_where():
    assert claim(swept(CROSSING), FRAMEWORKS) == "PyTorch is fastest at 16, JAX from 64."
    (slide,) = sweep_slides("Sweeps", [swept(CROSSING, fixed={"num_epochs": 1})], FRAMEWORKS)
    assert slide.title == "Throughput against `batch_size`"
    assert slide.lede.startswith("PyTorch is fastest at 16, JAX from 64. Steady times")
    assert slide.lede.endswith("With num_epochs 1.")


def test_who_is_fastest_everywhere_is_said_once():
    made = swept({"pytorch": (1, 1, 1, 1), "jax": (2, 2, 2, 2)})
    assert claim(made, FRAMEWORKS) == "PyTorch is fastest at every value."


def test_words_are_listed_where_values_are_no_numbers():
    made = swept({"pytorch": (1, 1, 2), "jax": (2, 2, 1)}, values=("adam", "sgd", True))
    assert claim(made, FRAMEWORKS) == "PyTorch is fastest at adam, sgd, JAX at true."


def test_overlapping_ranges_are_no_victory():
    close = {"pytorch": (1.0, 1.0), "jax": (1.05, 1.02)}
    assert claim(swept(close, spread=0.2), FRAMEWORKS) == (
        "No framework is clearly the fastest: ranges overlap."
    )


def test_what_cannot_be_compared_is_not():
    rates = {"pytorch": (1.0, 1.0), "jax": (5.0, 5.0)}
    assert claim(swept(rates, devices={"jax": GPU}), FRAMEWORKS) == ""
    assert claim(swept({"pytorch": (1.0, 1.0)}), FRAMEWORKS) == ""
    few = swept(rates)
    short = {
        name: tuple(replace(p, cost=cost(first(p.cost.estimate.median_seconds))) for p in line)
        for name, line in few.lines.items()
    }
    assert claim(replace(few, lines=short), FRAMEWORKS) == ""


def test_a_claim_among_unlike_devices_names_the_one_that_it_holds_on():
    rates = {"pytorch": (1.0, 1.0), "jax": (5.0, 5.0), "mxnet": (0.1, 0.1)}
    made = swept(rates, devices={"pytorch": GPU, "jax": GPU})
    assert claim(made, FRAMEWORKS) == "On NVIDIA H200, PyTorch is fastest at every value."
    (slide,) = sweep_slides("Sweeps", [made], FRAMEWORKS)
    assert "Solid lines: NVIDIA H200." in slide.lede
    dashed = {s.name: s.dashed for s in slide.blocks[0].plots[0].series}
    assert dashed == {"PyTorch": False, "MXNet, CPU, 2 threads": True, "JAX": False}


def test_throughput_counts_examples_a_second_and_turns_the_range_around():
    plot = sweep_plot(swept({"pytorch": (2.0, 1.0)}, values=(1, 2), spread=0.5), THREE)
    (series,) = plot.series
    assert plot.title == "examples per second in one cell"
    (_, slow), (_, fast) = series.points
    assert fast == pytest.approx(2 * slow)
    for (x, low, high), point in zip(series.ranges, series.points, strict=True):
        assert x == point[0]
        assert low < point[1] < high
        assert high / point[1] == pytest.approx(1 / 0.75)
    assert sweep_plot(swept({"pytorch": (2.0,)}, examples=None), THREE).title == "time of one cell"


def test_values_stand_on_the_axis_that_suits_them():
    def places(values):
        plot = sweep_plot(swept({"pytorch": [1.0] * len(values)}, values=values), THREE)
        return [tick.at for tick in plot.along_ticks], [tick.label for tick in plot.along_ticks]

    def gaps(values):
        at, _ = places(values)
        return [b - a for a, b in pairwise(at)]

    assert gaps((16, 32, 64)) == pytest.approx([gaps((16, 32, 64))[0]] * 2)
    assert gaps((10, 20, 30)) == pytest.approx([gaps((10, 20, 30))[0]] * 2)
    assert gaps((16, 32, 128))[1] == pytest.approx(2 * gaps((16, 32, 128))[0])
    assert places((64, 16))[1] == ["16", "64"]
    assert places(("sgd", "adam", None))[1] == ["sgd", "adam", "null"]
    assert places((0.5,)) == ([0.5], ["0.5"])


def test_a_framework_that_lacks_a_value_has_fewer_points():
    plot = sweep_plot(swept({"pytorch": (1, 1, 1), "mxnet": (1, 1)}), THREE)
    assert [len(series.points) for series in plot.series] == [3, 2]
    assert plot.readout.rows[-1] == ("64", "640 examples per second, 1.00 s ±2%", "no time")


# Curves


def curve(framework, metric, *values, against="epoch"):
    points = tuple((float(n), value) for n, value in enumerate(values, 1))
    return Curve(section="s", framework=framework, metric=metric, against=against, points=points)


def test_a_loss_and_an_accuracy_are_plotted_first():
    given_curves = [
        curve("pytorch", "lr", 0.1), curve("pytorch", "val_acc", 0.5), curve("mxnet", "val_acc", 0.4),
        curve("pytorch", "acc", 0.5), curve("pytorch", "loss", 2.0),
    ]  # fmt: skip
    assert [m[0].metric for m in metrics(given_curves)] == ["loss", "val_acc", "lr", "acc"]


def test_curves_of_one_metric_against_unlike_things_are_not_mixed():
    mixed = [curve("pytorch", "loss", 2.0), curve("mxnet", "loss", 1.0, against="step")]
    assert [len(metric) for metric in metrics(mixed)] == [1, 1]


def test_training_ends_side_by_side():
    (slide,) = timings_section("Cost", Costs(curves=trained(3)), THREE)
    row, table = slide.blocks
    assert isinstance(table, Table)
    assert [plot.title for plot in row.plots] == ["loss", "accuracy"]
    assert table.head == ("after epoch 6", "PyTorch", "MXNet", "TensorFlow")
    assert table.rows == (
        ("loss", "0.400", "0.405", "0.410"), ("accuracy", "0.870", "0.850", "0.830"),
    )  # fmt: skip


def test_final_values_have_like_digits():
    metric = [curve("pytorch", "loss", 12.345), curve("tensorflow", "loss", 0.5)]
    assert final_values(metric, THREE) == ["12.3", "–", "0.5"]


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=40), st.integers(1, 5))
def test_any_curve_can_be_plotted(values, columns):
    metric = [curve(framework.name, "m", *values) for framework in FRAMEWORKS[:columns]]
    plot = curve_plot(metric, FRAMEWORKS)
    assert len(plot.series) == columns
    assert all(-1e-6 <= place <= 1 + 1e-6 for s in plot.series for p in s.points for place in p)
    (slide,) = timings_section("Cost", Costs(curves=tuple(metric)), FRAMEWORKS)
    assert content_height(slide) <= room_of(slide) + 1e-6
    (fitted,) = slide.blocks[0].plots
    assert fitted.left_px < 150
    assert 1 <= len(fitted.upward_ticks) <= 8


def test_what_was_published_once_is_no_line_but_a_final_value():
    curves = (curve("pytorch", "accuracy", 0.8), curve("mxnet", "accuracy", 0.7))
    (slide,) = timings_section("Cost", Costs(curves=curves), FRAMEWORKS)
    (table,) = slide.blocks
    assert table.rows == (("accuracy", "0.800", "0.700"),)


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=300), st.integers(3, 50))
def test_thinned_lines_keep_their_ends(values, most):
    points = [(float(n), value) for n, value in enumerate(values)]
    kept = thinned(points, most)
    assert len(kept) == min(most, len(points))
    assert kept[0], kept[-1] == (points[0], points[-1])
    assert list(kept) == sorted(set(kept))
    assert set(kept) <= set(points)


def test_thinned_lines_keep_a_spike():
    points = [(float(n), 0.0) for n in range(1000)]
    points[777] = (777.0, 5.0)
    assert (777.0, 5.0) in thinned(points, 50)


def test_the_table_of_a_long_curve_is_short_and_has_its_end():
    plot = curve_plot([curve("pytorch", "loss", *range(5000))], THREE)
    assert len(plot.readout.rows) <= 42
    assert plot.readout.rows[-1] == ("5000", "5e+03")
    assert len(plot.series[0].points) <= 240


# Files and the merged notebook


def test_charts_survive_the_merged_notebook():
    for columns, gpus in ((1, ()), (3, ("jax",)), (5, ("pytorch", "jax"))):
        presentation = deck(columns, gpus=gpus)
        record = json.loads(json.dumps(asdict(presentation)))
        assert from_record(Presentation, record) == presentation


def test_the_csv_has_each_step_the_totals_and_the_sweeps():
    given_costs = replace(costs(2), sweeps=(swept(CROSSING, fixed={"seed": 0}),))
    rows = list(csv.DictReader(io.StringIO(timings_csv(given_costs))))
    assert [row["kind"] for row in rows].count("step") == 2 * 7
    assert [row["kind"] for row in rows].count("total") == 2
    assert [row["kind"] for row in rows].count("sweep") == 3 * 4
    by_step = {(row["step"], row["framework"]): row for row in rows if row["kind"] == "step"}
    row = by_step["Step 0 of the network", "mxnet"]
    assert float(row["median_seconds"]) == 0.75
    assert (float(row["lower_quartile_seconds"]), row["samples"]) == (0.735, "7")
    assert (row["unsteady"], row["alone"], row["device"], row["cores"]) == (
        "false",
        "true",
        "cpu",
        "2",
    )
    assert by_step["Import 2", "mxnet"]["unsteady"] == ""
    sweep = next(row for row in rows if row["kind"] == "sweep")
    assert (sweep["parameter"], sweep["value"], sweep["fixed"]) == (
        "batch_size",
        "16",
        '{"seed": 0}',
    )
    assert float(sweep["examples_per_second"]) == 640.0


def test_the_json_says_the_same_nested_and_has_the_curves():
    given_costs = replace(costs(2, gpus=("mxnet",)), sweeps=(swept(CROSSING),))
    document = json.loads(timings_json(given_costs))
    assert document["steps"][0]["costs"]["mxnet"]["device_model"] == "NVIDIA H200"
    assert document["totals"]["pytorch"]["regime"] == "first run"
    assert document["sweeps"][0]["lines"]["jax"][0]["examples_per_second"] == 320.0
    assert document["curves"][1]["metric"] == "accuracy"
    assert len(document["curves"][1]["points"]) == 6


def test_a_slide_names_no_framework_by_color_alone():
    presentation = deck(5)
    for slide in presentation.slides:
        assert isinstance(slide, Slide)
        for block in slide.blocks:
            if isinstance(block, BarChart):
                assert all(bar.name for group in block.groups for bar in group.bars)
