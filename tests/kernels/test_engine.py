"""The papermill engine by itself, as `papermill --engine abreast` uses it."""

import sys
import warnings

import pytest

pytestmark = pytest.mark.kernel


def test_stock_papermill_finds_and_uses_the_engine(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of papermill's own dependencies
        import papermill
        from nbformat import read, v4, write

        notebook = v4.new_notebook(
            cells=[v4.new_code_cell("import sys\nprint(sys.executable)\nsorted(locals())")],
            metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}},
        )
        write(notebook, tmp_path / "in.ipynb")
        papermill.execute_notebook(
            tmp_path / "in.ipynb", tmp_path / "out.ipynb", engine_name="abreast", progress_bar=False
        )
        cell = read(tmp_path / "out.ipynb", as_version=4).cells[0]
    assert cell.outputs[0].text.strip() == sys.executable
    assert "abreast" not in str(cell.outputs[1])
