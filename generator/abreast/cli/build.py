"""abreast build."""

from __future__ import annotations

from pathlib import Path

import click

from abreast.cli.options import execution_options, parameters


@click.command("build")
@execution_options
@click.option("--no-run", is_flag=True, help="Take stored runs, else the outputs as found.")
@click.option("--name", help="The folder in outputs/; the deck's name unless given.")
@click.option(
    "--fail-on",
    metavar="RULES",
    help="Exit with 7 on this drift, e.g. 'accuracy drop > 0.02, time rise > 25%, warnings > 0'.",
)
def command(
    deck: str,
    profile: str | None,
    pairs: tuple[tuple[str, str], ...],
    files: tuple[Path, ...],
    force: bool,
    executor: str,
    jobs: int,
    as_json: bool,
    no_run: bool,
    name: str | None,
    fail_on: str | None,
) -> None:
    """Bring outputs/DECK up to date, executing only what changed.

    DECK is a folder, a deck.yml, or a name in decks/.
    """
    from abreast import pipeline
    from abreast.cli.console import progress
    from abreast.deck.deckfile import find_deck
    from abreast.errors import DriftError, NotebookError, UsageError, shown
    from abreast.publish.drift import parse_rules
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
        executor=executor,
        workers=jobs,
        name=name,
        fail_on=parse_rules(fail_on) if fail_on is not None else (),
    )
    with progress(as_json=as_json) as emit:
        built = pipeline.build(request, emit)
    if not as_json:
        click.echo(f"Open {shown(built.page)}")
    if built.failures:
        error = failure_error(built.failures)
        raise NotebookError.of([*error.mistakes, *built.too_much])
    if built.too_much:
        raise DriftError.of(list(built.too_much))
