"""The page of all decks: what it is made of, and what happens to what was there."""

import base64
import json
import random
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO

import pytest
from abreast.errors import AbreastError, UsageError
from abreast.events import Said, Warned, Wrote
from abreast.model import CodeColumn, ColumnHead, Line, PlotRow, Presentation
from abreast.publish.site import decks as site_decks
from abreast.publish.site import file as site_file
from abreast.publish.site import write_site
from abreast.publish.site.best import best_slide
from abreast.publish.site.decks import built_decks
from abreast.publish.site.pictures import MOST_BYTES, PICTURE_PX, small_webp
from abreast.publish.site.places import plain, slide_addresses
from abreast.publish.site.runs import days, devices, executed_notebooks, failures
from abreast.publish.site.search import search_index
from abreast.render.pdfmark import page_digest, with_mark
from PIL import Image

from tests.sited import (
    CPU,
    FRAMEWORKS,
    GPU,
    NETWORK,
    column,
    deck,
    edited,
    large_deck,
    picture,
    prose,
    row,
    run,
    slide,
    text,
)

NASTY = "<img src=x onerror=alert(1)></style></script><!--<script>alert(2)</script>\"'>"


@pytest.fixture(autouse=True)
def no_browser(monkeypatch):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)


@pytest.fixture
def outputs(tmp_path):
    return tmp_path / "outputs"


def site(outputs, **asked):
    """The page, and what was said while it was written."""
    told = []
    write_site(outputs, emit=told.append, **asked)
    return Read(outputs / "index.html"), told


class Read(HTMLParser):
    """A page's elements and words."""

    def __init__(self, path):
        super().__init__()
        self.html = path.read_text(encoding="utf-8")
        self.tags, self.words = [], []
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if data.strip():
            self.words.append(" ".join(data.split()))

    def all(self, tag, name):
        return [attributes.get(name) for own, attributes in self.tags if own == tag]

    @property
    def links(self):
        return self.all("a", "href")

    @property
    def index(self):
        found = re.search(r'<script type="application/json" id="index">(.*?)</script>', self.html)
        return json.loads(found[1])


def index_of(outputs):
    return search_index(built_decks(outputs))["decks"][0]


def test_it_lists_what_there_is_of_a_deck(outputs):
    folder = deck(outputs, "convolutions", speaker="Ada", event="GTC")
    page, _ = site(outputs)
    assert page.links[0] == "convolutions/index.html#/2", "the picture leads to its slide"
    for link in (
        "convolutions/index.html", "convolutions/index.html#/0", "convolutions/index.html#/2",
        "convolutions/convolutions.ipynb", "convolutions/notebooks/side-by-side/pytorch.ipynb",
    ):  # fmt: skip
        assert link in page.links
    for words in (
        "Convolutions", "1 deck, 4 slides, 25 min", "25 min · 4 slides · Ada · GTC", "PyTorch",
        "1.0", "Overview", "2 min", "CPU (Xeon, 2 cores),", "21 Nov 2026",
    ):  # fmt: skip
        assert words in page.words
    assert all((outputs / link.partition("#")[0]).is_file() for link in page.links)
    assert not any("http" in link for link in page.links), "nobody says where it is published"
    (folder / "convolutions.pdf").write_bytes(b"%PDF")
    page, _ = site(outputs)
    assert "convolutions/convolutions.pdf" in page.links


def test_names_are_quoted_and_decks_are_told_apart(outputs):
    deck(outputs, "a deck")
    deck(outputs, "a deck #2")
    page, _ = site(outputs)
    assert "a%20deck/index.html" in page.links
    assert "a%20deck%20%232/index.html#/0" in page.links


def test_decks_of_an_owner_on_github_have_links_to_the_web(outputs):
    deck(outputs, "convolutions")
    on_github(outputs)
    page, _ = site(outputs)
    blob = "github/Ada/talks/blob/main/outputs/convolutions"
    assert f"https://nbviewer.org/format/slides/{blob}/convolutions.ipynb" in page.links
    assert f"https://nbviewer.org/{blob}/notebooks/side-by-side/pytorch.ipynb" in page.links
    assert "https://ada.github.io/talks/convolutions/" in page.links


