"""The bar in the speaker's window: where the talk is, against reveal's timer and the plan."""

import functools
import http.server
import re
import threading

import pytest
from abreast.model import Presentation, Prose, Slide
from abreast.render.html import render_html
from playwright.sync_api import expect

from tests.conftest import until

pytestmark = pytest.mark.browser

# Its clock is `seconds` later from now on: reveal's timer reads it.
LATER = """(seconds) => {
    const Now = window.Now ??= Date;
    Date = class extends Now { constructor(...at) { at.length ? super(...at) : super(Now.now() + 1000 * seconds); } };
}"""
PLAN = (60, 30, 90, 60)


def slide(number, seconds, **fields):
    body = (Prose(markdown="Words."),)
    return Slide(section="W", title=f"Slide {number}", blocks=body, seconds=seconds, **fields)


def written(path, *slides, minutes=None):
    deck = Presentation(name="talk", title="T", heads=(), slides=slides, minutes=minutes)
    path.write_text(render_html(deck), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    slides = [slide(n, seconds, below=n == 3) for n, seconds in enumerate(PLAN, 1)]
    return written(tmp_path_factory.mktemp("deck") / "talk.html", *slides, minutes=5)


@pytest.fixture
def served(deck):
    """The deck's folder over http."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    handler = functools.partial(Quiet, directory=deck.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{deck.name}"
        server.shutdown()
        thread.join()


def opened(page, address):
    page.goto(address if isinstance(address, str) else address.as_uri())
    page.evaluate("abreast.ready")
    return page


def speaker_view(page):
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    expect(popup.value.locator("#connection-status")).to_be_hidden()
    return popup.value


def with_bar(page):
    view = speaker_view(page)
    expect(view.locator(".pace")).to_be_visible()
    expect(view.locator(".pacing").last).to_be_visible()  # reveal's timer runs from then on
    return view


def says(view, words):
    expect(view.locator(".pace-word")).to_have_text(re.compile(words))


def part(view, name):
    """Where a part of the bar begins and ends, as shares of the window's width."""
    return view.evaluate(
        """(name) => { const box = document.querySelector(`.pace .${name}`).getBoundingClientRect();
            return [box.left / innerWidth, box.right / innerWidth]; }""",
        name,
    )


def seconds_of(view, clock):
    sign, hours, minutes, seconds = re.match(
        r"(-?)(\d+):(\d+):(\d+)", view.locator(clock).inner_text()
    ).groups()
    return (-1 if sign else 1) * (3600 * int(hours) + 60 * int(minutes) + int(seconds))


@pytest.mark.parametrize("where", ["deck", "served"])
def test_the_bar_fills_with_reveals_timer_and_marks_the_plan(page, request, where):
    opened(page, request.getfixturevalue(where))
    view = with_bar(page)
    says(view, "^on track$")
    assert part(view, "plan") == pytest.approx([0, 60 / 300], abs=0.01)
    view.evaluate(LATER, 75)
    page.keyboard.press("PageDown")
    expect(view.locator(".timer")).to_have_text(re.compile("00:01:(1[5-9]|2)"))
    says(view, "^on track$")
    assert part(view, "plan") == pytest.approx([60 / 300, 90 / 300], abs=0.01)
    assert part(view, "elapsed") == pytest.approx([0, seconds_of(view, ".timer") / 300], abs=0.01)
    assert page.complaints == []


def test_who_is_behind_or_ahead_is_told_in_a_word_and_how_far(page, deck):
    opened(page, deck)
    view = with_bar(page)
    view.evaluate(LATER, 130)
    says(view, r"^1:1\d behind$")
    assert part(view, "apart") == pytest.approx([60 / 300, 130 / 300], abs=0.03)
    page.evaluate("Reveal.slide(2)")  # the fourth slide: the second has one below it
    says(view, r"^0:[45]\d ahead$")
    assert part(view, "apart") == pytest.approx([130 / 300, 180 / 300], abs=0.03)
    page.evaluate("Reveal.slide(1, 1)")
    says(view, "^on track$")
    assert part(view, "apart")[0] == part(view, "apart")[1]


def test_overtime_is_seen(page, deck):
    opened(page, deck)
    view = with_bar(page)
    page.evaluate("Reveal.slide(2)")
    view.evaluate(LATER, 600)
    says(view, r"^6:0\d behind$")  # of 240 s that are planned
    assert part(view, "apart") == pytest.approx([240 / 600, 1], abs=0.02)


def test_the_bar_agrees_with_reveals_pacing(page, deck):
    opened(page, deck)
    view = with_bar(page)
    for later, slide_number in ((20, 0), (100, 0), (20, 1), (70, 1), (200, 2)):
        view.evaluate(LATER, later)
        page.evaluate(f"Reveal.slide({slide_number})")
        expect(view.locator(".pacing .minutes-value")).not_to_have_text("")
        page.wait_for_timeout(1300)  # both clocks tick each second, one after the other
        until(lambda: agree(view))


def agree(view):
    """Say whether the bar's word and reveal's pacing tell the same, to a second."""
    word = view.locator(".pace-word").inner_text()
    state = view.locator(".pacing").last.get_attribute("class").removeprefix("pacing ")
    left = seconds_of(view, ".pacing")
    if not word.endswith(state.replace("-", " ")):
        return False
    if state != "behind":
        return True
    minutes, seconds = word.split()[0].split(":")
    return abs(left + 60 * int(minutes) + int(seconds)) <= 1


def test_a_click_on_the_timer_resets_the_bar_as_well(page, deck):
    opened(page, deck)
    view = with_bar(page)
    view.evaluate(LATER, 200)
    page.keyboard.press("PageDown")
    says(view, "behind$")
    view.locator(".speaker-controls-time").click()
    says(view, "^on track$")
    expect(view.locator(".timer")).to_have_text(re.compile("00:01:0[0-9]"))
    assert part(view, "elapsed")[1] == pytest.approx(62 / 300, abs=0.02)


def test_a_window_that_is_closed_and_opened_again_has_its_bar(page, deck):
    opened(page, deck)
    page.evaluate(
        "(() => { const open = window.open; window.open = (...what) => window.view = open(...what); })()"
    )
    with_bar(page).close()
    page.wait_for_function("window.view.closed")
    page.keyboard.press("PageDown")
    view = with_bar(page)
    says(view, "ahead$")
    expect(view.locator(".pace")).to_have_count(1)


@pytest.mark.parametrize("where", ["deck", "served"])
def test_the_bar_goes_on_when_the_deck_is_loaded_again(page, request, where):
    opened(page, request.getfixturevalue(where))
    view = with_bar(page)
    page.reload()
    page.evaluate("abreast.ready")
    view.evaluate(LATER, 100)
    says(view, r"^(0:[45]|1:0)\d behind$")
    page.evaluate("Reveal.slide(1, 1)")
    says(view, "^on track$")
    expect(view.locator(".pace")).to_have_count(1)


def test_the_audience_sees_no_bar(page, deck):
    opened(page, deck)
    view = with_bar(page)
    page.wait_for_timeout(1200)
    assert page.locator(".pace, .pace-word").count() == 0
    assert sum(frame.locator(".pace").count() for frame in view.frames) == 1


def test_the_bar_covers_nothing_and_has_words(page, deck):
    opened(page, deck)
    view = with_bar(page)
    says(view, "on track")
    bar = view.locator(".pace")
    assert re.match(
        r"0:[0-5]\d of 5:00; the plan for this slide is 0:00 to 1:00: on track",
        bar.get_attribute("aria-label"),
    )
    bottom = bar.bounding_box()["height"]
    for what in ("#current-slide iframe", "#upcoming-slide iframe", ".timer"):
        assert view.locator(what).bounding_box()["y"] >= bottom


def test_where_no_slide_has_a_budget_there_is_no_bar_and_no_pacing(page, tmp_path):
    opened(page, written(tmp_path / "talk.html", slide(1, None), slide(2, None)))
    view = speaker_view(page)
    page.wait_for_timeout(2500)
    assert view.locator(".pace").count() == 0
    expect(view.locator(".pacing").last).to_be_hidden()


def test_minutes_of_sections_are_enough_for_pacing(page, tmp_path):
    opened(page, written(tmp_path / "talk.html", slide(1, None), slide(2, 60)))
    page.keyboard.press("PageDown")
    view = with_bar(page)
    expect(view.locator(".pacing").last).to_be_visible()
    assert part(view, "plan") == pytest.approx([0, 1], abs=0.01)
