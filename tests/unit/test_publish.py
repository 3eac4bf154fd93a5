import errno
import hashlib
import json
import os
import re
import signal
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from abreast import exchange as exchanging
from abreast import locking, writing
from abreast.errors import AbreastError, UsageError
from abreast.exchange import exchange, recover, staging
from abreast.publish import foreign
from abreast.publish.outputs import check_folder, publish, recover_folder
from hypothesis import given, settings
from hypothesis import strategies as st

# Other tests may have left threads; the forked processes here use none of what those hold.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def can_swap(folder):
    one, other = folder / "one", folder / "other"
    one.mkdir()
    other.mkdir()
    can = exchanging.swapped(one, other)
    one.rmdir()
    other.rmdir()
    return can


@pytest.fixture(params=["one step", "two renames"])
def steps(request, monkeypatch, tmp_path):
    """How folders are exchanged: as this system does it best, and as others must."""
    if request.param == "two renames":
        monkeypatch.setattr(exchanging, "swapped", lambda one, other: False)
    elif not can_swap(tmp_path):
        pytest.skip("this file system cannot exchange in one step")
    return request.param


def deck(folder, version, **files):
    return publish(folder, {"index.html": version, **files}, {"deck": "deck"})


def whole(folder):
    """Return the version of a deck of which each file is as its manifest says."""
    record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, entry in record["files"].items():
        content = (folder / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (
            entry["bytes"],
            entry["sha256"],
        )
    return (folder / "index.html").read_text(encoding="utf-8")


def beside(folder):
    return [path.name for path in folder.parent.iterdir() if path != folder]


def test_a_folder_is_replaced_as_a_whole_and_foreign_files_stay(tmp_path, steps):
    folder = tmp_path / "outputs" / "deck"
    publish(folder, {"index.html": "one", "notebooks/old.ipynb": "{}"}, {"deck": "deck"})
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    publish(folder, {"index.html": "two", "picture.png": b"\x89PNG"}, {"deck": "deck"})
    assert (folder / "index.html").read_text() == "two"
    assert (folder / "picture.png").read_bytes() == b"\x89PNG"
    assert (folder / "notes.txt").read_text() == "mine"
    assert not (folder / "notebooks").exists()
    assert beside(folder) == []
    record = json.loads((folder / "manifest.json").read_text())
    assert record["files"]["index.html"]["bytes"] == 3


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path):
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(UsageError, match="not made by abreast"):
        publish(folder, {"index.html": "x"}, {})
    for torn in ("[]", '{"made_by": "abreast"}', '{"made_by": "other", "files": {}}'):
        (folder / "manifest.json").write_text(torn, encoding="utf-8")
        with pytest.raises(UsageError, match="manifest cannot be read"):
            check_folder(folder)
    assert (folder / "thesis.txt").read_text() == "years of work"


def test_links_empty_folders_modes_and_times_of_others_stay(tmp_path, steps):
    folder = deck(tmp_path / "deck", "one")
    (folder / "empty" / "too").mkdir(parents=True)
    (folder / "latest").symlink_to("index.html")
    (folder / "nowhere").symlink_to("/does/not/exist")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "far.txt").write_text("far", encoding="utf-8")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "run.sh").write_text("echo", encoding="utf-8")
    (folder / "run.sh").chmod(0o755)
    before = (folder / "run.sh").stat()
    folder.chmod(0o750)
    deck(folder, "two")
    assert (folder / "empty" / "too").is_dir()
    assert (folder / "latest").read_text() == "two"
    assert (folder / "nowhere").readlink() == Path("/does/not/exist")
    assert (folder / "linked" / "far.txt").read_text() == "far"
    assert (folder / "linked").is_symlink()
    after = (folder / "run.sh").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (after.st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o755, 0o750)


