"""Every deck in decks/, and decks of whatever a notebook can hold: nothing falls short."""

import pytest
from abreast.publish.check import check_page

from tests.conftest import Project
from tests.torture import write_torture

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
def test_on_a_torture_deck_nothing_is_clipped_and_axe_has_nothing_serious(tmp_path, columns):
    project = Project(tmp_path)
    write_torture(project, columns)
    done = project.call("build", "torture", "--no-run")
    assert done.returncode == 0, done.stderr
    report = check_page(tmp_path / "outputs" / "torture" / "index.html", "torture")
    assert report.slides >= 35
    assert [str(finding) for finding in report.findings] == []


@pytest.mark.framework
def test_on_the_alexnet_deck_nothing_falls_short(alexnet):
    report = check_page(alexnet / "index.html", "alexnet")
    assert [str(finding) for finding in report.findings] == []
