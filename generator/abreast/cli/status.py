"""abreast status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from abreast.cli.options import parameter_options

if TYPE_CHECKING:
    from abreast.pipeline import Status


@click.command("status")
@click.argument("decks", nargs=-1, metavar="[DECK]…")
@parameter_options
@click.option("--check", is_flag=True, help="Exit with 6 when a deck is not up to date.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(decks: tuple[str, ...], asked: dict[str, Any], check: bool, as_json: bool) -> None:
    """Say of each notebook whether it is fresh or stale, and why; nothing is executed.

    DECK is a folder, a deck.yml, or a name in decks/: all decks there, unless named.
    """
    from abreast import pipeline
    from abreast.deck.deckfile import find_deck, find_decks
    from abreast.errors import Mistake, StaleError, UsageError, shown

    paths = [find_deck(deck) for deck in decks] or find_decks()
    found: list[Status] = []
    mistakes: list[Mistake] = []
    for path in paths:
        try:
            found.append(pipeline.status(pipeline.Request(deck=path, **asked)))
        except UsageError as error:  # the other decks are told all the same
            mistakes += error.mistakes
    if as_json:
        click.echo(json.dumps([_record(status) for status in found], indent=1, ensure_ascii=False))
    else:
        for status in found:
            _show(status)
    if mistakes:
        raise UsageError.of(mistakes)
    stale = [status for status in found if status.is_stale]
    if check and stale:
        raise StaleError.of(
            [
                Mistake(
                    what="not up to date.",
                    where=shown(status.deck.path),
                    remedy=f"Run: {_command(status)}",
                )
                for status in stale
            ]
        )


def _show(status: Status) -> None:
    from abreast.cli.console import table

    rows = [(task.label, task.state, ", ".join(task.why)) for task in status.tasks]
    table(status.deck.name, ("notebook", "state", "why"), rows)
    click.echo(f"{_verdict(status)}\n")


def _verdict(status: Status) -> str:
    from abreast.errors import shown

    folder, build = shown(status.folder), f"Run: {_command(status)}"
    if status.changed is None:
        return f"{folder} is not built. {build}"
    if not status.is_stale:
        return f"{folder} is up to date"
    changed = list(status.changed)
    if any(task.must_run for task in status.tasks):
        # Of runs that are stale, the table above has said why.
        changed = [name for name in changed if not name.startswith("the run of ")]
    more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
    also = f" ({', '.join(changed[:3])}{more} changed)" if changed else ""
    return f"{folder} is not up to date{also}. {build}"


def _command(status: Status) -> str:
    return f"abreast build {status.deck.name}" + (f" --path {status.path}" if status.path else "")


def _record(status: Status) -> dict[str, Any]:
    return {
        "deck": status.deck.name,
        "folder": str(status.folder),
        "stale": status.is_stale,
        "built": status.changed is not None,
        "changed": list(status.changed or ()),
        "notebooks": [
            {
                "section": task.section.title,
                "framework": task.column.name,
                "notebook": str(task.notebook.path),
                "swept": dict(task.swept),
                "state": task.state,
                "why": list(task.why),
            }
            for task in status.tasks
        ],
    }
