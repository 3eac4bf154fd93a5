"""The papermill engine by itself, as `papermill --engine abreast` uses it."""

import json
import subprocess
import sys

import pytest

from tests.conftest import code, write_notebook

pytestmark = pytest.mark.kernel


def test_stock_papermill_finds_and_uses_the_engine(tmp_path):
    write_notebook(
        tmp_path / "in.ipynb", code("import sys\nprint(sys.executable)\nsorted(locals())")
    )
    done = subprocess.run(
        [sys.executable, "-m", "papermill", "--engine", "abreast", "in.ipynb", "out.ipynb"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    printed, names = json.loads((tmp_path / "out.ipynb").read_text("utf-8"))["cells"][0]["outputs"]
    assert "".join(printed["text"]).strip() == sys.executable
    assert "abreast" not in str(names)
