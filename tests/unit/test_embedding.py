"""Pictures come into the deck, however their place is written; what cannot is told."""

import pytest
from abreast.assets import for_script, for_style
from abreast.errors import UsageError
from abreast.render.prose import embed_images, markdown_html


@pytest.fixture
def folder(tmp_path):
    for name in ("a.png", "größe.png", "my pic.png"):
        (tmp_path / name).write_bytes(b"\x89PNG")
    return tmp_path


def embedded(folder, text):
    return embed_images(text, folder, folder / "n.ipynb")


@pytest.mark.parametrize(
    "text",
    [
        "![a](a.png)",
        "![the row x[1] of x](a.png)",
        "![a](größe.png)",
        "![a](<my pic.png>)",
        "![a](my%20pic.png)",
        "![a]( a.png )",
        '![a](a.png "title")',
        "![a][r]\n\n[r]: a.png",
        "<IMG SRC=a.png>",
        "<img alt='a' src = 'my pic.png'>",
    ],
)
def test_a_picture_is_embedded_however_its_place_is_written(folder, text):
    assert "data:image/png;base64,iVBORw" in embedded(folder, text)


def test_attachments_and_code_that_shows_how_pictures_are_written_stay(folder):
    for text in ("![a](attachment:a.png)", "```\n![a](lacking.png)\n```"):
        assert embedded(folder, text) == text


def test_what_is_missing_or_elsewhere_is_told(folder):
    for text in ("![a](lacking.png)", "![a](https://a.example/b.png)"):
        with pytest.raises(UsageError):
            embedded(folder, text)


def test_links_that_run_scripts_are_no_links():
    assert "href" not in markdown_html("[x](javascript:alert(1))")
    assert "href" in markdown_html("[x](https://a.example)")


def test_end_tags_in_any_case_cannot_end_a_script_or_a_style():
    assert "</SCRIPT" not in for_script("x</SCRIPT><script>")
    assert "</Style" not in for_style("x</Style>")
