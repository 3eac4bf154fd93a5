"""What a project needs to be published: Pages' workflow, .nojekyll, a README's table of decks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from abreast.errors import AbreastError, counted, shown
from abreast.events import Sink, ignore
from abreast.publish.listing import deck_table
from abreast.publish.outputs import INDEX
from abreast.publish.pages import WORKFLOW, is_untouched, other_deployment, workflow
from abreast.publish.readme import (
    find_readme,
    is_markdown,
    read_readme,
    table_lines,
    with_table,
)
from abreast.publish.repository import Checkout, Repository, checkout
from abreast.publish.site.decks import BuiltDeck, built_decks
from abreast.publish.site.file import page_there
from abreast.writing import content_of, disk_remedy, write_whole

NO_JEKYLL = ".nojekyll"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """A file of a publication.

    `about` says what it is for. `content` is None for one that is left alone: `about` says why.
    """

    path: Path
    about: str
    content: bytes | None = None

    @property
    def is_there(self) -> bool:
        """Whether the file has this content already."""
        return self.path.exists() and content_of(self.path) == self.content


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is to be written, and what it is about; `repository` is None where nobody says."""

    decks: tuple[BuiltDeck, ...]
    repository: Repository | None
    files: tuple[PublishedFile, ...]


def publication(outputs: Path, emit: Sink = ignore) -> Publication:
    """Return what publishes the decks in `outputs`; nothing is written yet.

    They come in the order of the site's page. Raises UsageError where no deck is built, for deck
    files that disagree about the repository, for an outputs/ that is a link out of it, for a folder
    in a file's place, and for a README whose markers or encoding are not as they should be.
    """
    # Of a link's target the parent is not the project.
    project = outputs.absolute().parent.resolve()
    here = checkout(project)
    outputs = outputs.resolve()
    decks = built_decks(outputs, page_there(outputs / INDEX).first, emit)
    return Publication(
        decks=decks,
        repository=here.repository,
        files=(
            _workflow(outputs, here),
            _no_jekyll(outputs / NO_JEKYLL),
            _readme(project, decks, here.repository),
        ),
    )


def write_files(files: tuple[PublishedFile, ...]) -> Iterator[PublishedFile]:
    """Write those files that are not there already, and yield each that was written.

    Raises AbreastError when the disk refuses.
    """
    for file in files:
        if file.content is not None and not file.is_there:
            _make_folder(file.path.parent)
            write_whole(file.path, file.content)
            yield file


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AbreastError(
            f"cannot be made: {error.strerror}.",
            where=shown(folder),
            remedy=disk_remedy(error).strip(),
        ) from error


def _workflow(outputs: Path, here: Checkout) -> PublishedFile:
    path = here.root / WORKFLOW
    other = other_deployment(path.parent)
    if other and not path.exists():
        about = f"not written: {other.name} deploys to Pages, and a repository has one site there"
        return PublishedFile(path=path, about=about)
    text = workflow(here.branch, outputs.relative_to(here.root).as_posix())
    old = content_of(path).decode("utf-8", "replace")
    if old and not is_untouched(old):
        about = "left alone: it is not as abreast wrote it; remove it to have abreast's"
        return PublishedFile(path=path, about=about)
    if old.replace("\r\n", "\n") == text:
        text = old
    about = f"Pages serves {shown(outputs)}/ after each push to {here.branch}"
    return PublishedFile(path=path, about=about, content=text.encode())


def _no_jekyll(path: Path) -> PublishedFile:
    content = content_of(path)
    return PublishedFile(path=path, about="no file is left out for its name", content=content)


def _readme(project: Path, decks: Sequence[BuiltDeck], home: Repository | None) -> PublishedFile:
    path = find_readme(project)
    if path.exists() and not is_markdown(path):
        return PublishedFile(path=path, about="left alone: the table of decks is Markdown")
    old = read_readme(path)
    new = with_table(old, deck_table(decks, path.parent, home), path)
    first, last = table_lines(new)
    added = "" if table_lines(old) else "; there were no markers, so it came to the end"
    about = f"a table of {counted(len(decks), 'deck')}, lines {first} to {last}{added}"
    return PublishedFile(path=path, about=about, content=new.encode())
