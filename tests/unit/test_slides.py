from abreast.model import Band, CodeColumn, CodeRow, Run
from abreast.slides.fit import characters, fit_row, floor_px
from abreast.timing.statistics import badge, duration
from hypothesis import given, settings
from hypothesis import strategies as st


def row(lines, columns=3):
    source = "\n".join(f"x{i} = {i}" for i in range(lines))
    return CodeRow(
        columns=tuple(CodeColumn(framework=f"f{c}", source=source) for c in range(columns)),
        bands=tuple(
            Band(lines={f"f{c}": (n,) for c in range(columns)}) for n in range(1, lines + 1)
        ),
    )


def test_short_code_is_set_large_and_long_code_is_cut_between_bands():
    assert [part.font_px for part in fit_row(row(3))] == [18.0]
    parts = fit_row(row(60))
    assert len(parts) > 1
    assert sum(len(part.bands) for part in parts) == 60
    assert all(part.font_px >= floor_px(3) for part in parts)


@settings(deadline=None)
@given(st.integers(1, 120), st.integers(1, 4))
def test_no_band_is_lost_and_no_type_is_under_the_floor(lines, columns):
    parts = fit_row(row(lines, columns))
    assert sum(len(part.bands) for part in parts) == lines
    assert all(part.font_px >= floor_px(columns) for part in parts)


def test_outputs_move_to_a_slide_of_their_own():
    base = row(15)
    image = {"output_type": "display_data", "data": {"image/png": "AAAA"}}
    columns = tuple(
        CodeColumn(framework=c.framework, source=c.source, outputs=(image,)) for c in base.columns
    )
    parts = fit_row(CodeRow(columns=columns, bands=base.bands))
    assert [part.show_outputs for part in parts] == [False, True]
    assert not parts[-1].show_code


def test_three_columns_hold_about_46_characters_at_the_floor():
    assert 44 <= characters(3, floor_px(3)) <= 48


def test_durations_claim_no_more_than_two_digits():
    spoken = [duration(s) for s in (1e-5, 0.00123, 0.1184, 0.9996, 11.62, 65.0, 125.0)]
    assert spoken == ["under 1 ms", "1.2 ms", "120 ms", "1.0 s", "12 s", "65 s", "2 min 5 s"]


def test_badges_tell_where_the_time_comes_from():
    assert badge(Run(key="", cells=()), [0]) == "as found"
    assert (
        badge(Run(key="k", cells=(), seconds={0: 1.5, 1: 0.5}, clock="kernel"), [0, 1])
        == "first run 2.0 s"
    )
    assert badge(Run(key="k", cells=(), clock="kernel"), [0]) == ""
