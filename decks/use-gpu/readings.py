"""Two readings of a stopwatch: when a call returned, and when its result was there."""

from time import perf_counter


def take(work, wait):
    """Call work() to warm up and once more; print when it returned and was done.

    `wait` is called with the result and must return when the result is there.
    """
    wait(work())
    start = perf_counter()
    result = work()
    returned = perf_counter()
    wait(result)
    done = perf_counter()
    print(f"returned {1000 * (returned - start):7.1f} ms")
    print(f"done     {1000 * (done - start):7.1f} ms")
