import json
import os
import shutil
import subprocess
import sys
import threading
import time

import pytest
from abreast.errors import UsageError
from abreast.exchange import staging
from abreast.fragments import digest, kept_fragments
from abreast.run import cleaning, roots
from abreast.run.cleaning import Entry, entries, prunable, remove
from abreast.run.home import (
    fragments_folder,
    home,
    is_cache,
    make_cache,
    make_home,
    templates_folder,
)
from hypothesis import given
from hypothesis import strategies as st

DAY = 86400.0
KEYS = ["1" * 64, "2" * 64, "3" * 64]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ABREAST_HOME", str(tmp_path / "home"))


def kept_run(key, days=0.0, size=100):
    folder = make_cache(home() / "runs") / key
    folder.mkdir()
    (folder / "run.json").write_bytes(b"x" * size)
    return aged(folder, days)


def aged(path, days):
    then = time.time() - days * DAY
    os.utime(path, (then, then))
    return path


def kept_file(folder, name, days=0.0):
    path = make_cache(folder) / name
    path.write_text("kept")
    return aged(path, days)


def on(host, monkeypatch):
    monkeypatch.setattr(roots, "_host", lambda: host)


def going(older_days=1.0, **options):
    return prunable(entries(), older_seconds=older_days * DAY, **options)


def test_what_a_deck_was_last_built_from_is_used(tmp_path):
    deck = tmp_path / "deck.yml"
    deck.write_text("")
    for key in KEYS:
        kept_run(key, days=3)
    roots.note(deck, {"n": 1}, [KEYS[0]], [])
    roots.note(deck, {"n": 2}, [KEYS[1]], [])
    assert {e.path.name: e.used for e in entries()} == dict(
        zip(KEYS, (True, True, False), strict=True)
    )
    roots.note(deck, {"n": 2}, [KEYS[2]], [])
    assert {e.path.name for e in entries() if e.used} == {KEYS[0], KEYS[2]}
    deck.unlink()
    assert not any(e.used for e in entries())


def test_only_the_unused_and_old_go(tmp_path):
    deck = tmp_path / "deck.yml"
    deck.write_text("")
    used, young, old = (kept_run(k, days=d) for k, d in zip(KEYS, (9, 0.5, 9), strict=True))
    roots.note(deck, {}, [KEYS[0]], [])
    remove(prunable(entries(), older_seconds=DAY))
    assert used.exists()
    assert young.exists()
    assert not old.exists()
    deck.unlink()
    remove([])
    assert not list((home() / "roots").glob("*.json"))


def test_nothing_is_touched_without_the_mark_and_nothing_that_others_put_there(tmp_path):
    foreign = make_cache(home() / "runs") / "notes"
    foreign.mkdir()
    (home() / "runs" / KEYS[1]).symlink_to(tmp_path)
    kept_run(KEYS[0], days=9)
    assert [entry.path.name for entry in entries()] == [KEYS[0]]
    (home() / "runs" / "CACHEDIR.TAG").unlink()
    with pytest.raises(UsageError, match=r"no CACHEDIR\.TAG"):
        entries()
    remove([Entry(path=home() / "runs" / KEYS[0], bytes=1, age_seconds=9 * DAY, used=False)])
    assert (home() / "runs" / KEYS[0]).exists()


def entry(number, size, days, used):
    return Entry(path=home() / f"{number}", bytes=size, age_seconds=days * DAY, used=used)


@given(
    st.lists(st.tuples(st.integers(1, 50), st.floats(0, 20), st.booleans()), max_size=8),
    st.floats(0, 20),
    st.none() | st.integers(0, 200),
)
def test_what_goes_is_never_more_than_it_must_be(kinds, days, most):
    kept = [entry(n, *kind) for n, kind in enumerate(kinds)]
    going = prunable(kept, older_seconds=days * DAY, most_bytes=most)
    left = [one for one in kept if one not in going]
    assert all(one in going for one in kept if not one.used and one.age_seconds >= days * DAY)
    if most is None:
        assert not any(one.used for one in going)
        return
    assert sum(one.bytes for one in left) <= most
    # The last that went was needed; what is used goes only when nothing else is left.
    asked = [one for one in going if one.used or one.age_seconds < days * DAY]
    if asked:
        assert sum(one.bytes for one in left) + asked[-1].bytes > most
    if any(one.used for one in going):
        assert all(one.used for one in left)


