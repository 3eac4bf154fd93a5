"""Edits of a deck's files, as they happen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path

from watchfiles import awatch

from abreast.errors import AbreastError
from abreast.live.footprint import Footprint

# Editors write, rename and touch in one go; all of it within so many milliseconds is one edit.
_QUIET_MS = 15
_LONGEST_MS = 60
_LOOK_AGAIN_MS = 500  # whether other folders are to be watched


async def edits(of: Callable[[], Footprint]) -> AsyncGenerator[frozenset[Path]]:
    """Yield the files that changed, of those that the deck is made of as `of` says.

    The first time at once and without files, and again whenever other folders are watched: what was
    read before that may be out of date. Raises AbreastError where the system does not tell.
    """
    while True:
        folders = of().folders()
        async with aclosing(_changes(folders)) as changes:
            # It watches as soon as it is asked for the first change.
            coming = asyncio.ensure_future(anext(changes))
            await asyncio.sleep(0)
            try:
                yield frozenset()
                while of().folders() == folders:
                    changed = frozenset(path for path in await coming if of().has(path))
                    coming = asyncio.ensure_future(anext(changes))
                    await asyncio.sleep(0)
                    if changed:
                        yield changed
            finally:
                coming.cancel()
                await asyncio.wait([coming])


async def _changes(folders: frozenset[Path]) -> AsyncGenerator[frozenset[Path]]:
    found = awatch(
        *sorted(folders),
        watch_filter=None,
        debounce=_LONGEST_MS,
        step=_QUIET_MS,
        rust_timeout=_LOOK_AGAIN_MS,
        yield_on_timeout=True,
        recursive=False,
        ignore_permission_denied=True,
    )
    try:
        async for changes in found:
            yield frozenset(Path(path) for _, path in changes)
    except OSError as error:
        raise AbreastError(
            f"the deck's folders cannot be watched: {error}.",
            remedy="Let them be looked at instead: WATCHFILES_FORCE_POLLING=1 abreast serve DECK",
        ) from None
