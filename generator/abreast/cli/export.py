"""abreast export."""

from __future__ import annotations

from pathlib import Path

import click

_NAMES = {"pdf": "{}.pdf", "pptx": "{}.pptx", "html": "{}-audience.html"}


@click.command("export")
@click.argument("deck")
@click.option("--to", "form", type=click.Choice(list(_NAMES)), required=True)
@click.option("--steps", is_flag=True, help="pdf: a page for each step, not for each slide.")
@click.option("--audience", is_flag=True, help="pptx, html: without the speaker's notes.")
@click.option("--columns", "names", metavar="A,B", help="pdf, pptx: show only these columns.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; DECK.pdf, DECK.pptx or DECK-audience.html here unless given.",
)  # fmt: skip
def command(
    deck: str, form: str, steps: bool, audience: bool, names: str | None, output: Path | None
) -> None:
    """Write the built DECK as a file to hand out.

    pdf: a page a slide, with selectable text and links. pptx: each slide a picture, with notes,
    title and links. html: the same single page for the audience, without notes.

    DECK is a folder, a deck.yml, a name in decks/, or (pdf, pptx) a page that abreast built.
    """
    from abreast.cli.built import built_page, page_name
    from abreast.cli.console import progress
    from abreast.events import Said, Wrote
    from abreast.writing import check_target, write_whole

    columns = [name.strip() for name in (names or "").split(",") if name.strip()]
    _check_options(form, steps=steps, audience=audience, columns=columns)
    page = built_page(deck)
    target = output or Path(_NAMES[form].format(page_name(page)))
    check_target(target)
    with progress(as_json=False) as emit:
        emit(Said(text=f"exporting {page_name(page)} to {form}"))
        content, what = _content(page, form, steps=steps, audience=audience, columns=columns)
        write_whole(target, content)
        emit(Wrote(path=target, what=what, bytes=len(content)))


def _check_options(form: str, *, steps: bool, audience: bool, columns: list[str]) -> None:
    from abreast.errors import UsageError

    if steps and form != "pdf":
        raise UsageError("--steps is for pdf: others have one picture a slide.", remedy="--to pdf")
    if audience and form == "pdf":
        raise UsageError("--audience: a PDF has no notes in any case.", remedy="Leave it out.")
    if form == "html" and not audience:
        raise UsageError(
            "the page with its notes is outputs/DECK/index.html already.",
            remedy="For one without notes add --audience.",
        )
    if form == "html" and columns:
        raise UsageError(
            "--columns: a page shows columns by its address.",
            remedy=f"Open it with ?columns={','.join(columns)} at the end.",
        )


def _content(
    page: Path, form: str, *, steps: bool, audience: bool, columns: list[str]
) -> tuple[bytes, str]:
    """Return the file's bytes, and its extent in words."""
    if form == "html":
        return _audience_page(page)
    if form == "pptx":
        from abreast.render.pptx import pptx_slides

        content, count = pptx_slides(page, notes=not audience, columns=columns)
        return content, f"{count} slides"
    from abreast.render.pdf import pdf_pages

    content, count = pdf_pages(page, steps=steps, columns=columns)
    return content, f"{count} pages"


def _audience_page(page: Path) -> tuple[bytes, str]:
    import json

    from abreast.cli.built import page_name
    from abreast.errors import UsageError, shown
    from abreast.render.html import render_html
    from abreast.render.notebook import presentation_of

    merged = page.with_name(f"{page_name(page)}.ipynb")
    try:
        document = json.loads(merged.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UsageError(
            "the deck's merged notebook cannot be read.",
            where=shown(merged),
            remedy="It is built with the page: abreast build DECK",
        ) from None
    presentation = presentation_of(document)
    content = render_html(presentation, notes=False).encode()
    return content, f"{len(presentation.slides)} slides without notes"
