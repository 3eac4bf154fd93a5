"""`abreast rehearse` without a browser: what it serves, what it takes, what it refuses."""

import http.client
import json
import signal
import subprocess
import time
from urllib.parse import urlencode, urlsplit

import pytest

from tests.conftest import Project, until

PAGE = '<!doctype html><main class="reveal" data-deck="talk"></main>'
SLIDE = {
    "number": 1, "section": "W", "title": "T", "origin": "w.ipynb cell 1", "planned_seconds": 60,
    "seconds": 71.3, "visits": 1, "clock_jumped": False,
}  # fmt: skip
REHEARSAL = {
    "format": "abreast rehearsal", "version": 1, "deck": "talk", "title": "A talk",
    "started": "2026-11-21T13:16:58.707Z", "total_seconds": 71.3,
    "slides": [SLIDE, SLIDE | {"number": 2, "origin": "w.ipynb cell 2", "seconds": 0, "visits": 0}],
}  # fmt: skip


@pytest.fixture
def built(tmp_path):
    (tmp_path / "decks" / "talk").mkdir(parents=True)
    (tmp_path / "decks" / "talk" / "deck.yml").write_text("title: T\n", encoding="utf-8")
    (tmp_path / "outputs" / "talk").mkdir(parents=True)
    (tmp_path / "outputs" / "talk" / "index.html").write_text(PAGE, encoding="utf-8")
    return Project(tmp_path)


class Command:
    def __init__(self, project, *options):
        self.folder = project.folder
        self.process = subprocess.Popen(
            project.command("rehearse", "talk", "--no-open", *options),
            cwd=project.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.address = self.process.stdout.readline().strip()
        self.url = urlsplit(self.address)

    def ask(self, method="GET", path=None, body=None, **headers):
        connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=30)
        connection.request(method, self.url.path if path is None else path, body, headers)
        answer = connection.getresponse()
        content = answer.read().decode()
        connection.close()
        return answer.status, content

    def post(self, rehearsal):
        text = rehearsal if isinstance(rehearsal, str) else json.dumps(rehearsal)
        return self.ask("POST", body=urlencode({"rehearsal": text}))

    def ended(self):
        output, errors = self.process.communicate(timeout=60)
        return self.process.returncode, output, errors


@pytest.fixture
def rehearse(built):
    commands = []

    def start(*options):
        commands.append(Command(built, *options))
        return commands[-1]

    yield start
    for command in commands:
        command.process.kill()
        command.process.communicate()


def files(folder):
    return {path for path in folder.rglob("*") if path.is_file()}


def test_the_page_is_served_on_the_loopback_at_an_address_nobody_can_guess(rehearse):
    one, other = rehearse(), rehearse()
    assert one.url.hostname == "127.0.0.1"
    assert one.url.query == "rehearse=post"
    assert len(one.url.path) > 20
    assert one.url.path != other.url.path
    assert one.ask() == (200, PAGE)


def test_a_deck_that_is_built_anew_is_served_anew(rehearse, built):
    command = rehearse()
    page = built.folder / "outputs" / "talk" / "index.html"
    page.write_text(PAGE + "more", encoding="utf-8")
    assert command.ask() == (200, PAGE + "more")
    page.unlink()
    assert command.ask()[0] == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_is_served_or_taken_elsewhere(rehearse, method):
    command = rehearse()
    before = files(command.folder)
    body = urlencode({"rehearsal": json.dumps(REHEARSAL)})
    for path in ("/", "/deck.yml", "/../index.html", command.url.path + "index.html"):
        assert command.ask(method, path, body)[0] == 404
    for host in ("evil.example", f"localhost:{command.url.port}", "127.0.0.1"):
        assert command.ask(method, None, body, Host=host)[0] == 421
    assert command.process.poll() is None
    assert files(command.folder) == before


