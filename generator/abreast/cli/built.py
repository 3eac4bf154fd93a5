"""Where a built deck is: what `check` and `export` open."""

from __future__ import annotations

from pathlib import Path


def built_page(spec: str) -> Path:
    """Return the page of a deck that was built, or `spec` itself when it names an .html file.

    A deck goes by its own name, or by that of its folder in outputs/, as `--name` and `--path` make
    them. Raises UsageError when there is none, with the command that makes it.
    """
    from abreast.deck.deckfile import decks_folder, find_deck
    from abreast.errors import UsageError, shown
    from abreast.publish.outputs import INDEX, OUTPUTS, output_folder, recover_folder
    from abreast.run.committed import MANIFEST

    if spec.endswith(".html"):
        if not Path(spec).is_file():
            raise UsageError("there is no such page.", where=spec)
        return Path(spec).resolve()
    folder = decks_folder().parent / OUTPUTS / spec
    if Path(spec).name != spec or not (folder / MANIFEST).is_file():
        deck = find_deck(spec)
        folder = output_folder(deck, deck.parent.name)
    recover_folder(folder)
    page = folder / INDEX
    if not page.is_file():
        raise UsageError(
            "the deck is not built yet.", where=shown(page), remedy=f"abreast build {spec}"
        )
    return page


def page_name(page: Path) -> str:
    """Return the deck's name: of outputs/NAME/index.html the folder's, else the file's own."""
    from abreast.publish.outputs import INDEX

    return page.resolve().parent.name if page.name == INDEX else page.stem
