import subprocess
import sys

import pytest


def call(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "abreast", *arguments], capture_output=True, text=True, check=False
    )


def test_help_lists_the_commands_and_imports_nothing_slow():
    script = (
        "import sys\nfrom abreast.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "slow = {'pydantic', 'rich', 'jinja2', 'papermill', 'nbconvert', 'nbformat', 'pygments'}\n"
        "assert not slow & set(sys.modules), slow & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for name in ("new", "env", "run", "build", "align", "doctor", "schema"):
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["biuld"], "Did you mean 'build'?"),
        (["build"], "Missing argument 'DECK'"),
        (["env", "install", "pytorhc"], "Did you mean 'pytorch'?"),
        (["build", "x", "--name", "../y"], "is not a folder's name"),
        (["align", "missing.ipynb"], "'missing.ipynb' does not exist"),
    ],
)
def test_wrong_usage_exits_with_2_and_no_traceback(arguments, expected):
    done = call(*arguments)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_build_never_imports_nbconvert():
    script = "import sys, abreast.pipeline\nassert 'nbconvert' not in sys.modules\n"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
