import base64
import html as htmllib
import re
from html.parser import HTMLParser

import pytest
from abreast import assets
from abreast.model import (
    HtmlDisplay,
    ImageDisplay,
    Line,
    MarkdownDisplay,
    TableDisplay,
    TextDisplay,
)
from abreast.render.ansi import PALETTE, ansi_html
from abreast.render.boxes import boxed
from abreast.render.contrast import DARK_PAPER, ENOUGH, LIGHT_PAPER, contrast, readable
from abreast.render.displays import display_html
from abreast.render.svgcolours import themed
from abreast.slides import metrics
from abreast.slides.outputs import fit_outputs
from abreast.slides.outputs.sgr import PLAIN, Style
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.test_outputs import OUTPUTS

DRAWING = """<?xml version="1.0"?><!DOCTYPE svg>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="30pt" height="20pt" viewBox="0 0 30 20"><metadata><x/></metadata>
<style>*{stroke-linejoin:round} #a .b{fill:#000} svg{color:white}</style>
<defs><clipPath id="c"><rect width="9" height="9"/></clipPath><mask id="m"><path fill="white"/></mask></defs>
<script>alert(1)</script><g id="a" onclick="x()" clip-path="url(#c)" style="fill:#ffffff;stroke:red">
<path class="b" d="M 0 0
 L 1 1" stroke="#808080"/><use xlink:href="#c"/><use href="http://a.b/#x"/><text>a &lt; b</text></g></svg>"""


def draw(display, *, inline=False, **kw):
    return display_html(display, "PyTorch", inline=inline, **kw)


def printed(*texts, **kw):
    lines = tuple(Line(text=text, number=n) for n, text in enumerate(texts, 1))
    return TextDisplay(lines=lines, **kw)


def drawing(source=DRAWING, **kw):
    return ImageDisplay(mime="image/svg+xml", data=source, width_px=60, height_px=40, **kw)


class Tree(HTMLParser):
    """Fails on HTML that is not balanced; collects attributes and text."""

    VOID = frozenset({"img", "br", "hr", "input", "source", "wbr", "col", "track", "area"})

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.attributes, self.text = [], [], ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, *attribute) for attribute in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


# --- colours


def css():
    return (assets.templates() / "outputs.css").read_text("utf-8")


def palettes():
    for theme in ("", "dark", "contrast"):
        start = rf'\[data-theme="{theme}"\]' if theme else ":root"
        block = re.search(rf"{start}\{{--ansi-0:[^}}]*\}}", css())[0]
        found = dict(re.findall(r"--ansi-(\d+):(#[0-9a-f]+)", block))
        yield theme, [found[str(n)] for n in range(16)]


