"""The workflows under .github/, checked by actionlint and for what it does not look at."""

import re

import pytest

from tests.actionlint import lint
from tests.conftest import ROOT
from tests.npm import NotFetchedError

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def linted(*paths):
    try:
        return lint(*paths)
    except NotFetchedError as error:
        pytest.skip(str(error))


@pytest.mark.network
def test_actionlint_finds_nothing():
    assert WORKFLOWS
    assert linted(*WORKFLOWS) == []


@pytest.mark.network
def test_actionlint_would_find_mistakes_and_untrusted_input(tmp_path):
    bad = tmp_path / "bad.yml"
    bad.write_text(
        "on: push\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps:\n"
        "      - run: echo ${{ github.event.head_commit.message }}\n      - rum: echo\n"
    )
    messages = [found["message"] for found in linted(bad)]
    assert any("potentially untrusted" in message for message in messages)
    assert any('"rum"' in message for message in messages)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_expressions_stay_out_of_the_shell(path):
    text = path.read_text(encoding="utf-8")
    uses = re.findall(r"uses: (\S+)(.*)", text)
    assert uses
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name) for name, _ in uses)
    assert all(re.fullmatch(r" # v\d+\.\d+\.\d+", version) for _, version in uses)
    shell = re.findall(r"run: (?:\|\n((?: {10}.*\n|\n)+)|(.*))", text)
    assert not any("${{" in block or "${{" in line for block, line in shell)
    assert re.search(r"^permissions: \{\}$", text, re.MULTILINE)
    assert text.count("timeout-minutes:") == text.count("runs-on:")
