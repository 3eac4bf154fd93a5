"""Chromium: where it is, and a page of it with a deck open. Decks are checked and printed there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from abreast.errors import AbreastError, EnvironmentMissingError, UsageError, nearest, shown

if TYPE_CHECKING:
    from playwright.sync_api import Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What Chromium is called on the PATH; the first that is there is taken."""
_START_MS = 60_000
_IS_DECK = "Boolean(window.Reveal && window.abreast)"
_COLUMNS = "[...document.querySelectorAll('dialog.chooser input')].map((box) => box.value)"
_READY = "Promise.all([abreast.ready, document.fonts.ready]).then(() => true)"


def find_chromium() -> str | None:
    """Return the path of a Chromium: on the PATH, else Playwright's own, else None."""
    found = _on_path()
    if found:
        return found
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return _own(playwright)


@contextmanager
def blank_page(*, width: int, height: int, scale: int = 1) -> Iterator[Page]:
    """Yield an empty page of `width` by `height` CSS px, `scale` device pixels each; then close.

    The page has no network and nothing on it moves.

    Raises EnvironmentMissingError without Playwright or Chromium, AbreastError when Chromium fails.
    """
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - an extra
    except ImportError:
        raise EnvironmentMissingError(
            "Playwright, which drives Chromium, is not installed.",
            remedy="pip install 'abreast[check]'",
        ) from None
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=_path(playwright), args=_arguments(), timeout=_START_MS
            )
            try:
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    device_scale_factor=scale,
                    offline=True,
                    reduced_motion="reduce",
                )
                yield context.new_page()
            finally:
                browser.close()
    except Error as error:
        line = error.message.strip().partition("\n")[0].rstrip(".")
        raise AbreastError(
            f"Chromium failed: {line}.", remedy="Try again; abreast doctor says which one it is."
        ) from error


def open_deck(
    page: Page, path: Path, *, query: Sequence[str] = (), columns: Sequence[str] = ()
) -> None:
    """Open a deck's page and wait until it stands, fonts included.

    `query` are the words that follow the "?"; of several `columns` only those named are shown.

    Raises UsageError for a page that is no deck, or has no such column.
    """
    from playwright.sync_api import TimeoutError as NeverReadyError  # noqa: PLC0415 - an extra

    words = [*query, *([f"columns={quote(','.join(columns))}"] if columns else [])]
    page.goto(path.resolve().as_uri() + ("?" if words else "") + "&".join(words))
    try:
        if page.evaluate(_IS_DECK):
            page.wait_for_function(_READY)
            _check_columns(page, path, columns)
            return
    except NeverReadyError:
        pass
    raise UsageError(
        "this page does not open as a deck.",
        where=shown(path),
        remedy="Build it again with this version: abreast build DECK",
    )


def _check_columns(page: Page, path: Path, columns: Sequence[str]) -> None:
    known = page.evaluate(_COLUMNS) if columns else []
    for name in columns:
        if name not in known:
            raise UsageError(
                f"the deck has no column '{name}'.", where=shown(path), remedy=nearest(name, known)
            )


def _path(playwright: Playwright) -> str:
    found = _on_path() or _own(playwright)
    if found is None:
        raise EnvironmentMissingError(
            "no Chromium was found.",
            remedy="Put chromium on the PATH, or: python -m playwright install chromium",
        )
    return found


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _own(playwright: Playwright) -> str | None:
    path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _arguments() -> list[str]:
    arguments = ["--disable-background-networking"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # as root Chromium starts only without
    return arguments
