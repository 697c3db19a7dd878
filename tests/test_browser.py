"""A real Chromium loads the demo's pages: what arrives at the sandbox is the right event, exactly once.

The vendor's hosts are re-aimed at this machine: the loader is a stand-in of ours, the event endpoint is the sandbox on
a port. Whatever else the browser asks for is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from werkzeug.middleware.shared_data import SharedDataMiddleware

from snippetkit import inject, snippets
from snippetkit.model import Loaded
from snippetkit.sandbox import Store, create_app, create_server
from snippetkit.work import Rendering, make_insertion
from tests.conftest import CASES, PIXEL_ID, Run, serving
from tests.pixels import LOADERS, without_time
from tests.visited import sent

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = pytest.mark.browser


def _fired(browser: Browser, page_url: str, *, javascript: bool) -> list[str]:
    """Load a page, wait until it is quiet, and return the URLs that left the page's own server."""
    sandbox_url, _, path = page_url.partition("/site/")
    asked: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        host, _, rest = url.removeprefix("https://").partition("/")
        if url.startswith(f"{sandbox_url}/"):
            route.continue_()
            return
        asked.append(without_time(url))
        if url == "https://connect.facebook.net/en_US/fp.js":
            route.fulfill(body=LOADERS["fp.js"], content_type="text/javascript")
        elif host == "www.facebook.com":
            route.fulfill(response=route.fetch(url=f"{sandbox_url}/{rest}"))
        else:
            route.abort()

    context = browser.new_context(java_script_enabled=javascript)
    context.route("**/*", answer)
    page = context.new_page()
    page.goto(f"{sandbox_url}/site/{path}")
    page.wait_for_load_state("networkidle")
    context.close()
    return asked


@pytest.fixture
def site_url(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The demo's folder below /site, and the demo's own sandbox beside it, on one port."""
    monkeypatch.setenv("SNIPPETKIT_BROWSER", "none")  # the demo's own look at its pages has tests of its own
    assert run("demo", "demo").code == 0
    store = Store(Path("demo/sandbox.db"))
    site = SharedDataMiddleware(create_app(store), {"/site": "demo"})
    with serving(create_server(site, 0)) as url:
        yield f"{url}/site/"
    store.close()


def _events(pixel_id: str) -> list[tuple[str | None, str | None]]:
    store = Store(Path("demo/sandbox.db"))
    try:
        return [(event.value, event.currency) for event in store.events(pixel_id)]
    finally:
        store.close()


PAGES = [("checkout.html", PIXEL_ID, "19.99"), ("registration.html", "6009125095681", "5.00")]


@pytest.mark.parametrize(("page", "pixel_id", "value"), PAGES)
def test_with_javascript_the_script_fires_once(
    browser: Browser, site_url: str, page: str, pixel_id: str, value: str
) -> None:
    asked = _fired(browser, f"{site_url}{page}", javascript=True)
    assert asked == [
        "https://connect.facebook.net/en_US/fp.js",
        f"https://www.facebook.com/offsite_event.php?id={pixel_id}&value={value}&currency=USD",
    ]
    assert _events(pixel_id) == [(value, "USD")]


@pytest.mark.parametrize(("page", "pixel_id", "value"), PAGES)
def test_without_javascript_the_noscript_image_fires_once(
    browser: Browser, site_url: str, page: str, pixel_id: str, value: str
) -> None:
    trimmed = value.removesuffix(".00")
    asked = _fired(browser, f"{site_url}{page}", javascript=False)
    assert asked == [f"https://www.facebook.com/offsite_event.php?id={pixel_id}&value={trimmed}&currency=USD"]
    assert _events(pixel_id) == [(trimmed, "USD")]


def test_after_the_visit_the_pixel_is_active_and_after_removal_nothing_fires(
    browser: Browser, site_url: str, run: Run
) -> None:
    _fired(browser, f"{site_url}checkout.html", javascript=True)
    assert "Active" in run("pixels", "show", PIXEL_ID, "--api-url", "sandbox:demo/sandbox.db").out
    run("remove", "demo")
    for javascript in (True, False):
        assert _fired(browser, f"{site_url}checkout.html", javascript=javascript) == []


@pytest.mark.parametrize(
    ("javascript", "fired"),
    [
        (True, ["https://www.facebook.com/tr?id=434566956589050&ev=PageView"]),
        (False, ["https://www.facebook.com/tr?id=434566956589050&ev=PageView&noscript=1"]),
    ],
)
def test_an_injected_base_code_fires_one_page_view(browser: Browser, javascript: bool, fired: list[str]) -> None:
    snippet = snippets.read_code((CASES / "code" / "fbq.html").read_text("utf-8"), "fbq")
    page = b"<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n</body>\n</html>\n"
    page = inject.apply(page, inject.plan(Loaded(page), make_insertion([snippet], Rendering())))
    assert sent(browser, page, javascript=javascript) == fired
