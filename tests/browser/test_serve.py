"""`abreast serve` as an author meets it: a real browser beside real kernels and an editor."""

import json
import os
import re
import signal
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Error, expect

from tests.conftest import code, expect_end, prose, until, write_notebook

pytestmark = [pytest.mark.browser, pytest.mark.kernel]

DECK = """\
title: Two kernels
frameworks: [{name: one, kernel: python3}, {name: two, kernel: python3}]
theme: [light, ./brand.css]
sections:
  - {title: Words, slides: words.ipynb}
  - title: Side by side
    abreast: {one: one.ipynb, two: two.ipynb}
"""
WORDS = (prose("# A talk"), prose("## First\n\nSome words."), prose("## Last\n\nMore words."))
CODE = (
    prose("## Numbers"),
    code("numbers = [1, 2, 3]\ntotal = sum(numbers)\nprint('total', total)"),
    prose("## A product"),
    code("product = 6 * 7\nprint('product', product)"),
)
OTHER = (*CODE, code("# the other notebook"))
RUN_MS = 60_000


def product(factor, *, held_until=None):
    """A notebook whose second cell multiplies by something else, and waits until a file is there."""
    lines = [f"product = 6 * {factor}", "print('product', product)"]
    if held_until:
        lines += ["import os, time", f"while not os.path.exists({os.fspath(held_until)!r}):"]
        lines += ["    time.sleep(0.05)"]
    return (*CODE[:3], code("\n".join(lines)))


class Served:
    """The command, what it says, and the deck's folder."""

    def __init__(self, project, *options):
        self.folder = project.folder / "decks" / "deck"
        self.lines = []
        self.process = subprocess.Popen(
            project.command("serve", "deck", "--no-browser", *options),
            cwd=project.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.address = self.process.stdout.readline().strip()
        self.url = urlsplit(self.address)

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)

    def said(self, words, *, times=1, seconds=60):
        until(
            lambda: sum(words in line for line in self.lines) >= times,
            seconds=seconds,
            told=lambda: f"never said: {words!r}\n{''.join(self.lines)}",
        )

    def write(self, name, *cells):
        """Save as editors do: a new file in the old one's place."""
        draft = write_notebook(self.folder / f".{name}.tmp", *cells)
        draft.replace(self.folder / name)

    def end(self, number=signal.SIGINT):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self.reader.join(10)
        return code

    def close(self):
        self.process.kill()
        self.process.wait()
        self.reader.join(10)
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture
def serving(project):
    started = []

    @contextmanager
    def serve(*options, deck=DECK, words=WORDS, one=CODE, two=OTHER, built=True):
        folder = project.deck("deck", deck, words=words, one=one, two=two)
        (folder / "brand.css").write_text(":root{--accent:#8a3b12}", encoding="utf-8")
        if built:
            assert project.call("run", "deck").returncode == 0
        started.append(Served(project, *options))
        yield started[-1]
        assert started[-1].end() == 0, "".join(started[-1].lines)
        assert not re.search("Traceback|Fatal", "".join(started[-1].lines))

    yield serve
    for served in started:
        served.close()


def shown(page, served, slide=""):
    page.goto(served.address + slide)
    page.evaluate("abreast.ready")
    page.evaluate("window.same = true")  # gone where the page is loaded anew
    return page


def becomes(page, expression):
    """Wait for what JavaScript says; playwright's own way is refused by the page's policy."""

    def says():
        with suppress(Error):  # it is being loaded anew
            return page.evaluate(expression)

    until(says, told=lambda: f"never: {expression}")


def place(page):
    heading = page.locator("section.present:not(.stack) :is(h1, h2)").inner_text()
    return heading, page.evaluate("Reveal.getIndices().f")


def expect_stale(page, column, words):
    """Expect the mark of a column's result to come to say this; None is for no mark at all."""
    result = f"section.present:not(.stack) .result[data-column={column}]"
    mark = f"document.querySelector('{result} .mark')"
    said = f"{mark} && getComputedStyle({mark}, '::before').content"
    becomes(page, f"({said}) === {json.dumps(words and json.dumps(words, ensure_ascii=False))}")


