"""git as a command: asked only, and quietly."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_SECONDS = 30
# Asks nobody, fetches nothing: a repository that would need that is as good as none.
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}


def output(folder: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """Return what git prints for a folder; None where it fails or is not there."""
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - the user's git
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            env={**os.environ, **_QUIET},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def line(folder: Path, *arguments: str) -> str:
    """Return the same as text without its line end; "" where there is none."""
    return os.fsdecode(output(folder, *arguments) or b"").rstrip("\n")
