"""deck.yml -> Deck, with every mistake reported at once, each with its line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from abreast import frameworks
from abreast.deck.addresses import address_mistakes
from abreast.deck.mistakes import Lines, Location, parse, schema_mistakes
from abreast.errors import Mistake, UsageError, nearest, shown
from abreast.model import (
    FEWEST_SAMPLES,
    AbreastSection,
    Column,
    Deck,
    Section,
    SlidesSection,
    SyllabusSection,
    Theme,
    Timeouts,
    TimingsSection,
    Value,
)

if TYPE_CHECKING:
    from abreast.deck.schema import DeckFile, FrameworkEntry, SectionEntry

FILE_NAME = "deck.yml"
QUICK = "quick"
"""The name of the profile that a deck's own `parameters` are."""


def find_deck(spec: str) -> Path:
    """Return the deck.yml that `spec` means: a folder, a deck.yml, or a name in decks/.

    A name is looked for in the decks/ of the working directory and of the folders above it.

    Raises UsageError when there is none, with the nearest name.
    """
    path = Path(spec)
    if path.is_file():
        return path.resolve()
    if (path / FILE_NAME).is_file():
        return (path / FILE_NAME).resolve()
    known: list[str] = []
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / "decks" / spec / FILE_NAME).is_file():
            return (folder / "decks" / spec / FILE_NAME).resolve()
        known += sorted(p.parent.name for p in folder.glob(f"decks/*/{FILE_NAME}"))
    if path.is_dir():
        raise UsageError(
            f"no {FILE_NAME} in this folder.", where=shown(path), remedy=nearest("", known)
        )
    hint = nearest(spec, known) or "Make one with: abreast new NAME"
    whole = max((name for name in known if spec.startswith(f"{name}-")), key=len, default="")
    if whole:
        hint += f" Along a path: {whole} --path {spec.removeprefix(f'{whole}-')}"
    raise UsageError(f"no deck '{spec}' here.", remedy=hint)


def decks_folder() -> Path:
    """Return the decks/ with decks in the working directory or above it; else where it would be."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if any(folder.glob(f"decks/*/{FILE_NAME}")):
            return folder / "decks"
    return Path.cwd() / "decks"


def find_decks() -> list[Path]:
    """Return the deck.yml of every deck here. Raises UsageError when there is none."""
    found = sorted(decks_folder().glob(f"*/{FILE_NAME}"))
    if not found:
        raise UsageError("no decks here.", remedy="Make one with: abreast new NAME")
    return [path.resolve() for path in found]


def load_deck(path: Path) -> Deck:
    """Read and check a deck file.

    Raises UsageError with all its mistakes: each with file and line, what was found, what was
    expected, and the nearest valid name.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - slow, and --help needs none of it

    from abreast.deck.schema import DeckFile  # noqa: PLC0415

    tree, lines = parse(path)
    try:
        entry = DeckFile.model_validate(tree)
    except ValidationError as error:
        raise UsageError.of(schema_mistakes(error, path, lines)) from None
    return _Builder(path, lines).deck(entry)


def json_schema() -> str:
    """Return the JSON Schema of deck.yml, for editors."""
    from abreast.deck.schema import DeckFile  # noqa: PLC0415

    schema = DeckFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2) + "\n"


def profile_parameters(deck: Deck, profile: str | None) -> dict[str, Any]:
    """Return the deck's parameters under a profile (None or "quick": the deck's own).

    Raises UsageError for a profile that the deck does not have.
    """
    parameters = dict(deck.parameters)
    if profile is not None and profile in deck.profiles:
        parameters.update(deck.profiles[profile])
    elif profile not in {None, QUICK}:
        known = sorted({QUICK, *deck.profiles})
        raise UsageError(
            f"unknown profile '{profile}'.", where=shown(deck.path), remedy=nearest(profile, known)
        )
    return parameters


