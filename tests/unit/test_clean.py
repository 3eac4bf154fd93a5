import json
import os
import time

import pytest
from abreast import frameworks
from abreast.errors import UsageError
from abreast.model import Lock
from abreast.run import roots
from abreast.run.cleaning import Entry, entries, prunable, remove
from abreast.run.home import home, make_cache
from abreast.run.locks import lock_of, raised
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
    then = time.time() - days * DAY
    os.utime(folder, (then, then))
    return folder


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


def test_a_torn_note_is_ignored(tmp_path):
    folder = make_cache(home() / "roots")
    (folder / "x.json").write_text("{")
    (folder / "y.json").write_text(json.dumps({"deck": str(tmp_path / "gone.yml")}))
    assert roots.noted() == {}


def test_a_raised_lock_keeps_its_markers_and_gets_what_is_new():
    lock = Lock(text='# why\ntorch==2.12.0 ; sys_platform == "linux"\nfoo_bar==1\n')
    newer = raised(lock, {"torch": "2.13.0", "Foo-Bar": "2", "zip": "3"})
    assert newer.text == ('# why\ntorch==2.13.0 ; sys_platform == "linux"\nfoo_bar==2\nzip==3\n')
    assert newer.packages == {"torch": "2.13.0", "foo_bar": "2", "zip": "3"}
    assert raised(lock, {}) == lock


def test_a_projects_own_lock_stands_before_that_of_abreast(tmp_path):
    torch = frameworks.load("pytorch")
    shipped = lock_of(torch, "cpu", tmp_path)
    assert shipped.packages["torch"]
    (tmp_path / "pytorch-cpu.txt").write_text("torch==9.9\n")
    assert lock_of(torch, "cpu", tmp_path).packages == {"torch": "9.9"}
    assert lock_of(torch, "cpu") == shipped
