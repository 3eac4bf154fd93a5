"""Where decks are published from: what deck.yml and git's remote say, and the addresses of it."""

import json
import re
import subprocess

import pytest
from abreast.deck.addresses import address_mistakes
from abreast.deck.deckfile import json_schema, load_deck
from abreast.errors import UsageError
from abreast.publish.repository import Repository, checkout

from tests.conftest import prose, write_notebook


def repository(folder):
    return checkout(folder).repository


DECK = "title: T\nframeworks: [pytorch]\n{}sections: [{{title: A, slides: a.ipynb}}]\n"


def git(folder, *arguments):
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", folder, *arguments],
        check=True, capture_output=True,
    )  # fmt: skip


def remote(folder, address, name="origin"):
    git(folder, "remote", "add", name, address)


def deck(project, name="one", keys=""):
    folder = project / "decks" / name
    folder.mkdir(parents=True)
    write_notebook(folder / "a.ipynb", prose("# A"))
    (folder / "deck.yml").write_text(DECK.format(keys), encoding="utf-8")
    return folder / "deck.yml"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A folder under git, with nothing of the user's own settings."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    folder = tmp_path / "kept"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "trunk")
    return folder


def at(root, owner="Ada", name="decks", branch="main", published=None):
    return Repository(
        owner=owner, name=name, branch=branch, root=root, published=published or root / "outputs"
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/ada/my.decks",
        "https://github.com/ada/my.decks.git",
        "https://github.com/ada/my.decks/",
        "https://www.GitHub.com/ada/my.decks.git",
        "https://token:x-oauth-basic@github.com/ada/my.decks.git",
        "http://github.com/ada/my.decks",
        "git://github.com/ada/my.decks.git",
        "ssh://git@github.com/ada/my.decks.git",
        "ssh://git@ssh.github.com:443/ada/my.decks.git",
        "git@github.com:ada/my.decks.git",
        "git@github.com:ada/my.decks",
        "github.com:ada/my.decks.git",
        "org-1234@github.com:/ada/my.decks.git",
    ],
)
def test_every_way_to_name_a_remote_on_github_is_understood(kept, address):
    remote(kept, address)
    assert repository(kept) == at(kept, "ada", "my.decks", "trunk")


@pytest.mark.parametrize(
    "address",
    [
        "https://gitlab.com/ada/decks.git",
        "https://notgithub.com/ada/decks",
        "https://github.com.example.org/ada/decks",
        "https://github.com/ada",
        "https://github.com/ada/decks/tree/main",
        "git@github.com:ada/..",
        "git@work:ada/decks.git",
        "../decks.git",
        "C:\\decks",
        "https://[github.com/ada/decks",
    ],
)
def test_any_other_remote_is_none(kept, address):
    remote(kept, address)
    assert repository(kept) is None


