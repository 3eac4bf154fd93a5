"""`abreast export`: a deck as PDF, as PowerPoint, and as a page for the audience."""

import json
import re

import pytest

from tests.conftest import Project, code, prose, text_output

pytestmark = [pytest.mark.browser]

DECK = """\
title: Two columns
frameworks: [pytorch, tensorflow]
steps: [code]
sections:
  - {title: Before, slides: before.ipynb}
  - title: Side by side
    abreast: {pytorch: pytorch.ipynb, tensorflow: tensorflow.ipynb}
"""
BEFORE = (
    prose("# Hello"),
    prose("## Where to go\n\nTo [the first](#/0), or to [the site](https://example.org/away)."),
    prose("Welcome them all.\n\n- the first point\n- the second point", "notes"),
)


def cells(name):
    return [
        prose(f"## A network\n\nIts layers in {name}."),
        code(f"import {name}\n\nnet = {name}.Sequential()\nnet.add({name}.Dense(10))\nnet.build()",
             outputs=[text_output(f"built with {name}\n")]),
        prose("Count the layers aloud.", "notes"),
        prose("## Training\n\nOne epoch after the other."),
        code("for epoch in range(3):\n    train(epoch)", outputs=[text_output("the last line\n")]),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("project"))
    project.deck(
        "talk", DECK, before=BEFORE, pytorch=cells("torch"), tensorflow=cells("tensorflow")
    )
    done = project.call("build", "talk", "--no-run")
    assert done.returncode == 0, done.stderr
    return project


def slides_of(project):
    manifest = project.folder / "outputs" / "talk" / "manifest.json"
    return len(json.loads(manifest.read_text(encoding="utf-8"))["slides"])


def exported(project, *options):
    done = project.call("export", "talk", *options)
    assert done.returncode == 0, done.stderr
    return done


def pdf(project, name, *options):
    from pypdf import PdfReader

    exported(project, "--to", "pdf", "-o", name, *options)
    return PdfReader(project.folder / name, strict=True)


def texts(reader):
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


@pytest.fixture(scope="module")
def printed(talk):
    return pdf(talk, "plain.pdf")


def test_a_pdf_has_a_page_a_slide_and_says_so(talk):
    done = exported(talk, "--to", "pdf")
    assert re.search(rf"wrote talk\.pdf \({slides_of(talk)} pages, \d+ kB\)", done.stderr)
    assert (talk.folder / "talk.pdf").read_bytes().startswith(b"%PDF-")


def test_the_text_of_a_pdf_is_whole_and_can_be_selected(talk, printed):
    assert len(printed.pages) == slides_of(talk)
    text = " ".join(texts(printed))
    for words in ("Hello", "net.build()", "built with torch", "train(epoch)", "the last line"):
        assert words in text
    assert "Welcome them" not in text


def test_nothing_on_a_printed_page_reaches_its_edge(printed):
    from pypdf import mult

    for page in printed.pages:
        assert [round(float(side)) for side in page.mediabox] == [0, 0, 960, 540]
        places = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, *_: places.append((*mult(tm, cm)[4:], text.strip()))  # noqa: B023
        )
        edge = [
            (x, y, text) for x, y, text in places if text and not (30 < x < 930 and 5 < y < 535)
        ]
        assert edge == []


def test_a_pdf_has_a_title_an_outline_and_links(printed):
    assert printed.metadata.title == "Two columns"
    titles = [entry.title for entry in flat(printed.outline)]
    assert titles[0] == "Hello"
    assert {"Where to go", "A network", "Training"} <= set(titles)
    notes = [note.get_object() for page in printed.pages for note in page.get("/Annots", [])]
    assert any(note.get("/A", {}).get("/URI") == "https://example.org/away" for note in notes)
    assert any("/Dest" in note for note in notes)


def flat(outline):
    for entry in outline:
        yield from flat(entry) if isinstance(entry, list) else [entry]


def test_a_pdf_says_from_which_page_it_was_printed(talk, printed):
    from abreast.render.pdfmark import page_digest, printed_page

    page = talk.folder / "outputs" / "talk" / "index.html"
    assert printed_page(talk.folder / "plain.pdf") == page_digest(page.read_bytes())
    assert printed.trailer["/Root"], "read in strict mode, too"