def test_a_torn_note_is_ignored_and_goes(tmp_path):
    folder = make_cache(home() / "roots")
    (folder / "x.json").write_text("{")
    (folder / "y.json").write_text(json.dumps({"deck": str(tmp_path / "gone.yml")}))
    (folder / "z.json").write_text("[]")
    assert roots.noted() == []
    remove([])
    assert [path.name for path in folder.iterdir()] == ["CACHEDIR.TAG"]


def test_what_another_machine_noted_stays_until_it_was_silent_for_long(tmp_path, monkeypatch):
    elsewhere = tmp_path / "not" / "mounted" / "here" / "deck.yml"
    kept_run(KEYS[0], days=200)
    on("other", monkeypatch)
    roots.note(elsewhere, {}, [KEYS[0]], [])
    on("this", monkeypatch)
    remove(going())
    assert [(e.path.name, e.used) for e in entries()] == [(KEYS[0], True)]
    (written,) = (home() / "roots").glob("*.json")
    aged(written, 89)
    assert going() == []
    aged(written, 91)
    remove(going())
    assert not (home() / "runs" / KEYS[0]).exists()
    assert not written.exists()


def test_machines_note_a_deck_of_one_path_apart(tmp_path, monkeypatch):
    deck = tmp_path / "deck.yml"
    for host, key in (("one", KEYS[0]), ("two", KEYS[1])):
        on(host, monkeypatch)
        kept_run(key, days=3)
        roots.note(deck, {}, [key], [])
    assert {e.path.name for e in entries() if e.used} == {KEYS[0]}  # here it is gone
    on("one", monkeypatch)
    assert {e.path.name for e in entries() if e.used} == {KEYS[1]}


def test_a_deck_that_nobody_can_tell_to_be_gone_stays(tmp_path):
    roots.note(tmp_path / ("x" * 300) / "deck.yml", {}, KEYS, [])  # the name is too long to ask
    assert [note["runs"] for note in roots.noted()] == [KEYS]


def test_a_machine_is_told_by_its_name_and_its_id(tmp_path, monkeypatch):
    monkeypatch.setattr(roots.platform, "node", lambda: "box")
    monkeypatch.setattr(roots, "_MACHINE_ID", tmp_path / "machine-id")
    assert roots._host.__wrapped__() == "box"
    (tmp_path / "machine-id").write_text("0123\n")
    assert roots._host.__wrapped__() == "box 0123"


def test_cleaning_goes_on_while_builds_make_and_take_away_their_places():
    kept_run(KEYS[0])
    stopped = threading.Event()

    def build():
        while not stopped.is_set():
            with staging(home() / "runs" / KEYS[1]) as new:
                (new / "run.json").write_text("x")

    builds = [threading.Thread(target=build) for _ in range(3)]
    for one in builds:
        one.start()
    try:
        for _ in range(150):
            assert KEYS[0] in {entry.path.name for entry in entries()}
    finally:
        stopped.set()
        for one in builds:
            one.join()


def test_an_entry_that_vanishes_is_none(monkeypatch):
    gone = kept_run(KEYS[0])
    stays = kept_run(KEYS[1])
    (stays / "more").mkdir()
    (stays / "more" / "file").write_text("12345")
    names = cleaning._in

    def listed(folder, *args, **options):
        found = names(folder, *args, **options)
        shutil.rmtree(gone, ignore_errors=True)
        return found

    monkeypatch.setattr(cleaning, "_in", listed)
    assert [(e.path, e.bytes) for e in entries()] == [(stays, 105)]


