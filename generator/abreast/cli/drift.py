"""abreast drift."""

from __future__ import annotations

import json

import click

_MOST = 60_000  # characters of Markdown: a pull request's text may have 65,536


@click.command("drift")
@click.argument("decks", nargs=-1, metavar="[DECK]…")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="markdown: the text of a pull request.",
)
def command(decks: tuple[str, ...], form: str) -> None:
    """Say how outputs/DECK differs from git HEAD's, else from the build before.

    DECK is a folder, a deck.yml, or a name in decks/: all decks there, unless named.
    """
    from abreast.cli.built import built_page
    from abreast.deck.deckfile import find_deck, find_decks
    from abreast.publish.drift import drift_json, markdown, standing_drift, terminal_lines

    paths = [find_deck(deck) for deck in decks] or find_decks()
    folders = [built_page(str(path)).parent for path in paths]
    drifts = [(folder, standing_drift(folder)) for folder in folders]
    found = [drift for _, drift in drifts if drift]
    if form == "json":
        click.echo(json.dumps([json.loads(drift_json(drift)) for drift in found], indent=1))
    elif form == "markdown":
        room = _MOST // max(1, len(found))
        click.echo("\n".join(markdown(drift, room) for drift in found))
    else:
        for folder, drift in drifts:
            lines = terminal_lines(drift) if drift else ("no build before this one",)
            click.echo(f"{folder.name}: " + "\n".join(lines))
