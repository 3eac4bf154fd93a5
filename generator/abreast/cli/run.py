"""abreast run."""

from __future__ import annotations

from typing import Any

import click

from abreast.cli.options import execution_options


@click.command("run")
@execution_options
def command(asked: dict[str, Any], as_json: bool) -> None:
    """Execute the notebooks of a deck that are not up to date, and keep their runs.

    DECK is a folder, a deck.yml, or a name in decks/.
    """
    from abreast import pipeline
    from abreast.cli.console import progress
    from abreast.run.executions import failed, failure_error

    request = pipeline.Request(**asked)
    with progress(as_json=as_json) as emit:
        executions = pipeline.run(request, emit)
    failures = failed(executions)
    if failures:
        raise failure_error(failures)
    if not as_json:
        click.echo(f"Now: abreast build {request.deck.parent.name}")
