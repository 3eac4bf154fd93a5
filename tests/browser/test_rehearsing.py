"""A rehearsal in the deck: how long each slide is shown, saved as JSON, and nothing lost."""

import json
import re
import subprocess
import time
from datetime import datetime

import pytest
from abreast.model import Presentation, Prose, Slide
from abreast.render.html import render_html
from playwright.sync_api import expect

from tests.conftest import Project

pytestmark = pytest.mark.browser


def slide(number, *, title=None, **fields):
    defaults = {"section": "Words", "origin": f"words.ipynb cell {number}", "seconds": 30}
    return Slide(
        title=f"Slide {number}" if title is None else title,
        blocks=(Prose(markdown=f"The words of slide {number}."),),
        **defaults | fields,
    )


SLIDES = (
    slide(1, opening=True, section="Opening"),
    slide(2, title="The loss $\\ell_2$ *of* `net`"),
    slide(3, below=True, notes="Say three."),
    slide(4, title="", seconds=None),
)


def written(path, *slides):
    presentation = Presentation(name="talk", title="A <talk> & more", heads=(), slides=slides)
    path.write_text(render_html(presentation), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    return written(tmp_path_factory.mktemp("deck") / "talk.html", *SLIDES)


def opened(page, address):
    page.goto(address if isinstance(address, str) else address.as_uri())
    page.evaluate("abreast.ready")
    return page


def ended(page):
    """What R saves when it is pressed again."""
    with page.expect_download() as download:
        page.keyboard.press("r")
    text = download.value.path().read_text(encoding="utf-8")
    return json.loads(text), download.value.suggested_filename


def recording(page):
    return page.locator(".rehearsing.running").is_visible()


def test_r_begins_and_r_again_saves_how_long_each_slide_was_shown(page, deck):
    opened(page, deck)
    before = time.monotonic()
    page.keyboard.press("r")
    page.wait_for_timeout(1500)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    rehearsal, name = ended(page)
    took = time.monotonic() - before
    slides = rehearsal.pop("slides")
    started = datetime.fromisoformat(rehearsal.pop("started"))
    assert abs(time.time() - took - started.timestamp()) < 5
    assert name == f"talk-rehearsal-{started.astimezone():%Y-%m-%d-%H%M}.json"
    assert rehearsal == {
        "format": "abreast rehearsal", "version": 1, "deck": "talk", "title": "A <talk> & more",
        "total_seconds": pytest.approx(sum(s["seconds"] for s in slides)),
    }  # fmt: skip
    first, second = (s.pop("seconds") for s in slides[:2])
    assert first >= 1.4
    assert second >= 0.4
    assert first + second <= took + 0.1
    assert slides == [
        {"number": 1, "section": "Opening", "title": "Slide 1", "origin": "words.ipynb cell 1",
         "planned_seconds": 30, "visits": 1, "clock_jumped": False},
        {"number": 2, "section": "Words", "title": "The loss \\ell_2 of net",
         "origin": "words.ipynb cell 2", "planned_seconds": 30, "visits": 1, "clock_jumped": False},
        {"number": 3, "section": "Words", "title": "Slide 3", "origin": "words.ipynb cell 3",
         "planned_seconds": 30, "visits": 0, "clock_jumped": False, "seconds": 0},
        {"number": 4, "section": "Words", "title": "", "origin": "words.ipynb cell 4",
         "planned_seconds": None, "visits": 0, "clock_jumped": False, "seconds": 0},
    ]  # fmt: skip


def test_times_are_tenths_of_a_second(page, deck):
    opened(page, deck)
    page.keyboard.press("r")
    page.wait_for_timeout(333)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(333)
    rehearsal, _ = ended(page)
    times = [rehearsal["total_seconds"], *(s["seconds"] for s in rehearsal["slides"])]
    assert times == [round(seconds, 1) for seconds in times]


def test_visits_to_a_slide_add_up(page, deck):
    opened(page, deck)
    before = time.monotonic()
    page.keyboard.press("r")
    page.wait_for_timeout(700)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(700)
    rehearsal, _ = ended(page)
    took = time.monotonic() - before
    first, second = rehearsal["slides"][:2]
    assert (first["visits"], second["visits"]) == (2, 1)
    assert first["seconds"] >= 1.3
    assert second["seconds"] >= 0.2
    assert first["seconds"] + second["seconds"] <= took + 0.1


def test_a_rehearsal_can_begin_anywhere_and_another_begins_from_nothing(page, deck):
    opened(page, deck)
    page.evaluate("Reveal.slide(1, 1)")
    page.keyboard.press("r")
    page.wait_for_timeout(1200)
    once, _ = ended(page)
    assert [s["visits"] for s in once["slides"]] == [0, 0, 1, 0]
    before = time.monotonic()
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    again, _ = ended(page)
    assert 0.2 <= again["total_seconds"] <= time.monotonic() - before + 0.1


def test_its_clock_stands_in_a_corner_where_nothing_else_is(page, deck):
    opened(page, deck)
    expect(page.locator(".rehearsing")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("r")
    expect(page.locator(".rehearsing")).to_have_text(re.compile(r"rehearsal0:0[1-9]"))
    for width, height in ((1280, 720), (1920, 1080), (800, 600)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(100)
        box = page.locator(".rehearsing").bounding_box()
        title = page.locator(".slide.present h2").bounding_box()
        assert box["x"] + box["width"] < width
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= title["y"]


def test_the_key_in_the_speaker_view_counts_as_well(page, deck):
    opened(page, deck)
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    view = popup.value
    expect(view.locator(".pacing").last).to_be_visible()
    expect(view.frame_locator("#current-slide iframe").locator(".slide.present h1")).to_be_visible()
    view.keyboard.press("r")
    expect(page.locator(".rehearsing.running")).to_be_visible()
    view.keyboard.press("PageDown")
    view.keyboard.press("PageDown")
    expect(view.locator(".speaker-controls-notes .value")).to_contain_text("Say three")
    assert not any(frame.locator(".rehearsing").is_visible() for frame in view.frames[1:])
    with page.expect_download() as download:
        view.keyboard.press("r")
    visits = [s["visits"] for s in json.loads(download.value.path().read_text())["slides"]]
    assert visits[0] == visits[2] == 1
    expect(page.locator(".rehearsing")).to_contain_text("is among your downloads")


def test_other_keys_with_an_r_do_not_record(page, deck):
    opened(page, deck)
    page.keyboard.press("Control+r")
    page.keyboard.press("?")
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    assert not recording(page)


@pytest.mark.parametrize("jump_ms", [3_600_000, -60_000])
def test_a_visit_in_which_the_clock_jumps_is_marked_and_the_rest_kept(page, deck, jump_ms):
    opened(page, deck)
    page.keyboard.press("r")
    page.wait_for_timeout(600)
    page.keyboard.press("ArrowRight")
    page.evaluate(f"(() => {{ const now = Date.now; Date.now = () => now() + {jump_ms}; }})()")
    page.wait_for_timeout(600)
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(600)
    rehearsal, _ = ended(page)
    first, second = rehearsal["slides"][:2]
    assert (second["clock_jumped"], second["seconds"], second["visits"]) == (True, 0, 1)
    assert not first["clock_jumped"]
    assert 1.1 <= first["seconds"] == rehearsal["total_seconds"] < 60


def test_a_clock_that_is_set_by_a_second_is_no_jump(page, deck):
    opened(page, deck)
    page.keyboard.press("r")
    page.evaluate("(() => { const now = Date.now; Date.now = () => now() + 1000; })()")
    page.wait_for_timeout(300)
    rehearsal, _ = ended(page)
    assert not any(s["clock_jumped"] for s in rehearsal["slides"])


def test_a_reload_goes_on_with_the_recording(page, deck):
    opened(page, deck)
    page.keyboard.press("r")
    page.wait_for_timeout(800)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(800)
    page.reload()
    page.evaluate("abreast.ready")
    expect(page.locator(".rehearsing.running")).to_be_visible()
    page.wait_for_timeout(800)
    rehearsal, _ = ended(page)
    first, second = rehearsal["slides"][:2]
    assert (first["visits"], second["visits"]) == (1, 1)
    assert first["seconds"] >= 0.7
    assert second["seconds"] >= 1.5
    page.reload()
    page.evaluate("abreast.ready")
    assert not recording(page)


def test_time_away_from_the_page_is_not_counted(page, deck):
    opened(page, deck)
    before = time.monotonic()
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    page.goto("about:blank")
    page.wait_for_timeout(3000)
    page.go_back()
    page.evaluate("abreast.ready")
    expect(page.locator(".rehearsing.running")).to_be_visible()
    rehearsal, _ = ended(page)
    assert 0.2 <= rehearsal["total_seconds"] <= time.monotonic() - before - 2.9
    assert not any(s["clock_jumped"] for s in rehearsal["slides"])


def test_a_deck_that_was_built_anew_saves_what_was_recorded_of_the_old(page, tmp_path):
    path = written(tmp_path / "talk.html", *SLIDES)
    opened(page, path)
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    page.keyboard.press("ArrowRight")
    written(path, SLIDES[0], slide(9), *SLIDES[1:])
    with page.expect_download() as download:
        page.reload()
    slides = json.loads(download.value.path().read_text())["slides"]
    assert [s["number"] for s in slides] == [1, 2, 3, 4]
    assert [s["visits"] for s in slides] == [1, 1, 0, 0]
    assert not recording(page)


def test_without_storage_it_records_all_the_same(page, deck):
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('no'); } })"
    )
    opened(page, deck)
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    page.keyboard.press("ArrowRight")
    rehearsal, _ = ended(page)
    assert [s["visits"] for s in rehearsal["slides"]] == [1, 1, 0, 0]
    assert page.complaints == []


