"""The built decks in outputs/, as they are committed: people clone them all."""

import pytest

from tests.conftest import DECKS, ROOT


@pytest.mark.parametrize("name", DECKS)
def test_what_is_committed_is_small(name):
    folder = ROOT / "outputs" / name
    assert (folder / "index.html").stat().st_size <= 900_000
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 2_000_000
