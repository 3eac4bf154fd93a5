"""Which page a PDF was printed from: its SHA-256 in the PDF, as file times tell nothing in a clone.

It is a comment before the last `startxref`. Comments may stand between any two words of a PDF
(ISO 32000-1, 7.2.4), and nothing before it moves, so that the PDF's table of offsets still holds.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

_END = b"startxref"
_TAIL = 4096  # bytes, in which the end of a PDF stands
_MARK = re.compile(rb"^%abreast-page (?P<page>[0-9a-f]{64})\s", re.MULTILINE)


def page_digest(page: bytes) -> str:
    """Return what tells a deck's page from any other."""
    return hashlib.sha256(page).hexdigest()


def with_mark(pdf: bytes, digest: str) -> bytes:
    """Return a PDF that says from which page it was printed."""
    head, end, tail = pdf.rpartition(_END)
    return b"".join([head, f"%abreast-page {digest}\n".encode(), end, tail]) if end else pdf


def printed_page(path: Path) -> str:
    """Return the digest of the page that a PDF was printed from; "" where it does not say.

    Raises OSError.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        marks = _MARK.findall(file.read())
    return marks[-1].decode() if marks else ""
