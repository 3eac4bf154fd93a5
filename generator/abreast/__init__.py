"""abreast: notebooks in several frameworks, side by side in one offline slide deck."""

__version__ = "0.1.0"
