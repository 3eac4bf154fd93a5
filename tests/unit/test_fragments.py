import json
from dataclasses import asdict
from pathlib import Path

import pytest
from abreast import frameworks
from abreast.fragments import Fragments, book, digest, kept_fragments
from abreast.model import (
    AbreastSection,
    Cell,
    Column,
    ColumnHead,
    Deck,
    Execution,
    Notebook,
    Presentation,
    Prose,
    Run,
    SlidesSection,
)
from abreast.model.records import from_record, json_entries, json_line, json_text
from abreast.render.html import draw_slides
from abreast.render.notebook import merged_notebook
from abreast.slides.compose import compose
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ("pytorch", "mxnet")
HTML = "<b id='x'>one</b><style>#x {color: red}</style>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g id="a"/></svg>'
OUTPUTS = (
    {"output_type": "stream", "name": "stdout", "text": "loss 0.5\n\x1b[31mred\x1b[0m\n"},
    {"output_type": "display_data", "metadata": {}, "data": {"text/html": HTML}},
    {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": SVG}},
)
CODE = (
    "import torch",
    "x = 1  # \N{RIGHTWARDS ARROW WITH HOOK}\nprint(x)",
    "def f(a):\n    return a\n",
)
TEXTS = (
    "# A part",
    "## A step\n\nIn *words*.",
    "Mass $E = m c^2$, ![](data:image/png;base64,x)",
    "- one\n- two",
)
CELLS = st.lists(
    st.one_of(
        st.builds(lambda s: ("markdown", s, ()), st.sampled_from(TEXTS)),
        st.builds(lambda s, o: ("code", s, o), st.sampled_from(CODE), st.lists(st.sampled_from(OUTPUTS), max_size=2)),
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


def notebook(name, cells):
    return Notebook(
        path=Path(f"{name}.ipynb"),
        cells=tuple(
            Cell(index=n, cell_type=kind, source=source, outputs=tuple(outputs))
            for n, (kind, source, outputs) in enumerate(cells)
        ),
    )


def built(words, cells, fragments=None):
    """Return all that a build writes of these cells, in two columns after a section of words."""
    columns = tuple(Column(framework=frameworks.load(name)) for name in NAMES)
    notebooks = {name: notebook(name, cells) for name in NAMES}
    sections = (
        SlidesSection(title="Words", slides=Path("w.ipynb")),
        AbreastSection(title="Rows", notebooks={n: nb.path for n, nb in notebooks.items()}),
    )
    path = Path("decks/d/deck.yml")
    deck = Deck(name="d", path=path, title="D", columns=columns, sections=sections)
    runs = [
        Execution(section="Rows", column=c, notebook=nb, result=Run(key="", cells=nb.cells))
        for c, nb in zip(columns, notebooks.values(), strict=True)
    ]
    said = []
    prose = {"Words": notebook("w", [("markdown", text, ()) for text in words])}
    slides = compose(deck, prose, runs, said.append, fragments).slides
    heads = tuple(ColumnHead(framework=column.framework) for column in columns)
    presentation = Presentation(name="d", title="D", heads=heads, slides=slides)
    drawn = draw_slides(presentation, fragments=fragments, cells=True)
    return drawn, "".join(merged_notebook(presentation, fragments)), said


@settings(max_examples=15)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4), CELLS, CELLS)
def test_with_fragments_of_another_state_a_deck_is_what_it_is_without(words, before, after):
    fragments = Fragments()
    built(words, before, fragments)
    assert built(words, after, fragments) == built(words, after)
    fragments.sweep()
    assert built([*words, "new"], after, fragments) == built([*words, "new"], after)


def test_a_new_process_draws_what_the_last_one_did_and_makes_nothing_again(tmp_path, monkeypatch):
    cells = [("code", CODE[1], OUTPUTS), ("markdown", TEXTS[2], ()), ("code", CODE[2], ())]
    with kept_fragments(tmp_path / "kept") as fragments:
        first = built(TEXTS, cells, fragments)
    with monkeypatch.context() as patch, kept_fragments(tmp_path / "kept") as fragments:
        for name in ("rows.fit_row", "rows.align_cells", "texts._fitted", "texts._lacks"):
            patch.setattr(f"abreast.slides.{name}", lambda *_: pytest.fail("made again"))
        patch.setattr("abreast.render.artist.slide_view", lambda *_, **__: pytest.fail("drawn"))
        assert built(TEXTS, cells, fragments) == first


def test_a_file_holds_what_the_last_build_used_and_nothing_else(tmp_path):
    for text in ("one", "two", "three"):
        with kept_fragments(tmp_path / "kept") as fragments:
            fragments.text("both", lambda: "same")
            fragments.text(text, lambda text=text: text)
    content = (tmp_path / "kept").read_bytes()
    assert b"same" in content
    assert b"three" in content
    assert b"one" not in content
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[:-1],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: b"not ours at all" * 9,
        lambda whole: whole.replace(b"kept text", b"torn text"),
        lambda whole: whole.replace(b'"key"', b'"kez"'),
    ],
)
def test_a_damaged_file_is_as_good_as_none(tmp_path, damage):
    path = tmp_path / "kept"
    with kept_fragments(path) as fragments:
        fragments.text("key", lambda: "kept text")
    path.write_bytes(damage(path.read_bytes()))
    with kept_fragments(path) as fragments:
        assert fragments.text("key", lambda: "made anew") == "made anew"
    with kept_fragments(path) as fragments:
        assert fragments.text("key", lambda: "again") == "made anew"


