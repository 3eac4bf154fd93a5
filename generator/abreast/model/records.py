"""Frozen types <- JSON: what `dataclasses.asdict` wrote, read back by the types' own hints."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def from_record(cls: type[T], record: Mapping[str, Any]) -> T:
    """Return the value of the frozen type `cls` that a record holds.

    Of a union of types the one whose `kind` the record names is meant. Raises KeyError and
    TypeError for a record that is none of them.
    """
    hints = _hints(cls)  # type: ignore[arg-type]  # a class is hashable
    known = {field.name for field in fields(cls)}  # type: ignore[arg-type]
    values = {name: _value(hints[name], value) for name, value in record.items() if name in known}
    return cls(**values)


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _value(hint: Any, value: Any) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return from_record(hint, value)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return tuple(_value(arguments[0], item) for item in value)
    if origin in {Union, types.UnionType} and isinstance(value, Mapping):
        return from_record(_kinds(hint)[value["kind"]], value)
    if isinstance(value, Mapping) and len(arguments) == 2:
        return {key: _value(arguments[1], item) for key, item in value.items()}
    return value


@cache
def _kinds(union: Any) -> dict[Any, Any]:
    """Return the types of a union by the value that their field `kind` always has."""
    classes = [cls for cls in get_args(union) if is_dataclass(cls)]
    return {f.default: cls for cls in classes for f in fields(cls) if f.name == "kind"}
