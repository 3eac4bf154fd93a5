"""What kills, full disks and neighbours do to a deck: nothing that the next command does not mend.

A small deck with many files, built by `abreast` in processes of its own.
"""

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tests.conftest import Project, code, expect_end, prose, until, write_notebook

pytestmark = pytest.mark.kernel

PARTS = 12
DECK = "title: Faults\nframeworks: [{name: one, kernel: python3}, {name: two, kernel: python3}]\n"
DECK += "sections:\n" + "".join(
    f"  - {{title: Part {n}, abreast: {{one: one.ipynb, two: two.ipynb}}}}\n" for n in range(PARTS)
)
KILLS = 25
"""In each of two lanes."""
PLACE = re.compile(r"\.deck\.new-\w{8}")
KEY = re.compile(r"[0-9a-f]{64}")


class Lane:
    """A project with a home of its own, so that lanes work beside each other."""

    def __init__(self, folder):
        folder.mkdir()
        self.project = Project(folder)
        self.outputs = folder / "outputs"
        self.folder = self.outputs / "deck"
        self.runs = folder / "home" / "runs"
        self.environment = {**os.environ, "ABREAST_HOME": str(folder / "home")}
        self.notebooks = self.project.deck("deck", DECK)
        self.kernels = []
        self.seconds = 0.0

    def write(self, name, number, words="Words."):
        write_notebook(
            self.notebooks / f"{name}.ipynb", prose(words), code(f"print('{name}', {number})")
        )

    def start(self, *arguments, **options):
        return subprocess.Popen(
            self.project.command("build", "deck", *arguments),
            cwd=self.project.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
        )  # fmt: skip

    def build(self):
        """Build the deck to its end and return the events; keep the seconds if notebooks ran."""
        clock = time.monotonic()
        process = self.start("--json")
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        events = [json.loads(line) for line in out.splitlines()]
        if len(started(events)) == 2:
            self.seconds = time.monotonic() - clock
        return events

    def kill(self, process):
        """Kill a build with its kernels left alone; return the events it told of."""
        process.send_signal(signal.SIGSTOP)  # so that no kernel starts while they are listed
        with contextlib.suppress(psutil.NoSuchProcess):
            self.kernels += psutil.Process(process.pid).children(recursive=True)
        process.kill()
        out, _ = process.communicate()
        # The last line may have been cut off.
        return [json.loads(line) for line in out.splitlines(keepends=True) if line.endswith("\n")]

    def stored(self):
        """Return the keys of the stored runs, each of which can be read."""
        if not self.runs.is_dir():
            return set()
        keys = {name for name in names(self.runs) if KEY.fullmatch(name)}
        for key in keys:
            parts = {
                path.name: json.loads(path.read_bytes()) for path in (self.runs / key).iterdir()
            }
            assert parts.keys() == {"head.json", "outputs.json", "run.json"}
        return keys

    def places(self):
        return [name for name in names(self.outputs) if PLACE.fullmatch(name)]


def names(folder):
    return [path.name for path in folder.iterdir()]


def whole(folder):
    """Return the manifest of a deck of which each file is as it says, and the strangers' too."""
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    for name, entry in json.loads(text)["files"].items():
        content = (folder / name).read_bytes()
        assert len(content) == entry["bytes"]
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    return text


def put_strangers(folder):
    (folder / "notes" / "empty").mkdir(parents=True)
    (folder / "notes" / "mine.txt").write_text("mine", encoding="utf-8")
    (folder / "latest").symlink_to("index.html")


