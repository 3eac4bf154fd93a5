"""Values -> places on an axis, and ticks at round values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from abreast.model import Tick
from abreast.timing.words import UNITS

_MOST = 5
"""Ticks of an axis: few enough to be quiet."""
_NEAR = 1e-9
_DIGITS = ((1, 2, 5), (1, 3), (1,))
"""First digits of a logarithmic axis's values, and fewer where those are many."""
_POWERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis from `low` to `high`, of which `low` is less; `logarithmic` ones lie above 0."""

    low: float
    high: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """Return where a value lies: 0 for `low`, 1 for `high`."""
        if self.logarithmic:
            low, place, high = map(math.log, (self.low, value, self.high))
        else:
            low, place, high = self.low, value, self.high
        return (place - low) / (high - low)


def nice_number(value: float, *, rounded: bool) -> float:
    """Return a number near a positive value that is 1, 2, 5 or 10 times a power of ten.

    The nearest one if `rounded`, else the next above. Paul Heckbert, "Nice numbers for graph
    labels", in Andrew Glassner (ed.), Graphics Gems, Academic Press 1990, pages 61 to 63.
    """
    power = 10.0 ** math.floor(math.log10(value))
    fraction = value / power
    limits = (1.5, 3.0, 7.0) if rounded else (1.0, 2.0, 5.0)
    nice = next((n for n, most in zip((1, 2, 5), limits, strict=True) if fraction <= most), 10)
    return nice * power


def round_values(low: float, high: float, *, least_step: float = 0.0) -> list[float]:
    """Return round values from `low` to `high`, about five, at equal steps (Heckbert's labels).

    Both ends are included where they are round. `least_step` is 1 for what is counted.
    """
    step = nice_number((high - low) / (_MOST - 1), rounded=True)
    step = max(step, least_step)
    first = math.ceil(low / step - _NEAR)
    last = math.floor(high / step + _NEAR)
    # Products, because sums of steps would gather errors.
    return [n * step for n in range(first, last + 1)]


def number_ticks(scale: Scale, *, whole: bool = False) -> tuple[Tick, ...]:
    """Return ticks for numbers; `whole` where what is counted has no fractions."""
    if scale.logarithmic:
        return _few(scale, [_powers(scale, digits) for digits in _DIGITS])
    values = round_values(scale.low, scale.high, least_step=float(whole))
    step = values[1] - values[0] if len(values) > 1 else scale.high - scale.low
    step = max(step, 1.0) if whole else step
    return tuple(Tick(at=scale.at(v), label=number(v, step)) for v in values)


def seconds_ticks(scale: Scale) -> tuple[Tick, ...]:
    """Return ticks for durations (seconds), in the unit that suits the longest."""
    if scale.logarithmic:
        return _few(scale, [_durations(digits) for digits in _DIGITS])
    size, name = next((unit, name) for unit, name, most in UNITS if scale.high < most * unit)
    in_unit = Scale(low=scale.low / size, high=scale.high / size)
    values = round_values(in_unit.low, in_unit.high)
    step = values[1] - values[0] if len(values) > 1 else in_unit.high
    return tuple(
        Tick(at=in_unit.at(v), label=f"{number(v, step)} {name}" if v else "0") for v in values
    )


def number(value: float, step: float) -> str:
    """Return a value that is known to a `step`, with the digits that tell it from its neighbors."""
    exponent = math.floor(math.log10(abs(step)) + _NEAR)
    if abs(value) >= 1e7 or exponent < -5:
        digits = math.floor(math.log10(abs(value))) - exponent + 1 if value else 1
        return f"{value:.{max(1, digits)}g}"
    return f"{value:,.{max(0, -exponent)}f}"


def _few(scale: Scale, choices: Iterable[Iterable[tuple[float, str]]]) -> tuple[Tick, ...]:
    """Return the ticks inside a scale of the first choice that has few, else some of the last's."""
    ticks: list[Tick] = []
    for choice in choices:
        ticks = [Tick(at=scale.at(v), label=words) for v, words in choice if _is_inside(v, scale)]
        if len(ticks) <= _MOST:
            break
    return tuple(ticks[:: math.ceil(len(ticks) / _MOST) or 1])


def _is_inside(value: float, scale: Scale) -> bool:
    return scale.low * (1 - _NEAR) <= value <= scale.high * (1 + _NEAR)


def _powers(scale: Scale, digits: Sequence[int]) -> Iterator[tuple[float, str]]:
    low, high = math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high))
    for value in (digit * 10.0**power for power in range(low, high + 1) for digit in digits):
        yield value, number(value, value)


def _durations(digits: Sequence[int]) -> Iterator[tuple[float, str]]:
    """Yield round numbers of each unit, up to one of the next: 1 ms to 500 ms, 1 s to 50 s …."""
    units = [(size, name) for size, name, _ in UNITS]
    for (size, name), (larger, _) in zip(units, [*units[1:], (math.inf, "")], strict=True):
        for count in (digit * 10**power for power in range(_POWERS) for digit in digits):
            if count * size < larger:
                yield count * size, f"{count} {name}"
