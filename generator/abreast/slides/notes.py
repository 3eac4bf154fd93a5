"""What the speaker says, put together from several places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from abreast.model import Slide


def joined(*texts: str) -> str:
    """Return texts as paragraphs of one; those that are empty are left out."""
    return "\n\n".join(filter(None, texts))


def also_saying(slide: Slide, said: str) -> Slide:
    """Return the slide with more for the speaker to say."""
    return replace(slide, notes=joined(slide.notes, said))


def spoken_to(slides: Sequence[Slide], texts: Sequence[str]) -> list[Slide]:
    """Return slides with a text each, in order.

    How many slides charts take depends on what was measured: the last text is for all further
    slides, and the last slide has what is left of the texts.
    """
    last = texts[-1] if texts else ""
    own = [*texts, *[last] * len(slides)][: len(slides)]
    said = [also_saying(slide, text) for slide, text in zip(slides, own, strict=True)]
    left = joined(*texts[len(slides) :])
    return [*said[:-1], also_saying(said[-1], left)] if said else []
