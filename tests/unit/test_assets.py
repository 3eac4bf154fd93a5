import shutil
from pathlib import Path

import pytest
from abreast import assets

PACKAGE = Path(assets.__file__).parent


@pytest.fixture
def maker(monkeypatch):
    """Return what `assets.maker` says of a package and the templates beside or in it."""

    def of(package):
        monkeypatch.setattr(assets, "_PACKAGE", package)
        monkeypatch.setattr(assets, "_CHECKOUT", package.parents[1])
        assets.npm_bytes.cache_clear()
        return assets.maker.__wrapped__()

    yield of
    assets.npm_bytes.cache_clear()


@pytest.fixture
def copies(tmp_path):
    """A checkout and a wheel of one version."""
    checkout, wheel = (
        tmp_path / "src" / "generator" / "abreast",
        tmp_path / "lib" / "site" / "abreast",
    )
    skip = shutil.ignore_patterns("__pycache__", "*.woff2", "templates")
    for target, templates in (
        (checkout, tmp_path / "src" / "templates" / "abreast"),
        (wheel, wheel / "templates" / "abreast"),
    ):
        shutil.copytree(PACKAGE, target, ignore=skip)
        shutil.copytree(assets.templates(), templates)
    return checkout, wheel


def test_one_version_is_the_same_in_a_wheel_and_in_a_checkout(copies, maker):
    checkout, wheel = copies
    assert maker(checkout) == maker(wheel)
    (wheel / "__pycache__").mkdir()
    (wheel / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert maker(checkout) == maker(wheel)


@pytest.mark.parametrize(
    "name",
    [
        "errors.py",
        "run/probe.py",
        "templates/abreast/slide.html.j2",
        "assets/pins.txt",
        "assets/faces.json",
    ],
)
def test_any_change_of_what_draws_is_told(name, copies, maker):
    wheel = copies[1]
    before = maker(wheel)
    (wheel / name).write_text((wheel / name).read_text() + " ")
    assert maker(wheel) != before


def test_another_version_of_a_library_is_told(maker, monkeypatch):
    before = maker(PACKAGE)
    real = assets.version
    monkeypatch.setattr(assets, "version", lambda n: "0" if n == "pygments" else real(n))
    assert maker(PACKAGE) != before
