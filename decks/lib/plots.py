"""Plots for the decks: lines and small pictures in one calm style.

matplotlib (with its Pillow) only, so that every framework's environment can import it.
What is drawn is SVG with text as text, and gray wherever a slide's theme should choose:
axes and words take the ink of the theme, lines have colors that keep 3:1 on light paper
and on dark.
"""

import re
from base64 import b64encode
from html import escape
from io import BytesIO, StringIO

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

WIDTH, HEIGHT = 3.1, 2.0  # inches; 298 by 192 px, about a column of three
INK = "#404040"
COLORS = ("#4a86c5", "#c4622d", "#3f8f68", "#8f6bb0", "#a8791f")
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.5, 1.2, 1.5)), (0, (8, 2)))
STYLE = {
    "font.size": 9.5,  # points; 12.7 px
    "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": "#909090",
    "xtick.color": "#909090", "ytick.color": "#909090",
    "xtick.labelcolor": INK, "ytick.labelcolor": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8,
    "lines.linewidth": 1.8, "lines.markersize": 3.6,
    "svg.fonttype": "none", "svg.hashsalt": "abreast",
}  # fmt: skip
LEGEND = {
    "loc": "outside upper left", "handlelength": 1.6, "columnspacing": 1.2,
    "handletextpad": 0.5, "borderpad": 0.1, "frameon": False,
}  # fmt: skip
SHORTER = (  # what matplotlib writes, and what says the same: decks are many plots
    (r"(?:(?<=px) '|font-family: )[^;\"]*;? ?", ""),
    (r"font: ", "font-size: "),
    (r"font-size: 9.5px; |; fill: #404040", ""),
    (r' style="fill: #909090; stroke: #909090; stroke-width: 0.8"', ""),
    (r' transform="rotate\(-0 [^"]*"|(?<=<g) id="[^"]*"|; stroke-dashoffset: 0', ""),
    (r'(?<= [dxy]=")[^"]*', lambda found: re.sub(r"(\.\d)\d+", r"\1", found[0])),
    (r"\s+", " "),
    (r"(?<=>) (?=<)", ""),
)


def lines(series, xlabel="", ylabel="", log=False):
    """Show a line for each label of `series`: {label: (x, y)}, both of shape (N,).

    `log` is False, True (or "y") for a logarithmic y axis, "x", or "xy" for both.
    Up to 12 points are marked. Lines differ in dashes too, not in color only.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained", frameon=False)
        axes = figure.subplots()
        axes.patch.set_visible(False)
        for n, (label, (x, y)) in enumerate(series.items()):
            (line,) = axes.plot(
                np.asarray(x), np.asarray(y), label=label, linestyle=DASHES[n % 5],
                color=COLORS[n % 5], marker="o" if len(x) <= 12 else "",
            )  # fmt: skip
            line.get_path().should_simplify = len(x) > 12
        axes.set(xlabel=xlabel, ylabel=ylabel)
        for name in ("x", "y"):
            if name in ("y" if log is True else log or ""):
                axes.set(**{f"{name}scale": "log"})
                axes.minorticks_off()
                getattr(axes, f"{name}axis").set_major_formatter("{x:g}")
            else:
                whole = all(
                    float(v).is_integer() for x, _ in series.values() for v in x
                )
                getattr(axes, f"{name}axis").set_major_locator(
                    MaxNLocator(6, steps=[1, 2, 5, 10], integer=name == "x" and whole)
                )
        if len(series) > 1:
            wide = max(map(len, series)) > 10 and len(series) > 2
            figure.legend(ncols=2 if wide else len(series), **LEGEND)
        show_figure(figure)


def images(pictures, titles=None, columns=5):
    """Show gray `pictures` (N, H, W) or colored ones (N, H, W, 3), rows of `columns`.

    The least value of all is black, the greatest white, in 31 steps, which keeps decks
    small. `titles` has N short texts of one line or more, each line with at most about
    50 / columns characters.
    """
    pictures = np.asarray(pictures, dtype=float)
    pictures = (pictures - pictures.min()) / ((pictures.max() - pictures.min()) or 1)
    times = -(-28 // pictures.shape[2])  # small ones grow, so that gaps can be fine
    pictures = pictures.repeat(times, 1).repeat(times, 2)
    count, high, wide = pictures.shape[:3]
    words = [title.split("\n") for title in titles or ()]
    gap = -(-wide // 16)  # in pixels of the pictures, as all that follows but type
    across = columns * (wide + gap) - gap
    pixel = 300 / across  # px
    size = 10.5 if columns > 4 else 12  # px
    above = int(1.25 * size * max(map(len, words), default=0) / pixel) + gap * (
        2 if words else 1
    )
    rows = -(-count // columns)
    sheet = np.zeros(
        (rows * (high + above), across, 4), "uint8"
    )  # transparent between pictures
    texts = []
    for n, picture in enumerate(pictures):
        left, top = n % columns * (wide + gap), n // columns * (high + above) + above
        tile = sheet[top : top + high, left : left + wide]
        tile[..., :3] = 255 * picture if picture.ndim == 3 else 255 * picture[..., None]
        tile[..., 3] = 255
        for row, line in enumerate(reversed(words[n] if words else ())):
            x, y = (left + wide / 2) * pixel, top * pixel - 4 - 1.25 * size * row
            texts.append(f'<text x="{x:.2f}" y="{y:.2f}">{escape(line)}</text>')
    height = pixel * len(sheet)
    _display(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="{height:.2f}" '
        f'viewBox="0 0 300 {height:.2f}" fill="{INK}" font-size="{size}" '
        'text-anchor="middle">'
        f'<image width="300" height="{height:.2f}" style="image-rendering: pixelated" '
        f'href="data:image/png;base64,{_png(sheet)}"/>{"".join(texts)}</svg>'
    )


def _png(sheet):
    """Return pixels (H, W, 4) as a PNG in base64, of 32 colors where all are gray."""
    image, file = Image.fromarray(sheet), BytesIO()
    if (sheet[..., :1] == sheet[..., :3]).all():
        grays = np.where(sheet[..., 3] > 0, 1 + sheet[..., 0] // 8.26, 0)
        image = Image.fromarray(grays.astype("uint8"), "P")
        image.putpalette([0, 0, 0, *np.repeat(np.arange(31) * 8.5, 3).astype(int)])
        image.save(file, "png", optimize=True, transparency=0)
    else:
        image.save(file, "png", optimize=True)
    return b64encode(file.getvalue()).decode()


def show_figure(figure):
    """Display a figure as SVG, as short as it can be said."""
    file = StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(file, format="svg", metadata=nothing)
    svg = file.getvalue()[file.getvalue().index("<svg") :]
    for pattern, shorter in SHORTER:
        svg = re.sub(pattern, shorter, svg)
    if "<g " not in svg:  # none of the groups says anything
        svg = re.sub("</?g>", "", svg)
    _display(svg.replace("<svg ", f'<svg fill="{INK}" font-size="9.5" ', 1))


def _display(svg):
    """Display SVG in the font of the page that it is in."""
    from IPython.display import display

    svg = svg.replace("<svg ", '<svg style="font-family: var(--sans, sans-serif)" ', 1)
    display({"image/svg+xml": svg, "text/plain": "<plot>"}, raw=True)
