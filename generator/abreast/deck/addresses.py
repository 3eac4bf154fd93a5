"""Where a deck says that it is published: the keys `repository` and `branch` of deck.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from abreast.deck.mistakes import parse, place
from abreast.errors import Mistake, UsageError

REPOSITORY = r"^[A-Za-z0-9][A-Za-z0-9_-]*/(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9_.-]+$"
"""OWNER/REPO, of what GitHub allows in names, as Python and JSON Schema both read it.

An owner of a company's has an underscore before the company's name; no repository ends in .git.
"""
# git check-ref-format(1), but for characters that nobody can type.
_NO_BRANCH = re.compile(r"[\s~^:?*\[\\\x00-\x1f\x7f]|\.\.|@\{|//|/\.|^[./-]|\.lock(/|$)|[./]$|^@?$")
_EXAMPLE = "OWNER/REPO"
_ADDRESS = re.compile(
    r"(?:(?:https?://|git@)(?:www\.)?github\.com[/:])?(?P<rest>[^/:@]+/[^/:@]+?)(?:\.git)?/?"
)


def split_repository(text: str) -> tuple[str, str] | None:
    """Return the owner and the name that `OWNER/REPO` says; None for any other text."""
    if "\n" in text or not re.search(REPOSITORY, text):
        return None
    owner, _, name = text.partition("/")
    return owner, name


def address_mistakes(repository: str | None, branch: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the two keys: the key, what, and what to do about it."""
    if repository is not None and not split_repository(repository):
        address = _ADDRESS.fullmatch(repository)
        example = address["rest"] if address and split_repository(address["rest"]) else _EXAMPLE
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