def test_what_only_makes_builds_faster_goes_after_a_day_without_being_written():
    name = digest("a deck")
    old = [
        kept_file(fragments_folder(), name, 2),
        kept_file(fragments_folder(), f".{name}.x8_ab", 2),
        kept_file(templates_folder(), f"__jinja2_{'a' * 40}.cache", 2),
        kept_file(templates_folder(), f"__jinja2_{'b' * 40}.cachek3_x.tmp", 2),
        kept_file(home() / "roots", f".{KEYS[0]}.json.x8_ab", 2),
    ]
    young = kept_file(fragments_folder(), digest("another"), 0.5)
    foreign = kept_file(fragments_folder(), "notes.txt", 9)
    assert {entry.path for entry in entries()} == {*old, young}
    assert {entry.path for entry in going(0)} == {*old}
    assert going(3) == []
    remove(going())
    assert not any(path.exists() for path in old)
    assert young.exists()
    assert foreign.exists()


def test_the_names_that_are_pruned_are_those_that_are_written():
    with kept_fragments(make_cache(fragments_folder()) / digest("a deck")) as fragments:
        fragments.text("key", lambda: "text")
        assert len(entries()) == 1  # what it is written to, before it has its name
    from abreast.render.views import environment

    environment.cache_clear()
    try:
        environment().get_template("slide.html.j2")
    finally:
        environment.cache_clear()
    found = {entry.path.parent.name for entry in entries()}
    assert found == {"fragments", "templates"}
    for folder in (fragments_folder(), templates_folder()):
        left = {path.name for path in folder.iterdir()} - {e.path.name for e in entries()}
        assert left == {"CACHEDIR.TAG"}


def test_an_environment_takes_its_kernelspec_with_it(tmp_path):
    names = ("torch-cpu-0123456789ab", "torch-cpu-ba9876543210", "gone-cpu-000000000000")
    kernels = make_cache(home() / "jupyter" / "kernels")
    for name in names:
        (kernels / name).mkdir()
        (kernels / name / "kernel.json").write_text("{}")
        aged(kernels / name, 5)
    for name in names[:2]:
        (make_cache(home() / "environments") / name).mkdir()
        aged(home() / "environments" / name, 5)
    deck = tmp_path / "deck.yml"
    deck.write_text("")
    roots.note(deck, {}, [], ["ba9876543210" + "0" * 52])
    assert {e.path.parent.name for e in entries() if e.path.name == names[2]} == {"kernels"}
    remove(going())
    assert {path.name for path in kernels.iterdir()} == {"CACHEDIR.TAG", names[1]}
    assert (home() / "environments" / names[1]).exists()


@pytest.mark.parametrize("name", ["", "runs", "fragments", "jupyter/kernels"])
def test_a_folder_of_others_is_neither_tagged_nor_used(name):
    folder = home() / name
    if name:
        make_home()
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"not abreast's.*ABREAST_HOME"):
        make_cache(folder)
    assert not is_cache(folder)
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_taken_and_so_is_an_empty_disk():
    home().mkdir()
    assert is_cache(make_home())
    disk = home() / "runs"
    (disk / "lost+found").mkdir(parents=True)
    assert is_cache(make_cache(disk))


def test_the_tag_of_another_program_is_not_that_of_abreast():
    home().mkdir()
    (home() / "CACHEDIR.TAG").write_text(
        "Signature: 8a477f597d28d172789f06886806bc55\n# by cargo\n"
    )
    assert not is_cache(home())
    with pytest.raises(UsageError):
        make_home()


def test_processes_that_make_the_folder_at_once_do_not_take_each_other_for_others():
    script = (
        "import sys\nfrom abreast.run.home import home, make_cache\nsys.stdin.read(1)\n"
        "for name in 'abcdefgh':\n    make_cache(home() / name)\n"
    )
    made = [
        subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) for _ in range(4)
    ]
    for one in made:
        one.stdin.close()
    assert [one.wait(timeout=60) for one in made] == [0] * 4


def test_clean_tells_of_files_in_a_row(project):
    for number in range(3):
        kept_file(fragments_folder(), digest(number), 2)
    kept_run(KEYS[0], days=3, size=2_000_000)
    told = project.call("clean", "--dry-run")
    assert told.returncode == 0, told.stderr
    assert "fragments/3 files" in told.stdout
    assert f"runs/{KEYS[0][:28]}" in told.stdout
    assert "would free 2.0 MB; 0.0 MB stay" in told.stdout
    assert len(entries()) == 4
    assert "freed 2.0 MB; 0.0 MB stay" in project.call("clean").stdout
    assert entries() == []
