"""Files -> data: addresses: a deck makes no requests."""

from __future__ import annotations

import base64
import mimetypes
from pathlib import Path


def file_address(file: Path) -> str:
    """Return a file as a data: address, its type by its name. Raises OSError."""
    mime = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"data:{mime};base64,{base64.b64encode(file.read_bytes()).decode()}"