def test_a_pdf_of_an_older_build_is_left_out_and_told(outputs):
    folder = deck(outputs, "convolutions")
    pdf = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<<>>\nstartxref\n27\n%%EOF\n"
    page = page_digest((folder / "index.html").read_bytes())
    (folder / "convolutions.pdf").write_bytes(with_mark(pdf, page))
    assert "convolutions/convolutions.pdf" in site(outputs)[0].links
    deck(outputs, "convolutions", "Another title", page="<!doctype html>another")
    assert (folder / "convolutions.pdf").is_file(), "a build keeps it"
    read, told = site(outputs)
    assert "convolutions/convolutions.pdf" not in read.links
    (warned,) = [e.text for e in told if isinstance(e, Warned) and "pdf" in e.text]
    assert "printed from an older build" in warned
    assert "abreast export convolutions --to pdf -o " in warned


def on_github(outputs, address="https://github.com/Ada/talks.git"):
    for arguments in ["init", "-b", "main"], ["remote", "add", "origin", address]:
        subprocess.run(["git", *arguments], cwd=outputs.parent, check=True, capture_output=True)


def test_without_a_repository_it_says_why_there_are_no_links(outputs):
    deck(outputs, "convolutions")
    on_github(outputs, "git@github.com-work:ada/talks.git")
    page, told = site(outputs)
    assert not any("http" in link for link in page.links)
    said = [event.text for event in told if isinstance(event, Said)]
    assert "no repository on GitHub is known" in said[0]


def test_a_mistake_in_a_deck_file_is_told_before_pictures_and_costs_the_links_only(outputs):
    deck(outputs, "convolutions")
    on_github(outputs)
    for name, keys in (("a", "branch: 1.10\n"), ("b", "title: [\n")):
        path = outputs.parent / "decks" / name / "deck.yml"
        path.parent.mkdir(parents=True)
        path.write_text(keys, encoding="utf-8")
    page, told = site(outputs)
    assert "Convolutions" in page.words
    assert not any("http" in link for link in page.links)
    first, second, pictures = [event.text for event in told if isinstance(event, Warned)]
    assert first.startswith("no links to nbviewer and Pages: ")
    assert "a/deck.yml:1: 'branch' is no text for YAML." in first
    assert "b/deck.yml:2: not valid YAML" in second
    assert "without a picture" in pictures


def test_an_outputs_that_is_a_link_keeps_to_its_own_project(outputs, tmp_path):
    project = tmp_path / "talks"
    (project / "decks").mkdir(parents=True)
    deck(outputs, "convolutions")
    on_github(project / "outputs")
    (project / "outputs").symlink_to(outputs, target_is_directory=True)
    page, told = site(project / "outputs")
    assert not any("http" in link for link in page.links)
    assert "a link out of the repository" in next(e.text for e in told if isinstance(e, Warned))


@pytest.mark.parametrize(
    "wrong",
    [
        {"device": None}, {"device": {"kind": "cpu", "model": None}},
        {"device": {"kind": "cpu", "model": "x", "cores": "2"}}, {"started": "yesterday"},
        {"started": None}, {"section": None}, {"notebook": None}, {"failure": ["x"]}, None, "run",
    ],
)  # fmt: skip
def test_a_run_that_is_not_as_it_should_be_costs_its_deck_only(outputs, wrong):
    deck(outputs, "a")
    record = {**run("pytorch"), **wrong} if isinstance(wrong, dict) else wrong
    edited(deck(outputs, "b"), runs=[record])
    edited(deck(outputs, "c"), runs=[{"section": "More", "lack": "no wheels."}])
    edited(deck(outputs, "d"), runs=None)
    page, told = site(outputs)
    assert len(page.index["decks"]) == 1
    left_out = [e.text for e in told if isinstance(e, Warned) and e.text.startswith("left out")]
    assert [text.rpartition(" ")[2] for text in left_out] == ["b", "c", "d"]


