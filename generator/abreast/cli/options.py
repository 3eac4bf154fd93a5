"""Options that several commands share, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_DECK = click.argument("deck")
_PARAMETERS = (
    click.option("--profile", help="A named set of parameters of the deck; quick is its own."),
    click.option("--path", help="Only the sections and cells on this path, and on none."),
    click.option("-p", "--parameter", "pairs", nargs=2, multiple=True, metavar="NAME VALUE",
                 help="Set a parameter; the value is read as YAML."),
    click.option("-f", "--parameters-file", "files", multiple=True,
                 type=click.Path(exists=True, dir_okay=False, path_type=Path),
                 help="Set parameters from a YAML file."),
)  # fmt: skip
_EXECUTION = (
    click.option("--force", is_flag=True, help="Execute even what is up to date."),
    click.option("--executor", default="local", show_default=True, metavar="NAME|ADDRESS",
                 help="Where notebooks run: local, dask, or a Dask scheduler: tcp://HOST:PORT."),
    click.option("--jobs", "workers", default=1, show_default=True, type=click.IntRange(min=1),
                 help="Notebooks to execute at once, at most one per GPU; times are then not "
                 "comparable."),
)  # fmt: skip
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one event a line, as JSON.")
DEVICE = click.option(
    "--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True,
    help="auto: cuda where there is a GPU and a lock for it.",
)  # fmt: skip


def execution_options(command: Command) -> Command:
    """Add DECK and how it is executed, as `asked`: fields of `pipeline.Request`; and --json."""
    return _with((_DECK, *_PARAMETERS, *_EXECUTION, AS_JSON), command)


def deck_options(command: Command) -> Command:
    """Add DECK and its parameters, as `asked`: fields of `pipeline.Request`."""
    return _with((_DECK, *_PARAMETERS), command)


def parameter_options(command: Command) -> Command:
    """Add what says with which parameters decks are meant, as `asked`."""
    return _with(_PARAMETERS, command)


def _with(options: Sequence[Callable[[Command], Command]], command: Command) -> Command:
    @wraps(command)
    def gathered(
        *,
        pairs: tuple[tuple[str, str], ...],
        files: tuple[Path, ...],
        deck: str | None = None,
        **given: Any,
    ) -> Any:
        from abreast.deck.deckfile import find_deck

        names = ("profile", "path", "force", "executor", "workers")
        asked = {name: given.pop(name) for name in names if name in given}
        asked["parameters"] = _parameters(pairs, files)
        if deck is not None:
            asked["deck"] = find_deck(deck)
        return command(asked=asked, **given)

    result: Any = gathered
    for option in reversed(options):
        result = option(result)
    return cast("Command", result)


def _parameters(pairs: tuple[tuple[str, str], ...], files: tuple[Path, ...]) -> dict[str, Any]:
    """Return the parameters of files, then of the command line: later ones win.

    Raises UsageError for a file that is no mapping of names to scalars.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    from abreast.errors import UsageError

    yaml = YAML(typ="safe")
    values: dict[str, Any] = {}
    for path in files:
        try:
            loaded = yaml.load(path)
        except YAMLError as error:
            raise UsageError(f"not valid YAML: {error}.", where=str(path)) from None
        if not isinstance(loaded, dict):
            raise UsageError(
                "not a mapping of parameters.", where=str(path), remedy="Write: name: value"
            )
        values |= loaded
    for name, text in pairs:
        try:
            values[name] = yaml.load(text)
        except YAMLError:
            values[name] = text
    for name, value in values.items():
        if not isinstance(value, str | int | float | bool | None):
            raise UsageError(
                f"the parameter '{name}' is a {type(value).__name__}.",
                remedy="Parameters are numbers, texts, true, false or null.",
            )
    return values
