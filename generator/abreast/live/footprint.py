"""The files that a deck is made of: a change of one of them is an edit, of any other it is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from abreast import assets
from abreast.deck.deckfile import load_deck
from abreast.deck.folders import folders_in, is_passing
from abreast.deck.modules import modules_beside
from abreast.deck.sources import read_notebook
from abreast.errors import UsageError
from abreast.model import AbreastSection, Deck, Notebook, SlidesSection
from abreast.render.prose import image_files
from abreast.render.styles import files_named_by
from abreast.run.locks import locks_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What a deck is made of: `files`, and all that lies in `trees`."""

    files: frozenset[Path]
    trees: frozenset[Path]

    def has(self, path: Path) -> bool:
        """Say whether a change of this file is an edit of the deck."""
        if path in self.files:
            return True
        tree = next((tree for tree in self.trees if path.is_relative_to(tree)), None)
        inside = path.relative_to(tree).parts if tree else ()
        return bool(inside) and not any(is_passing(part) for part in inside)

    def folders(self) -> frozenset[Path]:
        """Return the folders in which such a change can happen, those that exist.

        Folders, not files: editors put a new file in the old one's place.
        """
        wanted = {file.parent for file in self.files}
        for tree in self.trees:
            wanted |= {tree, tree.parent, *folders_in(tree)}
        return frozenset(folder for folder in wanted if folder.is_dir())


def footprint(deck: Path, before: Footprint | None = None) -> Footprint:
    """Return what the deck of this deck.yml is made of.

    Of a deck.yml that has mistakes nobody knows what it names: then it is what it was `before`, and
    all that lies in its folder.
    """
    try:
        loaded = load_deck(deck)
    except UsageError:
        known = before or Footprint(files=frozenset(), trees=frozenset())
        return Footprint(files=known.files | {deck}, trees=known.trees | {deck.parent})
    # What a link points to changes where it lies.
    used = {place for path in (*loaded.data, *loaded.lib) for place in (path, path.resolve())}
    trees = {path for path in used if path.is_dir()} | _own_templates()
    trees.add(locks_folder(deck.parent.parent))
    files = {deck, *(path for path in used if path.is_file())}
    if loaded.stylesheet:
        files |= {loaded.stylesheet, *files_named_by(loaded.stylesheet)}
    for path in _notebooks(loaded):
        files.add(path)
        for one in _used_by(path, loaded.lib):
            (trees if one.is_dir() else files).add(one)
    return Footprint(files=frozenset(files), trees=frozenset(trees))


def _notebooks(deck: Deck) -> Iterator[Path]:
    for section in deck.sections:
        if isinstance(section, SlidesSection):
            yield section.slides
        elif isinstance(section, AbreastSection):
            yield from section.notebooks.values()


def _used_by(path: Path, lib: Sequence[Path]) -> Iterable[Path]:
    """Return what a notebook shows and imports; nothing of one that cannot be read."""
    try:
        notebook = read_notebook(path)
    except UsageError:
        return []
    return [*_images(notebook), *modules_beside(notebook, lib)]


def _images(notebook: Notebook) -> Iterator[Path]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from image_files(cell.source, notebook.path.parent)


def _own_templates() -> set[Path]:
    """Return abreast's own templates where they lie in a checkout, to be worked on."""
    folder = assets.templates()
    return set() if assets.is_packaged(folder) else {folder}
