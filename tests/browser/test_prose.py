"""Prose in Chromium: never higher than was reckoned, and not much lower; nothing leaves the slide."""

import base64
import struct
import zlib

import pytest
from abreast.render.fonts import font_css
from abreast.render.mathstyle import math_css
from abreast.render.prose import markdown_html
from abreast.render.styles import stylesheets
from abreast.slides.markdown import formulas
from abreast.slides.prose import fit_prose, prose_height

pytestmark = [pytest.mark.browser]

WIDTH, PICTURE = 1184, 440


def png(width, height):
    rows = b"".join(b"\0" + bytes((70, 110, 170)) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


LONG = (
    "The batch normalization layer standardizes the activations of each channel over a mini-batch, "
    "then scales and shifts them by two learned parameters. During training it keeps running "
    "averages, which stand in for the batch's own statistics when the model predicts; forgetting "
    "to switch modes is one of the commonest mistakes, and it rarely raises an error."
)
SVG = (
    "data:image/svg+xml;base64,"
    + base64.b64encode(
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"><path d="M0 0H300"/></svg>'
    ).decode()
)
TEXTS = {
    "a paragraph": LONG,
    "a long paragraph": " ".join([LONG] * 5),
    "several paragraphs": f"{LONG}\n\nA short one.\n\n**Bold words**, *emphasis*, ~~struck~~, "
    f"[a link](https://example.com).\n\n**{LONG}**",
    "code among words": "Call `model.train()`, pass `device='cuda:0'` to "
    "`torch.nn.functional.scaled_dot_product_attention(query, key, value)`. " * 3,
    "bullets": "- one\n- two, which is a little longer than the one above it, and so goes on for "
    "a while until it needs a second line of type\n- three\n",
    "nested lists": "1. First\n   - inner one\n   - inner two with `code`\n     1. deeper\n"
    f"2. Second\n\n   A paragraph in an item. {LONG}\n3. Third",
    "headings": "# Big\n\ntext\n\n## Second\n\ntext\n\n### Third\n\n- list\n\n#### Fourth\n\nend",
    "a table": "| layer | output | parameters |\n|---|---|---:|\n| conv1 | 96 x 54 x 54 | 34,944 |\n"
    "| pool | 96 x 26 x 26 | 0 |\n| dense | 4096 | 26,218,496 |\n",
    "a wide table": f"| framework |{' measure number |' * 9}\n|{'---|' * 10}\n"
    f"| pytorch |{' 1234.50 ms |' * 9}\n",
    "a table of words": f"| term | meaning |\n|---|---|\n| batch normalization | {LONG} |\n"
    "| dropout | Sets a share of the activations to zero. |\n| $\\sigma(x)$ | `sigmoid` |\n",
    "a crowded table": f"|{' incomprehensibility |' * 14}\n|{'---|' * 14}\n|{' 12345678 |' * 14}",
    "code": "Before:\n\n```python\ndef train(model, data):\n    for x, y in data:\n"
    "        loss = criterion(model(x), y)  # forward\n\n    return loss\n```\n\nAfter.",
    "long lines of code": f"```\n{'f(argument_one, argument_two, keyword=value) ' * 5}\n{'x' * 300}\n```",
    "a quotation": f"> {LONG}\n>\n> - someone\n\nand after",
    "formulas in lines": r"The loss $L(\theta) = -\frac{1}{N}\sum_{i=1}^{N} \log p_\theta(y_i \mid "
    r"x_i)$ is minimized over $\theta \in \mathbb{R}^d$, where $\hat{y} = \operatorname{softmax}"
    r"(Wx + b)$ and $W^{(l)}_{ij}$ are weights; see $\left(\frac{a}{b}\right)$. " * 2,
    "displayed formulas": "Then\n\n$$\\frac{\\partial L}{\\partial w} = \\sum_{i=1}^n \\left( "
    "\\hat{y}_i - y_i \\right) x_i$$\n\nand $$E = mc^2$$ between words.\n\n"
    "\\begin{align}\na &= b + c \\\\\n  &= d\n\\end{align}\n",
    "a wide formula": f"$${' + '.join(f'a_{{{n}}} x^{{{n}}}' for n in range(30))}$$",
    "a high formula": "$$\\begin{pmatrix}" + "a & b \\\\" * 24 + "\\end{pmatrix}$$",
    "a wide fraction in a line": f"see $\\frac{{{'x_i + ' * 40}y}}{{2}}$",
    "what is no formula": "A formula $\\frac{a}{$ that is none, and\n\n$$\\begin{foo}x$$",
    "small type": f"{LONG}\n\n<small>A. Krizhevsky, I. Sutskever, G. E. Hinton. {LONG}</small>",
    "breaks": "one  \ntwo<br>three\\\nfour\n\n---\n\nH<sub>2</sub>O, x<sup>2</sup>",
    "Arabic": "تعلم الآلة هو مجال من مجالات الذكاء الاصطناعي يركز على بناء أنظمة تتعلم من "
    "البيانات وتحسن أداءها مع مرور الوقت. " * 4,
    "Hebrew": "למידת מכונה היא תחום במדעי המחשב שעוסק בפיתוח אלגוריתמים המאפשרים למחשב ללמוד. " * 4
    + "\n\n- ראשון\n- $x^2$ שני\n\n1. אחד",
    "Chinese": "深度学习是机器学习的分支，是一种以人工神经网络为架构，对资料进行表征学习的算法。"
    * 6,
    "Japanese": "ディープラーニングとは、対象の全体像から細部までの概念を関連させて学習する手法である。"
    * 6,
    "Greek and Russian": "Это длинный абзац текста на русском языке. " * 6 + "Ελληνικά ≤ → ∑. " * 6,
    "long words": "x" * 400 + " https://example.com/a/very/long/address/that/goes/on?with=it " * 3,
    "a picture": f"Before.\n\n![a plot]({png(600, 400)})\n\nAfter.",
    "pictures": f"![a]({png(300, 200)}) ![b]({png(500, 900)}) words ![c]({png(40, 30)}) {LONG}",
    "a wide picture and a drawing": f"![a]({png(3000, 600)})\n\n- ![b]({SVG})",
    "raw HTML": f'<img src="{png(800, 400)}" width="400" alt="x">\n\n<div>\n<p>{LONG}</p>\n</div>',
    "all of it": "## Convolution\n\nA **convolution** slides a kernel of size $k \\times k$:\n\n"
    "$$y_{ij} = \\sum_{u,v} w_{uv}\\, x_{i+u,\\,j+v}$$\n\n- *stride*: how far\n- *padding*\n\n"
    "| size | output |\n|---|---|\n| 3 | same |\n\n> as they say\n\n<small>After Dumoulin.</small>",
}
UNSPACED = {"Chinese", "Japanese"}

HEIGHTS = """() => [...document.querySelectorAll('.prose')].map(prose => {
    const widths = [...prose.querySelectorAll('*')]
        .filter(node => !node.closest('.katex-mathml'))
        .map(node => node.getBoundingClientRect().right - prose.getBoundingClientRect().left);
    return [prose.getBoundingClientRect().height, Math.max(0, ...widths)];
})"""


def show(page, blocks):
    """Open a page with blocks of prose: (Markdown, px, the height of pictures) each."""
    drawn = "".join(
        f'<div class="prose" style="--prose:{px}px;--image:{picture}px">{markdown_html(text)}</div>'
        for text, px, picture in blocks
    )
    fonts = {font for text, *_ in blocks for formula in formulas(text) for font in formula.fonts}
    styles = [*stylesheets(), font_css(drawn), math_css(fonts)]
    page.set_content(
        f"<!doctype html><meta charset=utf-8><style>{''.join(styles)}"
        "html,body,.reveal{height:auto;overflow:visible}</style>"
        f'<div class="reveal" style="position:static;width:{WIDTH}px">{drawn}</div>'
    )
    page.evaluate("document.fonts.ready")
    return page.evaluate(HEIGHTS)


def has_wide_letters(page):
    page.set_content("<span style='font:100px sans-serif'>学</span>")
    return page.locator("span").bounding_box()["width"] > 90


@pytest.mark.parametrize("px", [26, 20.16])
def test_prose_is_as_high_as_reckoned(page, px):
    wide_letters = has_wide_letters(page)
    drawn = show(page, [(text, px, PICTURE) for text in TEXTS.values()])
    for (name, text), (height, right) in zip(TEXTS.items(), drawn, strict=True):
        reckoned = prose_height(text, px, WIDTH, image_px=PICTURE)
        assert reckoned >= height - 0.5, name
        assert right <= WIDTH + 1, name
        if wide_letters or name not in UNSPACED:  # without a font for them, browsers draw boxes
            assert reckoned <= height * 1.12 + 30, name
    assert page.complaints == []
    assert not [address for address in page.requests if not address.startswith("data:")]


def test_parts_fit_their_slides_and_type_is_readable(page):
    text = "\n\n".join(TEXTS.values())
    parts = fit_prose(text, 560, 480)
    drawn = show(page, [(part.markdown, part.font_px, part.image_px) for part in parts])
    assert len(parts) > 10
    for n, (height, _) in enumerate(drawn):
        assert height <= (560 if n else 480) + 0.5


def test_numbers_go_on_in_the_next_part(page):
    parts = fit_prose("\n".join(f"{n}. {LONG}" for n in range(1, 30)), 560)
    show(page, [(part.markdown, part.font_px, part.image_px) for part in parts])
    starts = page.evaluate("[...document.querySelectorAll('ol')].map(list => list.start)")
    counts = page.evaluate("[...document.querySelectorAll('ol')].map(list => list.children.length)")
    assert len(starts) == len(parts) > 1
    assert starts == [1 + sum(counts[:n]) for n in range(len(counts))]


def test_words_from_the_right_keep_their_place(page):
    show(page, [(TEXTS["Hebrew"], 26, PICTURE)])
    assert page.locator(".prose p").first.evaluate("p => getComputedStyle(p).direction") == "rtl"
    assert page.locator(".prose ul").evaluate("l => getComputedStyle(l).paddingRight") != "0px"
    assert page.locator(".prose .katex").evaluate("k => getComputedStyle(k).direction") == "ltr"