def test_what_is_in_the_way_of_a_file_of_the_deck_is_kept_under_another_name(tmp_path, steps):
    folder = deck(tmp_path / "deck", "one")
    (folder / "timings.csv").write_text("mine", encoding="utf-8")
    (folder / "timings.csv.kept").write_text("mine too", encoding="utf-8")
    (folder / "notebooks").write_text("a list", encoding="utf-8")
    (folder / "drift.html").mkdir()
    (folder / "drift.html" / "x.txt").write_text("deep", encoding="utf-8")
    new = {"timings.csv": "ours", "notebooks/a.ipynb": "{}", "drift.html": "drift"}
    for _ in range(2):
        deck(folder, "two", **new)
        assert whole(folder) == "two"
        assert (folder / "timings.csv.kept").read_text() == "mine too"
        assert (folder / "timings.csv.kept.kept").read_text() == "mine"
        assert (folder / "notebooks.kept").read_text() == "a list"
        assert (folder / "drift.html.kept" / "x.txt").read_text() == "deep"
    assert len(list(folder.rglob("*"))) == 11
    assert beside(folder) == []


def test_what_others_write_while_a_deck_is_exchanged_stays(tmp_path, steps, monkeypatch):
    folder = deck(tmp_path / "deck", "one", **{"notebooks/a.ipynb": "{}"})
    for name in ("grown.txt", "replaced.txt"):
        (folder / name).write_text("before", encoding="utf-8")

    def late(new, into):
        with (into / "grown.txt").open("a", encoding="utf-8") as file:
            file.write(" and after")
        (into / "new.txt").write_text("after", encoding="utf-8")
        (into / "replaced.txt").rename(into / "replaced~")
        (into / "replaced.txt").write_text("after", encoding="utf-8")
        (into / "notebooks" / "late").mkdir()
        (into / "notebooks" / "late" / "mine.txt").write_text("after", encoding="utf-8")
        return exchange(new, into)

    monkeypatch.setattr("abreast.publish.outputs.exchange", late)
    deck(folder, "two")
    assert (folder / "grown.txt").read_text() == "before and after"
    assert (folder / "replaced.txt").read_text() == "after"
    assert (folder / "replaced~").read_text() == "before"
    assert (folder / "new.txt").read_text() == "after"
    assert (folder / "notebooks" / "late" / "mine.txt").read_text() == "after"
    assert beside(folder) == []


def test_where_files_cannot_be_linked_they_are_copied(tmp_path, steps, monkeypatch):
    def no_links(*arguments, **named):
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(foreign.os, "link", no_links)
    folder = deck(tmp_path / "deck", "one")
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    (folder / "link").symlink_to("mine.txt")
    deck(folder, "two")
    assert (folder / "link").read_text() == "mine"
    assert sorted(path.name for path in folder.iterdir()) == [
        "index.html", "link", "manifest.json", "mine.txt",
    ]  # fmt: skip


def test_a_deck_behind_a_link_is_replaced_where_it_is(tmp_path, steps):
    real = deck(tmp_path / "disk" / "real", "one")
    link = tmp_path / "deck"
    link.symlink_to(real)
    deck(link, "two")
    assert link.is_symlink()
    assert whole(real) == "two"
    assert beside(real) == []
    assert beside(link) == ["disk"]


NAMES = st.text("ab", min_size=1, max_size=2)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
FILES = st.dictionaries(PATHS, st.text("xyz", max_size=3), max_size=6)


def without_clashes(files):
    """Leave out files where another file needs a folder."""
    folders = {str(parent) for name in files for parent in Path(name).parents}
    return {name: text for name, text in files.items() if name not in folders}


@given(old=FILES, new=FILES, foreign_files=FILES, swap=st.booleans())
@settings(max_examples=150)
def test_no_content_of_others_is_ever_lost(tmp_path_factory, old, new, foreign_files, swap):
    folder = tmp_path_factory.mktemp("outputs") / "deck"
    old, new = without_clashes(old), without_clashes(new)
    with pytest.MonkeyPatch.context() as patch:
        if not swap:
            patch.setattr(exchanging, "swapped", lambda one, other: False)
        patch.setattr(writing.os, "fsync", lambda descriptor: None)
        deck(folder, "one", **old)
        mine = {}
        for number, name in enumerate(foreign_files):
            path = folder / name
            if not path.exists() and all(not p.is_file() for p in path.parents):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"mine {number}", encoding="utf-8")
                mine[name] = f"mine {number}"
        deck(folder, "two", **new)
    assert whole(folder) == "two"
    assert beside(folder) == []
    found = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    ours = {"index.html", "manifest.json", *new}
    assert {name: found[name] for name in new} == new
    others = {name: text for name, text in found.items() if name not in ours}
    assert sorted(others.values()) == sorted(mine.values())
    by_name = {re.sub(r"(\.kept)+(?=/|$)", "", name): text for name, text in others.items()}
    assert by_name == mine


