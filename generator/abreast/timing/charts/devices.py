"""Which times may be compared: those that were measured alone, on like devices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from abreast.model import Cost, Device

TIMES = "\N{MULTIPLICATION SIGN}"
"""Stands after a ratio."""


def like_devices(costs: Iterable[tuple[str, Cost]]) -> list[Device]:
    """Return one device of each kind of like ones, given (framework, cost).

    First comes the kind on which most frameworks were measured: they are what can be compared.
    """
    users: list[tuple[Device, set[str]]] = []
    for framework, cost in costs:
        known = next((names for device, names in users if device.is_like(cost.device)), None)
        if known is None:
            users.append((cost.device, {framework}))
        else:
            known.add(framework)
    return [device for device, _ in sorted(users, key=lambda user: -len(user[1]))]


def measured_on(costs: Mapping[str, Cost], device: Device) -> dict[str, Cost]:
    """Return the costs on devices like this one."""
    return {name: cost for name, cost in costs.items() if cost.device.is_like(device)}


def device_words(devices: Sequence[Device]) -> str:
    """Return what like devices are: "NVIDIA H200", "CPU (Xeon 6975P, 2 cores), 2 threads"."""
    one = devices[0]
    if one.kind == "cuda":
        return one.words
    threads = sorted({device.threads for device in devices if device.threads})
    cores = f"{one.cores} core{'' if one.cores == 1 else 's'}" if one.cores else ""
    known = ", ".join(filter(None, (one.model, cores)))
    named = f"CPU ({known})" if known else "CPU"
    if not threads:
        return named
    plural = "" if threads[-1] == 1 else "s"
    return f"{named}, {span(threads)} thread{plural}"


def span(numbers: Sequence[int]) -> str:
    """Return numbers in words: "5", or "5 to 31"."""
    low, high = min(numbers), max(numbers)
    return f"{low}" if low == high else f"{low} to {high}"


def ratios(costs: Mapping[str, Cost]) -> dict[str, str]:
    """Return how many times the fastest's time each takes, in words, where that can be told.

    A ratio needs two estimates that may be compared, with quartiles that do not overlap.
    """
    if not costs:
        return {}
    name = min(costs, key=lambda name: costs[name].estimate.median_seconds)
    fastest = costs[name]
    found = {}
    for other, cost in costs.items():
        if is_clearly_faster(fastest, cost):
            ratio = cost.estimate.median_seconds / fastest.estimate.median_seconds
            found[other] = f"{_two_digits(ratio)}{TIMES}"
    return found


def is_clearly_faster(one: Cost, other: Cost) -> bool:
    """Say whether one took less time than another, beyond doubt: the quartiles do not overlap."""
    apart = one.estimate.upper_seconds < other.estimate.lower_seconds
    return apart and may_be_compared((one, other))


def may_be_compared(costs: Iterable[Cost]) -> bool:
    """Say whether costs are of one regime on like devices, each alone and with a known spread."""
    first, *others = costs
    return all(
        cost.alone
        and cost.device.kind is not None
        and cost.estimate.spread is not None
        and cost.estimate.regime == first.estimate.regime
        and cost.device.is_like(first.device)
        for cost in (first, *others)
    )


def _two_digits(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio < 9.95 else f"{round(ratio, 2 - len(f'{ratio:.0f}')):.0f}"
