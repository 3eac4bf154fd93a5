"""One family of errors: what, where, what to do, and the exit code. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing that is wrong: where it is, what it is, what to do about it."""

    what: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{remedy}"


class AbreastError(Exception):
    """Base of every error that abreast raises on purpose; the command line catches it once.

    `mistakes` are all that were found, in the order in which they stand in the input.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str | Path = "", remedy: str = "") -> None:
        self.mistakes: tuple[Mistake, ...] = (Mistake(what=what, where=str(where), remedy=remedy),)
        super().__init__(str(self.mistakes[0]))

    @classmethod
    def of(cls, mistakes: list[Mistake]) -> Self:
        """Make one error of several mistakes."""
        error = cls(mistakes[0].what)
        error.mistakes = tuple(mistakes)
        error.args = ("\n".join(map(str, mistakes)),)
        return error


class UsageError(AbreastError):
    """The command line, the deck file or a notebook is not as it should be."""

    exit_code = 2


class NotebookError(AbreastError):
    """A notebook raised, timed out, or lost its kernel."""

    exit_code = 3


class EnvironmentMissingError(AbreastError):
    """A framework's environment, a kernel or a tool is not installed."""

    exit_code = 4


class ShortfallError(AbreastError):
    """A deck was built, but something on its slides falls short."""

    exit_code = 5


class StaleError(AbreastError):
    """A deck is not up to date."""

    exit_code = 6


class DriftError(AbreastError):
    """A deck was built, but more of it changed than a rule allows."""

    exit_code = 7


def nearest(word: str, known: list[str]) -> str:
    """Return "Did you mean 'x'?" for the closest of `known`, or the list of what there is."""
    import difflib  # noqa: PLC0415 - only errors need it

    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"Did you mean '{close[0]}'?"
    return f"Known: {', '.join(known)}." if known else ""


def shown(path: Path) -> str:
    """Return `path` as people would type it: relative to the working directory when below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def counted(number: int, noun: str) -> str:
    """Return "1 slide", "2 slides"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
