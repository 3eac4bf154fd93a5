import pytest
from abreast import frameworks
from abreast.errors import UsageError
from abreast.model import Lack, Lock
from abreast.run import environments, updating
from abreast.run.locks import lock_of, raised
from abreast.run.updating import update_environment
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

TORCH = frameworks.load("pytorch")
ORDINARY = """\
--extra-index-url https://example.org/simple
# made by hand
Torch==2.12.0  # why
jax[cuda12]==0.5.0 ; sys_platform == "linux"  # extras and a marker
numpy == 2.1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
pillow>=10
tool @ https://example.org/tool-1.whl#sha256=aa
-e .
"""
PINS = {"Torch": "2.12.0", "jax": "0.5.0", "numpy": "2.1.0"}


def own_lock(folder, text):
    (folder / "pytorch-cpu.txt").write_text(text, encoding="utf-8")
    return folder


def test_a_lock_is_read_as_pip_reads_it(tmp_path):
    lock = lock_of(TORCH, "cpu", own_lock(tmp_path, ORDINARY))
    assert lock.text == ORDINARY
    assert lock.packages == PINS
    assert lock.requirements == (
        (3, "Torch==2.12.0"),
        (4, 'jax[cuda12]==0.5.0 ; sys_platform == "linux"'),
        (5, "numpy == 2.1.0"),
        (8, "pillow>=10"),
        (9, "tool @ https://example.org/tool-1.whl#sha256=aa"),
    )


def test_a_last_line_that_goes_on_counts():
    assert Lock(text="torch==1 \\").packages == {"torch": "1"}
    assert Lock(text="torch==1 # so \\\nnumpy==2").packages == {"torch": "1", "numpy": "2"}


def test_what_a_lock_takes_in_is_part_of_it(tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "base.txt").write_text("numpy==2.1.0\n-r last.txt\n")
    (tmp_path / "more" / "last.txt").write_text("zip==3\n")
    lock = lock_of(TORCH, "cpu", own_lock(tmp_path, "torch==2.12.0\n-r more/base.txt  # ours\n"))
    assert lock.text == "torch==2.12.0\nnumpy==2.1.0\nzip==3\n"
    (tmp_path / "more" / "last.txt").write_text("-r ../pytorch-cpu.txt\n")
    with pytest.raises(UsageError, match="takes itself in"):
        lock_of(TORCH, "cpu", tmp_path)
    with pytest.raises(UsageError, match="cannot read this lock"):
        lock_of(TORCH, "cpu", own_lock(tmp_path, "torch==2.12.0\n--requirement=gone.txt\n"))


def test_what_is_no_requirement_is_told_with_its_line(tmp_path):
    own_lock(tmp_path, "torch==2.12.0\n\n<<<<<<< HEAD\nnumpy==\nzip==1 ; os is nice\n")
    with pytest.raises(UsageError) as caught:
        lock_of(TORCH, "cpu", tmp_path)
    wheres = [mistake.where.rpartition(":")[2] for mistake in caught.value.mistakes]
    assert wheres == ["3", "4", "5"]
    assert "pytorch-cpu.txt:3: '<<<<<<< HEAD' is no requirement." in str(caught.value)


@pytest.mark.parametrize("spelled", ["torch", "Torch", "TORCH"])
def test_wheels_are_looked_for_however_the_lock_spells_the_name(spelled, tmp_path, monkeypatch):
    markers = {"python_version": "3.12", "sys_platform": "linux", "platform_machine": "x86_64"}
    monkeypatch.setattr(environments, "_marker_environment", lambda _: markers)
    text = f"--no-cache\n{spelled}==2.12.0 ; python_version < '3.13'  # why\n"
    lock = lock_of(TORCH, "cpu", own_lock(tmp_path, text))
    assert environments.lacking_wheels(TORCH, "cpu", "python", lock) is None
    markers["python_version"] = "3.13"
    lack = environments.lacking_wheels(TORCH, "cpu", "python", lock)
    assert isinstance(lack, Lack)
    assert "no wheels for Python 3.13" in lack.reason


