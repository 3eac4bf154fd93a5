"""The deck as PowerPoint: each slide a picture, with its real notes, title, words and links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abreast.errors import EnvironmentMissingError
from abreast.render.browser import blank_page, open_deck
from abreast.slides.metrics import HEIGHT, WIDTH

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Document
    from pptx.shapes.autoshape import Shape
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide
    from pptx.util import Length

_PER_PX = 9525  # of PowerPoint's lengths: the slide is 13.33 by 7.5 inches
_TITLE_ONLY = 5  # of the default template's layouts
_SCALE = 2  # device pixels per px: sharp on a projector of 2560 by 1440
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
PICTURE_SCRIPT = Path(__file__).with_name("picture.js")
"""Gives a deck's page `abreastPicture`, which shows a slide as after its last step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """A slide as PNG with what stands in it; `links` have their places in px of the slide."""

    png: bytes
    title: str
    words: str
    notes: tuple[str, ...]
    links: tuple[dict[str, Any], ...]


def pptx_slides(
    path: Path, *, notes: bool = True, columns: Sequence[str] = ()
) -> tuple[bytes, int]:
    """Return the deck's page as a .pptx, 16:9, and how many slides it has.

    A slide is as it stands after its last step. Without `notes` the speaker's words are left out;
    with `columns` only those are shown.

    Raises EnvironmentMissingError without python-pptx, Playwright or Chromium, UsageError for a
    page that is no deck or has no such column.
    """
    try:
        from pptx import Presentation  # noqa: PLC0415 - an extra
    except ImportError:
        raise EnvironmentMissingError(
            "python-pptx is not installed.", remedy="pip install 'abreast[pptx]'"
        ) from None
    document = Presentation()
    document.slide_width, document.slide_height = _px(WIDTH), _px(HEIGHT)
    pictures = list(_pictures(path, columns, document))
    slides = [_add_slide(document, picture, notes=notes) for picture in pictures]
    # Last, when the slides to which links lead are there.
    for slide, picture in zip(slides, pictures, strict=True):
        for link in picture.links:
            _add_link(slide, link, slides)
    content = BytesIO()
    document.save(content)
    return content.getvalue(), len(slides)


def _pictures(path: Path, columns: Sequence[str], document: Document) -> Iterator[_Picture]:
    with blank_page(width=WIDTH, height=HEIGHT, scale=_SCALE) as page:
        open_deck(page, path, columns=columns)
        page.evaluate(PICTURE_SCRIPT.read_text(encoding="utf-8"))
        deck = page.evaluate("abreastPicture.deck()")
        properties = document.core_properties
        properties.title, properties.language = deck["title"], deck["language"]
        for index in range(deck["slides"]):
            shown = page.evaluate(f"abreastPicture.show({index})")
            yield _Picture(
                png=page.screenshot(type="png"),
                title=shown["title"],
                words=shown["words"],
                notes=tuple(shown["notes"]),
                links=tuple(shown["links"]),
            )


def _add_slide(document: Document, picture: _Picture, *, notes: bool) -> Slide:
    slide: Slide = document.slides.add_slide(document.slide_layouts[_TITLE_ONLY])
    title = slide.shapes.title
    assert title is not None  # noqa: S101 - of this layout
    # Above the slide: outline and screen readers have it, the picture already shows it.
    title.left, title.top, title.width, title.height = _px(0), _px(-80), _px(WIDTH), _px(60)
    title.text_frame.text = picture.title
    drawn = slide.shapes.add_picture(
        BytesIO(picture.png), _px(0), _px(0), width=_px(WIDTH), height=_px(HEIGHT)
    )
    _describe(drawn, picture.words)
    if notes and picture.notes:
        frame = slide.notes_slide.notes_text_frame
        assert frame is not None  # noqa: S101 - of the default notes page
        frame.text = "\n".join(picture.notes)
    return slide


def _add_link(slide: Slide, link: dict[str, Any], slides: Sequence[Slide]) -> None:
    from pptx.enum.shapes import MSO_SHAPE  # noqa: PLC0415

    places = (_px(link[side]) for side in ("left", "top", "width", "height"))
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *places)
    shape.name = f"Link: {link['words']}"
    _describe(shape, link["words"])
    shape.line.fill.background()
    _make_transparent(shape)
    if link["slide"] is None:
        shape.click_action.hyperlink.address = link["address"]
    else:
        shape.click_action.target_slide = slides[link["slide"]]


def _describe(shape: BaseShape, words: str) -> None:
    """Set what a screen reader says of a shape: python-pptx has no door to it."""
    properties = shape._element.xpath("./*/p:cNvPr")[0]  # noqa: SLF001
    properties.set("descr", words)


def _make_transparent(shape: Shape) -> None:
    """Fill the shape with what cannot be seen: without any fill it could not be clicked."""
    from pptx.oxml import parse_xml  # noqa: PLC0415

    shape.shadow.inherit = False
    shape.fill.solid()
    clear = f'<a:srgbClr xmlns:a="{_DRAWING}" val="FFFFFF"><a:alpha val="0"/></a:srgbClr>'
    shape._element.spPr.find(f"{{{_DRAWING}}}solidFill").append(parse_xml(clear))  # noqa: SLF001


def _px(length: float) -> Length:
    from pptx.util import Emu  # noqa: PLC0415

    return Emu(round(length * _PER_PX))