class _Builder:
    """Checks what a schema cannot (names, files) and collects every mistake."""

    def __init__(self, path: Path, lines: Lines) -> None:
        self.path, self.lines = path, lines
        self.mistakes: list[Mistake] = []

    def deck(self, entry: DeckFile) -> Deck:
        columns = [self.column(item, i) for i, item in enumerate(entry.frameworks)]
        names = [column.name for column in columns]
        for i, name in enumerate(names):
            if name in names[:i]:
                self.add(("frameworks", i), f"framework '{name}' is listed twice.", "Remove one.")
        sections = [self.section(s, i, names) for i, s in enumerate(entry.sections)]
        self.check_titles(entry)
        self.check_minutes(entry)
        for key, what, remedy in address_mistakes(entry.repository, entry.branch):
            self.add((key,), what, remedy)
        theme, stylesheet = self.theme(entry.theme)
        deck = Deck(
            name=self.path.parent.name,
            path=self.path,
            title=entry.title,
            speaker=entry.speaker,
            event=entry.event,
            minutes=entry.minutes,
            columns=tuple(columns),
            sections=tuple(sections),
            parameters=entry.parameters,
            profiles=entry.profiles,
            data=tuple(self.place(p, ("data", i)) for i, p in enumerate(entry.data)),
            lib=tuple(self.place(p, ("lib", i)) for i, p in enumerate(entry.lib)),
            timeouts=Timeouts(cell_seconds=entry.timeouts.cell, run_seconds=entry.timeouts.run),
            kernels=self.kernels(entry.timing.runs),
            language=entry.language,
            theme=theme,
            stylesheet=stylesheet,
            steps=tuple(entry.steps),
            on_path=entry.path or "",
        )
        if self.mistakes:
            raise UsageError.of(self.mistakes)
        return deck

    def add(self, location: Location, what: str, remedy: str = "") -> None:
        line = self.lines.of(location)
        where = f"{shown(self.path)}:{line}" if line else shown(self.path)
        self.mistakes.append(Mistake(what=what, where=where, remedy=remedy))

    def column(self, item: str | FrameworkEntry, index: int) -> Column:
        name = item if isinstance(item, str) else item.name
        kernel = None if isinstance(item, str) else item.kernel
        title = (None if isinstance(item, str) else item.title) or ""
        try:
            framework = frameworks.load(name)
        except LookupError:
            if not kernel:
                remedy = (
                    f"{nearest(name, frameworks.names())} "
                    f"Or run it with a kernel of your own: {{name: {name}, kernel: KERNEL}}"
                )
                self.add(("frameworks", index), f"unknown framework '{name}'.", remedy)
            framework = frameworks.unlisted(name, index)
        return Column(framework=frameworks.titled(framework, title), kernel=kernel)

    def section(self, entry: SectionEntry, index: int, names: list[str]) -> Section:
        here: Location = ("sections", index)
        sweep, notes = self.sweep(entry, here), self.notes(entry, here)
        common: dict[str, Any] = {
            "title": entry.title,
            "minutes": entry.minutes,
            "on_path": entry.path or "",
        }
        if entry.slides:
            path = self.file(entry.slides, (*here, "slides"))
            return SlidesSection(slides=path, **common)
        if isinstance(entry.abreast, str):
            path = self.file(entry.abreast, (*here, "abreast"))
            notebooks = dict.fromkeys(names, path)
        elif entry.abreast:
            notebooks = self.notebooks(entry.abreast, (*here, "abreast"), names)
        if entry.abreast:
            return AbreastSection(notebooks=notebooks, sweep=sweep, notes=notes, **common)
        if entry.syllabus:
            return SyllabusSection(notes=notes, **common)
        return TimingsSection(notes=notes, **common)

    def notes(self, entry: SectionEntry, here: Location) -> tuple[str, ...]:
        if entry.notes and (entry.slides or (entry.abreast and not entry.sweep)):
            remedy = "Say it in the notebook, in cells of the slide type 'notes'."
            self.add((*here, "notes"), "notes for slides that a notebook makes.", remedy)
        return (entry.notes,) if isinstance(entry.notes, str) else tuple(entry.notes or ())

    def sweep(self, entry: SectionEntry, here: Location) -> dict[str, tuple[Value, ...]]:
        sweep = entry.sweep or {}
        if sweep and not entry.abreast:
            remedy = "Only a section with notebooks per framework (abreast) has something to run."
            self.add((*here, "sweep"), "a sweep over nothing.", remedy)
        for name, values in sweep.items():
            twice = [value for i, value in enumerate(values) if value in values[:i]]
            if twice:
                self.add((*here, "sweep", name), f"{twice[0]} is listed twice.", "Remove one.")
        return {name: tuple(values) for name, values in sweep.items()}

    def kernels(self, runs: int) -> int:
        if 1 < runs < FEWEST_SAMPLES:
            remedy = f"Give at least {FEWEST_SAMPLES}, or leave it at 1."
            self.add(("timing", "runs"), f"{runs} runs are too few for a spread.", remedy)
        return runs if runs == 1 else runs + 1

    def notebooks(self, entry: dict[str, str], here: Location, names: list[str]) -> dict[str, Path]:
        paths = {}
        for name, relative in entry.items():
            if name not in names:
                remedy = f"{nearest(name, names)} The frameworks of a deck stand in 'frameworks'."
                self.add((*here, name), f"'{name}' is no framework of this deck.", remedy)
            paths[name] = self.file(relative, (*here, name))
        return {name: paths[name] for name in names if name in paths}

    def theme(self, entry: str | list[str]) -> tuple[Theme, Path | None]:
        """Return the theme and the deck's own stylesheet: what ends in .css is a file."""
        themes: list[Theme] = []
        sheets = []
        known = {name: name for name in get_args(Theme)}
        for name in [entry] if isinstance(entry, str) else entry:
            if name.endswith(".css"):
                sheets.append(self.file(name, ("theme",)))
            elif name in known:
                themes.append(known[name])
            else:
                remedy = f"{nearest(name, list(known))} Or name a CSS file: ./brand.css"
                self.add(("theme",), f"unknown theme '{name}'.", remedy)
        if len(themes) > 1 or len(sheets) > 1:
            self.add(("theme",), "several themes or stylesheets.", "Name one of each at most.")
        return (themes or ["light"])[0], sheets[0] if sheets else None

    def file(self, relative: str, location: Location) -> Path:
        return self.place(relative, location).resolve()

    def place(self, relative: str, location: Location) -> Path:
        """Return where notebooks look for a file or a folder: a link lies where it lies."""
        path = Path(os.path.abspath(self.path.parent.resolve() / relative))  # noqa: PTH100
        if not path.exists():
            folder = path.parent
            near = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
            remedy = nearest(path.name, near) or "Paths are relative to the deck file."
            self.add(location, f"'{relative}' does not exist.", remedy)
        return path

    def check_titles(self, entry: DeckFile) -> None:
        titles = [section.title for section in entry.sections]
        for i, title in enumerate(titles):
            if title in titles[:i]:
                what = f"the section '{title}' is listed twice."
                self.add(("sections", i, "title"), what, "Give each section a title of its own.")

    def check_minutes(self, entry: DeckFile) -> None:
        # To a microsecond: 13.3 + 13.3 + 13.4 is a little more than 40 in binary.
        total = round(sum(section.minutes or 0 for section in entry.sections), 6)
        if entry.minutes is not None and total > entry.minutes:
            self.add(
                ("minutes",),
                f"the sections take {total:g} minutes, the deck has {entry.minutes:g}.",
                "Give a section less, or the deck more.",
            )
