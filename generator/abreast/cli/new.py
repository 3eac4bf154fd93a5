"""abreast new."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("new")
@click.argument("name")
@click.argument("notebooks", nargs=-1, type=click.Path(path_type=Path))
def command(name: str, notebooks: tuple[Path, ...]) -> None:
    """Make the deck decks/NAME, from nothing or around NOTEBOOKS.

    The framework of each notebook is taken from its file name.
    """
    from abreast.deck.scaffold import new_deck
    from abreast.errors import UsageError, shown

    if Path(name).name != name or name.startswith("."):
        raise UsageError(f"'{name}' is not a deck's name.", remedy="Give one word, as in: mlp")
    for path in new_deck(Path("decks") / name, notebooks):
        click.echo(f"wrote {shown(path)}")
    ready = "abreast build --no-run" if notebooks else "abreast build"
    click.echo(f"Now: {ready} {name}")
