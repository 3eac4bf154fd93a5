"""abreast publish: Pages' workflow, .nojekyll, and a table between two markers of the README."""

import shutil
import subprocess

import pytest
from abreast.errors import UsageError
from abreast.publish.pages import WORKFLOW, is_untouched, other_deployment, workflow
from abreast.publish.publication import publication, write_files
from abreast.publish.readme import BEGIN, END, find_readme, read_readme, table_lines, with_table
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from tests.conftest import Project, code, prose
from tests.unit.test_workflows import linted

TABLE = "| Deck |\n| --- |\n| [A](a) |"
ADDRESS = "https://github.com/Ada/decks.git"


@pytest.fixture(scope="module")
def kept_decks(tmp_path_factory):
    """A project with two built decks, one with a name and a title that want quoting."""
    folder = tmp_path_factory.mktemp("published") / "project"
    folder.mkdir()
    project = Project(folder)
    for name, title in (("mlp", "Perceptrons"), ("größe 1#", "Sizes | *a* [b] <i> $1$ & `c`")):
        project.deck(
            name,
            f"title: '{title}'\nminutes: 12.5\nframeworks: [pytorch, {{name: r, title: R, kernel: x}}]\n"
            "sections: [{title: One, abreast: {pytorch: a.ipynb, r: b.ipynb}}]\n",
            a=[prose("## A"), code("x = 1")],
            b=[prose("## A"), code("y = 1")],
        )
        done = project.call("build", "--no-run", name)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def decks(kept_decks, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "talks"
    shutil.copytree(kept_decks, folder)
    return folder


def git(folder, *arguments):
    subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)


def write(folder):
    found = publication(folder / "outputs")
    return found, [file.path.relative_to(folder).as_posix() for file in write_files(found.files)]


def on_github(folder):
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "remote", "add", "origin", ADDRESS)


def test_everything_is_written_once_and_then_nothing(decks):
    on_github(decks)
    (decks / "README.md").write_bytes(b"# Talks\n")
    found, written = write(decks)
    assert written == [".github/workflows/pages.yml", "outputs/.nojekyll", "README.md"]
    assert found.repository.name == "decks"
    assert write(decks)[1] == []
    text = (decks / "README.md").read_text(encoding="utf-8")
    assert text.startswith(f"# Talks\n\n## Decks\n\n{BEGIN}\n\n| Deck |")
    assert text.endswith(f"|\n\n{END}\n")
    assert table_lines(text) == (5, 12)
    assert "lines 5 to 12; there were no markers" in found.files[2].about


def test_the_table_links_to_pages_and_nbviewer(decks):
    on_github(decks)
    write(decks)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(read_readme(decks / "README.md"))
    quoted = "gr%C3%B6%C3%9Fe%201%23"
    blob = "https://nbviewer.org/format/slides/github/Ada/decks/blob/main/outputs"
    for address in (
        "https://ada.github.io/decks/mlp/",
        f"https://ada.github.io/decks/{quoted}/",
        f"{blob}/mlp/mlp.ipynb",
        f"{blob}/{quoted}/{quoted}.ipynb",
        f"outputs/{quoted}/{quoted}.ipynb",
    ):
        assert f'href="{address}"' in html
    assert ">Sizes | *a* [b] &lt;i&gt; $1$ &amp; `c`</a>" in html
    assert html.count("<tr>") == 3
    assert "<td>PyTorch, R</td>" in html
    assert ">12.5</td>" in html
    assert "as found" in html


def test_without_a_repository_links_are_relative(decks, project):
    (decks / "README.md").write_text("# Talks\n", encoding="utf-8")
    project.folder = decks
    done = project.call("publish")
    assert done.returncode == 0, done.stderr
    text = read_readme(decks / "README.md")
    assert "](outputs/mlp/index.html)" in text
    assert "](outputs/mlp/mlp.ipynb)" in text
    assert "http" not in text
    assert "repository: OWNER/REPO" in done.stdout
    assert "git remote add origin" in done.stdout


