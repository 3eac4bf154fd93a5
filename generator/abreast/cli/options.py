"""Options that several commands share, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_PARAMETERS = (
    click.option("--profile", help="A named set of parameters of the deck; quick is its own."),
    click.option("-p", "--parameter", "pairs", nargs=2, multiple=True, metavar="NAME VALUE",
                 help="Set a parameter; the value is read as YAML."),
    click.option("-f", "--parameters-file", "files", multiple=True,
                 type=click.Path(exists=True, dir_okay=False, path_type=Path),
                 help="Set parameters from a YAML file."),
)  # fmt: skip
_EXECUTION = (
    click.argument("deck"),
    *_PARAMETERS,
    click.option("--force", is_flag=True, help="Execute even what is up to date."),
    click.option("--executor", default="local", show_default=True, metavar="NAME|ADDRESS",
                 help="Where notebooks run: local, dask, or a Dask scheduler: tcp://HOST:PORT."),
    click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1),
                 help="Notebooks to execute at once, at most one per GPU; times are then not "
                 "comparable."),
    click.option("--json", "as_json", is_flag=True, help="Print one event a line, as JSON."),
)  # fmt: skip


def execution_options(command: Command) -> Command:
    """Add what `run` and `build` share."""
    return _with(_EXECUTION, command)


def parameter_options(command: Command) -> Command:
    """Add what says with which parameters a deck is meant."""
    return _with(_PARAMETERS, command)


def _with(options: Sequence[Callable[[Command], Command]], command: Command) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def parameters(pairs: tuple[tuple[str, str], ...], files: tuple[Path, ...]) -> dict[str, Any]:
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
