"""abreast publish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from abreast.publish.publication import Publication


@click.command("publish")
def command() -> None:
    """Write what GitHub Pages and nbviewer need to show the decks in outputs/; push nothing.

    That is the workflow .github/workflows/pages.yml, outputs/.nojekyll, and in the README a table
    of the decks between the lines <!-- abreast:decks --> and <!-- /abreast:decks -->. Where they
    are not there, a section with them comes at the end; the rest of the README stays as it is.

    Links go to the repository that a deck.yml names (repository: OWNER/REPO, branch: main), else to
    that of git's remote.
    """
    from abreast.cli.console import progress
    from abreast.errors import shown
    from abreast.publish.publication import publication, write_files
    from abreast.publish.site import outputs_here

    with progress(as_json=False, bars=False) as emit:
        found = publication(outputs_here(), emit)
    written = {file.path for file in write_files(found.files)}
    for file in found.files:
        verb = "wrote " if file.path in written else ""
        done = " is up to date" if file.content is not None and not verb else ""
        click.echo(f"{verb}{shown(file.path)}{done}: {file.about}")
    for line in _advice(found, is_new=bool(written)):
        click.echo(line)


def _advice(found: Publication, *, is_new: bool) -> Iterator[str]:
    from abreast.errors import shown
    from abreast.publish.repository import is_ignored
    from abreast.publish.site import INDEX

    home, page = found.repository, found.decks[0].folder / INDEX
    front = page.parent.parent / INDEX
    if is_ignored(page):
        yield f"\ngit ignores {shown(page)}: what is not committed is not published."
    if home is None:
        yield (
            "\nNo repository on GitHub is known, so links are relative and none go to Pages and "
            "nbviewer.\nName it in a deck.yml (repository: OWNER/REPO), or give it to git:\n"
            "  git remote add origin https://github.com/OWNER/REPO.git\nthen: abreast publish"
        )
    yield "\nNothing was pushed. Next:" if is_new else "\nNext, unless it is done:"
    if not front.is_file():
        yield f"  abreast site: writes {shown(front)}, the page that lists the decks"
    yield f"  git: commit {', '.join(_committed(found))}, and push"
    address = f"https://github.com/{home.owner}/{home.name}/settings/pages" if home else ""
    yield "  GitHub, once: Settings -> Pages -> Build and deployment -> Source: GitHub Actions"
    if home:
        yield f"    {address}\nThe decks are then at {home.pages(front)}"


def _committed(found: Publication) -> list[str]:
    """Return what is to be committed, as people would type it."""
    from abreast.errors import shown

    outputs = found.decks[0].folder.parent
    paths = [file.path for file in found.files if file.content is not None]
    return [shown(outputs), *(shown(path) for path in paths if not path.is_relative_to(outputs))]
