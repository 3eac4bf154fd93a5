"""abreast rehearse."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from abreast.events import Sink
    from abreast.timing.rehearsals import Rehearsal


@click.command("rehearse")
@click.argument("deck")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; DECK-rehearsal-DATE-TIME.json here unless given.",
)  # fmt: skip
@click.option("--no-open", is_flag=True, help="Print the address; open no browser.")
def command(deck: str, output: Path | None, no_open: bool) -> None:
    """Open the built DECK and record how long you stay on each slide.

    In the deck, R begins the rehearsal and R again ends it; whoever forgets has it begun by the
    first step. The file is for: abreast pace DECK FILE. Without this command R does the same in any
    deck, and the file is a download.

    DECK is a folder, a deck.yml, a name in decks/, or a page that abreast built.
    """
    from abreast.cli.browser import open_address
    from abreast.cli.built import built_page
    from abreast.cli.console import progress
    from abreast.errors import shown
    from abreast.events import Said
    from abreast.live.rehearsal import serve_rehearsal
    from abreast.writing import check_target

    page = built_page(deck)
    name = _deck_of(page)
    check_target(output or Path(f"{name}.json"))

    def opened(address: str) -> None:
        click.echo(address)
        if not no_open:
            open_address(address)

    with progress(as_json=False) as emit:
        emit(Said(text="R begins the rehearsal, R again ends it and saves it; Ctrl-C gives it up."))
        saved = serve_rehearsal(
            page, lambda text: _save(text, name, output, emit), opened=opened, tell=emit
        )
    words = ["abreast", "pace", name if deck.endswith(".html") else deck, shown(saved)]
    click.echo(f"Now: {shlex.join(words)}")


def _deck_of(page: Path) -> str:
    """Return the name that the page writes into its recordings."""
    import re
    from html import unescape

    from abreast.errors import UsageError, shown

    found = re.search(r'<main class="reveal" data-deck="([^"]*)"', page.read_text(encoding="utf-8"))
    if not found:
        raise UsageError(
            "this page cannot record a rehearsal.",
            where=shown(page),
            remedy="Build it again with this version: abreast build DECK",
        )
    return unescape(found[1])


def _save(text: str, deck: str, output: Path | None, emit: Sink) -> Path:
    """Write a recording; return where. Raises UsageError for what is no rehearsal of the deck."""
    from abreast.events import Warned, Wrote
    from abreast.writing import write_whole

    rehearsal = _read(text, deck)
    started = rehearsal.started.astimezone()
    target = output or Path(f"{deck}-rehearsal-{started:%Y-%m-%d-%H%M}.json")
    content = text.replace("\r\n", "\n").encode()  # forms send lines as mail does
    write_whole(target, content)
    emit(Wrote(path=target, what=_extent(rehearsal), bytes=len(content)))
    lost = ", ".join(str(slide.number) for slide in rehearsal.slides if slide.clock_jumped)
    if lost:
        emit(Warned(text=f"the clock jumped on slide {lost}: that visit's seconds are left out."))
    return target


def _read(text: str, deck: str) -> Rehearsal:
    from abreast.errors import UsageError
    from abreast.timing.rehearsals import read_rehearsals

    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder, "recording")
        draft.write_text(text, encoding="utf-8")
        try:
            return read_rehearsals([draft], deck)[0]
        except UsageError as error:
            raise UsageError(error.mistakes[0].what, where="what the page sent") from None


def _extent(rehearsal: Rehearsal) -> str:
    minutes, seconds = divmod(round(rehearsal.total_seconds), 60)
    shown_slides = sum(slide.visits > 0 for slide in rehearsal.slides)
    return f"{minutes} min {seconds} s on {shown_slides} of {len(rehearsal.slides)} slides"