def check_strangers(folder):
    assert (folder / "notes" / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert (folder / "notes" / "empty").is_dir()
    assert (folder / "latest").readlink() == Path("index.html")


def started(events):
    return sorted(event["job"] for event in events if event["event"] == "JobStarted")


def both(task, folders):
    """Do the same in two lanes at once, for there are two cores; return what came of it."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(task, folders, (1, 2)))


def built_lane(folder, go):
    """Return a lane with a deck of version 0 and strangers' files."""
    lane = Lane(folder)
    lane.write("one", 0)
    lane.write("two", 0)
    go.wait()
    lane.build()
    put_strangers(lane.folder)
    return lane


def check_after_kill(lane, before, new):
    """Check deck and store; return whether the deck is the new one."""
    now = whole(lane.folder)
    check_strangers(lane.folder)
    lane.stored()
    page = (lane.folder / "index.html").read_text(encoding="utf-8")
    assert (new in page) == (now != before)
    return now != before


def test_50_kills_of_builds_leave_whole_decks_and_lose_no_run(tmp_path):
    go = threading.Barrier(2)

    def lane_of_kills(folder, seed):
        chance = random.Random(seed)
        lane = built_lane(folder, go)
        moments = [(n + chance.random()) / KILLS for n in range(KILLS)]  # of a build's time
        chance.shuffle(moments)
        number = 0
        while moments:
            number += 1
            before, keys = whole(lane.folder), lane.stored()
            lane.write("one", number)
            lane.write("two", number)
            clock, process = time.monotonic(), lane.start("--json")
            try:
                process.wait(moments[-1] * lane.seconds)
                lane.seconds = time.monotonic() - clock  # faster than the one that was timed
            except subprocess.TimeoutExpired:
                moments.pop()
            events = lane.kill(process)
            check_after_kill(lane, before, f"one {number}")
            done = len(lane.stored() - keys)
            assert done >= sum(event["event"] == "JobFinished" for event in events)
            if number % 5 == 1:
                # What was stored is not run again, and what was not is.
                assert len(started(lane.build())) == 2 - done
                assert f"two {number}" in (lane.folder / "index.html").read_text(encoding="utf-8")
            assert number < 8 * KILLS
        lane.build()
        assert names(lane.outputs) == ["deck"]
        check_strangers(lane.folder)
        return lane.kernels

    lanes = both(lane_of_kills, (tmp_path / "a", tmp_path / "b"))
    kernels = [kernel for own in lanes for kernel in own]
    assert len(kernels) >= 10
    expect_end(kernels)


def test_kills_while_a_deck_is_published_leave_the_old_one_or_the_new_one(tmp_path):
    go = threading.Barrier(2)

    def publishing(lane, number):
        """Return a build that has begun to write version `number` of the deck."""
        lane.write("one", 0, words=f"Words of version {number}.")
        process = lane.start("--json")
        while not lane.places() and process.poll() is None:
            time.sleep(0.0005)
        return process

    def lane_of_kills(folder, seed):
        chance = random.Random(seed)
        lane = built_lane(folder, go)
        process, clock = publishing(lane, 0), time.monotonic()
        while lane.places() and process.poll() is None:
            time.sleep(0.0005)
        seconds = time.monotonic() - clock
        process.communicate()
        left, number = 0, 0
        # Where the one that was timed was slow, many kills come too late: then there are more.
        while number < 13 or (left < 4 and number < 100):
            number += 1
            before = whole(lane.folder)
            process = publishing(lane, number)
            time.sleep(chance.random() * seconds)
            lane.kill(process)
            left += bool(lane.places())
            check_after_kill(lane, before, f"Words of version {number}.")
        assert not lane.kernels  # prose runs nothing
        lane.write("one", 0, words="Words at last.")
        assert started(lane.build()) == []
        assert names(lane.outputs) == ["deck"]
        check_strangers(lane.folder)
        return left

    assert min(both(lane_of_kills, (tmp_path / "a", tmp_path / "b"))) >= 4


WITHOUT_EXCHANGE = """
import os, signal, sys
from pathlib import Path
from abreast import exchange
from abreast.cli.main import main

rename, deck = Path.rename, Path(sys.argv[1])

def dying(path, target):
    if Path(target) == deck:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(path, target)

exchange.swapped = lambda one, other: False
Path.rename = dying
main(["build", "deck"])
"""


def test_where_it_takes_two_renames_the_next_command_puts_the_deck_back(tmp_path):
    lane = Lane(tmp_path / "a")
    lane.write("one", 0)
    lane.write("two", 0)
    lane.build()
    put_strangers(lane.folder)
    before = whole(lane.folder)
    lane.write("one", 1)
    options = {"cwd": lane.project.folder, "env": lane.environment}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXCHANGE, str(lane.folder)], check=False, **options
    )
    assert done.returncode == -signal.SIGKILL
    assert not lane.folder.exists()
    shared = ["export", "deck", "--to", "html", "--audience", "--output", str(tmp_path / "x.html")]
    assert subprocess.run(lane.project.command(*shared), check=False, **options).returncode == 0
    assert whole(lane.folder) == before
    check_strangers(lane.folder)
    assert started(lane.build()) == []  # the run of the killed is stored
    assert "one 1" in (lane.folder / "index.html").read_text(encoding="utf-8")
    check_strangers(lane.folder)
    assert names(lane.outputs) == ["deck"]


