import json
from dataclasses import asdict

import pytest
from abreast.model import (
    Band,
    CodeColumn,
    CodeRow,
    ColumnHead,
    Framework,
    ImageDisplay,
    Line,
    Presentation,
    Prose,
    Slide,
    Table,
    TextDisplay,
)
from abreast.model.records import from_record, json_text

PRESENTATION = Presentation(
    name="d", title="D", minutes=3,
    heads=(ColumnHead(framework=Framework(name="a", title="A", vocabulary={"x": "y"}), version="1"),),
    slides=(
        Slide(section="s", blocks=(Prose(markdown="m"), Table(head=("h",), rows=(("r",),)))),
        Slide(section="s", seconds=4, blocks=(CodeRow(
            columns=(CodeColumn(framework="a", lines=(Line(text="x", number=1, soft=True),), outputs=(
                TextDisplay(lines=(Line(text="o", number=1),), hidden=2, full="o"),
                ImageDisplay(mime="image/png", data="A", width_px=1.5, height_px=2.0),
            )),),
            bands=(Band(lines={"a": (1,)}),), font_px=13.0, outputs_px=13.0,
        ),)),
    ),
)  # fmt: skip


def test_what_was_written_is_read_back():
    record = json.loads(json.dumps(asdict(PRESENTATION)))
    assert from_record(Presentation, record) == PRESENTATION


def test_a_block_of_an_unknown_kind_is_refused():
    record = asdict(PRESENTATION)
    record["slides"][0]["blocks"][0]["kind"] = "film"
    with pytest.raises(KeyError):
        from_record(Presentation, record)


def test_what_is_as_always_is_not_written():
    record = json.loads(json_text(PRESENTATION))
    assert from_record(Presentation, record) == PRESENTATION
    assert record["slides"][0]["blocks"][0] == {"markdown": "m", "kind": "prose"}
    assert "speaker" not in record
