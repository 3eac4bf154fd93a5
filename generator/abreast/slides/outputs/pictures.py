"""Pictures and plots: as large as the room allows, never much larger than they were made."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from abreast.model import ImageDisplay
from abreast.slides.imagesizes import Size, bitmap_size, svg_size
from abreast.slides.outputs.pieces import Frame

SVG = "image/svg+xml"
MIMES = (SVG, "image/png", "image/jpeg", "image/webp", "image/gif")
"""What a browser shows, the sharpest first."""

_LEAST = 120.0
_ENLARGED = 1.5
_UNKNOWN: Size = (640.0, 480.0)
_HEADER = 400_000  # characters of base64; a JPEG's camera data may stand before its size


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
    data = payload if mime == SVG else "".join(payload.split())
    natural = _natural(mime, data)
    if natural is None:
        return None
    return PicturePiece(
        mime=mime,
        data=data,
        size=_declared(own, natural) or _declared(metadata, natural) or natural,
        alt=str(own.get("alt") or metadata.get("alt") or frame.alt),
        frame=frame,
    )


@lru_cache(maxsize=256)
def _natural(mime: str, data: str) -> Size | None:
    if mime == SVG:
        return svg_size(data) or (_UNKNOWN if "<svg" in data else None)
    try:
        return bitmap_size(base64.b64decode(data[:_HEADER]))
    except (binascii.Error, ValueError):
        return None


def _declared(metadata: Mapping[str, Any], natural: Size) -> Size | None:
    width, height = (_pixels(metadata.get(name)) for name in ("width", "height"))
    if not width and not height:
        return None
    ratio = natural[0] / natural[1]
    return width or height * ratio, height or width / ratio


def _pixels(value: object) -> float:
    try:
        return max(0.0, float(str(value)))
    except ValueError:
        return 0.0
