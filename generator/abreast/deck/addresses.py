"""Where a deck says that it is published: the keys `repository` and `branch` of deck.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from abreast.deck.mistakes import parse, place
from abreast.errors import Mistake, UsageError

REPOSITORY = r"^[A-Za-z0-9][A-Za-z0-9_-]*/(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9_.-]+$"
"""OWNER/REPO, of what GitHub allows in names, as Python and JSON Schema both read it.

An owner of a company's has an underscore before the company's name; no repository ends in .git.
"""
# git check-ref-format(1), but for characters that nobody can type.
_NO_BRANCH = re.compile(r"[\s~^:?*\[\\\x00-\x1f\x7f]|\.\.|@\{|//|/\.|^[./-]|\.lock(/|$)|[./]$|^@?$")
_EXAMPLE = "OWNER/REPO"
_HOSTS = {"github.com", "www.github.com", "ssh.github.com"}
_SCP_LIKE = re.compile(r"(?:[^@/:]+@)?(?P<host>[^@/:]+):(?!//)(?P<path>.+)")


def split_repository(text: str) -> tuple[str, str] | None:
    """Return the owner and the name that `OWNER/REPO` says; None for any other text."""
    if not re.fullmatch(REPOSITORY, text):
        return None
    owner, _, name = text.partition("/")
    return owner, name


def on_github(address: str) -> tuple[str, str] | None:
    """Return the owner and the name that a remote's address says, if it is one on GitHub."""
    scp_like = _SCP_LIKE.fullmatch(address)
    if scp_like:
        host, path = scp_like["host"], scp_like["path"]
    else:
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        host, path = parts.hostname or "", unquote(parts.path)
    return _owner_and_name(path) if host.lower() in _HOSTS else None


def _owner_and_name(path: str) -> tuple[str, str] | None:
    return split_repository(path.strip("/").removesuffix(".git"))


def address_mistakes(repository: str | None, branch: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the two keys: the key, what, and what to do about it."""
    if repository is not None and not split_repository(repository):
        meant = on_github(repository) or _owner_and_name(repository)
        example = "/".join(meant) if meant else _EXAMPLE
        what = f"'{repository}' is not how a repository on GitHub is named."
        yield "repository", what, f"Write: repository: {example}"
    if branch is not None and _NO_BRANCH.search(branch):
        yield "branch", f"'{branch}' is no branch's name.", "Write: branch: main"


def told_address(path: Path) -> tuple[str | None, str | None]:
    """Return the keys `repository` and `branch` of a deck file, whatever else it says.

    Raises UsageError, with the line, for what is no repository, no branch, or no YAML.
    """
    tree, _ = parse(path)
    told = tree if isinstance(tree, dict) else {}
    found = {key: told.get(key) for key in ("repository", "branch")}
    texts = {key: value if isinstance(value, str) else None for key, value in found.items()}
    wrong = [
        # What stood there is not known: of 1.10 YAML made 1.1.
        (key, f"'{key}' is no text for YAML.", f'Put it into quotes: {key}: "…"')
        for key, value in found.items()
        if value is not None and texts[key] is None
    ]
    wrong += address_mistakes(texts["repository"], texts["branch"])
    if wrong:
        raise UsageError.of(
            [
                Mistake(what=what, where=place(path, (key,)), remedy=remedy)
                for key, what, remedy in wrong
            ]
        )
    return texts["repository"], texts["branch"]
