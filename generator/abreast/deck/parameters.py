"""Parameters: which a notebook declares, and how its cell reads with other values."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from abreast.model import Cell, Notebook, Value

TAG = "parameters"
_ASSIGNMENT = re.compile(
    r"^(?:\w+\s+)?(?P<name>[A-Za-z_.][\w.]*)\s*(?::[^=]+)?(?:=|<-)(?!=)", re.MULTILINE
)


def declared(notebook: Notebook) -> frozenset[str]:
    """Return the names that the cell tagged `parameters` assigns; none where there is no cell."""
    cell = parameters_cell(notebook.cells)
    return frozenset() if cell is None else assigned(cell.source)


def assigned(source: str) -> frozenset[str]:
    """Return the names that code assigns, in any language that has `=` or `<-`."""
    return frozenset(match["name"] for match in _ASSIGNMENT.finditer(source))


def defaults(notebook: Notebook) -> dict[str, Value]:
    """Return the values that a Python notebook's parameters have by themselves.

    None for other languages, and for a cell that does more than to give each of its names one plain
    value: what follows from a value would not be seen in it.
    """
    cell = parameters_cell(notebook.cells)
    if cell is None or notebook.language != "python":
        return {}
    try:
        statements = ast.parse(cell.source).body
        pairs = [(name, ast.literal_eval(node)) for name, node in _assignments(cell.source)]
    except (SyntaxError, ValueError):
        return {}
    values = dict(pairs)
    plain = all(isinstance(value, str | int | float | None) for value in values.values())
    return values if plain and len(values) == len(statements) else {}


def parameters_cell(cells: tuple[Cell, ...]) -> Cell | None:
    """Return the first code cell tagged `parameters`."""
    return next((c for c in cells if c.cell_type == "code" and TAG in c.tags), None)


def with_values(source: str, values: Mapping[str, Value]) -> str:
    """Return a Python parameters cell with its literals replaced by the values of a run.

    So that a slide shows what was run. Anything that is not one plain assignment on one line,
    and source that does not parse, stays as it is.
    """
    lines = source.splitlines(keepends=True)
    for name, value in _assignments(source):
        if name in values and value.lineno == value.end_lineno and value.end_col_offset:
            line = lines[value.lineno - 1].encode()
            new = repr(values[name]).encode()
            line = line[: value.col_offset] + new + line[value.end_col_offset :]
            lines[value.lineno - 1] = line.decode()
    return "".join(lines)


def _assignments(source: str) -> list[tuple[str, ast.expr]]:
    """Return the names that plain assignments of a Python cell set, and to what."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return []
    found = []
    for node in statements:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.append((name, value))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found.append((name, value))
    return found
