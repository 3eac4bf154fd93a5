"""A plot of points and a line through them, in the style of the decks' other plots."""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

import plots


def show(x, y, slope, intercept, xlabel="", ylabel=""):
    """Show points `x`, `y`, both (N,), and the line `slope * x + intercept`."""
    ends = np.array([x.min(), x.max()])
    with mpl.rc_context(plots.STYLE):
        figure = Figure(figsize=(plots.WIDTH, plots.HEIGHT), layout="constrained")
        axes = figure.subplots()
        points, line = plots.COLORS[:2]
        axes.plot(x, y, "o", color=points, markersize=2.6, label="data")
        axes.plot(ends, slope * ends + intercept, color=line, label="fitted line")
        axes.set(xlabel=xlabel, ylabel=ylabel)
        figure.legend(ncols=2, **plots.LEGEND)
        plots.show_figure(figure)
