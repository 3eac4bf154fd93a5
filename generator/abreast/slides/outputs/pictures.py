"""Pictures and plots: as large as the room allows, never much larger than they were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from abreast.model import ImageDisplay
from abreast.slides.imagesizes import UNKNOWN, Size, base64_size, declared_size, svg_size
from abreast.slides.outputs.pieces import Frame

SVG = "image/svg+xml"
MIMES = (SVG, "image/png", "image/jpeg", "image/webp", "image/gif")
"""What a browser shows, the sharpest first."""

_LEAST = 120.0
_ENLARGED = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturePiece:
    """A picture with its natural size in px; `data` is base64, for SVG its source."""

    mime: str
    data: str
    size: Size
    alt: str
    frame: Frame

    @property
    def least(self) -> float:
        """Return the height of its smallest form, px."""
        return min(_LEAST, self.wanted)

    @property
    def wanted(self) -> float:
        """Return its height where the column's width or its own size ends its growth, px."""
        width, height = self.size
        return height * min(_ENLARGED, self.frame.width / width)

    def fitted(self, room: float) -> ImageDisplay:
        """Return the picture at most `room` px high, in its own proportions."""
        width, height = self.size
        high = max(self.least, min(self.wanted, room))
        return ImageDisplay(
            mime=self.mime,
            data=self.data,
            width_px=round(width * high / height, 2),
            height_px=high,
            alt=self.alt,
        )


def picture(
    mime: str, payload: str, metadata: Mapping[str, Any], frame: Frame
) -> PicturePiece | None:
    """Return a picture of an output, or None where its data is no picture.

    `metadata` is the output's; a width and a height in it (px) stand for the natural size, which
    is how plots for screens of high density say theirs.
    """
    own = metadata.get(mime)
    own = own if isinstance(own, Mapping) else {}
    data = payload if mime == SVG else _unbroken(payload)
    natural = _natural(mime, data)
    if natural is None:
        return None
    return PicturePiece(
        mime=mime,
        data=data,
        size=_declared(own, _declared(metadata, natural)),
        alt=str(own.get("alt") or metadata.get("alt") or frame.alt),
        frame=frame,
    )


@lru_cache(maxsize=8)
def _unbroken(payload: str) -> str:
    return "".join(payload.split())


def _natural(mime: str, data: str) -> Size | None:
    if mime == SVG:
        return svg_size(data) or (UNKNOWN if "<svg" in data else None)
    return base64_size(data)


def _declared(metadata: Mapping[str, Any], natural: Size) -> Size:
    return declared_size(natural, metadata.get("width"), metadata.get("height"))
