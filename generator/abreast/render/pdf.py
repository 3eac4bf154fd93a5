"""The deck as a PDF: Chromium prints reveal's print view, one page a slide or one a step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from abreast.errors import AbreastError, shown
from abreast.render.browser import blank_page, open_deck
from abreast.render.pdfmark import page_digest, with_mark
from abreast.slides.metrics import HEIGHT, WIDTH

_LAID_OUT = """() => {
    const pages = document.querySelectorAll(".pdf-page").length;
    return pages && [pages, Reveal.getTotalSlides()];
}"""
_PAGE_OBJECT = re.compile(rb"/Type\s*/Page\b")

_PLACES = "Reveal.getSlides().map((slide) => Reveal.getIndices(slide))"

# A link to a slide names its place in the deck (#/3): the printed page has no element of that name.
# reveal hides all slides but one from screen readers, and so from the tags and the outline; of a
# slide's steps the first alone stands in the outline.
_PREPARE = r"""(places) => {
    const all = [...document.querySelectorAll(".pdf-page section.slide")];
    const first = all.filter((slide) => !slide.querySelector(".current-fragment"));
    for (const slide of all) {
        ["hidden", "aria-hidden", "inert"].forEach((name) => slide.removeAttribute(name));
        if (first.includes(slide)) continue;
        slide.querySelectorAll("h1, h2").forEach((h) => h.setAttribute("role", "presentation"));
    }
    const at = (h, v) => first[places.findIndex((p) => p.h === h && (p.v ?? 0) === v)];
    for (const link of document.querySelectorAll('.pdf-page a[href^="#/"]')) {
        const [name, below] = link.getAttribute("href").slice(2).split("/");
        const named = document.getElementById(decodeURIComponent(name));
        const target = named ?? at(Number(name), Number(below ?? 0));
        if (!target) continue;
        target.id ||= `slide-${first.indexOf(target)}`;
        link.setAttribute("href", `#${target.id}`);
    }
}"""


def pdf_pages(path: Path, *, steps: bool = False, columns: Sequence[str] = ()) -> tuple[bytes, int]:
    """Return the deck's page as a PDF, and how many pages it has: one a slide.

    With `steps` each press of the key has a page; with `columns` only those are shown. The PDF says
    from which page it was printed, see `pdfmark`.

    Raises EnvironmentMissingError without Playwright or Chromium, UsageError for a page that is no
    deck or has no such column, AbreastError when a slide took more than its page.
    """
    query = ["print-pdf", *(["steps"] if steps else [])]
    with blank_page(width=WIDTH, height=HEIGHT) as page:
        open_deck(page, path)
        digest = page_digest(path.read_bytes())
        places = page.evaluate(_PLACES)
        open_deck(page, path, query=query, columns=columns)
        pages, slides = page.wait_for_function(_LAID_OUT).json_value()
        page.evaluate(_PREPARE, places)
        content = page.pdf(
            width=f"{WIDTH}px",
            height=f"{HEIGHT}px",
            print_background=True,
            prefer_css_page_size=True,
            tagged=True,
            outline=True,
        )
    printed = len(_PAGE_OBJECT.findall(content))
    if printed != pages or (not steps and pages != slides):
        raise AbreastError(
            f"{slides} slides were laid out on {pages} pages, and {printed} were printed.",
            where=shown(path),
            remedy="abreast check says which slide is too long.",
        )
    return with_mark(content, digest), printed