def rgb(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    return tuple(int(digits[n : n + 2], 16) for n in (0, 2, 4))


def test_each_of_the_sixteen_colours_can_be_read_on_its_paper():
    papers = {"": LIGHT_PAPER, "dark": DARK_PAPER, "contrast": (255, 255, 255)}
    for theme, colours in palettes():
        least = 7 if theme == "contrast" else ENOUGH
        assert all(contrast(rgb(colour), papers[theme]) >= least for colour in colours), theme
    assert tuple(next(palettes())[1]) == PALETTE


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_every_other_colour_is_made_readable(colour):
    for paper in (LIGHT_PAPER, DARK_PAPER):
        assert contrast(readable(colour, paper), paper) >= ENOUGH
        if contrast(colour, paper) >= ENOUGH:
            assert readable(colour, paper) == colour


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a\x1b[31mb\x1b[0mc", 'a<span class="ansi-1">b</span>c'),
        ("\x1b[1;92mx", '<span class="bold ansi-10">x</span>'),
        ("\x1b[44;97mx", '<span class="on-4">x</span>'),
        ("\x1b[7mx", '<span class="on-ink">x</span>'),
        ("\x1b[7;31mx", '<span class="on-1">x</span>'),
        ("\x1b[2;3;4;9mx", '<span class="faint italic underline strike">x</span>'),
        ("\x1b[38;2;255;255;255mx", '<span class="ansi-rgb" style="--light:#737373;--dark:#ffffff">x</span>'),
        ("\x1b[38;5;9mx", '<span class="ansi-9">x</span>'),
        ("\x1b[31m<\x1b[m", '<span class="ansi-1">&lt;</span>'),
    ],
)  # fmt: skip
def test_styles_become_spans(text, drawn):
    assert ansi_html(text, PLAIN, inline=False)[0] == drawn


def test_a_style_goes_on_in_the_next_line():
    _, style = ansi_html("\x1b[1;31ma", PLAIN, inline=False)
    assert style == Style(bold=True, colour=1)
    html = draw(printed("\x1b[31ma", "b\x1b[0m", "c"))
    assert '<span class="ansi-1">a</span>\n<span class="ansi-1">b</span>\nc</pre>' in html


# --- boxes


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("é λ Ж …", "é λ Ж …"),
        ("─x", '<span class="w1">─</span>x'),
        ("中a", '<span class="w2">中</span>a'),
        ("\N{WOMAN}\u200d\N{GIRL}!", '<span class="w2">\N{WOMAN}\u200d\N{GIRL}</span>!'),
        ("e\u0301", "e\u0301"),
        ('"שלום"', '"<span class="rtl" style="width:4ch" dir="rtl">שלום</span>"'),
        ("ab مرحبا بك, x", 'ab <span class="rtl" style="width:8ch" dir="rtl">مرحبا بك</span>, x'),
        ("א 1", '<span class="rtl" style="width:1ch" dir="rtl">א</span> 1'),
        ("a\u202eb\u2066c", "abc"),
        ("a\tb\n→", 'a\tb\n<span class="w1">→</span>'),
    ],
)
def test_what_the_face_does_not_draw_keeps_its_place(text, drawn):
    assert boxed(text) == drawn


@given(st.text(max_size=60))
def test_boxes_keep_the_text(text):
    kept = re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)
    assert htmllib.unescape(re.sub(r"<[^>]*>", "", boxed(text))) == htmllib.unescape(
        htmllib.escape(kept)
    )


# --- printed text


def test_printed_text_is_one_pre():
    html = draw(printed("a < b", "", "c"))
    assert html == (
        '<div class="output text stdout"><pre class="text stdout" tabindex="0" role="group" '
        'aria-label="Output of PyTorch">a &lt; b\n\nc</pre></div>'
    )


def test_soft_lines_begin_with_a_mark_that_nobody_hears():
    lines = (Line(text="a ", number=1), Line(text="b", number=1, soft=True, indent=2))
    assert '>a \n  <span class="soft" aria-hidden="true">↪ </span>b</pre>' in draw(
        TextDisplay(lines=lines)
    )


def test_a_first_line_that_is_empty_stays():
    assert ">\n\na</pre>" in draw(printed("", "a"))


def test_the_whole_follows_the_button_at_the_cut():
    html = draw(printed("1", "2", "9", head=2, hidden=1234, full="1\n2\n…\n9"))
    before, after = html.split("</template>")
    assert (
        '>1\n2</pre><button type="button" class="open" aria-label="… 1,234 more lines. ' in before
    )
    assert '>… 1,234 more lines</button><template class="full"><pre class="text stdout"' in before
    assert before.endswith(">1\n2\n…\n9</pre>")
    assert ">9</pre>" in after


def test_the_cut_says_what_is_missing():
    both = (Line(text="a", number=1), Line(text="z", number=1, soft=True))
    assert "… more of this line</button>" in draw(
        TextDisplay(lines=both, head=1, hidden=1, full="az")
    )
    assert "… 1 more line</button>" in draw(printed("1", "3", head=1, hidden=1, full="1\n2\n3"))
    noise = draw(printed("stderr · 2 lines", stream="stderr", hidden=2, full="a\nb"))
    assert noise.startswith('<div class="output text stderr"><button type="button" class="open"')
    assert ">stderr · 2 lines</button><template" in noise


def test_where_an_error_was_is_told_from_what_was_said():
    html = draw(printed("line 3: f()", "E: x", stream="error", head=2, hidden=5, full="a\nb"))
    assert '<span class="place">line 3: f()</span>\nE: x</pre>' in html
    assert "traceback · 2 lines</button>" in html


# --- tables