def test_what_a_run_does_not_know_is_left_out(outputs):
    runs = [run("pytorch", device={}), run("mxnet", device={"kind": "cpu", "model": ""})]
    deck(outputs, "convolutions", runs=runs)
    (built,) = built_decks(outputs)
    assert devices(built) == ["an unknown device: PyTorch", "CPU: MXNet"]


def test_without_chromium_a_drawing_stands_there_and_it_says_so(outputs):
    deck(outputs, "convolutions")
    page, told = site(outputs)
    assert page.all("svg", "role") == ["img"]
    assert "img" not in {tag for tag, _ in page.tags}
    warned = [event.text for event in told if isinstance(event, Warned)]
    assert len(warned) == 1
    assert "1 deck without a picture" in warned[0]
    assert "pip install 'abreast[check]'" in warned[0]


def test_a_picture_stays_as_long_as_its_deck(outputs):
    deck(outputs, "convolutions")
    page, _ = site(outputs)
    of = f"{built_decks(outputs)[0].page}-2-{PICTURE_PX[0]}"
    kept = f'<img data-of="{of}" src="data:image/webp;base64,UklGRg==" alt="x">'
    (outputs / "index.html").write_text(page.html.replace("<main>", f"<main>{kept}"), "utf-8")
    page, told = site(outputs)
    assert page.all("img", "src") == ["data:image/webp;base64,UklGRg=="]
    assert not [event for event in told if isinstance(event, Warned)]
    deck(outputs, "convolutions", page="<!doctype html>another")
    page, told = site(outputs)
    assert page.all("img", "src") == []


def test_it_is_written_only_when_it_changed(outputs):
    deck(outputs, "convolutions")
    _, told = site(outputs)
    (wrote,) = [event for event in told if isinstance(event, Wrote)]
    assert wrote.what == "1 deck, 2 slides with code to search"
    before = (outputs / "index.html").stat()
    _, told = site(outputs)
    assert (outputs / "index.html").stat().st_mtime_ns == before.st_mtime_ns
    assert told[-1] == Said(text=told[-1].text)
    assert "is up to date (1 deck" in told[-1].text
    assert sorted(path.name for path in outputs.iterdir()) == ["convolutions", "index.html"]


def test_a_page_that_is_not_ours_is_kept(outputs):
    deck(outputs, "convolutions")
    page = outputs / "index.html"
    for name, mine in ("index.html.kept", "mine"), ("index.html.kept.kept", "mine too"):
        page.write_text(mine, encoding="utf-8")
        read, told = site(outputs)
        assert "Convolutions" in read.words
        assert (outputs / name).read_text(encoding="utf-8") == mine
        assert any(isinstance(event, Warned) and name in event.text for event in told)
    assert (outputs / "index.html.kept").read_text(encoding="utf-8") == "mine"


def test_a_link_to_a_page_elsewhere_is_not_written_through(outputs, tmp_path):
    deck(outputs, "convolutions")
    mine = tmp_path / "mine.html"
    mine.write_text("mine", encoding="utf-8")
    (outputs / "index.html").symlink_to(mine)
    site(outputs)
    assert mine.read_text(encoding="utf-8") == "mine"
    assert (outputs / "index.html.kept").readlink() == mine
    assert not (outputs / "index.html").is_symlink()


def test_what_is_in_the_way_stays_where_the_disk_refuses(outputs, monkeypatch):
    deck(outputs, "convolutions")
    (outputs / "index.html").write_text("mine", encoding="utf-8")

    def full(path, content):
        raise AbreastError("cannot write: No space left on device.")

    monkeypatch.setattr(site_file, "write_whole", full)
    with pytest.raises(AbreastError, match="No space left"):
        site(outputs)
    assert (outputs / "index.html").read_text(encoding="utf-8") == "mine"
    assert not (outputs / "index.html.kept").exists()


def test_a_folder_in_its_place_is_told(outputs):
    deck(outputs, "convolutions")
    (outputs / "index.html").mkdir()
    with pytest.raises(UsageError, match="a folder is in the place of the page"):
        site(outputs)


