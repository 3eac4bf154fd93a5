"""Two readings of a stopwatch: when a call returned, and when its result was there."""

from time import perf_counter


def take(work, wait):
    """Call work() to warm up and five times more; print the quickest call's readings.

    They say when it returned and when it was done. `wait` is called with the result and
    must return when the result is there.
    """
    wait(work())
    done, returned = min(_read(work, wait) for _ in range(5))
    print(f"returned {1000 * returned:7.1f} ms")
    print(f"done     {1000 * done:7.1f} ms")


def _read(work, wait):
    start = perf_counter()
    result = work()
    returned = perf_counter() - start
    wait(result)
    return perf_counter() - start, returned