def test_without_git_or_without_a_remote_there_is_none(kept, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert repository(kept) is None
    bare = tmp_path / "bare"
    bare.mkdir()
    assert repository(bare) is None
    monkeypatch.setenv("PATH", str(bare))
    assert repository(kept) is None


def test_an_abbreviated_address_is_what_git_takes_it_for(kept):
    git(kept, "config", "url.git@github.com:.insteadOf", "gh:")
    remote(kept, "gh:ada/decks")
    assert repository(kept).name == "decks"


def test_origin_comes_before_other_remotes_and_else_the_only_one_counts(kept):
    remote(kept, "https://github.com/bob/decks", "upstream")
    assert repository(kept).owner == "bob"
    remote(kept, "https://github.com/ada/decks")
    assert repository(kept).owner == "ada"
    git(kept, "remote", "rename", "origin", "mine")
    assert repository(kept) is None


def test_the_branch_is_the_remotes_default_else_the_current_one_else_main(kept):
    remote(kept, "https://github.com/ada/decks")
    assert repository(kept).branch == "trunk"  # no commit yet
    git(kept, "commit", "--allow-empty", "--message", "x")
    git(kept, "switch", "--create", "talks/2026")
    assert repository(kept).branch == "talks/2026"
    git(kept, "switch", "--detach")
    assert repository(kept).branch == "main"
    git(kept, "update-ref", "refs/remotes/origin/a/b", "HEAD")
    git(kept, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/a/b")
    assert repository(kept).branch == "a/b"


def test_a_project_may_lie_deeper_in_its_repository(kept):
    remote(kept, "https://github.com/ada/decks")
    talks = kept / "some talks"
    talks.mkdir()
    found = repository(talks)
    assert (found.root, found.published) == (kept, talks / "outputs")
    page = talks / "outputs" / "mlp" / "index.html"
    assert found.pages(page) == "https://ada.github.io/decks/mlp/"


def test_deck_files_come_before_git(kept):
    remote(kept, "https://github.com/bob/fork")
    deck(kept, "a")
    deck(kept, "b", "repository: ada/decks\nbranch: gh/talks\n")
    assert repository(kept) == at(kept, "ada", "decks", "gh/talks")


def test_a_deck_file_is_enough(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    deck(tmp_path, keys="repository: ada/decks\n")
    assert repository(tmp_path) == at(tmp_path, "ada")


def test_a_branch_alone_is_enough_beside_a_remote(kept):
    remote(kept, "https://github.com/ada/decks")
    deck(kept, keys="branch: stable\n")
    assert repository(kept).branch == "stable"


def test_decks_that_disagree_are_named_with_their_lines(tmp_path):
    deck(tmp_path, "a", "repository: ada/decks\nbranch: main\n")
    deck(tmp_path, "b", "repository: bob/decks\n")
    deck(tmp_path, "c", "branch: trunk\n")
    with pytest.raises(UsageError) as caught:
        repository(tmp_path)
    first, second = map(str, caught.value.mistakes)
    assert "b/deck.yml:3: 'repository' is bob/decks here and ada/decks in a." in first
    assert "c/deck.yml:3: 'branch' is trunk here and main in a." in second
    assert "say it once" in second


def test_mistakes_are_told_together_with_line_and_remedy(tmp_path):
    keys = "repository: https://github.com/ada/decks.git\nbranch: two words\n"
    path = deck(tmp_path, keys=keys)
    for read in (load_deck, lambda _: repository(tmp_path)):
        with pytest.raises(UsageError) as caught:
            read(path)
        first, second = map(str, caught.value.mistakes)
        assert "deck.yml:3: " in first
        assert first.endswith("Write: repository: ada/decks")
        assert second.endswith("deck.yml:4: 'two words' is no branch's name. Write: branch: main")


@pytest.mark.parametrize(
    "name",
    [
        "ada",
        "ada/",
        "/decks",
        "ada/..",
        "ada/a b",
        "-ada/x",
        "a/b/c",
        "ada/x.git",
        "ada/x\n",
        "ä/x",
    ],
)
def test_what_is_no_repository_is_a_mistake(name):
    assert [key for key, _, _ in address_mistakes(name, None)] == ["repository"]
    pattern = json.loads(json_schema())["properties"]["repository"]["pattern"]
    assert name.endswith("\n") or not re.search(pattern, name)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("ada/talks.git", "ada/talks"),
        ("git@github.com:ada/talks.git", "ada/talks"),
        ("https://github.com/ada/my.talks/", "ada/my.talks"),
        ("ssh://git@github.com/ada/talks.git", "ada/talks"),
        ("ada/..", "OWNER/REPO"),
        ("git@work:ada/talks.git", "OWNER/REPO"),
    ],
)
def test_the_remedy_is_what_was_meant(name, remedy):
    ((_, _, said),) = address_mistakes(name, None)
    assert said == f"Write: repository: {remedy}"


def test_what_yaml_takes_for_a_number_is_no_branch_and_all_files_are_told(tmp_path):
    deck(tmp_path, "a", "branch: 1.10\n")
    deck(tmp_path, "b", "repository: ada/decks.git\n")
    with pytest.raises(UsageError) as caught:
        repository(tmp_path)
    first, second = map(str, caught.value.mistakes)
    assert first.endswith("a/deck.yml:3: 'branch' is no text for YAML. "
                          'Put it into quotes: branch: "…"')  # fmt: skip
    assert "b/deck.yml:3: " in second


@pytest.mark.parametrize(
    "name", ["", "/a", "a/", "a..b", "a b", "a~1", "@", "x.lock", "-f", "a//b"]
)
def test_what_is_no_branch_is_a_mistake(name):
    assert [key for key, _, _ in address_mistakes(None, name)] == ["branch"]


def test_usual_names_are_no_mistake():
    pattern = json.loads(json_schema())["properties"]["repository"]["pattern"]
    for name in ("ada/decks", "Ada-L/d.e_f-1", "ada_corp/x", "d2l-ai/.github", "a/x.gitter"):
        assert not [*address_mistakes(name, "release/1.0@x")]
        assert re.search(pattern, name)


def test_the_json_schema_has_both_keys():
    properties = json.loads(json_schema())["properties"]
    assert "OWNER/REPO" in properties["repository"]["description"]
    assert properties["branch"]["description"]


def test_addresses_of_a_deck(tmp_path):
    here = at(tmp_path, branch="a/b")
    path = tmp_path / "outputs" / "größe 1#" / "größe 1#.ipynb"
    quoted = "gr%C3%B6%C3%9Fe%201%23"
    blob = f"github/Ada/decks/blob/a%2Fb/outputs/{quoted}/{quoted}.ipynb"
    assert here.nbviewer(path) == f"https://nbviewer.org/{blob}"
    assert here.nbviewer_slides(path) == f"https://nbviewer.org/format/slides/{blob}"
    assert here.pages(path) == f"https://ada.github.io/decks/{quoted}/{quoted}.ipynb"
    relative = path.relative_to(tmp_path)
    assert here.nbviewer(relative) == here.nbviewer(path)


def test_pages_serve_an_index_as_its_folder(tmp_path):
    here = at(tmp_path)
    assert here.pages("outputs/index.html") == "https://ada.github.io/decks/"
    assert here.pages("outputs") == "https://ada.github.io/decks/"
    assert here.pages("outputs/mlp/index.html") == "https://ada.github.io/decks/mlp/"
    assert here.pages("outputs/mlp/myindex.html") == "https://ada.github.io/decks/mlp/myindex.html"


def test_an_owners_own_site_is_served_at_the_root(tmp_path):
    here = at(tmp_path, name="ada.GitHub.io")
    assert here.pages("outputs/mlp/index.html") == "https://ada.github.io/mlp/"
    assert here.pages("outputs/index.html") == "https://ada.github.io/"


def test_what_lies_outside_has_no_address(tmp_path):
    here = at(tmp_path)
    for address in (here.pages, here.nbviewer):
        with pytest.raises(ValueError, match="not in the subpath"):
            address(tmp_path.parent / "x.html")
    with pytest.raises(ValueError, match="not in the subpath"):
        here.pages("decks/mlp/deck.yml")