def test_with_steps_a_pdf_has_a_page_a_step(talk, printed):
    steps = pdf(talk, "steps.pdf", "--steps")
    assert len(steps.pages) > len(printed.pages)
    pages = [text for text in texts(steps) if "net.build()" in text]
    assert len(pages) >= 3
    titles = [entry.title for entry in flat(steps.outline)]
    assert titles.count("A network") == 1


def test_one_column_can_be_printed_alone(talk):
    text = " ".join(texts(pdf(talk, "one.pdf", "--columns", "tensorflow")))
    assert "built with tensorflow" in text
    assert "built with torch" not in text


def powerpoint(project, name, *options):
    from pptx import Presentation

    exported(project, "--to", "pptx", "-o", name, *options)
    return Presentation(project.folder / name)


@pytest.fixture(scope="module")
def slides(talk):
    return powerpoint(talk, "talk.pptx")


def test_each_powerpoint_slide_is_a_sharp_picture_of_the_whole(talk, slides):
    assert (slides.slide_width, slides.slide_height) == (12192000, 6858000)
    assert len(slides.slides) == slides_of(talk)
    for slide in slides.slides:
        (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13]
        assert picture.image.size == (2560, 1440)
        assert (picture.left, picture.top) == (0, 0)
        assert (picture.width, picture.height) == (slides.slide_width, slides.slide_height)


def test_powerpoint_has_titles_and_words_for_readers(slides):
    by_title = {slide.shapes.title.text_frame.text: slide for slide in slides.slides}
    slide = by_title["A network"]
    assert slide.shapes.title.top + slide.shapes.title.height <= 0
    (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13]
    words = picture._element.nvPicPr.cNvPr.get("descr")
    assert "net.build()" in words
    assert "built with torch" in words
    assert slides.core_properties.title == "Two columns"


def notes_of(presentation):
    return [
        slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
        for slide in presentation.slides
    ]


def test_powerpoint_has_the_notes_paragraph_for_paragraph(slides):
    notes = notes_of(slides)
    assert "Welcome them all.\n• the first point\n• the second point" in notes
    assert any("Count the layers aloud." in text for text in notes)


def test_powerpoint_has_links_at_their_places(slides):
    slide = next(s for s in slides.slides if s.shapes.title.text_frame.text == "Where to go")
    shapes = {shape.name: shape for shape in slide.shapes}
    away, first = shapes["Link: the site"], shapes["Link: the first"]
    assert away.click_action.hyperlink.address == "https://example.org/away"
    assert first.click_action.target_slide == slides.slides[0]
    assert 0 < first.left < away.left < slides.slide_width
    assert first.width < slides.slide_width / 3


def test_the_audience_gets_no_notes(talk):
    slides = powerpoint(talk, "quiet.pptx", "--audience")
    assert not any(notes_of(slides))
    exported(talk, "--to", "html", "--audience")
    page = (talk.folder / "talk-audience.html").read_text(encoding="utf-8")
    assert "net.build" in page
    assert "Welcome them all" not in page
    assert "Count the layers aloud" not in page


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--to", "pptx", "--steps"), "--steps is for pdf"),
        (("--to", "pdf", "--audience"), "a PDF has no notes"),
        (("--to", "html"), "add --audience"),
        (("--to", "html", "--audience", "--columns", "pytorch"), "?columns=pytorch"),
        (("--to", "pdf", "--columns", "pytorsh"), "Did you mean 'pytorch'?"),
        (("--to", "pdf", "-o", "nowhere/talk.pdf"), "nowhere: there is no such folder."),
    ],
)
def test_what_cannot_be_is_said(talk, options, words):
    before = set(talk.folder.iterdir())
    done = talk.call("export", "talk", *options)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert set(talk.folder.iterdir()) == before


def test_a_file_is_replaced_as_a_whole(talk):
    target = talk.folder / "old.pdf"
    target.write_text("old", encoding="utf-8")
    exported(talk, "--to", "pdf", "-o", "old.pdf")
    assert target.read_bytes().startswith(b"%PDF-")
    assert not [path for path in talk.folder.iterdir() if path.name.startswith(".old")]


def test_a_deck_that_is_not_built_cannot_be_exported(project):
    project.deck("later", "title: T\nframeworks: [pytorch]\nsections: []\n")
    done = project.call("export", "later", "--to", "pdf")
    assert done.returncode == 2
    assert "abreast build later" in done.stderr