def test_a_page_opened_to_rehearse_begins_with_the_first_step(page, deck):
    opened(page, deck.as_uri() + "?rehearse")
    expect(page.locator(".rehearsing")).to_have_text("R begins the rehearsal")
    page.keyboard.press("t")
    page.wait_for_timeout(1000)
    assert not recording(page)
    before = time.monotonic()
    page.keyboard.press("ArrowRight")
    assert recording(page)
    page.wait_for_timeout(300)
    rehearsal, _ = ended(page)
    assert [s["visits"] for s in rehearsal["slides"]] == [0, 1, 0, 0]
    assert rehearsal["total_seconds"] <= time.monotonic() - before + 0.1
    page.keyboard.press("ArrowRight")
    assert not recording(page)


def test_a_step_on_the_first_slide_begins_it_too(page, tmp_path):
    fragment = Prose(markdown="More words.", fragment=True)
    first = Slide(section="W", title="One", blocks=(fragment,), origin="w.ipynb cell 1")
    path = written(tmp_path / "talk.html", first, slide(2))
    opened(page, path.as_uri() + "?rehearse")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    rehearsal, _ = ended(page)
    assert [s["visits"] for s in rehearsal["slides"]] == [1, 0]


def test_a_rehearsal_requests_nothing_and_nothing_complains(page, deck):
    opened(page, deck)
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    page.keyboard.press("ArrowRight")
    ended(page)
    page.wait_for_timeout(300)
    assert [url for url in page.requests if not url.startswith("blob:")] == [deck.as_uri()]
    assert page.complaints == []


