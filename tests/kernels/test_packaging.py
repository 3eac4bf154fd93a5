"""A wheel built from the sdist, in a clean virtualenv, is a working abreast."""

import subprocess
import sys
import zipfile

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.network


def run(*command, cwd=None):
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, cwd=cwd
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_wheel_from_the_sdist_works_in_a_clean_virtualenv(tmp_path):
    run(sys.executable, "-m", "venv", tmp_path / "build")
    run(tmp_path / "build/bin/python", "-m", "pip", "install", "-q", "build")
    run(tmp_path / "build/bin/python", "-m", "build", "--outdir", tmp_path / "dist", ROOT)
    wheel = next((tmp_path / "dist").glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert "abreast/templates/abreast/index.html.j2" in names
    assert "abreast/assets/reveal.js/dist/reveal.js" in names
    assert "abreast/assets/katex/LICENSE" in names

    run(sys.executable, "-m", "venv", tmp_path / "clean")
    python = tmp_path / "clean/bin/python"
    run(python, "-m", "pip", "install", "-q", wheel)
    work = tmp_path / "work"
    work.mkdir()
    abreast = tmp_path / "clean/bin/abreast"
    run(abreast, "new", "fresh", cwd=work)
    run(abreast, "build", "fresh", "--no-run", cwd=work)
    page = (work / "outputs/fresh/index.html").read_text(encoding="utf-8")
    assert "Reveal.initialize" in page