def test_it_says_what_it_did_and_what_comes_next(decks, project):
    on_github(decks)
    (decks / ".gitignore").write_text("outputs/\n", encoding="utf-8")
    project.folder = decks
    said = project.call("publish").stdout
    assert (
        "wrote .github/workflows/pages.yml: Pages serves outputs/ after each push to main" in said
    )
    assert "git ignores outputs/" in said
    assert "abreast site: writes outputs/index.html" in said
    assert "Nothing was pushed." in said
    assert "https://github.com/Ada/decks/settings/pages" in said
    assert "https://ada.github.io/decks/" in said
    again = project.call("publish").stdout
    assert "wrote" not in again
    assert "README.md is up to date" in again


def test_nothing_built_is_an_error_with_a_remedy(project):
    done = project.call("publish")
    assert done.returncode == 2
    assert "abreast build" in done.stderr


def test_a_workflow_that_was_edited_is_left_alone_and_named(decks):
    write(decks)
    path = decks / WORKFLOW
    edited = path.read_text(encoding="utf-8").replace("timeout-minutes: 15", "timeout-minutes: 5")
    path.write_text(edited, encoding="utf-8")
    found, written = write(decks)
    assert written == []
    assert path.read_text(encoding="utf-8") == edited
    assert "left alone" in found.files[0].about


def test_a_workflow_of_an_older_abreast_is_brought_up_to_date(decks):
    on_github(decks)
    path = decks / WORKFLOW
    path.parent.mkdir(parents=True)
    path.write_text(workflow("trunk", "elsewhere"), encoding="utf-8")
    assert WORKFLOW.as_posix() in write(decks)[1]
    assert path.read_text(encoding="utf-8") == workflow("main", "outputs")


def test_a_checkout_with_other_line_ends_changes_nothing(decks):
    write(decks)
    for name in (WORKFLOW, "README.md"):
        path = decks / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert write(decks)[1] == []


def test_a_site_that_another_workflow_deploys_is_not_replaced(decks):
    folder = (decks / WORKFLOW).parent
    folder.mkdir(parents=True)
    (folder / "ci.yml").write_text("# uses: actions/deploy-pages@v4\n", encoding="utf-8")
    assert other_deployment(folder) is None
    (folder / "docs.yaml").write_text("  - uses: actions/deploy-pages@v4\n", encoding="utf-8")
    found, written = write(decks)
    assert WORKFLOW.as_posix() not in written
    assert "docs.yaml deploys to Pages" in found.files[0].about


def test_a_project_deeper_in_its_repository_publishes_its_own_outputs(decks, tmp_path):
    talks = tmp_path / "repository" / "talks"
    talks.parent.mkdir()
    decks.rename(talks)
    on_github(talks.parent)
    found = publication(talks / "outputs")
    assert len([*write_files(found.files)]) == 3
    assert found.files[0].path == talks.parent / WORKFLOW
    text = (talks.parent / WORKFLOW).read_text(encoding="utf-8")
    assert 'path: "talks/outputs"' in text
    assert "](https://ada.github.io/decks/mlp/)" in read_readme(talks / "README.md")
    assert "blob/main/talks/outputs/mlp/mlp.ipynb" in read_readme(talks / "README.md")


def test_an_outputs_that_is_a_link_is_published_from_its_own_project(decks):
    on_github(decks)
    (decks / "outputs").rename(decks / "site")
    (decks / "outputs").symlink_to("site", target_is_directory=True)
    _, written = write(decks)
    assert written == [".github/workflows/pages.yml", "site/.nojekyll", "README.md"]
    text = (decks / WORKFLOW).read_text(encoding="utf-8")
    assert text == workflow("main", "site"), "git sees a change there only, and Pages serves it"
    readme = read_readme(decks / "README.md")
    assert "](https://ada.github.io/decks/mlp/)" in readme
    assert "](site/mlp/mlp.ipynb)" in readme


@pytest.mark.parametrize("kept", [True, False])
def test_an_outputs_that_is_a_link_out_of_the_repository_is_refused(decks, tmp_path, kept):
    if kept:
        on_github(decks)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (decks / "outputs").rename(elsewhere / "out")
    (decks / "outputs").symlink_to("../elsewhere/out", target_is_directory=True)
    with pytest.raises(UsageError, match="a link out of the repository"):
        write(decks)
    assert [path.name for path in elsewhere.iterdir()] == ["out"]
    assert not (decks / "README.md").exists()


