"""Where slides are in a deck: what links to them say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from abreast.model import Slide


def slide_addresses(slides: Iterable[Slide]) -> Iterator[str]:
    """Yield each slide's address as reveal counts: across from 0, and below ("/5", "/5/1")."""
    across, down = -1, 0
    for slide in slides:
        across, down = (across, down + 1) if slide.below and across >= 0 else (across + 1, 0)
        yield f"/{across}/{down}" if down else f"/{across}"
