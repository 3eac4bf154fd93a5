"""From saving a file to the picture: `make bench-serve`.

`abreast serve` shows a deck in Chromium, words are edited as editors save them, and the page's own
clock tells when it has drawn them: the frame after the one in which they stood in the document. Both
clocks are this machine's. Prints the median and the worst of the edits in milliseconds.
"""

import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from abreast.render.browser import find_chromium
from playwright.sync_api import sync_playwright

from tests.bench_render import edit, write_deck
from tests.browser.test_serve import Served
from tests.conftest import ROOT, Project

EDITS = 20
# A mark in the words, looked for where the edit is: reading the whole page would take its own time.
DRAWN = """word => new Promise(resolve => {
  const found = () => document.body.textContent.includes(word);
  const seen = () => requestAnimationFrame(() => resolve(Date.now()));
  if (found()) return seen();
  const watcher = new MutationObserver(() => {
    if (found()) { watcher.disconnect(); seen(); }
  });
  watcher.observe(document.querySelector(".slides"), {childList: true, subtree: true});
})"""


def alexnet(project):
    """Copy the deck of this repository, with its runs."""
    for name in ("decks", "outputs"):
        shutil.copytree(ROOT / name, project.folder / name)
    (project.folder / "decks" / "alexnet").rename(project.folder / "decks" / "deck")
    return project.folder / "decks" / "deck" / "overview.ipynb"


def thousand(project):
    """Write a deck of 1,000 cells of all kinds but LaTeX."""
    write_deck(project.folder, "mixed", 1000).rename(project.folder / "decks" / "deck")
    return project.folder / "decks" / "deck" / "one.ipynb"


def measured(browser, project, notebook):
    """Return the milliseconds from each save to its picture."""
    served = Served(project, "--no-run")
    try:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(served.address)
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        time.sleep(2)
        return [_edited(page, notebook, number) for number in range(EDITS)]
    finally:
        served.process.terminate()
        served.process.wait(30)


def _edited(page, notebook, number):
    draft = notebook.parent / ".draft"
    draft.mkdir(exist_ok=True)
    shutil.copy(notebook, draft / "one.ipynb")
    word = f"{1000 + number}"
    edit(draft, word)
    page.evaluate(f"void (window.drawn = ({DRAWN})('Edited {word}'))")
    saved = time.time()
    (draft / "one.ipynb").replace(notebook)
    drawn = page.evaluate("window.drawn")
    time.sleep(0.3)
    return drawn - 1e3 * saved


def main():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium())
        for name, make in (("alexnet", alexnet), ("1,000 cells", thousand)):
            with tempfile.TemporaryDirectory() as folder:
                os.environ["ABREAST_HOME"] = f"{folder}/home"
                project = Project(Path(folder))
                taken = measured(browser, project, make(project))
            told = f"median {statistics.median(taken):.0f} ms, worst {max(taken):.0f} ms"
            print(f"{name}: {told} of {EDITS} edits", flush=True)


if __name__ == "__main__":
    main()