def test_nothing_an_author_wrote_breaks_out_of_the_page(outputs):
    runs = [run("pytorch", failure=NASTY, section=NASTY, notebook="notebooks/n.ipynb"),
            {"section": NASTY, "framework": "mxnet", "swept": {}, "lack": NASTY}]  # fmt: skip
    slides = [slide(NASTY, row(column("pytorch", NASTY), column("mxnet", NASTY)), section=NASTY)]
    deck(outputs, "nasty", NASTY, slides, runs=runs, speaker=NASTY, event=NASTY)
    page, _ = site(outputs, title=NASTY)
    tags = [tag for tag, _ in page.tags]
    assert tags.count("script") == 2
    assert "img" not in tags
    assert NASTY in page.words
    (found,) = page.index["decks"]
    assert found["title"] == found["sections"][0]["title"] == NASTY
    assert found["sections"][0]["slides"][0]["bands"] == [[NASTY, NASTY]]


def test_no_script_but_its_own_may_run(outputs):
    deck(outputs, "convolutions")
    page, _ = site(outputs)
    (policy,) = [a["content"] for tag, a in page.tags if a.get("http-equiv")]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/=]{44}';", policy)


def test_it_works_without_decks_and_says_what_to_do_where_nothing_is_built(project):
    done = project.call("site")
    assert done.returncode == 2
    assert done.stderr == "error: there are no built decks here. Build one: abreast build DECK\n"
    deck(project.folder / "outputs", "convolutions")
    done = project.call("site")
    assert done.returncode == 0, done.stderr
    assert "wrote outputs/index.html (1 deck, 2 slides with code to search" in done.stderr
    assert done.stdout.startswith("Open outputs/index.html")
    assert "abreast publish" in done.stdout


def test_decks_come_in_the_order_that_was_said_last(outputs):
    for name in ("a", "b", "c"):
        deck(outputs, name, f"Deck {name}")

    def order(**asked):
        page, _ = site(outputs, **asked)
        return [one["title"][-1] for one in page.index["decks"]]

    assert order() == ["a", "b", "c"]
    assert order(first=["c", "b"]) == ["c", "b", "a"]
    assert order() == ["c", "b", "a"]
    assert order(first=["b"], title="Talks & more") == ["b", "a", "c"]
    page, _ = site(outputs)
    assert page.words.count("Talks & more") == 2, "the page's title and its heading"
    with pytest.raises(UsageError, match=r"no built deck 'd'\. "):
        site(outputs, first=["d"])


def test_a_deck_that_cannot_be_read_is_told_and_left_out(outputs):
    deck(outputs, "a")
    edited(deck(outputs, "b"), runs=[{"section": "x", "framework": "pytorch"}])
    (deck(outputs, "c") / "c.ipynb").write_text("torn", encoding="utf-8")
    (deck(outputs, "d") / "index.html").unlink()
    (outputs / "mine").mkdir()
    (outputs / "mine" / "manifest.json").write_text("{}", encoding="utf-8")
    page, told = site(outputs)
    assert len(page.index["decks"]) == 1
    left_out = [e.text for e in told if isinstance(e, Warned) and e.text.startswith("left out")]
    assert [text.rpartition(" ")[2] for text in left_out] == ["b", "c", "d"]
    assert "Build it again: abreast build b" in left_out[0]


@pytest.mark.parametrize(("builds", "read"), [(1, True), (9, False)])
def test_a_deck_that_is_built_meanwhile_is_read_as_one_build_left_it(
    outputs, monkeypatch, builds, read
):
    deck(outputs, "convolutions")
    once, number = site_decks._read_once, 0

    def built_meanwhile(folder, manifest):
        nonlocal number
        number += 1
        found = once(folder, manifest)
        if number <= builds:
            deck(outputs, "convolutions", f"Build {number}")
        return found

    monkeypatch.setattr(site_decks, "_read_once", built_meanwhile)
    if read:
        assert built_decks(outputs)[0].presentation.title == "Build 1"
    else:
        with pytest.raises(UsageError, match=r"changes while it is read\. Try again\."):
            built_decks(outputs)


