"""The sizes of pictures: natural ones, from their first bytes, and those that markup declares."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import unquote_to_bytes

Size = tuple[float, float]
"""Width and height, px."""

UNKNOWN: Size = (640.0, 480.0)
"""Taken for a picture that does not say its size."""

_HEADER = 400_000  # characters of base64; a JPEG's camera data may stand before its size
_PX = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
_ROOT = re.compile(r"<(?:\w+:)?svg\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = r"""(?<![\w-]){}\s*=\s*(["'])\s*(?P<value>.*?)\s*\1"""
_LENGTH = re.compile(r"(?P<number>\d*\.?\d+(?:[eE][+-]?\d+)?)\s*(?P<unit>[a-z]*)")


def bitmap_size(content: bytes) -> Size | None:
    """Return the size of a PNG, JPEG, GIF or WebP in its own pixels, or None for other content."""
    for read in (_png, _gif, _jpeg, _webp):
        try:
            size = read(content)
        except (struct.error, IndexError):
            continue
        if size and min(size) > 0:
            return size
    return None


def svg_size(source: str) -> Size | None:
    """Return a drawing's size, px: its width and height, else its view box."""
    root = _ROOT.search(source)
    if not root:
        return None
    width, height = (length_px(_attribute(root, name)) for name in ("width", "height"))
    box = [float(n) for n in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", _attribute(root, "viewBox"))]
    if len(box) == 4 and min(box[2:]) > 0:
        ratio = box[2] / box[3]
        width = width or (height * ratio if height else box[2])
        height = height or width / ratio
    return (width, height) if width and height else None


@lru_cache(maxsize=256)
def base64_size(payload: str) -> Size | None:
    """Return a bitmap's size in its own pixels, or None for what is no known picture."""
    try:
        return bitmap_size(base64.b64decode(payload[:_HEADER]))
    except (binascii.Error, ValueError):
        return None


@lru_cache(maxsize=256)
def address_size(address: str) -> Size | None:
    """Return the natural size (px) of the picture at a data: address, or None for others."""
    head, _, payload = address.partition(",")
    if not head.startswith("data:"):
        return None
    if "svg" not in head:
        return base64_size(payload)
    try:
        content = base64.b64decode(payload) if ";base64" in head else unquote_to_bytes(payload)
    except (binascii.Error, ValueError):
        return None
    return svg_size(content.decode("utf-8", "replace"))


def declared_size(natural: Size, width: object, height: object) -> Size:
    """Return the size that markup declares, px, in natural proportions where it names one side."""
    wide, high = (length_px(value) for value in (width, height))
    if not wide and not high:
        return natural
    ratio = natural[0] / natural[1]
    return wide or high * ratio, high or wide / ratio


def _png(content: bytes) -> Size | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    width, height = struct.unpack(">II", content[16:24])
    return float(width), float(height)


def _gif(content: bytes) -> Size | None:
    if not content.startswith((b"GIF87a", b"GIF89a")):
        return None
    width, height = struct.unpack("<HH", content[6:10])
    return float(width), float(height)


def _jpeg(content: bytes) -> Size | None:
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        # Frame headers, but for those of Huffman tables, extensions and arithmetic coding.
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return float(width), float(height)
        standalone = marker in {0x01, 0xFF} or 0xD0 <= marker <= 0xD8
        at += 1 if marker == 0xFF else 2
        if not standalone:
            at += struct.unpack(">H", content[at : at + 2])[0]
    return None


def _webp(content: bytes) -> Size | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    readers: dict[bytes, Callable[[bytes], Size]] = {
        b"VP8 ": _lossy,
        b"VP8L": _lossless,
        b"VP8X": _extended,
    }
    read = readers.get(content[12:16])
    return read(content) if read else None


def _lossy(content: bytes) -> Size:
    width, height = struct.unpack("<HH", content[26:30])
    return float(width & 0x3FFF), float(height & 0x3FFF)


def _lossless(content: bytes) -> Size:
    (bits,) = struct.unpack("<I", content[21:25])
    return float((bits & 0x3FFF) + 1), float((bits >> 14 & 0x3FFF) + 1)


def _extended(content: bytes) -> Size:
    width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
    return float(width), float(height)


def _attribute(root: re.Match[str], name: str) -> str:
    found = re.search(_ATTRIBUTE.format(name), root["attributes"], re.DOTALL)
    return found["value"] if found else ""


def length_px(value: object) -> float:
    """Return a length in px; 0 for what is none, such as 100%."""
    found = _LENGTH.fullmatch(str(value or "").strip())
    return float(found["number"]) * _PX.get(found["unit"], 0.0) if found else 0.0