def test_two_builds_of_one_deck_at_once_both_end_well(tmp_path):
    lane = Lane(tmp_path / "a")
    lane.write("one", 0)
    lane.write("two", 0)
    lane.build()
    put_strangers(lane.folder)
    for number in range(1, 4):
        lane.write("one", number)
        processes = [lane.start(), lane.start()]
        for process in processes:
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors
        whole(lane.folder)
        assert f"one {number}" in (lane.folder / "index.html").read_text(encoding="utf-8")
        check_strangers(lane.folder)
        assert names(lane.outputs) == ["deck"]
        assert not list(lane.runs.glob(".*"))
    assert len(lane.stored()) == 5
    assert started(lane.build()) == []


class SmallDisk:
    """A folder that is a disk of its own for the processes started through it: a small tmpfs."""

    def __init__(self, folder, keeper):
        self.folder = folder
        self._enter = ["nsenter", "-t", f"{keeper}", "-U", "-m", "--preserve-credentials"]
        self.seen = Path(f"/proc/{keeper}/root{folder}")

    def call(self, command, **options):
        wd = [f"--wd={options.pop('cwd', self.folder)}"]
        return subprocess.run(
            [*self._enter, *wd, *command], capture_output=True, text=True, check=False, **options
        )

    def fill(self):
        with (self.seen / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))


@pytest.fixture
def small_disk(tmp_path):
    """Mount a tmpfs of 3 MB in a namespace of its own, for which nobody needs to be root."""
    tools = all(map(shutil.which, ("unshare", "nsenter")))
    if not tools or subprocess.run(["unshare", "-Urm", "true"], check=False).returncode:
        pytest.skip("no user namespaces here, so no disk can be made")
    keeper = subprocess.Popen(["unshare", "-Urm", "sleep", "300"])

    def mount(folder):
        folder.mkdir(parents=True)
        disk = SmallDisk(folder, keeper.pid)
        until(lambda: Path(f"/proc/{keeper.pid}/comm").read_text(encoding="ascii") == "sleep\n")
        done = disk.call(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], cwd="/")
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
        return disk

    yield mount
    keeper.kill()
    keeper.wait()


def test_a_full_disk_leaves_the_old_deck_and_says_what_to_do(tmp_path, small_disk):
    lane = Lane(tmp_path / "a")
    lane.write("one", 0)
    lane.write("two", 0)
    disk = small_disk(lane.outputs)
    command = lane.project.command("build", "deck")
    options = {"cwd": lane.project.folder, "env": lane.environment}
    assert disk.call(command, **options).returncode == 0
    deck = disk.seen / "deck"
    put_strangers(deck)
    before = whole(deck)
    lane.write("one", 1)
    disk.fill()
    full = disk.call(command, **options)
    assert full.returncode == 1
    assert full.stderr.splitlines()[-1] == (
        "error: outputs/deck: cannot write the deck: No space left on device. The deck that was "
        "there is unchanged. Free some space on this disk, then try again."
    )
    assert "Traceback" not in full.stderr
    assert whole(deck) == before
    check_strangers(deck)
    assert sorted(names(disk.seen)) == ["deck", "filler"]
    (disk.seen / "filler").unlink()
    again = disk.call([*command, "--json"], **options)
    assert again.returncode == 0
    assert started([json.loads(line) for line in again.stdout.splitlines()]) == []
    assert "one 1" in (deck / "index.html").read_text(encoding="utf-8")
    check_strangers(deck)


def test_where_the_store_is_full_the_deck_has_the_runs_all_the_same(tmp_path, small_disk):
    lane = Lane(tmp_path / "a")
    lane.write("one", 0)
    lane.write("two", 0)
    disk = small_disk(tmp_path / "a" / "home")
    runs = disk.seen / "runs"
    command = lane.project.command("build", "deck")
    options = {"cwd": lane.project.folder, "env": lane.environment}
    assert disk.call(command, **options).returncode == 0
    before = names(runs)
    lane.write("one", 1)
    lane.write("two", 1)
    disk.fill()
    done = disk.call(command, **options)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("its run is not kept for other builds. home/runs") == 2
    assert "No space left on device" in done.stderr
    assert "This is a bug" not in done.stderr
    whole(lane.folder)
    assert "two 1" in (lane.folder / "index.html").read_text(encoding="utf-8")
    assert names(runs) == before
    (disk.seen / "filler").unlink()
    lane.write("one", 2)
    assert disk.call(command, **options).returncode == 0
    kept = [name for name in names(runs) if KEY.fullmatch(name)]
    assert len(kept) == len([name for name in before if KEY.fullmatch(name)]) + 1
