import pytest
from playwright.sync_api import expect, sync_playwright

from tests.install_chromium import find_chromium

# What comes at all comes in a second; a busy machine may keep it for longer than playwright's five.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser():
    path = find_chromium()
    assert path, "no Chromium; run: make browser"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A page of 1280 by 720 that remembers each request and each complaint of the console."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on(
        "console",
        lambda m: page.complaints.append(m.text) if m.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()
