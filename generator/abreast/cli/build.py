"""abreast build."""

from __future__ import annotations

from pathlib import Path

import click

from abreast.cli.options import execution_options, parameters


@click.command("build")
@execution_options
@click.option("--no-run", is_flag=True, help="Take stored runs, else the outputs as found.")
@click.option("--name", help="The folder in outputs/; the deck's name unless given.")
def command(
    deck: str,
    profile: str | None,
    pairs: tuple[tuple[str, str], ...],
    files: tuple[Path, ...],
    force: bool,
    jobs: int,
    as_json: bool,
    no_run: bool,
    name: str | None,
) -> None:
    """Bring outputs/DECK up to date, executing only what changed.

    DECK is a folder, a deck.yml, or a name in decks/.
    """
    from abreast import pipeline
    from abreast.cli.console import progress
    from abreast.deck.deckfile import find_deck
    from abreast.errors import UsageError, shown
    from abreast.run.executions import failure_error

    if force and no_run:
        raise UsageError("--force and --no-run contradict each other.", remedy="Give one of them.")
    if name is not None and Path(name).name != name:
        raise UsageError(f"--name '{name}' is not a folder's name.", remedy="Give one word.")
    request = pipeline.Request(
        deck=find_deck(deck),
        profile=profile,
        parameters=parameters(pairs, files),
        execute=not no_run,
        force=force,
        workers=jobs,
        name=name,
    )
    with progress(as_json=as_json) as emit:
        built = pipeline.build(request, emit)
    if not as_json:
        click.echo(f"Open {shown(built.page)}")
    if built.failures:
        raise failure_error(built.failures)
