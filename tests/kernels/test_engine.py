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


def test_tcp_takes_over_where_ipc_does_not_work(tmp_path, monkeypatch):
    """A path that is too long for a socket makes the kernel die before it answers."""
    from abreast.run import kernel, sockets
    from abreast.run.loop import Loop
    from abreast.run.session import Session
    from nbformat import v4

    folder = tmp_path / ("long" * 40)
    folder.mkdir()
    monkeypatch.setattr(sockets.tempfile, "mkdtemp", lambda **_: str(folder))
    notebook = v4.new_notebook(cells=[v4.new_code_cell("6 * 7")])
    session = Session()
    with Loop() as loop:
        loop.call(kernel.execute(notebook, "python3", 60, session))
    assert session.problem is None
    assert notebook.cells[0].outputs[0].data["text/plain"] == "42"


def test_sockets_of_a_process_that_was_killed_are_removed_by_the_next_kernel(tmp_path, monkeypatch):
    from abreast.run import sockets

    monkeypatch.setattr(sockets, "_SHORT", str(tmp_path))
    left = [
        "import os",
        "from abreast.run import sockets",
        f"sockets._SHORT = {str(tmp_path)!r}",
        "kept = sockets.SocketFolder()",
        "os.kill(os.getpid(), 9)",
    ]
    subprocess.run([sys.executable, "-c", "\n".join(left)], check=False)
    (lost,) = tmp_path.iterdir()
    (tmp_path / "abreast-kernel-foreign").mkdir()
    living = sockets.SocketFolder()
    assert not lost.exists()
    other = sockets.SocketFolder()
    assert len([*tmp_path.iterdir()]) == 3
    other.remove()
    living.remove()
    assert [path.name for path in tmp_path.iterdir()] == ["abreast-kernel-foreign"]
