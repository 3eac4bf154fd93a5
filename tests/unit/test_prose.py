import re

import pytest
from abreast.errors import UsageError
from abreast.render.prose import embed_images, inline_html, markdown_html
from abreast.slides.markdown import formulas, images_without_alt, leaves, tokens
from abreast.slides.metrics import floor_px
from abreast.slides.prose import fit_prose, prose_height
from hypothesis import given, settings
from hypothesis import strategies as st

ROOM, FIRST, WIDTH = 560, 470, 1184
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEAAAAALAAAAAABAAEAAAI="


def shown(markdown):
    """Return the words that a text shows."""
    found = []
    for token in leaves(tokens(markdown)):
        if token.type in {"softbreak", "hardbreak"}:
            found.append(" ")
        elif token.type not in {"link_open", "link_close", "html_block", "html_inline"}:
            found.append(token.content)
            found.append("" if token.type == "text" else " ")
    return "".join(found).split()


def kinds(markdown):
    return [token.type for token in leaves(tokens(markdown)) if token.type.startswith("math")]


# Markdown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the price is $5 and $6", []),
        ("$100K, then $x$ in 2019", ["math_inline"]),
        ("$x$ in 2019", ["math_inline"]),
        ("$ x $ has spaces", ["math_inline"]),
        ("US$5 and 5$ to 6$, $HOME and $PATH", []),
        (r"\$5 and `$x$`", []),
        ("text\n$$\na\n= b\n$$\nmore", ["math_block"]),
        ("in a line $$x$$ and on", ["math_inline_double"]),
        ("\\begin{align}\na &= b\\\\\nc &= d\n\\end{align}\nmore", ["math_block"]),
        ("so \\begin{equation} a \\end{equation} here", ["math_inline_double"]),
        (r"\\(a\\) and \\[b\\]", ["math_inline", "math_inline_double"]),
        ("- item\n\n  $$x$$\n- \\begin{gather}\n  a\n  \\end{gather}", ["math_block"] * 2),
        ("> $$\n> x\n> $$", ["math_block"]),
        ("| a | b |\n|---|---|\n| $p(x|y)$ | $5 and $6 |", ["math_inline"]),
        ("```\n$a|$b|$c\n```", []),
        ("$$\nnot closed", []),
    ],
)
def test_mathematics_is_found_as_notebooks_write_it(text, found):
    assert kinds(text) == found


def test_bars_in_formulas_do_not_end_cells():
    html = markdown_html("| a | b |\n|---|---|\n| $p(x|y)$ | 2 |")
    assert html.count("<td") == 2
    assert "p(x|y)" in html


def test_formulas_tell_their_fonts_and_problems():
    found = formulas(r"$x$ and $\mathbb{R}$" + "\n\n$$\\foo$$")
    assert [bool(formula.problem) for formula in found] == [False, False, True]
    assert found[1].fonts == {"KaTeX_AMS-Regular", "KaTeX_Main-Regular"}
    assert 'data-fonts="KaTeX_AMS-Regular KaTeX_Main-Regular"' in markdown_html(r"$\mathbb{R}$")


def test_wide_formulas_say_what_place_they_need():
    assert "cqi/" not in markdown_html("$$x$$")
    assert re.search(r"font-size:min\(1em,98cqi/[\d.]+\)", markdown_html(f"$${'x + ' * 40}y$$"))
    assert re.search(
        r"440px/[\d.]+", markdown_html(r"$$\begin{matrix}" + "a\\\\" * 30 + r"\end{matrix}$$")
    )


def test_blocks_have_the_direction_of_their_letters():
    html = markdown_html("שלום\n\n- שלום\n\nhello")
    assert html.count('dir="rtl"') == 4
    assert html.count('dir="auto"') == 1


def test_code_is_coloured_as_in_the_columns():
    html = markdown_html("```python\nimport os  # a\n```\n\n    indented")
    assert '<span class="k">import</span>' in html
    assert '<span class="c"># a</span>' in html


def test_tex_stays_for_mathjax():
    text = "$a<b$\n\n$$\nx\n$$\n\n\\begin{align}\na&b\n\\end{align}\n\n- tight"
    html = markdown_html(text, tex=True)
    assert r"$a\lt b$" in html
    assert "$$x$$" in html
    assert "\\begin{align}\na& b\n\\end{align}" in html
    assert "katex" not in html
    assert '<li dir="auto">tight</li>' in html
    assert inline_html("**a** $x$", tex=True) == "<strong>a</strong> $x$"


def test_pictures_without_words_are_named():
    text = (
        f"![]({PIXEL}) ![a plot](a.png) ![ ](pictures/b.png)\n\n"
        '<img src="c.png"> <img src="d.png" alt="d"> <img alt="" src="e.png">'
    )
    assert images_without_alt(text) == [
        "data:image/gif;base64,…", "pictures/b.png", "c.png", "e.png",
    ]  # fmt: skip
    assert len(images_without_alt(f"![](https://example.com/{'x' * 200}.png)")[0]) == 60