def test_the_index_has_the_authors_lines_band_by_band(outputs):
    broken = CodeColumn(
        framework="pytorch",
        source="#| fig-alt: x\ny = f(a,\n      b)\n\nz = y",
        # The author's two lines were joined, then the one that came of it was broken.
        lines=(Line(text="y = f(", number=2), Line(text="    a, b)", number=2),
               Line(text="z = y", number=5)),
    )  # fmt: skip
    bands = [{"pytorch": (1, 2), "mxnet": (1,)}, {"pytorch": (3,)}]
    shown = slide("Set anew", row(broken, column("mxnet", "y = f(a, b)"), bands=bands))
    deck(outputs, "convolutions", slides=[shown])
    (section,) = index_of(outputs)["sections"]
    assert section["slides"][0] == {
        "at": "/0", "title": "Set anew",
        "bands": [["y = f(a,\n      b)", "y = f(a, b)"], ["z = y", ""]],
    }  # fmt: skip


def test_of_a_row_on_several_slides_each_has_its_own_lines(outputs):
    source = "a = 1\nb = 2\nc = 3"
    first = CodeColumn(framework="pytorch", source=source, lines=lines_of("a = 1", 1), last=1)
    second = CodeColumn(framework="pytorch", source=source,
                        lines=(*lines_of("b = 2", 2), *lines_of("c = 3", 3)))  # fmt: skip
    slides = [slide("A (1/2)", row(first)), slide("A (2/2)", row(second), below=True)]
    deck(outputs, "convolutions", slides=slides, columns=1)
    (section,) = index_of(outputs)["sections"]
    assert [one["bands"] for one in section["slides"]] == [[["a = 1"]], [["b = 2"], ["c = 3"]]]
    assert [one["at"] for one in section["slides"]] == ["/0", "/0/1"]


def test_a_column_that_a_row_lacks_has_nothing_there(outputs):
    deck(outputs, "convolutions", slides=[slide("Alone", row(column("mxnet", "a = 1")))])
    (section,) = index_of(outputs)["sections"]
    assert section["slides"][0]["bands"] == [["", "a = 1"]]


def lines_of(text, number):
    return (Line(text=text, number=number),)


def test_addresses_are_those_of_reveal():
    below = [False, True, True, False, False, True]
    slides = [prose("x", below=one) for one in below]
    assert list(slide_addresses(slides)) == ["/0", "/0/1", "/0/2", "/1", "/2", "/2/1"]
    assert list(slide_addresses([prose("x", below=True)])) == ["/0"]


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Why `Conv2d` *slides*", "Why Conv2d slides"),
        ("[A link](#/3) and $x_1^2$", "A link and x_1^2"),
        ("1. not a list", "1. not a list"),
        ("a <b>b</b> &amp; c", "a b & c"),
        ("", ""),
    ],
)
def test_titles_are_plain_words(markdown, words):
    assert plain(markdown) == words


ALIKE = row(*(column(f.name, "a\nb\nc\nd", text("x\ny\nz")) for f in FRAMEWORKS[:2]))
PICTURES = row(*(column(f.name, f"{f.name}.plot()", picture(300)) for f in FRAMEWORKS[:2]))
ALONE = row(column("pytorch", "a\nb\nc\nd\ne\nf", picture(400)))
CODE_ONLY = row(*(column(f.name, f"{f.name}.x()\n" * 12) for f in FRAMEWORKS[:2]))
FAILS = row(
    *(
        column(f.name, f"{f.name}.x()\ny", replace(text("no\n" * 9), stream="error"))
        for f in FRAMEWORKS[:2]
    )
)
CHART = PlotRow(plots=(), font_px=18, width_px=400, height_px=300)


@pytest.mark.parametrize(
    ("slides", "best"),
    [
        ([prose("Title", opening=True)], 0),
        ([prose("Title", opening=True), prose("Words")], 1),
        ([prose("Words"), slide("Chart", CHART)], 1),
        ([slide("Chart", CHART), slide("One column", ALONE), slide("Code", CODE_ONLY)], 2),
        ([slide("Code", CODE_ONLY), slide("Network", NETWORK)], 1),
        ([slide("Alike", ALIKE), slide("Network", NETWORK)], 1),
        ([slide("Network", NETWORK), slide("Pictures", PICTURES)], 1),
        ([slide("Network", NETWORK), slide("The same", NETWORK)], 0),
        ([slide("Fails", FAILS), slide("Network", NETWORK)], 1),
    ],
)
def test_the_best_slide_shows_what_a_deck_is(slides, best):
    heads = tuple(ColumnHead(framework=framework) for framework in FRAMEWORKS[:2])
    shown = Presentation(name="d", title="D", heads=heads, slides=tuple(slides))
    assert best_slide(shown) == best


