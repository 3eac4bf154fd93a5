"""abreast clean."""

from __future__ import annotations

import re

import click

_SIZE = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[kMGT]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}


class Size(click.ParamType[int]):
    """A size in bytes: 500MB, 2G."""

    name = "SIZE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return bytes."""
        if isinstance(value, int):
            return value
        found = _SIZE.fullmatch(str(value).strip())
        if not found:
            self.fail(f"'{value}' is no size. Write it as 500MB or 2GB.", param, ctx)
        return int(float(found["number"]) * _UNITS[found["unit"].lower()])


@click.command("clean")
@click.option(
    "--older-than",
    "days",
    default=1.0,
    show_default=True,
    metavar="DAYS",
    type=click.FloatRange(min=0),
    help="Of what no deck uses, remove what is so old.",
)
@click.option(
    "--max-size",
    "size",
    type=Size(),
    help="Then remove more, the oldest first, until so much is left: 500MB, 2GB.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
def command(days: float, size: int | None, dry_run: bool) -> None:
    """Remove stored runs and environments that no deck uses any more.

    A deck uses what its last build took, with each set of parameters. All of it can be made again.
    """
    from abreast.cli.console import table
    from abreast.errors import shown
    from abreast.run.cleaning import DAY_SECONDS, entries, prunable, remove
    from abreast.run.home import home

    kept = entries()
    going = prunable(kept, older_seconds=days * DAY_SECONDS, most_bytes=size)
    if going:
        rows = [
            (
                f"{entry.path.parent.name}/{entry.path.name[:28]}",
                _megabytes(entry.bytes),
                f"{entry.age_seconds / DAY_SECONDS:.1f}",
                "used" if entry.used else "",
            )
            for entry in going
        ]
        table(shown(home()), ("what", "MB", "days old", ""), rows, numbers=("MB", "days old"))
    if not dry_run:
        remove(going)
    left = sum(entry.bytes for entry in kept) - sum(entry.bytes for entry in going)
    freed = _megabytes(sum(entry.bytes for entry in going))
    verb = "would free" if dry_run else "freed"
    click.echo(f"{verb} {freed} MB in {len(going)} folders; {_megabytes(left)} MB stay")


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f}"
