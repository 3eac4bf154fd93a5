"""abreast run."""

from __future__ import annotations

from pathlib import Path

import click

from abreast.cli.options import execution_options, parameters


@click.command("run")
@execution_options
def command(
    deck: str,
    profile: str | None,
    pairs: tuple[tuple[str, str], ...],
    files: tuple[Path, ...],
    force: bool,
    executor: str,
    jobs: int,
    as_json: bool,
) -> None:
    """Execute the notebooks of a deck that are not up to date, and keep their runs.

    DECK is a folder, a deck.yml, or a name in decks/.
    """
    from abreast import pipeline
    from abreast.cli.console import progress
    from abreast.deck.deckfile import find_deck
    from abreast.run.executions import failed, failure_error

    request = pipeline.Request(
        deck=find_deck(deck),
        profile=profile,
        parameters=parameters(pairs, files),
        force=force,
        executor=executor,
        workers=jobs,
    )
    with progress(as_json=as_json) as emit:
        executions = pipeline.run(request, emit)
    failures = failed(executions)
    if failures:
        raise failure_error(failures)
    if not as_json:
        click.echo(f"Now: abreast build {deck}")
