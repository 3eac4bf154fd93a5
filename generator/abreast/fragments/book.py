"""Fragments in a file: texts one after the other, and at its end where each begins."""

from __future__ import annotations

import json
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from abreast import assets
from abreast.fragments.made import Fragments

_END = struct.Struct(">QI")
"""The end of a file: where its index begins, and the index's checksum."""


@contextmanager
def kept_fragments(path: Path) -> Iterator[Fragments]:
    """Yield the fragments that the last build kept in a file; write there what was used.

    A file that is damaged, or that other code wrote, is as good as none. Where nothing can be
    written, or its folder is not there, nothing is kept: the next build is slower, that is all.
    """
    try:
        staged = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, before it is renamed
            dir=path.parent, prefix=f".{path.name}.", delete=False
        )
    except OSError:
        yield Fragments()
        return
    book = _Book(staged.file, {})
    old = _opened(path)
    fragments = Fragments(_Kept(old, book))
    try:
        yield fragments
        fragments.settle()
        with suppress(OSError):
            book.end()
            staged.close()
            if old:
                old.file.close()
            if not book.torn:
                Path(staged.name).replace(path)
    finally:
        if old:
            old.file.close()
        with suppress(OSError):  # what a full disk did not take is flushed once more
            staged.close()
        Path(staged.name).unlink(missing_ok=True)


class _Book:
    """A file with texts, and its index: offset, length and checksum of each.

    `torn` says that the disk did not take all of it.
    """

    def __init__(self, file: IO[bytes], index: dict[str, list[int]]) -> None:
        self.file = file
        self.index = index
        self.torn = False

    def read(self, key: str) -> bytes | None:
        """Return the bytes of a key; None where there are none, or not those that were written."""
        if key not in self.index:
            return None
        offset, length, checksum = self.index[key]
        try:
            self.file.seek(offset)
            content = self.file.read(length)
        except OSError:
            return None
        return content if zlib.crc32(content) == checksum else None

    def append(self, key: str, content: bytes) -> None:
        """Write the bytes of a key."""
        try:
            offset = self.file.seek(0, 2)
            self.file.write(content)
        except OSError:
            self.torn = True
        else:
            self.index[key] = [offset, len(content), zlib.crc32(content)]

    def end(self) -> None:
        """Write the index, without which the file is worth nothing. Raises OSError."""
        index = json.dumps([assets.maker(), self.index]).encode()
        offset = self.file.seek(0, 2)
        self.file.write(index + _END.pack(offset, zlib.crc32(index)))


def _opened(path: Path) -> _Book | None:
    """Return what an earlier build of the same code wrote; None for anything else."""
    try:
        file = path.open("rb")
    except OSError:
        return None
    try:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END.size))
        offset, checksum = _END.unpack(file.read())
        file.seek(offset)
        index = file.read(size - offset - _END.size)
        state, places = json.loads(index) if zlib.crc32(index) == checksum else ("", {})
        if state == assets.maker():
            return _Book(file, places)
    except (OSError, ValueError, struct.error, OverflowError):
        pass
    file.close()
    return None


class _Kept:
    """A shelf that reads what the last build wrote, and writes what this one uses."""

    def __init__(self, old: _Book | None, new: _Book) -> None:
        self._old = old
        self._new = new

    def get(self, key: str) -> str | None:
        """Return the text of a key, and keep it for the next build."""
        content = self._new.read(key)
        if content is None and self._old:
            content = self._old.read(key)
            if content is not None:
                self._new.append(key, content)
        return None if content is None else content.decode()

    def put(self, key: str, text: str) -> None:
        """Keep the text of a key for the next build."""
        self._new.append(key, text.encode())

    def sweep(self) -> None:
        """Forget nothing: what is not used is not written."""
