import subprocess
import sys

import pytest
from abreast.render.mathstyle import math_css
from abreast.slides.mathematics import typeset
from hypothesis import given, settings
from hypothesis import strategies as st

ATOMS = st.sampled_from(
    ["x", "12", r"\alpha", r"\frac{a}{b}", r"\sqrt{y}", r"\sum_i z_i", r"\mathbb{R}", r"\text{if}"]
)
SUMS = st.lists(ATOMS, min_size=1, max_size=6).map(" + ".join)


def test_a_formula_has_html_mathml_and_lengths():
    formula = typeset("a^2", display=False)
    assert 'class="katex"' in formula.html
    assert "<math" in formula.html
    assert formula.problem == ""
    assert 1.0 < formula.width < 1.3
    assert formula.height == pytest.approx(1.21 * 0.8141, rel=1e-3)
    assert formula.depth == 0
    assert formula.fonts == {"KaTeX_Main-Regular", "KaTeX_Math-Italic"}


def test_what_is_no_formula_is_shown_as_its_source_and_says_why():
    formula = typeset(r"\frac{a}{<", display=True)
    assert 'class="katex-error"' in formula.html
    assert r"\frac{a}{&lt;" in formula.html
    assert "expected '}'" in formula.problem
    assert "\n" not in formula.problem
    assert formula.fonts == frozenset()
    assert formula.width > 0


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"\foo", r"\foo"),
        (r"a_b_c", "Double subscript"),
        (r"\includegraphics{x}", r"\includegraphics"),
        (r"\href{javascript:alert(1)}{x}", r"\href"),
        (r"\def\x{\x}\x", "infinite loop"),
    ],
)
def test_problems_are_told_in_words(tex, said):
    assert said in typeset(tex, display=False).problem


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{align}a&=b\label{eq:1}\\c&=d\nonumber\end{align}",
        r"\begin{eqnarray}a&=&b\end{eqnarray}",
        r"\begin{multline}a\\b\end{multline}",
        r"\begin{equation}\begin{split}a&=b\\c&=d\end{split}\end{equation}",
        r"\newcommand{\R}{\mathbb{R}}\R^n",
        r"\DeclareMathOperator{\sgn}{sgn}\sgn(x)",
        r"a = b \tag{1}",
        r"\eqref{eq:1}",
    ],
)
def test_what_mathjax_understands_is_typeset(tex):
    assert typeset(tex, display=True).problem == ""


def test_environments_work_between_single_dollars_too():
    assert typeset(r"\begin{align}a&=b\end{align}", display=False).problem == ""


def test_displayed_formulas_are_higher():
    line, display = (typeset(r"\sum_{i=1}^n x_i", display=d) for d in (False, True))
    assert display.height > line.height
    assert display.width < line.width
    assert "katex-display" in display.html


def test_lines_add_up():
    one, two = typeset("abc", display=True), typeset(r"abc \\ d", display=True)
    assert two.width == pytest.approx(one.width)
    assert two.depth > one.depth + 1


@settings(max_examples=60)
@given(SUMS, SUMS)
def test_longer_formulas_are_wider(first, second):
    both = typeset(f"{first} + {second}", display=False)
    assert both.problem == ""
    assert both.width > max(typeset(t, display=False).width for t in (first, second))
    assert sum(both.parts) == pytest.approx(both.width)
    assert both.fonts >= typeset(first, display=False).fonts


@settings(max_examples=60)
@given(st.text(max_size=30))
def test_any_text_gives_a_formula_or_a_reason(text):
    formula = typeset(text, display=True)
    assert formula.width >= 0
    assert bool(formula.problem) == ("katex-error" in formula.html)
    assert "<script" not in formula.html


def test_the_stylesheet_holds_the_named_fonts_and_no_addresses():
    css = math_css(["KaTeX_Main-Regular", "KaTeX_Math-Italic"])
    assert css.count("@font-face") == 2
    assert css.count("data:font/woff2;base64,") == 2
    assert "url(fonts/" not in css
    assert ".katex" in css
    assert math_css([]) == ""


def test_a_process_that_typeset_ends_quietly():
    script = (
        "from abreast.slides.mathematics import typeset; print(typeset('x', display=False).width)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", script],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr == ""


def test_v8_is_not_started_for_prose_without_mathematics():
    script = (
        "import sys; from abreast.slides.prose import fit_prose; fit_prose('words', 500);"
        "print('py_mini_racer' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "False"
