"""abreast schema."""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of deck.yml, for editors."""
    from abreast.deck.deckfile import json_schema

    click.echo(json_schema(), nl=False)
