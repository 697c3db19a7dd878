"""A real Chromium under a policy that forbids all: with the additions the code fires, without any one it does not.

The vendor's hosts are answered here: the loaders are stand-ins that do what the vendor's do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from snippetkit.csp import Additions, additions
from tests.pixels import CODES, LOADERS, without_time

LOADER_ORIGIN, IMAGE_ORIGIN = "https://connect.facebook.net", "https://www.facebook.com"

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = [pytest.mark.browser, pytest.mark.wide]

URL = "https://shop.invalid/"
FIRED = {
    "fp": "https://www.facebook.com/offsite_event.php?id=6009125095680&value=19.99&currency=USD",
    "fbds": "https://www.facebook.com/tr?ev=6009125095680&cd%5Bvalue%5D=19.99&cd%5Bcurrency%5D=USD",
    "fbq": "https://www.facebook.com/tr?id=434566956589050&ev=PageView",
}


def _page(code: str, newline: str = "\n") -> bytes:
    page = f"<!doctype html>\n<html>\n<head>\n<title>Thanks</title>\n</head>\n<body>\n{code}</body>\n</html>\n"
    return page.replace("\n", newline).encode()


def _policy(page: Additions, without: str = "") -> str:
    directives = dict(page.sources)
    kept = {name: [source for source in sources if source != without] for name, sources in directives.items()}
    return "; ".join(
        ["default-src 'none'", *(f"{name} {' '.join(sources)}" for name, sources in kept.items() if sources)]
    )


def _fired(browser: Browser, page: bytes, policy: str, *, javascript: bool = True) -> list[str]:
    """Load a page under a policy, wait until it is quiet, and return the event URLs that left it."""
    fired: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        if url == URL:
            headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}
            route.fulfill(body=page, headers=headers)
        elif url.startswith((f"{LOADER_ORIGIN}/en_US/", f"{URL}js/")):
            route.fulfill(body=LOADERS[url.rpartition("/")[2]], content_type="text/javascript")
        else:
            fired.append(without_time(url))
            route.fulfill(body="", content_type="image/gif")

    context = browser.new_context(java_script_enabled=javascript)
    context.route("**/*", answer)
    tab = context.new_page()
    tab.goto(URL)
    tab.wait_for_load_state("networkidle")
    context.close()
    return fired


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("dialect", CODES)
def test_with_the_additions_the_code_fires_once(browser: Browser, dialect: str, newline: str) -> None:
    page = _page(CODES[dialect], newline)
    assert _fired(browser, page, _policy(additions(page))) == [FIRED[dialect]]


@pytest.mark.parametrize("place", range(3), ids=["hash", "loader", "image"])
@pytest.mark.parametrize("dialect", CODES)
def test_without_any_one_of_them_it_does_not(browser: Browser, dialect: str, place: int) -> None:
    page = _page(CODES[dialect])
    needed = additions(page)
    sources = [*needed.script_src, *needed.img_src]
    assert (len(sources), sources[1:]) == (3, [LOADER_ORIGIN, IMAGE_ORIGIN])
    assert _fired(browser, page, _policy(needed, without=sources[place])) == []


@pytest.mark.parametrize("dialect", CODES)
def test_a_hash_is_of_the_text_as_the_browser_has_it(browser: Browser, dialect: str) -> None:
    odd = "<script>// é ☃ \u2028\r\n/* \r \n \0 <!-- */ /* &amp; --> */\n"
    page = _page(CODES[dialect].replace("<script>", odd).replace('<script nonce="Zr0pQ1aB">', odd))
    page = page.replace(b'<script type="text/javascript">', odd.encode())
    assert b"\0" in page
    assert _fired(browser, page, _policy(additions(page))) == [FIRED[dialect]]


@pytest.mark.parametrize("dialect", CODES)
def test_without_javascript_only_the_image_needs_leave(browser: Browser, dialect: str) -> None:
    page = _page(CODES[dialect])
    [fired] = _fired(browser, page, f"default-src 'none'; img-src {IMAGE_ORIGIN}", javascript=False)
    assert fired.startswith(IMAGE_ORIGIN)
    assert _fired(browser, page, "default-src 'none'", javascript=False) == []


def test_all_codes_on_one_page_fire_under_one_policy(browser: Browser) -> None:
    page = _page("".join(CODES.values()))
    assert sorted(_fired(browser, page, _policy(additions(page)))) == sorted(FIRED.values())


CLICKED = """<p id="p" onclick="fbq('track', &quot;Lead&quot;)">x</p>
<script>/* fbq */ document.getElementById('p').click()</script>
"""


@pytest.mark.parametrize("without", ["", "'unsafe-hashes'", "'self'"])
def test_a_handler_and_a_copy_of_the_loader_fire_with_the_additions_alone(browser: Browser, without: str) -> None:
    code = CODES["fbq"].replace(f"{LOADER_ORIGIN}/en_US/", "/js/")
    page = _page(code + CLICKED)
    assert b"'/js/fbevents.js'" in page
    needed = additions(page)
    events = [url.rpartition("ev=")[2] for url in _fired(browser, page, _policy(needed, without))]
    assert sorted(events) == {"": ["Lead", "PageView"], "'self'": []}.get(without, ["PageView"])
