"""abreast clean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from abreast.run.cleaning import Entry

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
    """Remove stored runs and environments that no deck uses any more, and what builds left.

    A deck uses what its last build took, with each set of parameters. All of it can be made again.
    """
    from abreast.cli.console import table
    from abreast.errors import shown
    from abreast.run.cleaning import DAY_SECONDS, entries, prunable, remove
    from abreast.run.home import home

    kept = entries()
    going = prunable(kept, older_seconds=days * DAY_SECONDS, most_bytes=size)
    if going:
        head = ("what", "MB", "days old", "")
        table(shown(home()), head, [*_rows(going)], numbers=("MB", "days old"))
    if not dry_run:
        remove(going)
    left = sum(entry.bytes for entry in kept) - sum(entry.bytes for entry in going)
    freed = _megabytes(sum(entry.bytes for entry in going))
    verb = "would free" if dry_run else "freed"
    click.echo(f"{verb} {freed} MB; {_megabytes(left)} MB stay")


def _rows(going: Sequence[Entry]) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each folder that goes, and one for all files of a kind."""
    from abreast.run.cleaning import DAY_SECONDS

    def kind(entry: Entry) -> str:
        name = entry.path.parent.name
        return f"{name}/{entry.path.name[:28]}" if entry.path.is_dir() else f"{name}/"

    for name, group in groupby(sorted(going, key=kind), key=kind):
        alike = [*group]
        files = f"{len(alike)} file{'s' if len(alike) > 1 else ''}" if name.endswith("/") else ""
        yield (
            name + files,
            _megabytes(sum(entry.bytes for entry in alike)),
            f"{max(entry.age_seconds for entry in alike) / DAY_SECONDS:.1f}",
            "used" if any(entry.used for entry in alike) else "",
        )


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f}"
