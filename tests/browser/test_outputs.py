"""Outputs as Chromium draws them are as high as they were reckoned."""

import pytest
from abreast.render.displays import display_html
from abreast.render.fonts import font_css
from abreast.render.styles import stylesheets
from abreast.slides import metrics
from abreast.slides.outputs import displays_height, fit_outputs

from tests.unit.test_displays import DRAWING
from tests.unit.test_outputs import bundle, error, frame, png, stream

pytestmark = pytest.mark.browser


def test_outputs_are_as_high_as_reckoned(page):
    many = "\n".join(
        f"{n} 中文 ─│ \x1b[31mשלום é\x1b[0m 😀 " + "word " * (n % 20) for n in range(50)
    )
    outputs = [
        [stream("a\nb\n"), stream("x", "stderr"), bundle(html=frame(4, 3))],
        [stream(many), bundle(png=png(300, 200)), bundle(html=frame(80, 20))],
        [bundle(**{"image/svg+xml": DRAWING}), error("E", "x" * 300, ["a", "b"]), bundle(html="<p>a</p>" * 9)],
        [bundle(html=frame(5, 3, "{:.1f} 中文 →")), bundle(json=list(range(99)))],
    ]  # fmt: skip
    body, expected = "", []
    for columns in (1, 2, 3, 4):
        for own in outputs:
            px = metrics.floor_px(columns) + 0.5
            displays = fit_outputs(own, columns, px, 500)
            drawn = "".join(
                display_html(display, "PyTorch", inline=False, place=f"{columns}{len(expected)}")
                for display in displays
            )
            body += f'<div class="case" style="--output:{px}px;width:{metrics.column_width(columns)}px">{drawn}</div>'
            expected.append(displays_height(displays, px))
    styles = font_css(body) + "".join(stylesheets()) + "body{width:1280px}"
    page_html = f'<!doctype html><meta charset="utf-8"><style>{styles}</style><div class="reveal">{body}</div>'
    page.set_content(page_html)
    page.evaluate("document.fonts.ready")
    found = page.evaluate(
        """[...document.querySelectorAll('.case')].map(node => [node.getBoundingClientRect().height,
            Math.max(...[...node.querySelectorAll('.output, pre, table')]
                .map(e => Math.max(e.scrollWidth, e.getBoundingClientRect().width))) - node.clientWidth])"""
    )
    for (height, wider), reckoned in zip(found, expected, strict=True):
        assert height == pytest.approx(reckoned, abs=0.6)
        assert wider < 1
