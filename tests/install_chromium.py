"""Make sure that a Chromium is there for the browser tests: on the PATH, else installed.

Playwright's own installer is tried first, then apt as root.
"""

import subprocess
import sys

from abreast.render.browser import find_chromium


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