def test_a_rehearsal_is_written_and_told(rehearse):
    command = rehearse("-o", "mine one.json")
    assert command.post(REHEARSAL) == (200, '{"saved": "mine one.json"}')
    code, output, errors = command.ended()
    assert code == 0
    assert json.loads((command.folder / "mine one.json").read_text(encoding="utf-8")) == REHEARSAL
    assert output == "Now: abreast pace talk 'mine one.json'\n"
    assert "wrote mine one.json (1 min 11 s on 1 of 2 slides, " in errors


def test_a_clock_that_jumped_is_told(rehearse):
    command = rehearse()
    jumped = SLIDE | {"clock_jumped": True, "seconds": 0}
    command.post(REHEARSAL | {"slides": [SLIDE, jumped | {"number": 2}, jumped | {"number": 3}]})
    code, _, errors = command.ended()
    assert code == 0
    assert "warning: the clock jumped on slide 2, 3: that visit's seconds are left out." in errors


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        ({"format": "something else"}, "not a rehearsal"),
        (REHEARSAL | {"deck": "other"}, "of the deck 'other', not of 'talk'"),
        (REHEARSAL | {"slides": [SLIDE | {"seconds": -1}]}, "which is no time"),
    ],
)
def test_what_is_no_rehearsal_is_refused_and_serving_goes_on(rehearse, sent, words):
    command = rehearse()
    before = files(command.folder)
    assert command.post(sent)[0] == 400
    assert files(command.folder) == before
    assert command.post(REHEARSAL)[0] == 200
    code, _, errors = command.ended()
    assert code == 0
    assert "warning: the rehearsal is not saved here: what the page sent: " in errors
    assert words in errors


def test_what_is_too_long_is_refused(rehearse):
    command = rehearse()
    headers = {"Content-Length": str(1 << 30)}
    assert command.ask("POST", None, None, **headers)[0] == 413
    assert command.process.poll() is None


def test_an_older_file_is_replaced_as_a_whole(rehearse, built):
    (built.folder / "mine.json").write_text("old", encoding="utf-8")
    command = rehearse("-o", "mine.json")
    command.post(REHEARSAL)
    assert command.ended()[0] == 0
    assert json.loads((built.folder / "mine.json").read_text(encoding="utf-8")) == REHEARSAL
    assert not [path for path in built.folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_nothing(rehearse, number):
    command = rehearse()
    before = files(command.folder)
    # A browser opens connections in advance; one that is idle holds nothing up.
    idle = http.client.HTTPConnection(command.url.hostname, command.url.port)
    idle.connect()
    time.sleep(0.3)
    command.process.send_signal(number)
    code, _, errors = command.ended()
    idle.close()
    assert code == 130
    assert errors.splitlines()[-1].startswith("Interrupted.")
    assert "Traceback" not in errors
    assert files(command.folder) == before


def test_the_browser_is_opened_unless_told_otherwise(built, monkeypatch):
    seen = built.folder / "seen"
    browser = built.folder / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {seen}\n', encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    with subprocess.Popen(
        built.command("rehearse", "talk"), cwd=built.folder, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        address = process.stdout.readline().strip()
        try:
            until(lambda: seen.exists() and seen.read_text())
        finally:
            process.terminate()
    assert seen.read_text() == address


def refused(project, *arguments):
    before = files(project.folder)
    done = project.call("rehearse", *arguments, "--no-open", timeout=60)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert files(project.folder) == before
    return done.stderr


def test_what_cannot_be_rehearsed_is_said(built):
    page = built.folder / "outputs" / "talk" / "index.html"
    assert "nowhere: there is no such folder." in refused(built, "talk", "-o", "nowhere/x.json")
    page.write_text("<!doctype html><main></main>", encoding="utf-8")
    assert "this page cannot record a rehearsal. Build it again" in refused(built, "talk")
    page.unlink()
    assert "abreast build talk" in refused(built, "talk")
    assert "error: " in refused(built, "walk")
