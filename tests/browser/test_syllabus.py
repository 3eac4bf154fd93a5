"""The syllabus in Chromium: it fits at any length, and its links lead to their sections."""

import pytest

from tests.conftest import prose

pytestmark = pytest.mark.browser


def built(project, text, **notebooks):
    project.deck("d", text, **notebooks)
    done = project.call("build", "d")
    assert done.returncode == 0, done.stderr
    return project.folder / "outputs" / "d" / "index.html"


def sections(count, minutes):
    words = " with a name that goes on and on" * 3
    return "".join(
        f'  - {{title: "Part {n}{words * (n % 2)}", {minutes}slides: w.ipynb}}\n'
        for n in range(count)
    )


HEAD = "title: D\nframeworks: []\nsections:\n"
SYLLABUS = "  - {title: What is to come, syllabus: true}\n"
WORDS = [prose("# A part"), prose("## Below\n\nWords.", "subslide")]


@pytest.mark.parametrize(
    ("count", "minutes"),
    [(1, "minutes: 2.5, "), (12, "minutes: 1, "), (40, "minutes: 2, "), (40, "")],
)
def test_it_falls_short_of_nothing(project, count, minutes):
    built(project, f"{HEAD}{SYLLABUS}{sections(count, minutes)}", w=WORDS)
    done = project.call("check", "d")
    assert done.returncode == 0, done.stdout


def test_a_press_on_a_section_leads_to_its_first_slide(project, page):
    text = f"{HEAD}{sections(2, 'minutes: 1, ')}{SYLLABUS}  - {{title: Last, slides: w.ipynb}}\n"
    address = built(project, text, w=WORDS).as_uri()
    for number, title in enumerate(["Part 0", "Part 1", "Last"]):
        page.goto(f"{address}#/2")
        page.locator(".present a").nth(number).click()
        section = page.evaluate("Reveal.getCurrentSlide().dataset.section")
        assert section.startswith(title)
        assert page.evaluate("Reveal.getIndices().v") in {0, None}
    assert not page.complaints


def test_its_links_lead_to_pages_in_a_pdf(project, tmp_path):
    from pypdf import PdfReader

    built(project, f"{HEAD}{SYLLABUS}{sections(3, 'minutes: 1, ')}", w=WORDS)
    target = tmp_path / "d.pdf"
    done = project.call("export", "d", "--to", "pdf", "--output", target)
    assert done.returncode == 0, done.stderr
    reader = PdfReader(target)
    links = [note.get_object()["/Dest"] for note in reader.pages[0]["/Annots"]]
    found = {reader.get_destination_page_number(reader.named_destinations[link]) for link in links}
    assert found == {1, 3, 5}