def test_it_says_on_what_and_when_and_what_did_not_run(outputs):
    runs = [
        run("pytorch", device=GPU, started="2026-11-19T23:00:00+00:00"),
        run("pytorch", section="More", device=GPU),
        run("mxnet", failure="ValueError: no", started=""),
        run("mxnet", swept={"batch_size": 8}, device=GPU, started="2026-01-01T00:00:00+00:00"),
        {"section": "More", "framework": "mxnet", "swept": {}, "lack": "no wheels."},
    ]
    deck(outputs, "convolutions", runs=runs)
    (built,) = built_decks(outputs)
    assert devices(built) == ["NVIDIA H200: PyTorch", "CPU (Xeon, 2 cores): MXNet"]
    assert days(built) == ("2026-11-21", "19 Nov 2026 to 21 Nov 2026")
    assert failures(built) == [
        "MXNet, Side by side: failed. ValueError: no", "MXNet, More: not run. no wheels.",
    ]  # fmt: skip
    shown = executed_notebooks(built).items()
    assert {section: [title for title, _ in own] for section, own in shown} == {
        "Side by side": ["PyTorch", "MXNet"], "More": ["PyTorch"],
    }  # fmt: skip


def test_outputs_as_found_have_no_device_and_no_date(outputs):
    nothing = dict.fromkeys(CPU)
    runs = [run("pytorch", device={**nothing, "model": ""}, started="", as_found=True)]
    deck(outputs, "convolutions", runs=runs)
    (built,) = built_decks(outputs)
    assert devices(built) == ["outputs as found in the notebooks"]
    assert days(built) == ("", "")
    site(outputs)


def test_long_plans_are_told_in_hours_and_none_not_at_all(outputs):
    for name in ("a", "b"):
        deck(outputs, name, minutes=40.0)
    assert "2 decks, 8 slides, 80 min" in site(outputs)[0].words
    deck(outputs, "c", minutes=40.0)
    assert "3 decks, 12 slides, 2 h" in site(outputs)[0].words
    deck(outputs, "c", minutes=0.5)
    page, _ = site(outputs)
    assert {"3 decks, 12 slides, 80.5 min", "30 s · 4 slides"} <= set(page.words)
    deck(outputs, "d", slides=[prose("x", seconds=None)], minutes=None)
    assert "4 decks, 13 slides" in site(outputs)[0].words


def test_a_picture_takes_little_room():
    random.seed(0)
    for noise in (random.randbytes(1280 * 720 * 3), bytes(1280 * 720 * 3)):
        png = BytesIO()
        Image.frombytes("RGB", (1280, 720), noise).save(png, "PNG", compress_level=1)
        content = small_webp(png.getvalue())
        with Image.open(BytesIO(content)) as made:
            assert (made.format, made.size) == ("WEBP", PICTURE_PX)
        assert len(content) <= MOST_BYTES


def test_a_deck_along_a_path_is_told_from_the_whole_deck(outputs):
    deck(outputs, "mlp", "Perceptrons")
    deck(outputs, "mlp-concise", "Perceptrons", along=("mlp", "concise"))
    deck(outputs, "own", "On one path", along=("own", "scratch"))
    titles = [built.presentation.title for built in built_decks(outputs)]
    assert titles == ["Perceptrons", "Perceptrons (concise)", "On one path"]


def test_nine_large_decks_take_less_than_a_page_may(outputs):
    for number in range(9):
        large_deck(outputs, f"deck-{number}")
    page, told = site(outputs)
    pictures = 9 * len(base64.b64encode(bytes(MOST_BYTES)))
    assert len(page.html.encode()) + pictures < 1_500_000
    assert "9 decks, 306 slides with code" in told[-1].what
