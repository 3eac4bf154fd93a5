"""What the speaker says, put together from several places."""

from __future__ import annotations

from dataclasses import replace

from abreast.model import Slide


def joined(*texts: str) -> str:
    """Return texts as paragraphs of one; those that are empty are left out."""
    return "\n\n".join(filter(None, texts))


def also_saying(slide: Slide, said: str) -> Slide:
    """Return the slide with more for the speaker to say."""
    return replace(slide, notes=joined(slide.notes, said))
