"""Prose: how high it is, and how it is set and cut to fit slides."""

from abreast.slides.prose.fitting import fit_prose, prose_height

__all__ = ["fit_prose", "prose_height"]
