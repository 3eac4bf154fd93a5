"""abreast serve."""

from __future__ import annotations

from typing import Any

import click

from abreast.cli.options import deck_options


@click.command("serve")
@deck_options
@click.option(
    "--port",
    default=0,
    type=click.IntRange(0, 65535),
    metavar="N",
    help="The port on this machine; a free one unless given.",
)
@click.option("--no-browser", is_flag=True, help="Print the address; open no browser.")
@click.option("--no-run", is_flag=True, help="Execute nothing; stale rows stay marked.")
def command(asked: dict[str, Any], port: int, no_browser: bool, no_run: bool) -> None:
    """Show DECK in the browser while you edit it.

    Edits of prose, theme and code are on screen at once; notebooks whose code changed are executed
    in the background. outputs/ is left alone: abreast build DECK writes it, and runs nothing anew.

    DECK is a folder, a deck.yml, or a name in decks/.
    """
    from abreast import pipeline
    from abreast.cli.browser import open_address
    from abreast.cli.console import progress
    from abreast.errors import shown
    from abreast.events import Said
    from abreast.live.server import serve

    request = pipeline.Request(**asked, execute=not no_run)
    with progress(as_json=False, bars=False) as emit:

        def opened(address: str) -> None:
            click.echo(address)
            emit(Said(text=f"Watching {shown(request.deck)} and all it names. Ctrl-C ends."))
            if not no_browser:
                open_address(address)

        serve(request, port=port, opened=opened, tell=emit)
    click.echo("Ended; no kernel is left.", err=True)
