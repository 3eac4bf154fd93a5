"""The repository on GitHub that a project's decks are published from, and its addresses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import quote

from abreast.deck.addresses import on_github, split_repository, told_address
from abreast.deck.deckfile import FILE_NAME
from abreast.deck.mistakes import place
from abreast.errors import Mistake, UsageError, shown
from abreast.publish import git
from abreast.publish.outputs import INDEX, OUTPUTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository on GitHub.

    `root` is its folder on this disk, `published` the one of which the Pages workflow makes a site.
    Paths are absolute, or relative to `root`; the methods raise ValueError for those outside of it.
    """

    owner: str
    name: str
    branch: str
    root: Path
    published: Path

    def nbviewer(self, path: Path | str) -> str:
        """Return where nbviewer shows a notebook."""
        return f"https://nbviewer.org/{self._blob(path)}"

    def nbviewer_slides(self, path: Path | str) -> str:
        """Return where nbviewer shows a notebook as slides."""
        return f"https://nbviewer.org/format/slides/{self._blob(path)}"

    def pages(self, path: Path | str) -> str:
        """Return where GitHub Pages serves a published file; of an index.html its folder.

        Raises ValueError for what is not published.
        """
        inside = (self.root / path).resolve().relative_to(self.published.resolve())
        served = inside.parent if inside.name == INDEX else inside
        slash = "/" if served != inside and served.name else ""
        own = "".join(f"{quote(part)}/" for part in self._site_folders())
        return f"https://{self.owner.lower()}.github.io/{own}{_quoted(served)}{slash}"

    def _site_folders(self) -> tuple[str, ...]:
        """Return the folders of the site on its host; an owner's own site has none."""
        return () if self.name.lower() == f"{self.owner.lower()}.github.io" else (self.name,)

    def _blob(self, path: Path | str) -> str:
        # nbviewer takes a branch from between two slashes, so that one of its own is quoted.
        branch = quote(self.branch, safe="")
        return f"github/{self.owner}/{self.name}/blob/{branch}/{self._inside(path)}"

    def _inside(self, path: Path | str) -> str:
        root = self.root.resolve()
        return _quoted((root / path).resolve().relative_to(root))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """Where a project lies on this disk: `root` is git's folder, else the project's own.

    `outputs` has its built decks; `owner` and `name` are its repository's on GitHub, if known.
    """

    root: Path
    outputs: Path
    branch: str
    owner: str = ""
    name: str = ""

    @property
    def repository(self) -> Repository | None:
        """The repository that the project is published from; None where nobody says."""
        if not self.name:
            return None
        return Repository(
            owner=self.owner,
            name=self.name,
            branch=self.branch,
            root=self.root,
            published=self.outputs,
        )


def checkout(folder: Path) -> Checkout:
    """Return where a project lies, its branch, and its repository on GitHub.

    `folder` has the project's decks/ and outputs/. The keys `repository` and `branch` of a deck.yml
    come first, then git's remote: origin, else the only one. The branch is the default of the
    remote, else the current one, or main. Costs a few calls of git, and asks no network.

    Raises UsageError for keys that are not as they should be, or differ between decks, and for an
    outputs/ that is a link out of the repository.
    """
    folder = folder.resolve()
    root = Path(git.line(folder, "rev-parse", "--show-toplevel") or folder).resolve()
    outputs = folder / OUTPUTS
    if not outputs.resolve().is_relative_to(root):
        raise UsageError(
            "a link out of the repository: GitHub has nothing of what is there.",
            where=shown(outputs),
            remedy="Put the folder itself in the link's place.",
        )
    (named, branch), remote = _told(folder), _remote(folder)
    found = split_repository(named) if named else on_github(remote.address)
    owner, name = found or ("", "")
    branch = branch or remote.branch or "main"
    return Checkout(root=root, outputs=outputs, branch=branch, owner=owner, name=name)


def is_ignored(path: Path) -> bool:
    """Say whether git leaves a file out, so that a commit would not have it."""
    return bool(git.line(path.parent, "check-ignore", path.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remote:
    address: str = ""
    branch: str = ""


def _told(folder: Path) -> tuple[str | None, str | None]:
    """Return what the decks' own files say: what one of them says holds for all."""
    files = sorted(folder.glob(f"decks/*/{FILE_NAME}"))
    told: list[tuple[Path, tuple[str | None, str | None]]] = []
    mistakes: list[Mistake] = []
    for path in files:
        try:
            told.append((path, told_address(path)))
        except UsageError as error:
            mistakes += error.mistakes
    agreed: list[str | None] = []
    for at, key in enumerate(("repository", "branch")):
        said = [(path, own[at]) for path, own in told if own[at] is not None]
        agreed.append(said[0][1] if said else None)
        mistakes += [
            Mistake(
                what=f"'{key}' is {value} here and {said[0][1]} in {said[0][0].parent.name}.",
                where=place(path, (key,)),
                remedy="All decks of a project are published together: say it once.",
            )
            for path, value in said
            if value != said[0][1]
        ]
    if mistakes:
        raise UsageError.of(mistakes)
    return agreed[0], agreed[1]


def _remote(folder: Path) -> _Remote:
    names = git.line(folder, "remote").split()
    name = "origin" if "origin" in names else names[0] if len(names) == 1 else ""
    head = f"refs/remotes/{name}/"
    default = git.line(folder, "symbolic-ref", "--quiet", f"{head}HEAD") if name else ""
    current = git.line(folder, "symbolic-ref", "--quiet", "--short", "HEAD")
    return _Remote(
        # What git itself would ask, after the user's own abbreviations (insteadOf).
        address=git.line(folder, "remote", "get-url", name) if name else "",
        branch=default.removeprefix(head) or current,
    )


def _quoted(path: PurePath) -> str:
    return "" if path == PurePath() else quote(path.as_posix())