def test_what_other_code_wrote_is_not_taken(tmp_path, monkeypatch):
    with kept_fragments(tmp_path / "kept") as fragments:
        fragments.text("key", lambda: "of the old code")
    monkeypatch.setattr(book.assets, "maker", lambda: "the new code")
    with kept_fragments(tmp_path / "kept") as fragments:
        assert fragments.text("key", lambda: "of the new") == "of the new"


def test_where_nothing_can_be_written_all_is_made_and_nothing_is_kept(tmp_path):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    for made in ("one", "two"):
        with kept_fragments(tmp_path / "file" / "kept") as fragments:
            assert fragments.text("key", lambda made=made: made) == made


def test_a_build_that_fails_leaves_what_the_last_one_kept(tmp_path):
    with kept_fragments(tmp_path / "kept") as fragments:
        fragments.text("key", lambda: "good")
    with pytest.raises(RuntimeError), kept_fragments(tmp_path / "kept"):
        raise RuntimeError
    with kept_fragments(tmp_path / "kept") as fragments:
        assert fragments.text("key", lambda: "bad") == "good"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_frozen_values_come_back_equal_and_equal_ones_have_equal_names(tmp_path):
    words = Prose(markdown='"Quoted"\n\N{SNOWMAN}', font_px=26.5)
    with kept_fragments(tmp_path / "kept") as fragments:
        (first,) = fragments.records(digest("a", 1), Prose, lambda: [words])
    with kept_fragments(tmp_path / "kept") as fragments:
        (second,) = fragments.records(digest("a", 1), Prose, lambda: pytest.fail("made again"))
        assert second == words
        assert from_record(Prose, json.loads(fragments.json(second))) == words
    assert Fragments().name(first) == Fragments().name(second)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_is_written_as_the_standard_library_does(value):
    assert json_text(value) == json.dumps(value, indent=1, ensure_ascii=False)


def test_slides_stand_in_the_notebook_a_block_a_line():
    drawn = built(TEXTS, [("code", CODE[1], OUTPUTS), ("code", CODE[2], ())])[1]
    document = json.loads(drawn)
    head = document["metadata"]["abreast"]
    slides = [cell["metadata"]["abreast"] for cell in document["cells"]]
    whole = from_record(Presentation, {**head, "slides": slides})
    for slide, written in zip(whole.slides, slides, strict=True):
        blocks = [json.loads(json_text(block)) for block in slide.blocks]
        assert {**json.loads(json.dumps(asdict(slide))), "blocks": blocks} == written
    (block, *_) = slides[-1]["blocks"]
    (line,) = (line for line in drawn.splitlines() if json_line(whole.slides[-1].blocks[0]) in line)
    assert json.loads(line.strip().rstrip(",")) == block


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_in_a_line_says_the_same(value):
    assert json.loads(json_line(value)) == value
    assert "\n" not in json_line(value)
    assert json.loads(json_entries({"a": value, "b": {"c": [value], "d": {}}, "e": [value]})) == {
        "a": value, "b": {"c": [value], "d": {}}, "e": [value]
    }  # fmt: skip
