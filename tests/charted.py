"""Costs, curves and sweeps to be charted, and decks that hold their charts."""

import math

from abreast.model import (
    ColumnHead,
    Cost,
    Costs,
    Curve,
    Device,
    Estimate,
    Framework,
    Presentation,
    StepCost,
    Sweep,
    SweepPoint,
)
from abreast.slides.charts.sections import sweep_slides, timings_section

CPU = Device(kind="cpu", model="Xeon", cores=2, threads=2)
GPU = Device(kind="cuda", model="NVIDIA H200", cores=16)
FRAMEWORKS = tuple(
    Framework(name=name, title=title, colour=colour, mark=mark)
    for name, title, colour, mark in (
        ("pytorch", "PyTorch", "#c8452d", "circle"),
        ("mxnet", "MXNet", "#2b62a8", "square"),
        ("tensorflow", "TensorFlow", "#b7791f", "triangle"),
        ("jax", "JAX", "#3f7d58", "diamond"),
        ("flux", "Flux", "#7b4fa3", "hexagon"),
    )
)


def first(seconds):
    return Estimate(
        regime="first run", median_seconds=seconds, lower_seconds=seconds, upper_seconds=seconds,
        total_seconds=seconds,
    )  # fmt: skip


def steady(seconds, spread=0.04, count=7):
    return Estimate(
        regime="steady", median_seconds=seconds, lower_seconds=seconds * (1 - spread / 2),
        upper_seconds=seconds * (1 + spread / 2), count=count, total_seconds=seconds * count,
    )  # fmt: skip


def cost(estimate, device=CPU, *, alone=True):
    return Cost(estimate=estimate, device=device, alone=alone)


def step(title, section="Side by side", **costs):
    return StepCost(section=section, title=title, costs=costs)


def trained(columns, epochs=6):
    """Loss and accuracy of so many frameworks."""
    shapes = {
        "loss": lambda e, n: 0.3 + (2 + n / 10) * math.exp(-e / 2),
        "accuracy": lambda e, n: 0.9 - 0.6 * math.exp(-e / 2) - n / 50,
    }
    return tuple(
        Curve(
            section="Side by side", framework=framework.name, metric=metric, against="epoch",
            points=tuple((float(e), shape(e, n)) for e in range(1, epochs + 1)),
        )
        for n, framework in enumerate(FRAMEWORKS[:columns])
        for metric, shape in shapes.items()
    )  # fmt: skip


def costs(columns=3, *, gpus=(), steps=4):
    """Costs of so many frameworks, those of `gpus` on another device."""
    devices = {f.name: GPU if f.name in gpus else CPU for f in FRAMEWORKS[:columns]}
    made = [
        step(f"Step {n} of the network", **{
            name: cost(steady((n + 1) * (m + 2) / 4), device) for m, (name, device) in enumerate(devices.items())
        })
        for n in range(steps)
    ]  # fmt: skip
    made += [
        step(f"Import {n}", **{m: cost(first(0.01), d) for m, d in devices.items()})
        for n in range(3)
    ]
    totals = {
        n: cost(first(sum(s.costs[n].estimate.median_seconds for s in made)), d)
        for n, d in devices.items()
    }
    return Costs(steps=tuple(made), totals=totals, curves=trained(columns))


def swept(rates, *, examples=640.0, spread=0.04, devices=None, values=(16, 32, 64, 128), **more):
    """A sweep in which frameworks take these seconds at these values."""
    devices = devices or {}
    lines = {
        name: tuple(
            SweepPoint(value=v, cost=cost(steady(s, spread), devices.get(name, CPU)), examples=examples)
            for v, s in zip(values, seconds, strict=False)
        )
        for name, seconds in rates.items()
    }  # fmt: skip
    return Sweep(
        section="Side by side", parameter="batch_size", timed="one cell", lines=lines, **more
    )


CROSSING = {
    "pytorch": (1.0, 0.9, 0.85, 0.8),
    "mxnet": (1.5, 1.2, 1.0, 0.9),
    "jax": (2.0, 0.91, 0.6, 0.4),
}


def presented(*slides, columns=5, theme="light"):
    heads = tuple(ColumnHead(framework=framework) for framework in FRAMEWORKS[:columns])
    return Presentation(name="charts", title="Charts", heads=heads, slides=slides, theme=theme)


def deck(columns=3, *, gpus=(), steps=4, theme="light"):
    frameworks = FRAMEWORKS[:columns]
    slides = timings_section("What it cost", costs(columns, gpus=gpus, steps=steps), frameworks)
    rates = {name: CROSSING[name] for name in CROSSING if name in {f.name for f in frameworks}}
    devices = dict.fromkeys(gpus, GPU)
    slides += sweep_slides("Side by side", [swept(rates, devices=devices)], frameworks)
    return presented(*slides, columns=columns, theme=theme)
