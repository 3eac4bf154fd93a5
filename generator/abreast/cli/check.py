"""abreast check."""

from __future__ import annotations

import json

import click


@click.command("check")
@click.argument("deck")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(deck: str, as_json: bool) -> None:
    """Open the built DECK in Chromium and say what falls short on its slides.

    At three sizes: what is clipped, type that is too small, bands that are uneven; and colours
    without contrast, pictures without words, requests, broken links, complaints of the browser.
    DECK is a folder, a deck.yml, a name in decks/, or a page that abreast built.
    """
    from abreast.cli.built import built_page, page_name
    from abreast.cli.console import progress
    from abreast.errors import ShortfallError
    from abreast.events import ignore
    from abreast.publish.check import check_page

    page = built_page(deck)
    with progress(as_json=False) as emit:
        report = check_page(page, page_name(page), ignore if as_json else emit)
    if as_json:
        click.echo(json.dumps(report.as_json()))
    else:
        for finding in report.findings:
            click.echo(finding)
    if report.findings:
        raise ShortfallError(str(report))
    if not as_json:
        click.echo(report)
