"""Where a deck says that it is published: the keys `repository` and `branch` of deck.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from abreast.deck.mistakes import parse, place
from abreast.errors import Mistake, UsageError

# What GitHub allows in a name; an owner of a company's has an underscore before the company's name.
_REPOSITORY = re.compile(
    r"(?P<owner>[A-Za-z0-9][A-Za-z0-9_-]*)/(?P<name>(?!\.{1,2}$)[\w.-]+)", re.ASCII
)
# git check-ref-format(1), but for characters that nobody can type.
_NO_BRANCH = re.compile(r"[\s~^:?*\[\\\x00-\x1f\x7f]|\.\.|@\{|//|/\.|^[./-]|\.lock(/|$)|[./]$|^@?$")
_ADDRESS = re.compile(
    r"(?:https?://|git@)(?:www\.)?github\.com[/:](?P<rest>[^/]+/[^/]+?)(?:\.git)?/?"
)


def split_repository(text: str) -> tuple[str, str] | None:
    """Return the owner and the name that `OWNER/REPO` says; None for any other text."""
    found = _REPOSITORY.fullmatch(text)
    if found is None or found["name"] in {".", ".."}:
        return None
    return found["owner"], found["name"]


def address_mistakes(repository: str | None, branch: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the two keys: the key, what, and what to do about it."""
    if repository is not None and not split_repository(repository):
        address = _ADDRESS.fullmatch(repository)
        example = address["rest"] if address else "OWNER/REPO"
        what = f"'{repository}' is not how a repository on GitHub is named."
        yield "repository", what, f"Write: repository: {example}"
    if branch is not None and _NO_BRANCH.search(branch):
        yield "branch", f"'{branch}' is no branch's name.", "Write: branch: main"


def told_address(path: Path) -> tuple[str | None, str | None]:
    """Return the keys `repository` and `branch` of a deck file, whatever else it says.

    Raises UsageError, with the line, for what is no repository and no branch.
    """
    tree, _ = parse(path)
    told = tree if isinstance(tree, dict) else {}
    found = [told.get(key) for key in ("repository", "branch")]
    repository, branch = (None if value is None else str(value) for value in found)
    mistakes = [
        Mistake(what=what, where=place(path, (key,)), remedy=remedy)
        for key, what, remedy in address_mistakes(repository, branch)
    ]
    if mistakes:
        raise UsageError.of(mistakes)
    return repository, branch