def test_a_lock_without_its_framework_says_so():
    lack = environments.lacking_wheels(TORCH, "cpu", "python", Lock(text="numpy==1\n"))
    assert isinstance(lack, Lack)
    assert "does not name torch" in lack.reason


def update(folder, monkeypatch, found):
    """Raise PyTorch, with a pip that finds what is given."""
    wanted = []
    monkeypatch.setattr(updating, "install", lambda *_, **__: object())
    monkeypatch.setattr(updating, "upgrades", lambda _, name: wanted.append(name) or found)
    return update_environment(TORCH, "cpu", folder, None, lambda _: None), wanted


def test_a_framework_is_raised_however_the_lock_spells_it(tmp_path, monkeypatch):
    text = "--pre\nTorch==2.12.0 # why\nzip_two==1\n"
    own_lock(tmp_path, text)
    changes, wanted = update(tmp_path, monkeypatch, {"torch": "2.13.0", "zip-two": "2"})
    assert wanted == ["Torch"]
    assert changes == {"Torch": ("2.12.0", "2.13.0"), "zip_two": ("1", "2")}
    written = (tmp_path / "pytorch-cpu.txt").read_text()
    assert written == "--pre\nTorch==2.13.0 # why\nzip_two==2\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("numpy==1\n", "does not pin torch"),
        ("torch>=2\n", "does not pin torch"),
        ("torch==2 --hash=sha256:aa\n", "has hashes"),
    ],
)
def test_a_lock_that_cannot_be_raised_says_why(text, told, tmp_path, monkeypatch):
    own_lock(tmp_path, text)
    with pytest.raises(UsageError, match=told) as caught:
        update(tmp_path, monkeypatch, {})
    assert "pytorch-cpu.txt" in str(caught.value)
    assert (tmp_path / "pytorch-cpu.txt").read_text() == text


def test_a_raised_lock_keeps_its_markers_and_gets_what_is_new():
    lock = Lock(
        text='# why\ntorch==2.12.0 ; sys_platform == "linux"\nfoo_bar==1\n'
        'torch==2.11.0 ; sys_platform == "darwin"\nother>=1 ; os_name == "nt"\n'
    )
    newer = raised(lock, {"torch": "2.13.0", "Foo-Bar": "2", "zip": "3"})
    assert newer.text == (
        '# why\ntorch==2.13.0 ; sys_platform == "linux"\nfoo_bar==2\n'
        'torch==2.13.0 ; sys_platform == "darwin"\nother>=1 ; os_name == "nt"\nzip==3\n'
    )
    assert newer.packages == {"torch": "2.13.0", "foo_bar": "2", "zip": "3"}
    assert raised(lock, {}) == lock


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,4}([-_.][a-z0-9]{1,3})?", fullmatch=True)
VERSIONS = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}(\+cpu)?", fullmatch=True)
TAILS = st.sampled_from(
    ["", "  # why", " ; os_name == 'posix'", " --hash=sha256:aa", " \\\n  --no-deps"]
)


def written(pins):
    return "".join(f"{name}=={version}{tail}\n" for name, (version, tail) in pins.items())


@given(
    st.dictionaries(NAMES, st.tuples(VERSIONS, TAILS), min_size=1, max_size=5),
    VERSIONS,
    st.data(),
)
def test_only_what_is_raised_changes(pins, version, data):
    lock = Lock(text=written(pins))
    assert lock.packages == {name: pinned for name, (pinned, _) in pins.items()}
    name = data.draw(st.sampled_from(sorted(pins)))
    newer = {
        one: (version if canonicalize_name(one) == canonicalize_name(name) else pinned, tail)
        for one, (pinned, tail) in pins.items()
    }
    assert raised(lock, {name.upper().replace("_", "-"): version}).text == written(newer)


def test_a_projects_own_lock_stands_before_that_of_abreast(tmp_path):
    shipped = lock_of(TORCH, "cpu", tmp_path)
    assert shipped.packages["torch"]
    own_lock(tmp_path, "torch==9.9\n")
    assert lock_of(TORCH, "cpu", tmp_path).packages == {"torch": "9.9"}
    assert lock_of(TORCH, "cpu") == shipped
