"""Every deck in decks/, and decks of whatever a notebook can hold: nothing falls short."""

import json

import pytest

from tests.conftest import DECKS, Project
from tests.torture import write_torture

pytestmark = pytest.mark.browser


def checked(project, deck):
    done = project.call("check", deck, "--json")
    report = json.loads(done.stdout)
    assert [f for f in report["findings"] if f] == []
    assert done.returncode == 0
    return report


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
def test_on_a_torture_deck_nothing_falls_short(tmp_path, columns):
    project = Project(tmp_path)
    write_torture(project, columns)
    done = project.call("build", "torture", "--no-run")
    assert done.returncode == 0, done.stderr
    assert checked(project, "torture")["slides"] >= 35


@pytest.mark.framework
@pytest.mark.parametrize("deck", DECKS)
def test_on_a_deck_of_the_library_nothing_falls_short(library, deck):
    library.built(deck)
    checked(library, deck)
