"""The user's browser."""

from __future__ import annotations


def open_address(address: str) -> None:
    """Open an address that this process serves."""
    import threading
    import webbrowser

    # Some browsers keep who opens them waiting, and the page comes from here.
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
