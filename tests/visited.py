"""A page in a real browser, driven by playwright, beside the one that the product drives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.pixels import LOADERS, without_time

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

_PAGE, _LOADER = "https://shop.invalid/", "https://connect.facebook.net/en_US/fbevents.js"


def sent(browser: Browser, page: bytes, *, javascript: bool) -> list[str]:
    """Return the URLs that a page asks for, its loader apart, whose stand-in runs; no script may fail."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        if url == _PAGE:
            route.fulfill(body=page, content_type="text/html; charset=utf-8")
        elif url == _LOADER:
            route.fulfill(body=LOADERS["fbevents.js"], content_type="text/javascript")
        else:
            asked.append(without_time(url))
            route.fulfill(body="", content_type="image/gif")

    context = browser.new_context(java_script_enabled=javascript)
    context.route("**/*", answer)
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(_PAGE)
    tab.wait_for_load_state("networkidle")
    context.close()
    assert errors == []
    return asked
