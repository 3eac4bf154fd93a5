"""Frozen types <-> JSON: fields by their names, read by the types' own hints."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache, partial
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Reader: TypeAlias = Callable[[Any], Any] | None
"""Makes a value of what JSON has for it; None where that is the value."""


class Written(str):
    """JSON that was written before, as deep as it shall stand."""

    __slots__ = ()


def from_record(cls: type[T], record: Mapping[str, Any]) -> T:
    """Return the value of the frozen type `cls` that a record holds.

    Of a union of types the one whose `kind` the record names is meant. Raises KeyError and
    TypeError for a record that is none of them.
    """
    values = {}
    readers = _readers(cls)  # type: ignore[arg-type]  # a class is hashable
    for name, value in record.items():
        if name in readers:
            read = readers[name]
            values[name] = value if read is None else read(value)
    return cls(**values)


def json_text(value: Any, depth: int = 0) -> str:
    """Return the JSON of frozen types, mappings, sequences and plain values, `depth` levels deep.

    It is as `json.dumps(…, indent=1, ensure_ascii=False)` writes it, and several times as fast. Of
    frozen types what is a field's default is left out, but for `kind`: most lines of a deck have
    little else. Raises TypeError for what JSON has no place for.
    """
    parts: list[str] = []
    _write(value, "\n" + " " * depth, parts.append)
    return "".join(parts)


def json_line(value: Any) -> str:
    """Return the same in one line, as short as it can be."""
    parts: list[str] = []
    _write(value, "", parts.append)
    return "".join(parts)


def json_entries(record: Mapping[str, Any]) -> str:
    """Return the JSON of a record as a file: each entry of its own lists and mappings a line.

    So a diff shows which one changed. Raises TypeError for what JSON has no place for.
    """
    return _lines(record, "\n ", lambda value: _lines(value, "\n  ", json_line)) + "\n"


def _lines(value: Any, margin: str, inner: Callable[[Any], str]) -> str:
    """Return what is in a list or mapping, a line each; of anything else its JSON in one line."""
    if isinstance(value, Mapping) and value:
        parts, marks = [f"{json_line(key)}: {inner(own)}" for key, own in value.items()], "{}"
    elif isinstance(value, list | tuple) and value:
        parts, marks = [inner(own) for own in value], "[]"
    else:
        return json_line(value)
    return marks[0] + margin + f",{margin}".join(parts) + margin[:-1] + marks[1]


def members(value: Any) -> dict[str, Any]:
    """Return the fields of a frozen value by their names, as they are."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


@cache
def _readers(cls: Any) -> dict[str, _Reader]:
    hints = get_type_hints(cls)
    return {field.name: _reader(hints[field.name]) for field in fields(cls)}


@cache
def _reader(hint: Any) -> _Reader:
    if is_dataclass(hint) and isinstance(hint, type):
        return partial(from_record, hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        item = _reader(arguments[0])
        return tuple if item is None else partial(_of_tuple, item)
    if origin in {Union, types.UnionType}:
        kinds = _kinds(hint)
        return partial(_of_union, kinds) if kinds else None
    if len(arguments) == 2 and isinstance(origin, type) and issubclass(origin, Mapping):
        item = _reader(arguments[1])
        return item and partial(_of_mapping, item)
    return None


def _of_union(kinds: Mapping[Any, Any], value: Any) -> Any:
    return from_record(kinds[value["kind"]], value) if isinstance(value, Mapping) else value


def _of_tuple(item: Callable[[Any], Any], value: Any) -> Any:
    return tuple(map(item, value))


def _of_mapping(item: Callable[[Any], Any], value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is no mapping")
    return {key: item(own) for key, own in value.items()}


def _kinds(union: Any) -> dict[Any, Any]:
    """Return the types of a union by the value that their field `kind` always has."""
    classes = [cls for cls in get_args(union) if is_dataclass(cls)]
    return {f.default: cls for cls in classes for f in fields(cls) if f.name == "kind"}


def _write(value: Any, margin: str, put: Callable[[str], None]) -> None:
    kind = type(value)
    if kind is str:
        put(encode_basestring(value))
    elif kind in _PLAIN:
        put(_PLAIN[kind](value))
    elif kind is tuple or kind is list:
        _write_items(value, margin, put)
    elif kind is Written:
        put(value)
    elif is_dataclass(kind):
        heads, get = _written_fields(kind)
        written = zip(heads, get(value), strict=True)
        own = [(head, one) for (head, default), one in written if one != default]
        _write_members(own, margin, put)
    elif isinstance(value, Mapping):
        members = [(f"{encode_basestring(name)}: ", own) for name, own in value.items()]
        _write_members(members, margin, put)
    else:
        raise TypeError(f"{kind.__name__} has no place in JSON")


_PLAIN: dict[type, Callable[[Any], str]] = {
    int: repr,
    float: json.dumps,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
}


def _write_items(values: Sequence[Any], margin: str, put: Callable[[str], None]) -> None:
    _write_all("[]", [("", value) for value in values], margin, put)


def _write_members(
    members: Sequence[tuple[str, Any]], margin: str, put: Callable[[str], None]
) -> None:
    _write_all("{}", members, margin, put)


def _write_all(
    marks: str, parts: Sequence[tuple[str, Any]], margin: str, put: Callable[[str], None]
) -> None:
    """Write what stands between two marks."""
    if not parts:
        put(marks)
        return
    inner = margin and margin + " "
    before = marks[0] + inner
    for head, value in parts:
        put(before)
        put(head if margin else head.removesuffix(" "))
        _write(value, inner, put)
        before = "," + inner
    put(margin + marks[1])


@cache
def _written_fields(cls: Any) -> tuple[list[tuple[str, Any]], Callable[[Any], tuple[Any, ...]]]:
    """Return the fields of a frozen type as they stand before their values, with their defaults.

    And what gets the values.
    """
    names = [field.name for field in fields(cls)]
    get = attrgetter(*names)
    heads = [(f'"{field.name}": ', _default(field)) for field in fields(cls)]
    return heads, get if len(names) > 1 else lambda value: (get(value),)


def _default(field: Field[Any]) -> Any:
    """Return a field's default; what no value equals where there is none, and for a kind."""
    if field.name == "kind" or field.default is MISSING:
        return MISSING if field.default_factory is MISSING else field.default_factory()
    return field.default