def test_prose_theme_and_slides_change_where_they_stand(page, serving):
    with serving() as served:
        shown(page, served, "#/3")
        page.keyboard.press("ArrowRight")
        assert place(page) == ("Numbers", 0)

        served.write("words.ipynb", WORDS[0], prose("## First\n\nOther words."), WORDS[2])
        becomes(
            page, "document.querySelectorAll('section.slide')[1].textContent.includes('Other w')"
        )
        assert place(page) == ("Numbers", 0)

        (served.folder / "brand.css").write_text(":root{--accent:rgb(1,2,3)}", encoding="utf-8")
        becomes(
            page,
            "getComputedStyle(document.documentElement).getPropertyValue('--accent') === 'rgb(1,2,3)'",
        )
        assert place(page) == ("Numbers", 0)

        # Slides that come before the one that is shown leave it there; so do those that go.
        served.write("words.ipynb", *WORDS, prose("## New\n\nA new slide."))
        expect(page.locator("section.slide")).to_have_count(7)
        assert place(page) == ("Numbers", 0)
        expect(page).to_have_url(re.compile("#/4/0/0$"))
        served.write("words.ipynb", WORDS[0])
        expect(page.locator("section.slide")).to_have_count(4)
        assert place(page) == ("Numbers", 0)

        # Where it goes itself, the one before it is shown.
        page.evaluate("Reveal.slide(0)")
        served.write("words.ipynb", *WORDS)
        expect(page.locator("section.slide")).to_have_count(6)
        page.evaluate("Reveal.slide(2)")
        assert place(page)[0] == "Last"
        served.write("words.ipynb", *WORDS[:2])
        expect(page.locator("section.slide")).to_have_count(5)
        assert place(page)[0] == "First"

        # What stands on the slide that is shown changes before one's eyes.
        served.write("words.ipynb", WORDS[0], prose("## First\n\nBetter words."))
        expect(page.locator("section.present:not(.stack)")).to_contain_text("Better words.")

        assert page.evaluate("window.same")
        assert page.complaints == []
        assert not list(served.folder.parent.parent.glob("outputs/*"))


def test_a_column_alone_and_a_chosen_theme_stay(page, serving):
    with serving() as served:
        shown(page, served, "#/4")
        page.keyboard.press("2")
        page.keyboard.press("t")
        expect(page.locator("section.present:not(.stack) .head[data-column=one]")).to_be_hidden()
        served.write("words.ipynb", *WORDS, prose("## New\n\nA new slide."))
        expect(page.locator("section.slide")).to_have_count(7)
        expect(page.locator("section.present:not(.stack) .head[data-column=one]")).to_be_hidden()
        grid = page.locator("section.present:not(.stack) .columns")
        assert float(grid.evaluate("(grid) => grid.style.getPropertyValue('--scale')")) > 1
        assert page.locator("html").get_attribute("data-theme") == "dark"


def test_what_only_a_new_page_can_show_comes_back_to_slide_and_step(page, serving):
    with serving() as served:
        shown(page, served, "#/3")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("t")
        text = (served.folder / "deck.yml").read_text(encoding="utf-8")
        words = prose("## New\n\nA new slide.")
        write_notebook(served.folder / "words.ipynb", *WORDS, words)
        (served.folder / "deck.yml").write_text(
            text.replace("Two kernels", "Two"), encoding="utf-8"
        )
        becomes(page, "document.title === 'Two'")
        page.evaluate("abreast.ready")
        assert not page.evaluate("window.same ?? false")
        becomes(page, "Reveal.getIndices().f === 0")
        assert place(page) == ("Numbers", 0)
        assert page.locator("html").get_attribute("data-theme") == "dark"