def test_the_minutes_are_those_of_the_site(decks):
    from tests.sited import deck, slide

    deck(decks / "outputs", "lenet", "LeNet", minutes=None)
    deck(decks / "outputs", "unplanned", "Unplanned", [slide("x", seconds=None)], minutes=None)
    write(decks)
    rows = [line.split(" | ") for line in read_readme(decks / "README.md").splitlines()]
    minutes = {row[0].split("]")[0][3:]: row[2] for row in rows if len(row) > 2}
    assert (minutes["LeNet"], minutes["Unplanned"]) == ("4", "")


@pytest.mark.parametrize("branch", ["main", "on", "a/b", "release-1.0", 'we"ird', "[x]*"])
def test_the_workflow_is_yaml_for_any_branch(branch):
    text = workflow(branch, "our talks/outputs")
    tree = YAML(typ="safe").load(text)
    (pattern,) = tree["on"]["push"]["branches"]
    assert pattern.replace("\\", "") == branch
    assert tree["on"]["push"]["paths"] == ["our talks/outputs/**", ".github/workflows/pages.yml"]
    (job,) = tree["jobs"].values()
    assert job["steps"][1]["with"]["path"] == "our talks/outputs"
    assert job["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert not any("run" in step for step in job["steps"])
    assert is_untouched(text)
    assert not is_untouched(text + "# mine\n")
    assert not is_untouched("name: pages\n")


@pytest.mark.network
def test_actionlint_has_nothing_against_the_workflow(tmp_path):
    path = tmp_path / "pages.yml"
    path.write_text(workflow("a/b", "our talks/outputs"), encoding="utf-8")
    assert linted(path) == []


@pytest.mark.parametrize(
    "text",
    [
        "# Ünï\r\n\r\n@B\r\nold\r\n@E\r\n\r\nrest",
        "﻿# Byte order mark\n\n@B\n\nold\n\n@E",
        "no heading, mixed\r\n\n@B\n@E\n tail  \n\n\n",
        "@B\n@E",
        "a paragraph\n@B\nold\n@E\n- a list",
        "\x0c\x85form feeds \u2028 are no line ends\n\n@B\n\n@E\n",
        "<div>\n@B\nx\n@E\n</div>\n",
        "```\n@B\n@E\n```\n\n`@B` and `@E` say where:\n\n@B\n@E\n",
        "    @B\n\ntext\n\n@B\n@E\n",
        "\ufeff@B\n\nold\n\n@E\n",
        "Of abreast:decks, and of `@B @E`, in prose.\n\n> `@B`\n\n@B\n@E\n",
    ],
)
def test_only_what_is_between_the_markers_changes(text, tmp_path):
    text = text.replace("@B", BEGIN).replace("@E", END)
    new = with_table(text, TABLE, tmp_path / "README.md")
    first, last = table_lines(new)
    begin = text.rindex(BEGIN) + len(BEGIN)
    end = text.rindex(END)
    assert new.startswith(text[:begin])
    assert new.endswith(text[end:])
    ending = "\r\n" if text[begin:].startswith("\r\n") else "\n"
    assert new[begin : len(new) - len(text[end:])] == f"\n\n{TABLE}\n\n".replace("\n", ending)
    assert last - first == 6
    assert with_table(new, TABLE, tmp_path / "README.md") == new
    assert "<table>" in MarkdownIt("commonmark").enable("table").render(new)


@pytest.mark.parametrize(
    "text", ["", "# A", "# A\n", "# A\n\n", "# A\r\n", "```\nx\n```", "# A\n\n\n\n"]
)
def test_without_markers_a_section_comes_at_the_end(text, tmp_path):
    new = with_table(text, TABLE, tmp_path / "README.md")
    assert new.startswith(text)
    ending = "\r\n" if "\r" in text else "\n"
    assert f"{ending}{BEGIN}{ending}{ending}| Deck |" in new
    assert new.count("\r") in {0, new.count("\n")}
    assert new.endswith(END + ending)
    if text:
        assert new[len(text.rstrip()) :].startswith(f"{ending}{ending}")
    assert with_table(new, TABLE, tmp_path / "README.md") == new


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n\n@B\n", 3, "the table's other marker is missing: <!-- /abreast:decks -->"),
        ("@E\n", 1, "the table's other marker is missing: <!-- abreast:decks -->"),
        ("@B\n@E\n\n@B\n", 4, "<!-- abreast:decks --> is there again, after line 1"),
        ("@B\n@E\n@E\n", 3, "<!-- /abreast:decks --> is there again, after line 2"),
        ("@E\n@B\n", 1, "comes before"),
        ("# A\n\n@B@E\n", 3, "is not alone on its line"),
        ("# A\n\n@B | @E\n", 3, "is not alone on its line"),
        ("# A\n\n> @B\n> @E\n", 3, "is not alone on its line"),
        ("# A\n\nHere: @B\n@E\n", 3, "is not alone on its line"),
        ("# A\n\ntext\n      @B\n", 4, "is not alone on its line"),
        ("# @B\n\n@B\n@E\n", 1, "is not alone on its line"),
        ("@B\n@E\n\n| @B |\n", 4, "is not alone on its line"),
        ("<!-- abreast:decks: below -->\n", 1, "is not alone on its line"),
    ],
)
def test_markers_that_do_not_fit_are_named_with_their_lines(text, line, what, tmp_path):
    text = text.replace("@B", BEGIN).replace("@E", END)
    path = tmp_path / "README.md"
    with pytest.raises(UsageError) as caught:
        with_table(text, TABLE, path)
    assert f"README.md:{line}: " in str(caught.value)
    assert what in str(caught.value)


