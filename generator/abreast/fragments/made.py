"""Fragments by their digests: texts, and the frozen values that slides are made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, Protocol, TypeVar

from abreast.model.records import from_record, json_line, json_text

T = TypeVar("T")


def digest(*parts: Any) -> str:
    """Return a digest of plain values: strings, numbers, and lists, tuples and mappings of them.

    Sets are not plain: their order differs from process to process.
    """
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Shelf(Protocol):
    """Where texts are kept."""

    def get(self, key: str) -> str | None:
        """Return the text of a key, which is used by this; None where there is none."""

    def put(self, key: str, text: str) -> None:
        """Keep the text of a key."""

    def sweep(self) -> None:
        """Forget what was not used since the last time."""


class Fragments:
    """Texts and frozen values by their digests, on a shelf: in memory unless one is given."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf: Shelf = shelf or _Memory()
        self._records: dict[str, tuple[Any, ...]] = {}
        self._names: dict[int, str] = {}
        self._used: set[str] = set()

    def text(self, key: str, make: Callable[[], str]) -> str:
        """Return the text of this digest; it is made where there is none."""
        found = self._shelf.get(key)
        if found is None:
            found = make()
            self._shelf.put(key, found)
        return found

    def records(self, key: str, cls: type[T], make: Callable[[], Sequence[T]]) -> tuple[T, ...]:
        """Return the frozen values of this digest, of the type `cls`; made where there are none."""
        self._used.add(key)
        found = self._records.get(key)
        if found is None:
            found = self._records[key] = self._read(key, cls) or tuple(make())
            self._names |= {id(record): f"{key} {n}" for n, record in enumerate(found)}
        return found

    def name(self, record: Any) -> str:
        """Return what stands for a frozen value in a digest: equal names are of equal values."""
        return self._names.get(id(record)) or digest(json_text(record))

    def json(self, record: Any) -> str:
        """Return the JSON of a frozen value, as it stands in a line of a merged notebook."""
        name = self._names.get(id(record))
        if name is None:
            return json_line(record)
        return self.text(name, lambda: json_line(record))

    def settle(self) -> None:
        """Put the frozen values that were used on the shelf, where another process finds them."""
        for key in sorted(self._used):
            found = self._records[key]
            for record in found:
                self.json(record)
            self._shelf.put(key, str(len(found)))

    def sweep(self) -> None:
        """Forget what was not used since the last time."""
        self._records = {key: found for key, found in self._records.items() if key in self._used}
        there = {id(record) for found in self._records.values() for record in found}
        self._names = {place: name for place, name in self._names.items() if place in there}
        self._used = set()
        self._shelf.sweep()

    def _read(self, key: str, cls: type[T]) -> tuple[T, ...]:
        count = int(self._shelf.get(key) or 0)
        texts = [self._shelf.get(f"{key} {n}") for n in range(count)]
        found = [from_record(cls, json.loads(text)) for text in texts if text is not None]
        return tuple(found) if len(found) == count else ()


class _Memory:
    """A shelf for one process."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._used: set[str] = set()

    def get(self, key: str) -> str | None:
        self._used.add(key)
        return self._texts.get(key)

    def put(self, key: str, text: str) -> None:
        self._texts[key] = text

    def sweep(self) -> None:
        self._texts = {key: text for key, text in self._texts.items() if key in self._used}
        self._used = set()
