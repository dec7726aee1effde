"""Chromium for tests of pages: offline, and every request that a page makes is written down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Opened:
    """A page that was opened, and what it asked for and complained of so far."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def chromium(test_id_attribute: str = "data-testid") -> Iterator[Browser]:
    """A headless browser with a profile of its own; pages name their parts for tests by that attribute."""
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute(test_id_attribute)
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(_QUIET), chromium_sandbox=False, timeout=60_000
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser, path: Path, width: int = 1280, height: int = 900, scheme: str = "light", scripts: bool = True
) -> Iterator[Opened]:
    """The file in a window of that size in pixels, with a light or dark scheme; all but the file itself is blocked."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=scripts,
    )
    try:
        seen = Opened(context.new_page())
        context.set_offline(True)
        context.route("**/*", lambda route: route.continue_() if route.request.url == path.as_uri() else route.abort())
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        seen.page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
        seen.page.goto(path.as_uri())
        if scripts and seen.page.locator("#papers-data").count():
            seen.page.locator("#controls").wait_for(state="visible")
        yield seen
    finally:
        context.close()