def test_pictures_are_embedded_those_of_raw_html_too(tmp_path):
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    html = embed_images('![a](a.gif) <img src="a.gif" width="10">', tmp_path, tmp_path / "n.ipynb")
    assert html.count("data:image/gif;base64,R0lGODlh") == 2
    with pytest.raises(UsageError, match="does not exist"):
        embed_images('<img src="b.gif">', tmp_path, tmp_path / "n.ipynb")


def test_drawings_without_a_size_take_their_shape():
    drawing = "data:image/svg+xml,%3Csvg%20viewBox='0%200%20300%20200'%3E%3C/svg%3E"
    assert "width:min(300px,var(--image,440px)*1.5000)" in markdown_html(f"![a]({drawing})")


# Heights


def test_heights_follow_the_type():
    small, large = (prose_height("words\n\nwords", px, WIDTH, image_px=440) for px in (20, 26))
    assert (small, large) == pytest.approx((20 * (3 + 16 / 26), 26 * (3 + 16 / 26)))


def test_pictures_keep_their_natural_size():
    assert prose_height(f"![a]({PIXEL})", 26, WIDTH, image_px=440) == pytest.approx(39)
    elsewhere = "![a](https://example.com/a.png)"
    assert prose_height(elsewhere, 26, WIDTH, image_px=200) == pytest.approx(200)


def test_comments_and_nothing_take_no_room():
    assert prose_height("<!-- a -->", 26, WIDTH, image_px=440) == 0
    assert prose_height("", 26, WIDTH, image_px=440) == 0


@settings(max_examples=40)
@given(st.text(alphabet="abc de-.中 文\n", max_size=400), st.integers(300, 1184))
def test_narrower_prose_is_not_lower(text, width):
    heights = [prose_height(text, 26, w, image_px=440) for w in (width, width * 2)]
    assert heights[0] >= heights[1]


# Fitting

VOCABULARY = r"""gradient descent model a the network, layer. **bold** *soft* `code()` $x_i$
    $\frac{a}{b}$ [link](https://a.b) state-of-the-art 深度学习 שלום antidisestablishmentarianism"""
WORDS = st.lists(st.sampled_from(VOCABULARY.split()), min_size=1, max_size=120).map(" ".join)
SHORT = st.lists(st.sampled_from(["a", "layer", "$x$", "`f(x)`", "**b**"]), min_size=1, max_size=5)
CODE = st.lists(st.sampled_from(["x = 1", "", "    return f(x)  # long " * 3]), max_size=60)


def items(marks):
    return st.lists(WORDS, min_size=1, max_size=12).map(
        lambda texts: "\n".join(f"{mark} {text}" for mark, text in zip(marks, texts, strict=False))
    )


def table(rows):
    cells = [" | ".join(" ".join(cell) for cell in row) for row in rows]
    return "| one | two |\n|---|--:|\n" + "\n".join(f"| {row} |" for row in cells)


BULLETS = items(["-"] * 12)
NUMBERED = items([f"{n}." for n in range(3, 15)])
NESTED = st.tuples(WORDS, BULLETS).map(lambda t: f"- {t[0]}\n" + re.sub("(?m)^", "  ", t[1]))
TABLES = st.lists(st.tuples(SHORT, SHORT), min_size=1, max_size=40).map(table)
FENCES = CODE.map(lambda lines: "```python\nx\n" + "\n".join(lines) + "\ny\n```")
QUOTES = st.tuples(WORDS, WORDS).map(lambda two: f"> {two[0]}\n>\n> {two[1]}")
HEADINGS = SHORT.map(lambda words: f"### {' '.join(words)}")
DISPLAYS = st.just(r"$$\sum_{i=1}^n x_i$$")
BLOCKS = st.one_of(WORDS, BULLETS, NUMBERED, NESTED, TABLES, FENCES, QUOTES, HEADINGS, DISPLAYS)
TEXTS = st.lists(BLOCKS, min_size=1, max_size=8).map("\n\n".join)


def heights(parts):
    return [
        prose_height(part.markdown, part.font_px, WIDTH, image_px=part.image_px) for part in parts
    ]


@settings(max_examples=60)
@given(TEXTS)
def test_every_part_fits_is_readable_and_nothing_is_lost(text):
    parts = fit_prose(text, ROOM, FIRST)
    rooms = [FIRST] + [ROOM] * (len(parts) - 1)
    assert all(height <= room for height, room in zip(heights(parts), rooms, strict=True))
    assert {part.font_px for part in parts} == {parts[0].font_px}
    assert floor_px(1) <= parts[0].font_px <= 26
    said = [word for part in parts for word in shown(part.markdown)]
    if len(parts) > 1:  # a table's head is said again on each of its slides
        said, text_said = ([w for w in ws if w not in {"one", "two"}] for ws in (said, shown(text)))
        assert said == text_said
    else:
        assert said == shown(text)


@settings(max_examples=30)
@given(TEXTS)
def test_no_part_ends_with_a_heading(text):
    for part in fit_prose(f"{text}\n\nthe end", ROOM, FIRST):
        found = tokens(part.markdown)
        assert not found or found[-1].type != "heading_close"


