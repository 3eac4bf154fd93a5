"""abreast build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from abreast.cli.options import execution_options

if TYPE_CHECKING:
    from abreast.publish.drift import Rule


def _folder_name(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    if name is not None and Path(name).name != name:
        raise click.BadParameter(f"'{name}' is not a folder's name. Give one word.")
    return name


@click.command("build")
@execution_options
@click.option("--no-run", is_flag=True, help="Take stored runs, else the outputs as found.")
@click.option(
    "--name", callback=_folder_name, help="The folder in outputs/; the deck's name unless given."
)
@click.option(
    "--fail-on",
    metavar="RULES",
    help="Exit with 7 on this drift, e.g. 'accuracy drop > 0.02, time rise > 25%, warnings > 0'.",
)
def command(
    asked: dict[str, Any], as_json: bool, no_run: bool, name: str | None, fail_on: str | None
) -> None:
    """Bring outputs/DECK up to date, executing only what changed.

    DECK is a folder, a deck.yml, or a name in decks/.
    """
    from abreast import pipeline
    from abreast.cli.console import progress
    from abreast.errors import DriftError, NotebookError, UsageError, shown
    from abreast.run.executions import failure_error

    if asked["force"] and no_run:
        raise UsageError("--force and --no-run contradict each other.", remedy="Give one of them.")
    rules = _rules(fail_on) if fail_on is not None else ()
    request = pipeline.Request(**asked, execute=not no_run, name=name, fail_on=rules)
    with progress(as_json=as_json) as emit:
        built = pipeline.build(request, emit)
    if not as_json:
        click.echo(f"Open {shown(built.page)}")
    if built.failures:
        error = failure_error(built.failures)
        raise NotebookError.of([*error.mistakes, *built.too_much])
    if built.too_much:
        raise DriftError.of(list(built.too_much))


def _rules(text: str) -> tuple[Rule, ...]:
    from abreast.publish.drift import parse_rules

    return parse_rules(text)
