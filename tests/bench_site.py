"""How long the page of all decks takes to answer what is typed: `make bench-site`.

Nine decks of 34 slides with code in four columns, the least of nine answers to each search, layout
included. Prints milliseconds; a screen shows 60 frames a second, one in 16.7 ms.
"""

import json
import tempfile
from pathlib import Path

from abreast.publish.site import write_site
from playwright.sync_api import sync_playwright

from tests.install_chromium import find_chromium
from tests.sited import ANSWERED, ROWS, SEARCHES, large_decks


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        outputs = Path(folder) / "outputs"
        large_decks(outputs)
        site = write_site(outputs)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(site.as_uri())
        took = {words: round(min(page.evaluate(ANSWERED, words)), 1) for words in SEARCHES}
        rows = page.evaluate(ROWS)
        browser.close()
    print(json.dumps({"rows": rows, "answer_ms": took}, indent=1))


if __name__ == "__main__":
    main()