def test_short_prose_is_large_and_whole():
    (part,) = fit_prose("words", ROOM)
    assert (part.markdown, part.font_px, part.image_px) == ("words", 26, 440)
    assert [p.markdown for p in fit_prose("", ROOM)] == [""]


def test_more_words_take_smaller_type():
    found = [fit_prose("many words here " * n, ROOM) for n in (20, 80, 100, 120)]
    sizes = [parts[0].font_px for parts in found]
    assert [len(parts) for parts in found] == [1] * 4
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]


def test_pictures_take_the_room_that_is_left():
    picture = "![a](https://example.com/a.png)"  # taken to be 640 by 480
    alone, beside = (
        fit_prose(picture, ROOM)[0],
        fit_prose(f"{picture}\n\n{'words ' * 300}", ROOM)[0],
    )
    assert alone.image_px == 440
    assert 160 <= beside.image_px < 440
    assert heights([beside])[0] <= ROOM


LONG = "A sentence of some words that says a thing or two about networks. "


@pytest.mark.parametrize(
    "text",
    [
        LONG * 100,
        f"**{(LONG * 100).strip()}**",
        f"[{(LONG * 100).strip()}](https://example.com)",
        f"<small>{LONG * 300}</small>",
        "深度学习是机器学习的分支。" * 200,
        "x" * 12_000,
        f"- {LONG * 60}\n- second\n\n  {LONG * 60}\n- third",
        f"> {LONG * 100}",
        f"| a | b |\n|---|---|\n| {LONG * 120} | x |\n| c | d |",
        "```\n" + "word " * 3000 + "\n```",
        "\n".join(f"    line {n}" for n in range(100)),
    ],
    ids=[
        "words",
        "bold",
        "link",
        "small",
        "CJK",
        "word",
        "items",
        "quote",
        "row",
        "line",
        "indent",
    ],
)
def test_what_is_too_long_for_a_slide_is_cut(text):
    parts = fit_prose(text, ROOM)
    assert len(parts) > 1
    assert max(heights(parts)) <= ROOM
    said = "".join(word for part in parts for word in shown(part.markdown))
    # A table's head is said again on each of its slides, and a short cell before the long one's end.
    without = [sorted(words.replace("ab", "")) for words in (said, "".join(shown(text)))]
    assert without[0] == without[1]


def test_sentences_stay_whole():
    parts = fit_prose(LONG * 100, ROOM)
    assert all(part.markdown.endswith(".") for part in parts)


def test_marks_of_a_cut_word_are_closed_and_opened_again():
    for part in fit_prose(f"**{(LONG * 100).strip()}**", ROOM):
        assert part.markdown.startswith("**A sentence")
        assert part.markdown.endswith("networks.**")


def test_numbers_go_on():
    parts = fit_prose("\n".join(f"1. {LONG * 6}" for _ in range(20)), ROOM)
    firsts = [int(part.markdown.partition(".")[0]) for part in parts]
    counts = [markdown_html(part.markdown).count("<li") for part in parts]
    assert firsts == [1 + sum(counts[:n]) for n in range(len(parts))]


def test_a_nested_list_stays_with_its_item_while_it_can():
    item = f"- {LONG * 3}\n" + "\n".join(f"  - inner {n}" for n in range(6))
    parts = fit_prose("\n".join([item] * 6), ROOM)
    assert len(parts) > 1
    for part in parts:
        assert markdown_html(part.markdown).count("inner 0") == part.markdown.count("inner 5")


def test_tables_repeat_their_heads():
    rows = "\n".join(f"| {n} | {n * n} |" for n in range(100))
    for part in fit_prose(f"| n | square |\n|---|--:|\n{rows}", ROOM):
        assert part.markdown.startswith("| n | square |\n|---|--:|\n| ")


def test_code_keeps_its_language():
    for part in fit_prose("~~~python\n" + "x = 1\n" * 100 + "~~~", ROOM):
        assert part.markdown.startswith("```python\nx = 1\n")
        assert part.markdown.endswith("\n```")


def test_links_keep_their_addresses_in_every_part():
    text = "\n\n".join(f"See [the paper][1]. {LONG * 8}" for _ in range(8))
    for part in fit_prose(f"{text}\n\n[1]: https://example.com", ROOM):
        assert 'href="https://example.com"' in markdown_html(part.markdown)


def test_a_colon_stays_with_what_it_announces():
    text = "\n\n".join(f"{LONG * 4}\n\nSo:\n\n- a\n- b" for _ in range(8))
    parts = fit_prose(text, ROOM)
    assert len(parts) > 1
    assert not [part for part in parts if part.markdown.endswith(":")]


def test_a_first_slide_too_low_for_anything_gets_an_empty_part():
    parts = fit_prose("$$\\begin{matrix}" + "a\\\\" * 20 + "\\end{matrix}$$", ROOM, 100)
    assert [bool(part.markdown) for part in parts] == [False, True]
