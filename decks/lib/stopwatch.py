"""Times in words, and NumPy measured as the line that stays on the CPU.

Standard library and NumPy only, so that every framework's environment can import it.
"""

import math
import statistics
import time

import numpy as np


def seconds(work, runs=7):
    """Return the median time of work() in seconds, after one warm-up.

    There are at least `runs` times, and more, up to 300, until they add up to 0.05 s.
    `work` must not return before its result is there: it waits for its device itself.
    """
    work()
    times = []
    while len(times) < runs or (sum(times) < 0.05 and len(times) < 300):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def steady(name, work):
    """Print the median time of work()."""
    print(f"{name}: {words(seconds(work))}")


def first_then_steady(name, work):
    """Print the median time of work(), and what its first call took."""
    start = time.perf_counter()
    work()
    first = time.perf_counter() - start
    print(f"{name}: {words(seconds(work))}, the first {words(first)}")


def epoch(step, batches):
    """Call step(x, y) for all batches; print how long it took and how long it waited.

    The wait is what passes between asking for a batch and having it.
    """
    waited, start = 0.0, time.perf_counter()
    asked = start
    for x, y in batches:
        waited += time.perf_counter() - asked
        step(x, y)
        asked = time.perf_counter()
    print(f"{asked - start:.2f} s, waiting {waited:.2f} s")


def words(duration):
    """Return a duration (seconds) with two digits: "8.1 s", "12 ms", "0.21 ms"."""
    number, unit = (duration, "s") if duration >= 1 else (1000 * duration, "ms")
    digits = f"{number:.2f}" if number < 1 else f"{float(f'{number:.2g}'):g}"
    return f"{digits} {unit}"


def product_rates(make, devices, seconds, largest):
    """Print and draw the rates of n x n matrix products, in 10^9 operations a second.

    n is 16 and each fourfold up to `largest`, for NumPy and for each device.
    `make(n, device)` returns the work to time, and `seconds(work)` times it.
    """
    sizes = [4**k for k in range(2, 8) if 4**k <= largest]
    rates = _rates(
        "n", sizes, make, devices, seconds, numpy_product, lambda n: 2 * n**3
    )
    _draw(sizes, rates)


def conv_rates(make, devices, seconds, largest, batch, channels):
    """Print the rates of 3 x 3 convolutions, in 10^9 operations a second.

    Images are (batch, channels, n, n), padded by 1, with n from 8 in doubles up to
    `largest`; there are as many filters as channels. Otherwise as `product_rates`.
    """
    sizes = [2**k for k in range(3, 12) if 2**k <= largest]
    _rates(
        "side", sizes, make, devices, seconds,
        lambda n: numpy_conv(n, batch, channels),
        lambda n: 2 * 9 * batch * channels**2 * n**2,
    )  # fmt: skip


def numpy_product(n):
    """Return work for a stopwatch: NumPy's product of two n x n matrices."""
    x = _random(n, n)
    return lambda: x @ x


def numpy_conv(n, batch, channels):
    """Return work for a stopwatch: a convolution in NumPy, as in `conv_rates`.

    All windows are laid out as rows of one matrix, which is multiplied by the filters.
    """
    filters = _random(9 * channels, channels)
    x = np.pad(_random(batch, channels, n, n), ((0, 0), (0, 0), (1, 1), (1, 1)))

    def work():
        windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(2, 3))
        rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, 9 * channels)
        return rows @ filters

    return work


def _rates(head, sizes, make, devices, timed, numpy_work, operations):
    """Measure NumPy and the devices at all sizes; print the rates and return them."""
    columns = {"NumPy": [seconds(numpy_work(n)) for n in sizes]}
    for device in devices:
        columns[str(device)] = [timed(make(n, device)) for n in sizes]
    rates = {
        name: [operations(n) / t / 1e9 for n, t in zip(sizes, times)]
        for name, times in columns.items()
    }
    print(f"{head:>5}", *(f"{name:>7}" for name in rates))
    for row, n in enumerate(sizes):
        print(f"{n:5}", *(f"{rate[row]:7.1f}" for rate in rates.values()))
    return rates


def _draw(sizes, rates):
    """Show rates against sizes as lines on logarithmic axes, as a small SVG."""
    from IPython.display import display

    left, right, top, bottom = 44, 256, 26, 150
    every = [value for rate in rates.values() for value in rate]
    low, high = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)))

    def across(n):
        return left + (right - left) * math.log(n / sizes[0], sizes[-1] / sizes[0])

    def upward(value):
        return bottom - (bottom - top) * (math.log10(value) - low) / (high - low)

    def text(x, y, words, anchor="start"):
        return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{words}</text>'

    parts = [text(across(n), bottom + 17, n, "middle") for n in sizes]
    for decade in range(low, high + 1):
        y = upward(10.0**decade)
        parts.append(f'<path d="M{left} {y:.0f}H{right}" stroke="#d0d0d0"/>')
        number = f"{10.0**decade:,.{max(0, -decade)}f}"
        parts.append(text(left - 6, y + 4, number, "end"))
    looks = (("#4a86c5", ""), ("#c4622d", "7 3"), ("#3f8f68", "2 2"))
    for place, ((name, rate), (color, dashes)) in enumerate(zip(rates.items(), looks)):
        path = "L".join(f"{across(n):.0f} {upward(r):.0f}" for n, r in zip(sizes, rate))
        x = left + 82 * place
        parts.append(
            f'<path d="M{x} 9h20M{path}" fill="none" stroke="{color}" '
            f'stroke-width="2.5" stroke-dasharray="{dashes}"/>'
        )
        parts.append(text(x + 26, 13, name))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="280" height="172" '
        'viewBox="0 0 280 172" font-size="13" fill="#404040" '
        f'style="font-family:var(--sans,sans-serif)">{"".join(parts)}</svg>'
    )
    display({"image/svg+xml": svg, "text/plain": "<plot>"}, raw=True)


def _random(*shape):
    return np.random.default_rng(0).standard_normal(shape, dtype="float32")
