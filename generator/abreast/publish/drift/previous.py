"""The build to compare with: git HEAD's, else the one that lies in the folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from abreast.publish import git
from abreast.run.committed import MAKER, MANIFEST

SUFFIXES = (".ipynb", ".json")
DRIFT_JSON, DRIFT_HTML = "drift.json", "drift.html"
"""What a build tells of its drift: no part of what the next one compares."""

_POINTER = b"version https://git-lfs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """A build before this one: its files as text by relative name. `since` names it in words."""

    files: Mapping[str, str]
    since: str


def previous_build(folder: Path) -> Previous | None:
    """Return the deck that git HEAD has in `folder`, else the one on the disk; None for neither."""
    return at_head(folder) or on_disk(folder)


def at_head(folder: Path) -> Previous | None:
    """Return the deck that git HEAD has in `folder`; None where git cannot tell.

    That is: no git, no repository, files that are not tracked or only pointers of Git LFS. Costs
    two calls of git.
    """
    root = next(parent for parent in folder.parents if parent.is_dir())
    listed = git.output(root, "ls-tree", "-r", "-z", "HEAD", "--", f"{folder.relative_to(root)}/")
    objects = _wanted(listed or b"", f"{folder.relative_to(root).as_posix()}/")
    if MANIFEST not in objects:
        return None
    asked = "\n".join(["HEAD", *objects.values()]) + "\n"
    answer = git.output(root, "cat-file", "--batch", given=asked.encode())
    if answer is None:
        return None
    contents, commit = _contents(answer, len(objects))
    if len(contents) < len(objects) or any(c.startswith(_POINTER) for c in contents):
        return None
    texts = [content.decode("utf-8", "replace") for content in contents]
    return _of_ours(dict(zip(objects, texts, strict=True)), f"HEAD {commit[:7]}")


def _wanted(listing: bytes, prefix: str) -> dict[str, str]:
    """Return the objects of the files to compare, by name, from `git ls-tree -r -z`."""
    objects = {}
    for entry in listing.decode("utf-8", "surrogateescape").split("\0"):
        about, _, path = entry.partition("\t")
        name = path.removeprefix(prefix)
        if path.startswith(prefix) and name.endswith(SUFFIXES):
            objects[name] = about.split()[2]
    return objects


def _contents(answer: bytes, count: int) -> tuple[list[bytes], str]:
    """Return the objects that `git cat-file --batch` printed after the first, and the first's name.

    Those that are missing are left out.
    """
    contents, names, start = [], [], 0
    for _ in range(count + 1):
        end = answer.find(b"\n", start)
        head = answer[start:end].split()
        if end < 0 or len(head) != 3:
            break
        size = int(head[2])
        contents.append(answer[end + 1 : end + 1 + size])
        names.append(head[0].decode())
        start = end + 1 + size + 1
    return contents[1:], names[0] if names else ""


def on_disk(folder: Path) -> Previous | None:
    """Return the deck that lies in `folder`; None for what abreast did not build."""
    files = {}
    for path in folder.rglob("*"):
        if path.suffix in SUFFIXES and path.is_file():
            try:
                text = path.read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            files[path.relative_to(folder).as_posix()] = text
    return _of_ours(files, "the build before")


def _of_ours(files: Mapping[str, str], since: str) -> Previous | None:
    """Return those of a folder's files that its manifest lists; None where it is not ours."""
    try:
        record = json.loads(files[MANIFEST])
    except (KeyError, ValueError):
        return None
    if not isinstance(record, dict) or record.get("made_by") != MAKER:
        return None
    listed = ({*record.get("files", ()), MANIFEST} - {DRIFT_JSON}) & files.keys()
    return Previous(files={name: files[name] for name in sorted(listed)}, since=since)
