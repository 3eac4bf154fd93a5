"""Times in words, and NumPy measured as the line that stays on the CPU.

NumPy, and matplotlib for a plot: every framework's environment has them.
"""

import time

import numpy as np


def seconds(work, runs=7):
    """Return the least time of work() in seconds, after one warm-up.

    Other work on the machine only adds to a time, so the least comes closest to what
    the machine can do. There are at least `runs` times, and more, up to 2000, until
    they add up to 0.2 s.
    `work` must not return before its result is there: it waits for its device itself.
    """
    work()
    times = []
    while len(times) < runs or (sum(times) < 0.2 and len(times) < 2000):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def steady(name, work):
    """Print the least time of work()."""
    print(f"{name}: {words(seconds(work))}")


def first_then_steady(name, work):
    """Print the least time of work(), and what its first call took."""
    start = time.perf_counter()
    work()
    first = time.perf_counter() - start
    print(f"{name}: {words(seconds(work))}, the first {words(first)}")


def epoch(step, batches):
    """Call step(x, y) for all batches; print how long it took and how long it waited.

    A wait is what passes between asking for a batch and having it. The first, in which
    readers start, is printed apart from the sum of all others.
    """
    waits, start = [], time.perf_counter()
    asked = start
    for x, y in batches:
        waits.append(time.perf_counter() - asked)
        step(x, y)
        asked = time.perf_counter()
    first, later = waits[0], sum(waits[1:])
    print(f"{asked - start:.2f} s, waits {first:.2f} + {later:.2f}")


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
        "n", sizes, make, devices, seconds, _numpy_product, lambda n: 2 * n**3
    )
    import plots  # only here: who takes times alone need not wait for matplotlib

    drawn = {name: (sizes, rate) for name, rate in rates.items()}
    plots.lines(drawn, "n", "10⁹ operations/s", log="xy")


def conv_rates(make, devices, seconds, largest, batch, channels):
    """Print the rates of 3 x 3 convolutions, in 10^9 operations a second.

    Images are (batch, channels, n, n), padded by 1, with n from 8 in doubles up to
    `largest`; there are as many filters as channels. Otherwise as `product_rates`.
    """
    sizes = [2**k for k in range(3, 12) if 2**k <= largest]
    _rates(
        "side", sizes, make, devices, seconds,
        lambda n: _numpy_conv(n, batch, channels),
        lambda n: 2 * 9 * batch * channels**2 * n**2,
    )  # fmt: skip


def _numpy_product(n):
    """Return work for a stopwatch: NumPy's product of two n x n matrices."""
    x = _random(n, n)
    return lambda: x @ x


def _numpy_conv(n, batch, channels):
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
    """Measure NumPy and the devices at all sizes; print the rates and return them.

    Each is the best of three rounds, so that a busy second spoils no size.
    """
    rates = {}
    for _ in range(3):
        columns = {"NumPy": [seconds(numpy_work(n)) for n in sizes]}
        for device in devices:
            columns[str(device)] = [timed(make(n, device)) for n in sizes]
        for name, times in columns.items():
            now = [operations(n) / t / 1e9 for n, t in zip(sizes, times)]
            rates[name] = list(map(max, now, rates.get(name, now)))
    print(f"{head:>5}", *(f"{name:>7}" for name in rates))
    for row, n in enumerate(sizes):
        print(f"{n:5}", *(f"{rate[row]:7.1f}" for rate in rates.values()))
    return rates


def _random(*shape):
    return np.random.default_rng(0).standard_normal(shape, dtype="float32")
