"""Make sure that a Chromium is there for the browser tests: on the PATH, else installed.

Playwright's own installer is tried first, then apt as root.
"""

import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the path of a Chromium: on the PATH, else Playwright's own."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def main() -> int:
    """Install Chromium unless it is there."""
    if find_chromium():
        return 0
    print("No Chromium on the PATH: trying Playwright's installer, then apt.")
    for commands in (
        [[sys.executable, "-m", "playwright", "install", "chromium"]],
        [["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "chromium"]],
    ):
        try:
            for command in commands:
                subprocess.run(command, check=True, timeout=900)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"did not work: {error}")
        if find_chromium():
            return 0
    print("error: no Chromium. Install one, so that `chromium` is on the PATH.")
    return 4


if __name__ == "__main__":
    raise SystemExit(main())
