"""outputs/<deck>/ is exchanged as a whole, with a manifest; other people's files stay."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, TypeAlias

from abreast.errors import AbreastError, UsageError, shown
from abreast.exchange import exchange, recover, staging
from abreast.locking import locked
from abreast.model.records import json_entries
from abreast.publish.foreign import carry_over, retire
from abreast.run.committed import MAKER, MANIFEST, read_manifest
from abreast.writing import disk_remedy, write_synced

OUTPUTS, INDEX = "outputs", "index.html"
"""The folder of all built decks, and a deck's page in its own; the page of all decks, too."""
Content: TypeAlias = str | bytes | Callable[[], Iterable[str]]
"""Of a file; what is large is made in pieces when it is written, and again for who asks again."""


def pieces(content: Content) -> Iterable[str] | Iterable[bytes]:
    """Return a content piece by piece."""
    if isinstance(content, str):
        return [content]
    return [content] if isinstance(content, bytes) else content()


def whole(content: Content) -> str | bytes:
    """Return a content that is there as a whole."""
    return content if isinstance(content, str | bytes) else "".join(content())


def output_folder(deck_path: Path, name: str) -> Path:
    """Return outputs/<name> beside the deck's decks/, else in the working directory."""
    decks = deck_path.parent.parent
    root = decks.parent if decks.name == "decks" else Path.cwd()
    return root / OUTPUTS / name


def recover_folder(folder: Path) -> None:
    """Put right what a build that was killed while it published left beside `folder`.

    Waits for a build that publishes into it at this moment.
    """
    with _turn(folder):
        recover(folder, lambda old: _retire(old, folder))


def check_folder(folder: Path) -> None:
    """Raise UsageError when `folder` has files and was not made by abreast.

    What a killed build left is put right first.
    """
    recover_folder(folder)
    if (folder / MANIFEST).is_file() and not _ours(folder):
        raise UsageError(
            "this manifest cannot be read, so its folder is left alone.",
            where=shown(folder / MANIFEST),
            remedy="Restore it, from git perhaps, or move the folder away.",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not _ours(folder):
        raise UsageError(
            "this folder was not made by abreast, so it is left alone.",
            where=shown(folder),
            remedy="Move it away, or choose another with --name.",
        )


def publish(folder: Path, files: Mapping[str, Content], manifest: Mapping[str, Any]) -> Path:
    """Replace `folder` by these files (content by relative path) and a manifest; return its path.

    Everything is written beside it and exchanged at once: whatever ends this early, the folder is
    the old one or the new one. What others keep in it goes along; what would be in the way of a
    file of the deck gets a name that ends in .kept.

    Raises UsageError for a folder that is not ours, AbreastError when the disk refuses.
    """
    check_folder(folder)
    try:
        with staging(folder) as new:
            entries = {name: _write(new / name, content) for name, content in files.items()}
            record = {"made_by": MAKER, **manifest, "files": dict(sorted(entries.items()))}
            _write(new / MANIFEST, json_entries(record))
            with _turn(folder):
                carry_over(folder, _listed(folder) or set(), new, {*files, MANIFEST})
                for old in exchange(new, folder):
                    with suppress(OSError):  # the next build tries again
                        _retire(old, folder)
    except OSError as error:
        raise AbreastError(
            f"cannot write the deck: {error.strerror or error}.",
            where=shown(folder),
            remedy=f"The deck that was there is unchanged.{disk_remedy(error)}",
        ) from error
    return folder


def _turn(folder: Path) -> AbstractContextManager[None]:
    # Who carries over and who exchanges must not meet: names would be taken for others'.
    folder = folder.resolve()
    return locked(folder.with_name(f".{folder.name}.lock"))


def _retire(old: Path, folder: Path) -> None:
    retire(old, _listed(old) or set(), folder, _listed(folder) or set())


def _write(path: Path, content: Content) -> dict[str, Any]:
    """Write a file and return what the manifest says of it."""
    size, digest = 0, hashlib.sha256()

    def counted() -> Iterator[bytes]:
        nonlocal size
        for piece in pieces(content):
            encoded = piece if isinstance(piece, bytes) else piece.encode()
            size += len(encoded)
            digest.update(encoded)
            yield encoded

    path.parent.mkdir(parents=True, exist_ok=True)
    write_synced(path, counted())
    return {"bytes": size, "sha256": digest.hexdigest()}


def _ours(folder: Path) -> bool:
    return _listed(folder) is not None


def _listed(folder: Path) -> set[str] | None:
    """Return the names of what abreast wrote into a folder; None if it is not ours."""
    record = read_manifest(folder)
    return None if record is None else {MANIFEST, *record["files"]}
