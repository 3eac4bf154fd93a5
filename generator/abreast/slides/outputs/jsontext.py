"""JSON -> text: what fits a line stands in it."""

from __future__ import annotations

import json
from typing import Any

from abreast.slides.metrics import mono_width

_INDENT = "  "


def json_text(value: Any, wide: int) -> str:
    """Return a JSON value, written so that lists and objects of `wide` columns stay in a line."""
    return "\n".join(_lines(value, wide))


def _lines(value: Any, wide: int, before: int = 0) -> list[str]:
    """Return a value's lines; `before` columns of the first are taken by its name."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or before + mono_width(line) <= wide:
        return [line]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    inner = wide - len(_INDENT) - 1  # the comma
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return [opening, *_filled(value, inner), closing]
    lines = [opening]
    for name, item in _items(value):
        first, *rest = _lines(item, inner, mono_width(name))
        lines += [f"{_INDENT}{name}{first}", *(f"{_INDENT}{line}" for line in rest)]
        lines[-1] += ","
    lines[-1] = lines[-1].removesuffix(",")
    return [*lines, closing]


def _filled(values: list[Any], wide: int) -> list[str]:
    """Return values, as many in a line as it holds."""
    lines: list[str] = []
    for value in values:
        text = json.dumps(value, ensure_ascii=False)
        if lines and mono_width(f"{lines[-1]}, {text}") <= wide + len(_INDENT):
            lines[-1] += f", {text}"
        else:
            lines.append(_INDENT + text)
    return [f"{line}," for line in lines[:-1]] + lines[-1:]


def _items(value: dict[str, Any] | list[Any]) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{json.dumps(name, ensure_ascii=False)}: ", item) for name, item in value.items()]
    return [("", item) for item in value]