def test_the_speaker_view_follows(page, serving):
    with serving() as served:
        shown(page, served, "#/1")
        with page.expect_popup() as popup:
            page.keyboard.press("s")
        view = popup.value
        current = view.frame_locator("#current-slide iframe")
        expect(current.locator("section.present:not(.stack)")).to_contain_text("Some words.")
        note = prose("Breathe out.", "notes")
        served.write("words.ipynb", WORDS[0], prose("## First\n\nOther words."), note, WORDS[2])
        expect(current.locator("section.present:not(.stack)")).to_contain_text("Other words.")
        expect(view.locator(".speaker-controls-notes .value")).to_contain_text("Breathe out.")


def test_an_edit_of_code_marks_what_is_stale_runs_it_and_shows_what_came(page, serving, tmp_path):
    with serving() as served:
        shown(page, served, "#/3")
        served.write("one.ipynb", *product(8, held_until=tmp_path / "go"))
        becomes(page, "document.querySelector('.live')?.textContent.includes('cell 2 of 2')")
        assert re.fullmatch(
            r"one · one\.ipynb · cell 2 of 2 · \d+ s", page.locator(".live").inner_text()
        )
        # The cell before the edit is as it was; what ran elsewhere, too.
        expect_stale(page, "one", None)
        expect(
            page.locator("section.present:not(.stack) .result[data-column=one]")
        ).to_contain_text("total 6")
        page.keyboard.press("Alt+ArrowRight")
        expect_stale(page, "one", "running …")
        expect_stale(page, "two", None)
        expect(
            page.locator("section.present:not(.stack) .result[data-column=two]")
        ).to_contain_text("product 42")
        (tmp_path / "go").touch()
        expect(
            page.locator("section.present:not(.stack) .result[data-column=one]")
        ).to_contain_text("product 48", timeout=RUN_MS)
        expect_stale(page, "one", None)
        expect(page.locator(".live")).to_be_hidden()
        served.said("one · one.ipynb: done in")
        assert not [line for line in served.lines if "two.ipynb" in line]
        assert page.evaluate("window.same")
    done = subprocess.run(
        [*served.process.args[:3], "run", "deck"], cwd=served.folder.parent.parent,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "2 of 2 notebooks are up to date, 0 to run" in done.stderr


def test_a_newer_edit_ends_the_run_of_the_older(page, serving, tmp_path):
    with serving() as served:
        shown(page, served, "#/4")
        served.write("one.ipynb", *product(8, held_until=tmp_path / "never"))
        becomes(page, "document.querySelector('.live')?.textContent.includes('cell 2 of 2')")
        kernels = psutil.Process(served.process.pid).children(recursive=True)
        served.write("one.ipynb", *product(9))
        expect(
            page.locator("section.present:not(.stack) .result[data-column=one]")
        ).to_contain_text("product 54", timeout=RUN_MS)
        expect_end(kernels)
        # Prose beside code that runs leaves it alone.
        served.write("one.ipynb", *product(10, held_until=tmp_path / "go"))
        becomes(page, "document.querySelector('.live')?.textContent.includes('cell 2 of 2')")
        served.write("words.ipynb", WORDS[0])
        expect(page.locator("section.slide")).to_have_count(4)
        expect_stale(page, "one", "running …")
        (tmp_path / "go").touch()
        expect(
            page.locator("section.present:not(.stack) .result[data-column=one]")
        ).to_contain_text("product 60", timeout=RUN_MS)
        begun = [line for line in served.lines if line == "one · one.ipynb: 2 cells\n"]
        assert len(begun) == 3


def test_mistakes_lie_over_the_last_good_deck_until_they_are_mended(page, serving):
    with serving() as served:
        shown(page, served, "#/1")
        panel = page.locator(".mistakes")
        expect(panel).to_be_hidden()
        good = (served.folder / "deck.yml").read_text(encoding="utf-8")
        (served.folder / "deck.yml").write_text(
            good.replace("title: Words", "titel: Words"), encoding="utf-8"
        )
        expect(panel).to_contain_text("decks/deck/deck.yml:5")
        expect(panel).to_contain_text("Did you mean 'title'?")
        served.said("error: decks/deck/deck.yml:5: ")
        expect(page.locator("section.present:not(.stack)")).to_contain_text("Some words.")
        # It can be put away, and looked at again.
        panel.get_by_role("button", name="Close").click()
        expect(panel).to_be_hidden()
        page.keyboard.press("ArrowRight")
        assert place(page)[0] == "Last"
        page.get_by_role("button", name=re.compile("mistake")).click()
        expect(panel).to_be_visible()
        (served.folder / "deck.yml").write_text(good, encoding="utf-8")
        expect(panel).to_be_hidden()
        assert place(page)[0] == "Last"
        # A notebook that is no notebook.
        (served.folder / "one.ipynb").write_text('{\n "cells": [,]\n}', encoding="utf-8")
        expect(panel).to_contain_text("decks/deck/one.ipynb:2")
        served.write("one.ipynb", *CODE)
        expect(panel).to_be_hidden()
        assert page.evaluate("window.same")


def test_a_cell_that_raises_is_named_and_the_last_outputs_stay(page, serving):
    with serving() as served:
        shown(page, served, "#/4")
        served.write("one.ipynb", *CODE[:3], code("product = 6 * 7\nproduct / 0"))
        panel = page.locator(".mistakes")
        expect(panel).to_contain_text("decks/deck/one.ipynb, cell 4, line 2")
        expect(panel).to_contain_text("ZeroDivisionError: division by zero")
        expect_stale(page, "one", "failed")
        assert place(page)[0] == "A product"
        served.said("one · one.ipynb: failed")
        panel.get_by_role("button", name="Run again").click()
        served.said("one · one.ipynb: failed", times=2)
        expect(panel).to_contain_text("ZeroDivisionError: division by zero")
        served.write("one.ipynb", *CODE)
        expect(panel).to_be_hidden()
        expect(
            page.locator("section.present:not(.stack) .result[data-column=one]")
        ).to_contain_text("product 42")
        expect_stale(page, "one", None)


def test_a_deck_that_is_broken_from_the_start_appears_when_it_is_mended(page, serving):
    with serving(deck="title: [\n", built=False) as served:
        page.goto(served.address)
        expect(page.locator(".mistakes")).to_contain_text("decks/deck/deck.yml:")
        expect(page.locator("section.present:not(.stack)")).to_contain_text(
            "This deck cannot be shown yet"
        )
        (served.folder / "deck.yml").write_text(DECK, encoding="utf-8")
        becomes(page, "document.title === 'Two kernels'")
        expect(page.locator(".mistakes")).to_be_hidden()
        served.said("two · two.ipynb: done in")


def test_without_running_rows_stay_marked(page, serving):
    with serving("--no-run") as served:
        shown(page, served, "#/4")
        served.write("one.ipynb", *product(8))
        page.wait_for_selector("section.present:not(.stack) .result.stale")
        expect_stale(page, "one", "changed, not run yet")
        expect(page.locator(".live")).to_be_hidden()
        # A picture that a slide shows and a file that code reads are the deck's as well.
        assert not [line for line in served.lines if "one.ipynb: 2 cells" in line]


def test_images_count_and_what_editors_leave_beside_them_does_not(page, serving):
    image = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="{}" height="9"/></svg>'
    with serving("--no-run", built=False) as served:
        images = served.folder.parent / "images"
        images.mkdir()
        (images / "box.svg").write_text(image.format(3), encoding="utf-8")
        served.write("words.ipynb", prose("## Box\n\n![a box](../images/box.svg)"))
        served.said("words.ipynb: ")
        shown(page, served)
        expect(page.locator("section.present:not(.stack) img")).to_be_visible()
        before = page.locator("section.present:not(.stack) img").get_attribute("src")
        # The folder is new to the deck: until it is watched, edits are seen but not named.
        for width in range(4, 9):
            (images / "box.svg").write_text(image.format(width), encoding="utf-8")
            with suppress(AssertionError):
                served.said("box.svg: ", seconds=5)
                break
        expect(page.locator("section.present:not(.stack) img")).not_to_have_attribute("src", before)
        count = len(served.lines)
        for name in (".words.ipynb.swp", "words.ipynb~", "4913", "#words.ipynb#", "model.npz"):
            (served.folder / name).write_text("x", encoding="utf-8")
        page.wait_for_timeout(700)
        assert served.lines[count:] == []


def test_a_page_that_was_away_catches_up(page, serving):
    with serving("--no-run") as served:
        shown(page, served, "#/2")
        served.process.send_signal(signal.SIGSTOP)
        served.write("words.ipynb", *WORDS, prose("## New\n\nA new slide."))
        page.context.set_offline(True)
        page.evaluate("document.querySelector('.live').hidden")
        served.process.send_signal(signal.SIGCONT)
        page.context.set_offline(False)
        expect(page.locator("section.slide")).to_have_count(7)
        assert place(page)[0] == "Last"
    expect(page.locator(".live")).to_have_text("not connected to abreast serve")


def ask(served, path=None, *, method="GET", **headers):
    connection = HTTPConnection(served.url.hostname, served.url.port, timeout=30)
    connection.request(method, served.url.path if path is None else path, headers=headers)
    answer = connection.getresponse()
    content = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer, content


UPGRADE = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip


def test_only_the_page_itself_by_its_own_name_is_answered(serving):
    with serving("--no-run", built=False) as served:
        port = served.url.port
        assert served.url.hostname == "127.0.0.1"
        assert len(served.url.path) > 20
        answer, content = ask(served)
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
        assert answer.headers["Access-Control-Allow-Origin"] is None
        assert "data-live" in content
        for name in ("127.0.0.1", "localhost", "[::1]"):
            assert ask(served, Host=f"{name}:{port}")[0].status == 200
        for name in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port + 1}"):
            assert ask(served, Host=name)[0].status == 421
            assert ask(served, f"{served.url.path}live", Host=name, **UPGRADE)[0].status == 421
        for path in ("/", "/live", "/deck.yml", served.url.path + "deck.yml",
                     served.url.path + "../../deck.yml"):  # fmt: skip
            assert ask(served, path)[0].status == 404
        for method in ("POST", "PUT", "DELETE"):
            assert ask(served, method=method)[0].status == 405
        for origin in ("http://evil.example", "null", f"https://127.0.0.1:{port}",
                       f"http://127.0.0.1:{port + 1}"):  # fmt: skip
            path = f"{served.url.path}live"
            assert ask(served, path, Origin=origin, **UPGRADE)[0].status == 403
        listening = psutil.Process(served.process.pid).net_connections(kind="inet")
        assert {c.laddr.ip for c in listening if c.status == "LISTEN"} == {"127.0.0.1"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_end_leaves_no_kernel(project, number):
    slow = (*CODE, code("import time\ntime.sleep(300)"))
    folder = project.deck("deck", DECK, words=WORDS, one=slow, two=OTHER)
    (folder / "brand.css").write_text("", encoding="utf-8")
    served = Served(project)
    served.said("one · one.ipynb: 3 cells")
    command = psutil.Process(served.process.pid)
    until(lambda: len(command.children(recursive=True)) >= 2)
    time.sleep(1)
    processes = command.children(recursive=True)
    assert served.end(number) == (-9 if number == signal.SIGKILL else 0)
    expect_end(processes)
    served.close()
    if number != signal.SIGKILL:
        assert served.lines[-1] == "Ended; no kernel is left.\n"


def test_a_port_that_is_taken_is_said(project, serving):
    with serving("--no-run", built=False) as served:
        done = project.call("serve", "deck", "--no-browser", "--port", served.url.port)
        assert done.returncode == 2
        assert "error: --port: the port" in done.stderr


def test_a_built_deck_has_nothing_of_it(project):
    folder = project.deck("deck", DECK, words=WORDS, one=CODE, two=OTHER)
    (folder / "brand.css").write_text("", encoding="utf-8")
    assert project.call("build", "deck", "--no-run").returncode == 0
    page = (project.folder / "outputs" / "deck" / "index.html").read_text(encoding="utf-8")
    for word in ("WebSocket", "connect-src", "data-live", "abreast serve"):
        assert word not in page
    assert json.dumps(os.fspath(project.folder)) not in page