TABLE = TableDisplay(
    head=(("", "name", "…", "n"),),
    rows=(("0", "<a>", "…", "1.5"), ("…",) * 4, ("9", "b", "…", "-2")),
    font_px=13.0, row_heads=1, hidden_rows=8, hidden_columns=3, full="<table></table>",
)  # fmt: skip


def test_a_table_says_what_heads_what_and_sets_numbers_at_the_right():
    html = draw(TABLE)
    Tree(html)
    assert html.startswith(
        '<div class="output table" style="font-size:13px"><table><thead><tr><td></td>'
    )
    assert '<th scope="col">name</th>' in html
    assert '<th scope="col" class="number">n</th>' in html
    assert '<th scope="row">0</th><td>&lt;a&gt;</td>' in html
    assert '<td class="number">-2</td>' in html


def test_what_is_left_out_of_a_table_opens_from_the_cut():
    html = draw(TABLE)
    assert '<tr><td colspan="4" class="cut"><button type="button" class="open"' in html
    assert (
        '>… 8 more rows, 3 more columns</button><template class="full"><table></table></template></td></tr>'
        in html
    )
    narrow = draw(
        TableDisplay(
            head=(("a", "…"),), rows=(("1", "…"),), font_px=13, hidden_columns=1, full="<table>"
        )
    )
    assert "</table><button" in narrow
    assert "… 1 more column</button>" in narrow
    short = draw(TableDisplay(head=(("a",),), rows=(("long…",),), font_px=13, full="<table>"))
    assert "… whole table</button>" in short


# --- pictures


def test_a_bitmap_has_its_size_and_words_for_those_who_cannot_see_it():
    picture = ImageDisplay(mime="image/png", data="AA==", width_px=30.5, height_px=20, alt='"x"')
    assert draw(picture) == (
        '<div class="output image"><img src="data:image/png;base64,AA==" alt="&quot;x&quot;" '
        'style="width:30.5px;height:20px"></div>'
    )
    nameless = ImageDisplay(mime="image/png", data="AA==", width_px=3, height_px=2)
    assert 'alt="Output of PyTorch"' in draw(nameless)


def test_a_drawing_stands_in_the_page_and_follows_the_theme():
    html = draw(drawing(alt="a plot"))
    tree = Tree(html)
    prefix = re.search(r'<svg[^>]* id="(\w+)"', html)[1]
    assert 'viewBox="0 0 30 20"' in html
    assert 'fill="var(--ink)"' in html
    assert '<svg width="60" height="40" ' in html
    assert f' id="{prefix}" role="img" aria-label="a plot">' in html
    assert (
        f'<g id="{prefix}-a" clip-path="url(#{prefix}-c)" style="fill:var(--paper);stroke:red">'
        in html
    )
    assert f'<use href="#{prefix}-c"></use><use></use>' in html
    assert 'd="M 0 0 L 1 1" stroke="color-mix(in srgb, var(--ink) 50%, var(--paper))"' in html
    assert f"<style>#{prefix}{{*{{stroke-linejoin:round}} #{prefix}-a .b{{fill:var(--ink)}}" in html
    assert " &{color:var(--paper)}}</style>" in html
    assert f'<mask id="{prefix}-m"><path fill="white">' in html
    assert "a &lt; b" in html
    assert not any(name.startswith("on") for _, name, _ in tree.attributes)
    assert not re.search(r"script|metadata|http|alert", html)


def test_equal_drawings_in_two_places_have_ids_of_their_own():
    ids = [
        set(re.findall(r' id="([^"]+)"', draw(drawing(), place=place))) for place in ("3", "4", "4")
    ]
    assert not ids[0] & ids[1]
    assert ids[1] == ids[2]


@pytest.mark.parametrize(
    "source",
    [
        "<svg><path",
        '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><p>x</p></foreignObject></svg>',
        "<html/>",
    ],
)
def test_what_cannot_stand_in_the_page_stays_a_picture(source):
    html = draw(drawing(source, alt="x"))
    assert html.startswith('<div class="output image"><img src="data:image/svg+xml,%3C')


