"""The workflow that serves outputs/ on GitHub Pages, as it is committed."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from abreast.writing import content_of

WORKFLOW = Path(".github", "workflows", "pages.yml")
_DEPLOYS = re.compile(r"^[^#\n]*uses:\s*['\"]?actions/deploy-pages@", re.MULTILINE)
_SEAL = re.compile(r"(?<=abreast's seal )[0-9a-f]{12}")
_TEXT = """\
# Serves @FOLDER@/ on GitHub Pages, as it is committed; nothing is built or executed here. To be set
# once in the repository's settings: Pages -> Build and deployment -> Source: GitHub Actions.
# Written by `abreast publish`, which leaves it alone once it is edited: abreast's seal 000000000000
name: pages

on:
  push:
    branches: [@BRANCH@]
    paths: [@PATHS@]
  workflow_dispatch:

permissions: {}

# A deployment that has begun is brought to its end; of those that wait, the last is made.
concurrency:
  group: pages
  cancel-in-progress: false

jobs:
  deploy:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      pages: write # deploys
      id-token: write # proves to Pages which workflow the site comes from
    environment:
      name: github-pages
      url: ${{ steps.deployment.outputs.page_url }}
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          lfs: true
          persist-credentials: false

      - uses: actions/upload-pages-artifact@fc324d3547104276b827a68afc52ff2a11cc49c9 # v5.0.0
        with:
          path: @PATH@
          include-hidden-files: true # .nojekyll

      - uses: actions/deploy-pages@cd2ce8fcbc39b97be8ca5fce6e763baed58fa128 # v5.0.0
        id: deployment
"""


def workflow(branch: str, folder: str) -> str:
    """Return the workflow for pushes to a branch that change a folder, seen from git's root."""
    texts = {
        "@FOLDER@": folder,
        "@BRANCH@": _string(_literal(branch)),
        "@PATHS@": f"{_string(f'{_literal(folder)}/**')}, {_string(WORKFLOW.as_posix())}",
        "@PATH@": _string(folder),
    }
    text = re.sub("|".join(texts), lambda found: texts[found[0]], _TEXT)
    return _SEAL.sub(_sealed(text), text)


def is_untouched(text: str) -> bool:
    """Say whether a workflow is as some version of abreast wrote it."""
    seal = _SEAL.search(text)
    return seal is not None and seal[0] == _sealed(text)


def other_deployment(folder: Path) -> Path | None:
    """Return a workflow in a folder, besides ours, that deploys to Pages.

    Raises UsageError for one that cannot be read.
    """
    for path in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
        if path.name != WORKFLOW.name and _deploys(content_of(path)):
            return path
    return None


def _deploys(content: bytes) -> bool:
    return _DEPLOYS.search(content.decode("utf-8", "replace")) is not None


def _sealed(text: str) -> str:
    """Return the digest of a workflow without its seal; line ends are as a checkout has them."""
    content = _SEAL.sub("", text).replace("\r\n", "\n")
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _literal(text: str) -> str:
    """Return a pattern of GitHub's that only this text fits."""
    return re.sub(r"([*?+\[\]!\\])", r"\\\1", text)


def _string(text: str) -> str:
    """Return a string as JSON has it, which YAML understands, too."""
    return json.dumps(text, ensure_ascii=False)