class Rehearse:
    """`abreast rehearse` of a built deck, in a process of its own."""

    def __init__(self, folder, *options):
        self.project = Project(folder)
        self.process = subprocess.Popen(
            self.project.command("rehearse", "talk", "--no-open", *options),
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.address = self.process.stdout.readline().strip()

    def ended(self):
        output, errors = self.process.communicate(timeout=60)
        return self.process.returncode, output, errors


@pytest.fixture
def project_folder(tmp_path):
    (tmp_path / "decks" / "talk").mkdir(parents=True)
    (tmp_path / "decks" / "talk" / "deck.yml").write_text("title: A talk\n", encoding="utf-8")
    (tmp_path / "outputs" / "talk").mkdir(parents=True)
    written(tmp_path / "outputs" / "talk" / "index.html", *SLIDES)
    return tmp_path


@pytest.fixture
def rehearse(project_folder):
    started = []

    def start(*options):
        started.append(Rehearse(project_folder, *options))
        return started[-1]

    yield start
    for command in started:
        command.process.kill()
        command.process.communicate()


def test_the_command_writes_what_the_page_recorded(page, project_folder, rehearse):
    command = rehearse()
    opened(page, command.address)
    page.keyboard.press("r")
    page.wait_for_timeout(1200)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    page.keyboard.press("r")
    code, output, errors = command.ended()
    assert code == 0, errors
    (path,) = project_folder.glob("*.json")
    rehearsal = json.loads(path.read_text(encoding="utf-8"))
    started = datetime.fromisoformat(rehearsal["started"]).astimezone()
    assert path.name == f"talk-rehearsal-{started:%Y-%m-%d-%H%M}.json"
    assert [s["visits"] for s in rehearsal["slides"]] == [1, 1, 0, 0]
    assert rehearsal["slides"][0]["seconds"] >= 1.1
    assert output == f"Now: abreast pace talk {path.name}\n"
    assert re.search(rf"wrote {path.name} \(0 min \d+ s on 2 of 4 slides, \d kB\)", errors)
    expect(page.locator(".rehearsing")).to_have_text(f"saved {path.name}")
    assert page.complaints == []


def test_the_command_writes_where_it_is_told(page, project_folder, rehearse):
    command = rehearse("-o", "mine.json")
    opened(page, command.address)
    page.keyboard.press("r")
    page.keyboard.press("r")
    code, output, _ = command.ended()
    assert (code, output) == (0, "Now: abreast pace talk mine.json\n")
    assert json.loads((project_folder / "mine.json").read_text())["deck"] == "talk"


def test_a_recording_is_not_lost_when_the_command_has_ended(page, project_folder, rehearse):
    command = rehearse()
    opened(page, command.address)
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    command.process.terminate()
    assert command.ended()[0] == 130
    rehearsal, _ = ended(page)
    assert rehearsal["slides"][0]["visits"] == 1
    expect(page.locator(".rehearsing")).to_contain_text("is among your downloads")
    assert not list(project_folder.glob("*.json"))


def test_where_the_command_cannot_write_the_page_keeps_it(page, project_folder, rehearse):
    command = rehearse("-o", "later/mine.json")
    assert command.ended()[0] == 2  # the folder is not there from the start
    (project_folder / "later").mkdir()
    command = rehearse("-o", "later/mine.json")
    opened(page, command.address)
    (project_folder / "later").rmdir()
    page.keyboard.press("r")
    rehearsal, _ = ended(page)
    assert rehearsal["slides"][0]["visits"] == 1
    command.process.terminate()
    assert (
        "warning: the rehearsal is not saved here: later/mine.json: cannot write"
        in command.ended()[2]
    )