@pytest.mark.parametrize(
    ("css", "drawn"),
    [
        ("black", "var(--ink)"),
        ("#FFF", "var(--paper)"),
        ("#b0b0b0", "color-mix(in srgb, var(--ink) 31%, var(--paper))"),
        ("rgb(0, 0, 0)", "var(--ink)"),
        ("rgba(0,0,0,.5)", "color-mix(in srgb, var(--ink) 50%, transparent)"),
        ("rgb(100%,100%,100%)", "var(--paper)"),
        ("#1f77b4", "#1f77b4"),
        ("red", "red"),
        ("url(#black)", "url(#black)"),
        ("none", "none"),
        ("white-space: pre; fill: white", "white-space: pre; fill: var(--paper)"),
        (".white{fill:gray}", ".white{fill:color-mix(in srgb, var(--ink) 50%, var(--paper))}"),
    ],
)
def test_greys_go_from_ink_to_paper(css, drawn):
    assert themed(css) == drawn


# --- HTML and Markdown


def test_html_has_names_and_styles_of_its_own():
    source = (
        "<style>:root{--x:1px}.a .b,#c{margin:0.5em;color:#abcdef}@media print{p{margin:0}}</style>"
        '<p id="c" class="a slide">x</p><label for="c">y</label><a href="#c">z</a>'
    )
    html = draw(HtmlDisplay(html=source, height_px=90))
    Tree(html)
    own = re.search(
        r'<div class="output html scrolls sheet" id="(\w+)" tabindex="0" role="group" ', html
    )[1]
    assert (
        f"<style>#{own}{{&{{--x:1px}}.{own}-a .{own}-b,#{own}-c{{margin:0.5em;color:#abcdef}}"
        in html
    )
    assert f'<p id="{own}-c" class="{own}-a {own}-slide">x</p><label for="{own}-c">' in html
    assert f'<a href="#{own}-c">z</a>' in html
    assert 'style="height:90px"' in html
    assert own not in draw(HtmlDisplay(html=source, height_px=90), place="5")


def test_html_with_colours_of_its_own_stands_on_light_paper():
    assert 'class="output html scrolls sheet"' in draw(
        HtmlDisplay(html='<p style="color:#000">x</p>', height_px=9)
    )


def test_markdown_is_drawn_without_what_is_harmful():
    html = draw(MarkdownDisplay(markdown="**x**<script>y()</script>", font_px=14, height_px=50))
    assert "<strong>x</strong>" in html
    assert "script" not in html
    assert "max-height:50px" in html


# --- in notebooks

DISPLAYS = [
    printed("a", "", "\x1b[31mb", "", head=2, hidden=3, full="a\n\n\n\nb"),
    printed("", "", "x"),
    TABLE,
    drawing(),
    ImageDisplay(mime="image/png", data=base64.b64encode(b"x").decode(), width_px=9, height_px=9),
    HtmlDisplay(html="<style>p{x:y}</style>\n\n<p>a</p>\n \n\n<p>b</p>", height_px=9),
    MarkdownDisplay(markdown="a\n\nb\n\n$$\nx\n$$\n\n- c", font_px=14, height_px=9),
]


@pytest.mark.parametrize("display", DISPLAYS, ids=lambda display: display.kind)
def test_a_notebooks_html_has_no_blank_line_and_needs_no_stylesheet(display):
    html = draw(display, inline=True)
    Tree(html)
    assert not re.search(r"\n\s*\n", html)
    assert "<button" not in html
    assert "<template" not in html
    if display.kind != "markdown":
        assert "class=" not in html


def test_a_notebooks_text_keeps_its_empty_lines():
    html = draw(printed("", "a", "", "b"), inline=True)
    assert ">\n&#10;a&#10;&#10;b</pre>" in html
    cut = draw(DISPLAYS[0], inline=True)
    assert "<details><summary" in cut
    assert "… 3 more lines</summary>" in cut


@settings(max_examples=60)
@given(st.lists(OUTPUTS, max_size=4), st.integers(1, 4), st.floats(0, 500))
def test_any_output_is_balanced_html(outputs, columns, room):
    for display in fit_outputs(outputs, columns, metrics.floor_px(columns), room):
        Tree(draw(display))
        inline = draw(display, inline=True)
        Tree(inline)
        assert not re.search(r"\n[ \t]*\n", inline)


# --- in a browser