def child(act):
    """Do something in a forked process; return whether it was killed by itself."""
    pid = os.fork()
    if not pid:
        try:
            act()
        finally:
            os._exit(1)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def killed_at(step, act):
    """Do something in a process that kills itself before its nth file operation, if it gets there.

    Python tells audit hooks of each rename, link, removal and opening, and of each use of ctypes.
    """
    seen = []

    def hook(event, arguments):
        if event.startswith(("os.", "open", "shutil.", "ctypes.")):
            seen.append(event)
            if len(seen) == step:
                os.kill(os.getpid(), signal.SIGKILL)

    def armed():
        sys.addaudithook(hook)
        act()
        os._exit(0)

    return child(armed)


def test_a_kill_at_any_moment_leaves_the_old_deck_or_the_new_one(tmp_path, steps):
    def late(new, into):
        (into / "late.txt").write_text("late", encoding="utf-8")
        return exchange(new, into)

    def second():
        pytest.MonkeyPatch().setattr("abreast.publish.outputs.exchange", late)
        deck(folder, "two", **{"notebooks/b.ipynb": "{}"})

    step, versions = 0, []
    while True:
        step += 1
        folder = deck(tmp_path / f"{step}" / "deck", "one", **{"notebooks/a.ipynb": "{}"})
        (folder / "mine").mkdir()
        (folder / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
        killed = killed_at(step, second)
        if steps == "two renames":
            recover_folder(folder)
        versions.append(whole(folder))
        assert (folder / "mine" / "notes.txt").read_text() == "mine"
        recover_folder(folder)
        assert beside(folder) == []
        assert whole(folder) == versions[-1]
        assert (folder / "late.txt").exists() or versions[-1] == "one"
        deck(folder, "three")
        assert whole(folder) == "three"
        assert (folder / "mine" / "notes.txt").read_text() == "mine"
        assert beside(folder) == []
        if not killed:
            break
    assert step > 40
    assert versions == sorted(versions)
    assert set(versions) == {"one", "two"}


def test_a_kill_at_any_moment_of_the_first_build_leaves_no_deck_or_a_whole_one(tmp_path, steps):
    step, killed = 0, True
    while killed:
        step += 1
        folder = tmp_path / f"{step}" / "deck"
        killed = killed_at(step, partial(deck, folder, "one"))
        if folder.exists():
            assert whole(folder) == "one"
        deck(folder, "two")
        assert whole(folder) == "two"
        assert beside(folder) == []
    assert step > 15


def test_a_folder_that_was_taken_away_is_put_back_by_the_next_command(tmp_path, monkeypatch):
    folder = deck(tmp_path / "deck", "one")
    monkeypatch.setattr(exchanging, "swapped", lambda one, other: False)
    renames, rename = [], Path.rename

    def die_after_the_first(self, target):
        if renames:
            os.kill(os.getpid(), signal.SIGKILL)
        renames.append(target)
        return rename(self, target)

    def publish_and_die():
        Path.rename = die_after_the_first
        deck(folder, "two")

    assert child(publish_and_die)
    assert not folder.exists()
    check_folder(folder)
    assert whole(folder) == "one"
    assert beside(folder) == []


def test_the_work_of_the_living_and_of_other_decks_is_not_touched(tmp_path, steps):
    folder = deck(tmp_path / "deck", "one")
    with staging(folder) as new, staging(tmp_path / "deck.new-deck") as other:
        (new / "x").write_text("x", encoding="utf-8")
        (tmp_path / ".deck.new-user").mkdir()
        recover(folder)
        recover_folder(folder)
        assert (new / "x").exists()
        assert other.exists()
    assert sorted(beside(folder)) == [".deck.new-user"]


def test_without_locks_only_what_is_long_dead_is_removed(tmp_path, monkeypatch, steps):
    def no_locks(descriptor, operation):
        raise OSError(errno.ENOSYS, "no locks here")

    monkeypatch.setattr(locking.fcntl, "flock", no_locks)
    folder = deck(tmp_path / "deck", "one")
    assert deck(folder, "two") == folder

    def die():
        with staging(folder):
            os.kill(os.getpid(), signal.SIGKILL)

    assert child(die)
    recover(folder)
    (place,) = beside(folder)
    os.utime(tmp_path / place, (0, 0))
    recover(folder)
    assert beside(folder) == []


def test_links_in_a_leftover_lead_nowhere(tmp_path):
    folder = deck(tmp_path / "outputs" / "deck", "one")
    home = tmp_path / "home"
    (home / "old-photos").mkdir(parents=True)
    (home / "old-photos" / "x.png").write_bytes(b"x")
    (folder.parent / ".deck.new-aaaaaaaa").symlink_to(home)
    place = folder.parent / ".deck.new-bbbbbbbb"
    place.mkdir()
    (place / "old-0").symlink_to(home)
    (place / "new").symlink_to(home)
    (place / "lock").write_text("1", encoding="ascii")
    recover_folder(folder)
    assert (home / "old-photos" / "x.png").read_bytes() == b"x"
    assert [path.name for path in home.iterdir()] == ["old-photos"]


def test_a_manifest_that_names_files_elsewhere_removes_none(tmp_path, steps):
    folder = deck(tmp_path / "outputs" / "deck", "one")
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    record = json.loads((folder / "manifest.json").read_text())
    record["files"]["../../thesis.txt"] = record["files"][str(tmp_path / "thesis.txt")] = {}
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    deck(folder, "two")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_when_the_disk_refuses_the_old_deck_stays_and_the_error_says_what_to_do(
    tmp_path, steps, monkeypatch
):
    folder = deck(tmp_path / "deck", "one")
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    for number, remedy in (
        (errno.ENOSPC, "Free some space"),
        (errno.EACCES, "Look at the permissions"),
    ):
        for broken in ("abreast.publish.outputs.write_synced", "abreast.exchange.sync"):

            def refuse(*arguments, number=number):
                raise OSError(number, os.strerror(number))

            with monkeypatch.context() as patch:
                patch.setattr(broken, refuse)
                with pytest.raises(AbreastError) as caught:
                    deck(folder, "two")
            assert str(caught.value).startswith(f"{folder}: cannot write the deck: ")
            assert os.strerror(number) in str(caught.value)
            assert f"The deck that was there is unchanged. {remedy}" in str(caught.value)
            assert whole(folder) == "one"
            assert (folder / "mine.txt").read_text() == "mine"
            assert beside(folder) == []


def test_what_fails_or_is_interrupted_between_two_renames_is_undone(tmp_path, monkeypatch):
    folder = deck(tmp_path / "deck", "one")
    monkeypatch.setattr(exchanging, "swapped", lambda one, other: False)
    for problem in (OSError(errno.EIO, "broken"), KeyboardInterrupt()):
        rename = Path.rename
        calls = []

        def fail_at_the_second(self, target, problem=problem, rename=rename, calls=calls):
            calls.append(target)
            if len(calls) == 2:
                raise problem
            return rename(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", fail_at_the_second)
            with pytest.raises((AbreastError, KeyboardInterrupt)):
                deck(folder, "two")
        assert whole(folder) == "one"
        assert beside(folder) == []


def test_many_who_publish_one_deck_at_once_all_end_well(tmp_path, steps):
    folder = deck(tmp_path / "deck", "start")
    done = threading.Event()
    problems, written = [], []

    def watch():
        # Who looks meanwhile sees a whole deck, where the system can exchange in one step.
        while steps == "one step" and not done.is_set():
            if not (folder / "index.html").exists():
                problems.append("no deck for a moment")

    def write():
        number = 0
        while not done.is_set():
            number += 1
            name = f"mine-{number}.txt"
            (folder / name).write_text("mine", encoding="utf-8")
            written.append(name)
            done.wait(0.002)

    def build(name):
        for _ in range(8):
            deck(folder, name, **{f"notebooks/{name}.ipynb": "{}"})

    watcher = threading.Thread(target=watch)
    writer = threading.Thread(target=write if steps == "one step" else watch)
    builders = [threading.Thread(target=build, args=(name,)) for name in "abc"]
    for thread in (watcher, writer, *builders):
        thread.start()
    for thread in builders:
        thread.join()
    done.set()
    watcher.join()
    writer.join()
    assert not problems
    assert whole(folder) in {"a", "b", "c"}
    assert beside(folder) == []
    assert [name for name in written if not (folder / name).exists()] == []
    assert len(list((folder / "notebooks").iterdir())) == 1
