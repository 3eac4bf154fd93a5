"""deck.yml as text: where each key stands, and what its schema says against it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abreast.errors import Mistake, UsageError, nearest, shown

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

Location = tuple[str | int, ...]


class Lines:
    """Where each key of the file stands."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree

    def of(self, location: Location) -> int | None:
        """Return the 1-based line of a key or item, or of the nearest thing around it."""
        node, line = self._tree, None
        for step in location:
            position = getattr(node, "lc", None)
            try:
                known = position.data[step] if position is not None else None
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
            line = known[0] + 1 if known else line
        return line


def parse(path: Path) -> tuple[Any, Lines]:
    """Return the YAML of a deck file and where its keys stand. Raises UsageError."""
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot be read: {error}.", where=shown(path)) from None
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{shown(path)}:{mark.line + 1}" if mark else shown(path)
        raise UsageError(
            f"not valid YAML: {error.problem}.", where=where, remedy="Check indents and quotes."
        ) from None
    except YAMLError as error:
        raise UsageError(f"not valid YAML: {error}.", where=shown(path)) from None
    return tree, Lines(tree)


def place(path: Path, location: Location) -> str:
    """Return where a key of a deck file that was read before stands: file and line."""
    return _where(path, parse(path)[1], location)


def _where(path: Path, lines: Lines, location: Location) -> str:
    line = lines.of(location)
    return f"{shown(path)}:{line}" if line else shown(path)


def schema_mistakes(error: ValidationError, path: Path, lines: Lines) -> list[Mistake]:
    """Return what the schema says against a deck file: each place once, with its line."""
    return _once([_mistake(detail, path, lines) for detail in error.errors()])


def _mistake(detail: ErrorDetails, path: Path, lines: Lines) -> Mistake:
    # Branches of a union appear in the location under names that the file does not have.
    location = tuple(s for s in detail["loc"] if isinstance(s, int) or "[" not in s)
    where = _where(path, lines, location)
    name = ".".join(str(s) for s in location if s not in {"str", "FrameworkEntry"})
    if detail["type"] == "extra_forbidden":
        key = str(detail["loc"][-1])
        known = list(_model_at(location).model_fields)
        return Mistake(what=f"unknown key '{key}'.", where=where, remedy=nearest(key, known))
    if detail["type"] == "missing":
        return Mistake(
            what=f"'{name}' is missing.", where=where, remedy=f"Add: {detail['loc'][-1]}: …"
        )
    found = repr(detail["input"])
    found = found if len(found) <= 60 else found[:57] + "…"
    if detail["type"] == "section_kind":
        found = "a section"
    message = detail["msg"][0].lower() + detail["msg"][1:]
    if detail["type"] == "too_short":
        message = f"at least {detail['ctx']['min_length']} are needed"
    label = f"'{name}': " if name else ""
    return Mistake(what=f"{label}found {found}; {message}.", where=where)


def _model_at(location: Location) -> type[BaseModel]:
    from abreast.deck import schema  # noqa: PLC0415

    match location[0]:
        case "sections" if len(location) > 2:
            return schema.SectionEntry
        case "frameworks" if len(location) > 2:
            return schema.FrameworkEntry
        case "timeouts" if len(location) > 1:
            return schema.TimeoutsEntry
        case "timing" if len(location) > 1:
            return schema.TimingEntry
    return schema.DeckFile


def _once(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Drop the second complaint about one place: a union complains once for each branch."""
    first: dict[str, Mistake] = {}
    for mistake in mistakes:
        first.setdefault(f"{mistake.where} {mistake.what.partition(';')[0]}", mistake)
    return list(first.values())