def test_a_readme_that_ends_in_a_block_of_code_is_not_added_to(tmp_path):
    with pytest.raises(UsageError, match="never closed"):
        with_table("# A\n\n```\ncode\n", TABLE, tmp_path / "README.md")


def test_a_readme_with_a_mistake_leaves_everything_as_it_is(decks):
    (decks / "README.md").write_text(f"{BEGIN}\n", encoding="utf-8")
    with pytest.raises(UsageError):
        write(decks)
    assert not (decks / WORKFLOW).exists()


def test_a_readme_of_another_encoding_is_named_and_left(decks):
    content = f"# Größe\n\n{BEGIN}\n{END}\n".encode("latin-1")
    (decks / "README.md").write_bytes(content)
    with pytest.raises(UsageError, match=r"README.md: not UTF-8 \(byte 4\)"):
        write(decks)
    assert (decks / "README.md").read_bytes() == content


@pytest.mark.parametrize("name", [".github", ".github/workflows/pages.yml", "outputs/.nojekyll"])
def test_what_is_in_the_place_of_a_file_or_folder_is_named(decks, name):
    in_the_way = decks / name
    if name == ".github":
        in_the_way.write_text("mine")
    else:
        in_the_way.mkdir(parents=True)
    before = sorted(decks.rglob("*"))
    with pytest.raises(UsageError, match=r"(pages.yml|nojekyll): cannot be read: .* Move it away"):
        write(decks)
    assert sorted(decks.rglob("*")) == before


def test_the_readme_is_found_whatever_it_is_called(tmp_path):
    assert find_readme(tmp_path).name == "README.md"
    for name in ("readme", "readme.md", "README.assets"):
        (tmp_path / name).mkdir()
    assert find_readme(tmp_path).name == "README.md"
    assert not find_readme(tmp_path).exists()
    (tmp_path / "readme.rst").touch()
    assert find_readme(tmp_path).name == "readme.rst"
    (tmp_path / "Readme.markdown").touch()
    assert find_readme(tmp_path).name == "Readme.markdown"


def test_a_readme_that_is_no_markdown_is_left_alone_and_named(decks):
    (decks / "README.rst").write_text("Talks\n=====\n", encoding="utf-8")
    found, written = write(decks)
    assert written == [WORKFLOW.as_posix(), "outputs/.nojekyll"]
    assert "left alone" in found.files[2].about
    assert not (decks / "README.md").exists()


def test_a_nojekyll_of_the_users_stays(decks):
    (decks / "outputs" / ".nojekyll").write_text("why\n", encoding="utf-8")
    assert "outputs/.nojekyll" not in write(decks)[1]


def test_the_order_is_that_of_the_site(decks):
    from abreast.publish.site.file import MARKER

    head = f'{MARKER}<meta name="abreast:first" content="mlp">'
    (decks / "outputs" / "index.html").write_text(head, encoding="utf-8")
    write(decks)
    text = read_readme(decks / "README.md")
    assert text.index("Perceptrons") < text.index("Sizes")
