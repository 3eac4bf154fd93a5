"""The decks that outputs/ holds, as their builds left them; decks/ is not asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from abreast.errors import Mistake, UsageError, nearest, shown
from abreast.events import Sink, Warned, ignore
from abreast.model import Presentation
from abreast.publish.drift.snapshot import merged_name
from abreast.publish.outputs import INDEX, OUTPUTS
from abreast.publish.site.records import RunRecord, run_records
from abreast.render.notebook import presentation_of
from abreast.render.pdfmark import page_digest, printed_page
from abreast.run.committed import MANIFEST, read_manifest

_LOOKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltDeck:
    """A deck in outputs/.

    `profile` names the parameters that it was built with, `page` is the SHA-256 of its index.html,
    `notebook` the name of its merged notebook and `pdf` of its PDF, "" where there is none; both
    are in its folder. `pdf_is_old` says that the PDF was printed from another page than this one.
    """

    folder: Path
    presentation: Presentation
    runs: tuple[RunRecord, ...]
    profile: str
    page: str
    notebook: str
    pdf: str = ""
    pdf_is_old: bool = False

    @property
    def name(self) -> str:
        """The name of its folder in outputs/, which no other deck has."""
        return self.folder.name


def outputs_here() -> Path:
    """Return the outputs/ with built decks in the working directory or above it.

    Raises UsageError when there is none.
    """
    for folder in (Path.cwd(), *Path.cwd().parents):
        if _folders(folder / OUTPUTS):
            return folder / OUTPUTS
    raise UsageError("there are no built decks here.", remedy="Build one: abreast build DECK")


def built_decks(
    outputs: Path, first: Sequence[str] = (), emit: Sink = ignore
) -> tuple[BuiltDeck, ...]:
    """Return the decks in outputs/: those named `first`, then the others by the names of folders.

    A deck that cannot be read is told and left out. Raises UsageError where none is left.
    """
    folders = _folders(outputs)
    rank = {name: number for number, name in enumerate(first)}
    folders.sort(key=lambda folder: (rank.get(folder.name, len(rank)), folder.name))
    decks: list[BuiltDeck] = []
    mistakes: list[Mistake] = []
    for folder in folders:
        try:
            decks.append(_read(folder))
        except UsageError as error:
            mistakes += error.mistakes
    if not decks:
        what = Mistake(what="there are no built decks here.", where=shown(outputs))
        raise UsageError.of(mistakes or [what])
    for mistake in mistakes:
        emit(Warned(text=f"left out: {mistake}"))
    return tuple(decks)


def check_names(outputs: Path, names: Sequence[str]) -> None:
    """Raise UsageError for names of decks that are not in outputs/."""
    known = [folder.name for folder in _folders(outputs)]
    wrong = [
        Mistake(what=f"there is no built deck '{name}'.", where=shown(outputs),
                remedy=nearest(name, known))
        for name in names
        if name not in known
    ]  # fmt: skip
    if wrong:
        raise UsageError.of(wrong)


def _folders(outputs: Path) -> list[Path]:
    # What a build works in has a dot before its name.
    folders = (path.parent for path in outputs.glob(f"[!.]*/{MANIFEST}"))
    return [folder for folder in folders if read_manifest(folder) is not None]


def _read(folder: Path) -> BuiltDeck:
    """Read a deck as one build left it: another may exchange the folder at any moment."""
    for _ in range(_LOOKS):
        manifest = read_manifest(folder)
        if manifest is None:
            break
        deck = _read_once(folder, manifest)
        if read_manifest(folder) == manifest:
            return deck
    raise UsageError("the deck changes while it is read.", where=shown(folder), remedy="Try again.")


def _read_once(folder: Path, manifest: Mapping[str, Any]) -> BuiltDeck:
    notebook = merged_name(manifest["files"])
    pdf = folder / f"{folder.name}.pdf"
    try:
        page = page_digest((folder / INDEX).read_bytes())
        presentation = presentation_of(json.loads((folder / notebook).read_bytes()))
        if manifest["path"] and folder.name != manifest["deck"]:
            title = f"{presentation.title} ({manifest['path']})"  # beside the whole deck
            presentation = replace(presentation, title=title)
        runs = run_records(manifest)
        printed = printed_page(pdf) if pdf.is_file() else ""
    except (OSError, ValueError, KeyError, TypeError, AttributeError, UsageError):
        raise UsageError(
            "the deck's page, its merged notebook or its manifest cannot be read by this version.",
            where=shown(folder),
            remedy=f"Build it again: abreast build {folder.name}",
        ) from None
    return BuiltDeck(
        folder=folder,
        presentation=presentation,
        runs=runs,
        profile=str(manifest.get("profile", "")),
        page=page,
        notebook=notebook,
        pdf=pdf.name if pdf.is_file() else "",
        pdf_is_old=printed not in {"", page},
    )
