"""Pictures compared as people see them: how many of their pixels look different.

Colours are compared in YIQ: Y. Kotsarenko and F. Ramos, "Measuring perceived color difference using
YIQ NTSC transmission color space in mobile applications", Programación Matemática y Software 2(2),
2010, 27-43. A pixel differs from a tenth of the largest distance on, as in pixelmatch. A hash of
gradients (dHash) is blind for plots: a thin line on white paper that runs elsewhere leaves its bits
as they were.
"""

from __future__ import annotations

import binascii
import warnings
from base64 import b64decode
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

ALIKE = 0.001
"""Pictures of which so small a share of pixels differs look the same."""

_SIDE = 256  # px to which the longer side is scaled: edges that are smoothed otherwise vanish
_WEIGHTS = (0.5053, 0.299, 0.1957)
_YIQ = (
    (0.29889531, 0.58662247, 0.11448223),
    (0.59597799, -0.27417610, -0.32180189),
    (0.21147017, -0.52261711, 0.31114694),
)
_LARGEST = 35215.0  # distance of two colours, squared
_THRESHOLD = 0.1


@lru_cache(maxsize=64)
def distance(before: str, after: str) -> float | None:
    """Return the share (0 to 1) of pixels that look different in two pictures, each as base64.

    Both are scaled to the size of the later one, 256 px at most, on white paper. None where one
    cannot be read.
    """
    try:
        old, new = _read(before), _read(after)
    except (OSError, ValueError, SyntaxError, binascii.Error):
        return None
    scale = min(1.0, _SIDE / max(new.size))
    size = max(1, round(new.width * scale)), max(1, round(new.height * scale))
    difference = _pixels(old, size) - _pixels(new, size)
    return float((_squared(difference) > _LARGEST * _THRESHOLD**2).mean())


def sizes(before: str, after: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the widths and heights of two pictures that `distance` could read, px."""
    return _read(before).size, _read(after).size


def _read(data: str) -> Image:
    from PIL import Image  # noqa: PLC0415 - only pictures that differ need it

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(BytesIO(b64decode(data)))
            picture.load()
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise ValueError(str(error)) from error
    return picture


def _pixels(picture: Image, size: tuple[int, int]) -> Any:
    """Return a picture's pixels on white: `size` turned round, by 3 for red, green, blue."""
    import numpy as np  # noqa: PLC0415 - as above
    from PIL import Image  # noqa: PLC0415

    clear = picture.convert("RGBA")
    paper = Image.new("RGBA", clear.size, "white")
    paper.alpha_composite(clear)
    scaled = paper.convert("RGB").resize(size, Image.Resampling.BOX)
    return np.asarray(scaled, dtype=np.float32)


def _squared(difference: Any) -> Any:
    """Return the squared perceived distance of each pixel, from differences of its colours."""
    import numpy as np  # noqa: PLC0415 - as above

    yiq = difference @ np.asarray(_YIQ, dtype=np.float32).T
    return (yiq**2) @ np.asarray(_WEIGHTS, dtype=np.float32)
