"""The entry point: finds the command, and turns errors into one line and an exit code."""

from __future__ import annotations

import gc
import importlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn

import click

from abreast import __version__

# A command's module is imported when it is called, so that --help answers at once.
_COMMANDS = {
    "new": "Make a deck, from nothing or around notebooks that exist.",
    "env": "Install, list and update the frameworks' environments.",
    "run": "Execute the notebooks of a deck that are not up to date.",
    "build": "Bring outputs/DECK up to date.",
    "status": "Say what is fresh or stale, and why.",
    "serve": "Show the deck in the browser while you edit it.",
    "drift": "Say what changed since the build before.",
    "check": "Look at every slide in Chromium and say what falls short.",
    "export": "Write the deck as a PDF, as PowerPoint, or as a page without notes.",
    "site": "Write outputs/index.html: all built decks, and a search over their code.",
    "publish": "Write what GitHub Pages needs, and a table of decks for the README.",
    "rehearse": "Record how long you stay on each slide.",
    "pace": "Compare rehearsals with the plan, and propose minutes.",
    "align": "Show which cells of notebooks do the same step.",
    "clean": "Remove stored runs and environments that no deck uses.",
    "doctor": "Check what abreast needs on this machine.",
    "schema": "Print the JSON Schema of deck.yml, for editors.",
}
_INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group that knows its commands' names and summaries without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"abreast.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from abreast.errors import nearest

        if args and args[0] not in _COMMANDS:
            hint = nearest(args[0], list(_COMMANDS))
            raise click.UsageError(f"no command '{args[0]}'. {hint}", ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="abreast")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def cli(debug: bool) -> None:
    """Turn notebooks in several frameworks into one deck, side by side.

    DECK is a folder, a deck.yml, or a name in decks/.
    """
    del debug  # main() asks for it


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit.

    0 done, 2 usage, 3 a notebook failed, 4 an environment is missing, 5 a check found something,
    6 a deck is stale, 7 it drifted too much.
    """
    # Also where a shell started us in the background, which makes Ctrl-C's signal ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    # Values are frozen and die by themselves: looking for cycles as often as usual takes a seventh
    # of a build.
    gc.set_threshold(200_000)
    debug = "--debug" in (sys.argv if arguments is None else arguments)
    try:
        code: Any = cli.main(
            args=list(arguments) if arguments is not None else None, standalone_mode=False
        )
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo(
            "Interrupted. The deck in outputs/ is as it was, or new; no kernel is left.", err=True
        )
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        from abreast.errors import AbreastError

        if debug:
            raise
        if isinstance(error, AbreastError):
            for mistake in error.mistakes:
                click.echo(f"error: {mistake}", err=True)
            sys.exit(error.exit_code)
        click.echo(f"error: {type(error).__name__}: {error}", err=True)
        click.echo("This is a bug in abreast. Please report it with: abreast --debug …", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    del signum, frame
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
