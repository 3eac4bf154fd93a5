"""abreast site."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("site")
@click.argument("decks", nargs=-1, metavar="[DECK]…")
@click.option("--title", help="What stands above the decks; holds until it is given again.")
def command(decks: tuple[str, ...], title: str | None) -> None:
    """Write outputs/index.html: all built decks on one page, with a search over code.

    The decks named stand first, in this order, also in later calls without names.
    DECK is the name of a folder in outputs/.
    """
    from abreast.cli.console import progress
    from abreast.errors import shown
    from abreast.publish.site import outputs_here, write_site

    outputs = outputs_here()
    with progress(as_json=False) as emit:
        first = [Path(deck).name for deck in decks]
        page = write_site(outputs, title=title, first=first, emit=emit)
    click.echo(f"Open {shown(page)}, or put outputs/ on the web: abreast publish")
