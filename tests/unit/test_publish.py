import json

import pytest
from abreast.errors import UsageError
from abreast.publish.outputs import publish


def test_a_folder_is_replaced_as_a_whole_and_foreign_files_stay(tmp_path):
    folder = tmp_path / "outputs" / "deck"
    publish(folder, {"index.html": "one", "notebooks/old.ipynb": "{}"}, {"deck": "deck"})
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    publish(folder, {"index.html": "two"}, {"deck": "deck"})
    assert (folder / "index.html").read_text() == "two"
    assert (folder / "notes.txt").read_text() == "mine"
    assert not (folder / "notebooks" / "old.ipynb").exists()
    assert [p.name for p in folder.parent.iterdir()] == ["deck"]
    record = json.loads((folder / "manifest.json").read_text())
    assert record["files"]["index.html"]["bytes"] == 3


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path):
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(UsageError, match="not made by abreast"):
        publish(folder, {"index.html": "x"}, {})
    assert (folder / "thesis.txt").read_text() == "years of work"
