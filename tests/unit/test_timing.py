from abreast.model import Run
from abreast.timing.statistics import badge, duration


def test_durations_claim_no_more_than_two_digits():
    spoken = [duration(s) for s in (1e-5, 0.00123, 0.1184, 0.9996, 11.62, 65.0, 125.0)]
    assert spoken == ["under 1 ms", "1.2 ms", "120 ms", "1.0 s", "12 s", "65 s", "2 min 5 s"]


def test_badges_tell_where_the_time_comes_from():
    assert badge(Run(key="", cells=()), [0]) == "as found"
    timed = Run(key="k", cells=(), seconds={0: 1.5, 1: 0.5}, clock="kernel")
    assert badge(timed, [0, 1]) == "first run 2.0 s"
    assert badge(Run(key="k", cells=(), clock="kernel"), [0]) == ""
