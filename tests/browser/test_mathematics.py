"""Formulas in Chromium: as wide as was reckoned, and drawn by the fonts that were named."""

import pytest
from abreast.assets import templates
from abreast.render.mathstyle import math_css
from abreast.slides.mathematics import typeset
from abreast.slides.prose.inline import MATH, Extent

pytestmark = [pytest.mark.browser]

PX = 40
PROSE = (templates() / "prose.css").read_text("utf-8")
FORMULAS = [
    r"x",
    r"a^2+b^2=c^2",
    r"\frac{\partial L}{\partial w_{ij}}",
    r"\dfrac{1}{1+\dfrac{1}{1+x}}",
    r"\binom{n}{k}=\frac{n!}{k!(n-k)!}",
    r"\sum_{i=1}^{n} x_i",
    r"\prod_{\substack{i\in S\\ j\ne i}}(x_i-x_j)",
    r"\lim_{n\to\infty}\left(1+\frac1n\right)^n=e",
    r"\int_0^\infty e^{-x^2}\,dx=\frac{\sqrt\pi}{2}",
    r"\oint_{\partial\Omega}\omega=\iint_\Omega d\omega+\iiint_V f",
    r"\operatorname*{arg\,max}_{\theta\in\Theta} p(x\mid\theta)",
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
    r"\begin{bmatrix}1&\cdots&0\\\vdots&\ddots&\vdots\\0&\cdots&1\end{bmatrix}",
    r"\begin{array}{c|c|c}a&b&c\\\hline 1&2&3\end{array}",
    r"\begin{array}{lr||c}alpha&b&c\\ 1&20000&3\end{array}",
    r"\begin{smallmatrix}a&b\\c&d\end{smallmatrix}",
    r"f(x)=\begin{cases}x&\text{if }x>0\\0&\text{otherwise}\end{cases}",
    r"\begin{align}a&=b+c\\&=d+e+f\end{align}",
    r"\begin{aligned}\hat y&=\mathbf{W}\mathbf{x}+\mathbf b\\L&=\|y-\hat y\|^2\end{aligned}",
    r"\begin{eqnarray}a&=&b\\c&=&d\end{eqnarray}",
    r"\text{softmax}(\mathbf z)_i=\frac{e^{z_i}}{\sum_j e^{z_j}}",
    r"\text{The quick brown fox, fi fl, \textbf{jumps} over \textit{lazy} dogs}",
    r"\sqrt{x}",
    r"\sqrt[3]{x^2+y^2}",
    r"\sqrt{\frac{a}{\sqrt{b+\sqrt c}}}",
    r"\hat x\tilde y\bar z\vec v\dot a\ddot b\mathring{c}\check d",
    r"\widehat{xyz}+\overline{abc}+\underline{de}+\widetilde{ABC}",
    r"\overrightarrow{AB}+\overbrace{a+b+c}^{n}+\underbrace{x+y}_{m}",
    r"\left\{\sum_{i}\left[\prod_j x_{ij}\right]\right\}",
    r"\Bigg(\bigg(\Big(\big(x\big)\Big)\bigg)\Bigg)",
    r"\left\langle\begin{matrix}a\\b\\c\\d\\e\\f\end{matrix}\right|",
    r"\left.\frac{df}{dx}\right|_{x=0}",
    r"\left\lVert\mathbf{x}\right\rVert_2=\sqrt{\sum_{k=1}^{d}x_k^2}",
    r"\mathbb{R}^n\to\mathbb{C}",
    r"\mathcal{L}(\theta)+\mathcal{O}(n\log n)",
    r"\mathfrak{g}+\mathscr{F}+\mathsf{X}+\mathtt{code}+\textsf{sans}",
    r"\boldsymbol{\theta}+\mathbf{x}+\mathit{abc}+\mathrm{d}x+\bm{\Sigma}",
    r"x_{i_{j_k}}^{a^{b^c}}",
    r"\xrightarrow[below]{above}+\xleftarrow{abc}",
    r"\boxed{E=mc^2}+\cancel{x+y}",
    r"\underset{x}{\min}\ \overset{!}{=}\stackrel{def}{=}",
    r"1{,}234.56\times10^{-3}\,\text{kg},\ 90\degree",
    r"A\implies B\iff C\leq D\neq\emptyset\varnothing",
    r"\nleq\ngeq\not=\not\in\dots\vdots\ddots",
    r"{\Large A}{\small b}{\tiny c}\phantom{xyz}\quad\hspace{1em}d",
    r"\textcolor{red}{x}+\colorbox{yellow}{abc}+\href{https://example.com}{l}",
    r"\newcommand{\R}{\mathbb{R}}f\colon\R\to\R",
]

MEASURE = """id => {
    const html = document.querySelector(`#f${id} .katex-html`);
    const bases = [...html.querySelectorAll(':scope > .katex-base')];
    return [html.offsetHeight, bases.map(base => base.getBoundingClientRect().width)];
}"""


@pytest.fixture
def formulas(page):
    """The page with each formula, displayed, and exactly the fonts that they name."""
    found = [typeset(tex, display=True) for tex in FORMULAS]
    assert [f.problem for f in found] == [""] * len(found)
    css = math_css(font for formula in found for font in formula.fonts)
    spans = "".join(
        f'<p><span id="f{n}" class="math" style="display:inline-block">{formula.html}</span></p>'
        for n, formula in enumerate(found)
    )
    style = f"{PROSE}{css}p{{font:{PX}px/1.5 sans-serif}}"
    page.set_content(f"<!doctype html><style>{style}</style><body>{spans}</body>")
    page.evaluate("document.fonts.ready")
    return found


def test_formulas_are_as_wide_and_high_as_reckoned(page, formulas):
    for n, (tex, formula) in enumerate(zip(FORMULAS, formulas, strict=True)):
        height, widths = page.evaluate(MEASURE, n)
        assert len(widths) == len(formula.parts), tex
        for part, width in zip(formula.parts, widths, strict=True):
            assert part * PX == pytest.approx(width, rel=0.03, abs=0.1), tex
        assert sum(formula.parts) == pytest.approx(formula.width)
        extent = Extent(formula.height, formula.depth).over(MATH)
        assert height - 1 <= extent.height * PX <= 1.05 * height + 4, tex


def test_every_glyph_is_drawn_by_a_font_that_the_formula_names(page, formulas):
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    for n, (tex, formula) in enumerate(zip(FORMULAS, formulas, strict=True)):
        drawn = fonts_under(session, root, f"#f{n} .katex-html")
        assert drawn <= formula.fonts, tex
        assert formula.fonts <= drawn | {"KaTeX_Main-Regular"}, tex


def fonts_under(session, root, selector):
    nodes = session.send(
        "DOM.querySelectorAll", {"nodeId": root, "selector": f"{selector}, {selector} *"}
    )["nodeIds"]
    return {
        font["postScriptName"] if font["isCustomFont"] else f"the system's {font['familyName']}"
        for node in nodes
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        if font["glyphCount"]
    }


def test_a_formula_that_is_none_is_shown_in_red(page):
    formula = typeset(r"\frac{a}{", display=False)
    page.set_content(f"<style>:root{{--alarm:#b42318}}{PROSE}</style>{formula.html}")
    error = page.locator(".katex-error")
    assert error.inner_text() == r"\frac{a}{"
    assert error.get_attribute("title") == formula.problem
    assert error.evaluate("e => getComputedStyle(e).color") == "rgb(180, 35, 24)"
