"""The deck's own stylesheet: on top of the theme, with its files inside."""

import pytest
from abreast.errors import UsageError
from abreast.render.fonts import font_css
from abreast.render.styles import own_stylesheet, stylesheets


def test_files_beside_the_stylesheet_are_embedded(tmp_path):
    (tmp_path / "logo.svg").write_text("<svg/>", encoding="utf-8")
    css = tmp_path / "brand.css"
    css.write_text(":root{--accent:red} h2{background:url('logo.svg')}", encoding="utf-8")
    assert "url(data:image/svg+xml;base64,PHN2Zy8+)" in own_stylesheet(css)


def test_what_would_be_loaded_from_elsewhere_is_refused_with_its_line(tmp_path):
    css = tmp_path / "brand.css"
    css.write_text(
        '@import "https://fonts.example/x.css";\nh2{background:url(https://a.example/b.png)}\n'
        "p{background:url(lacking.png)}",
        encoding="utf-8",
    )
    with pytest.raises(UsageError) as error:
        own_stylesheet(css)
    assert [mistake.where.rpartition(":")[2] for mistake in error.value.mistakes] == ["1", "2", "3"]


def test_nothing_in_the_styles_of_every_deck_is_loaded_from_elsewhere():
    for sheet in stylesheets():
        assert "url(" not in sheet.replace("url(data:", "")
        assert "@import" not in sheet


def test_fonts_are_embedded_only_for_characters_that_are_there():
    latin, greek = font_css("plain"), font_css("θ")
    assert latin.count("@font-face") == 4
    assert greek.count("@font-face") == 8
