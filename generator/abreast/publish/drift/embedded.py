"""Data that texts carry within them, such as pictures in HTML, cut short."""

from __future__ import annotations

import hashlib
import re

_EMBEDDED = re.compile(r"(data:[\w.+/-]+;base64,)([\w+/=]{40,})")
_LETTERS = str.maketrans("0123456789", "ghijklmnop")  # a digest of digits would read as a number


def shortened(text: str) -> str:
    """Return text with its base64 of 40 characters and more as their number and a digest."""
    return _EMBEDDED.sub(_digest, text)


def _digest(found: re.Match[str]) -> str:
    digest = hashlib.sha256(found[2].encode()).hexdigest()[:8].translate(_LETTERS)
    return f"{found[1]}… ({len(found[2])} characters, digest {digest})"
