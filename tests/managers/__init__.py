"""What each tag manager's runtime does with a file that it imported, in a real Chromium.

`NAME.js` beside this file defines `manager`, an object with three functions of ours, written from the published facts:

- `fired(file, urls)`: for each URL the names of the tags that fire when that page is shown, in the file's order.
- `start(file, consent)`: do to this page what the runtime does when it is shown; `consent` says whether the visitor
  gave it.
- `push(data)`: what a page calls when an event happens, such as `{event: 'purchase', value: 19.99, currency: 'USD'}`.

`file` is the parsed JSON of the export.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from werkzeug.wrappers import Request, Response

from snippetkit.sandbox import create_server
from tests.conftest import serving
from tests.pixels import LOADERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

_FOLDER = Path(__file__).parent
_QUIET_MS = 300
NAMES = sorted(path.stem for path in _FOLDER.glob("*.js"))
"""The tag managers that are here."""

_PAGE = "<!doctype html><html><head><title>x</title><script>/* the site's */</script></head><body>x</body></html>"


class Fired(NamedTuple):
    """One event that reached the vendor: the pixel, its event where it says one, the value and the currency."""

    pixel_id: str
    event: str | None
    value: str | None
    currency: str | None


@Request.application
def _site(request: Request) -> Response:
    return Response(_PAGE, mimetype="text/html")


@contextmanager
def serving_site() -> Iterator[str]:
    """Serve a page of ours under each path on loopback, and give the URL without a slash at its end."""
    with serving(create_server(_site, 0)) as url:
        yield url


def fired(browser: Browser, manager: str, file: bytes, urls: Sequence[str]) -> list[list[str]]:
    """Return for each URL the names of the tags that fire when it is shown."""
    with _page(browser, manager, []) as page:
        page.set_content(_PAGE)
        page.add_script_tag(path=_FOLDER / f"{manager}.js")
        found: list[list[str]] = page.evaluate(
            "([file, urls]) => manager.fired(file, urls)", [json.loads(file), [*urls]]
        )
        return found


def visit(
    browser: Browser,
    manager: str,
    file: bytes,
    url: str,
    *,
    consent: bool = True,
    push: Sequence[Mapping[str, Any]] = (),
) -> list[Fired]:
    """Show a page, let the manager do its work, push what happens there, and return what reached the vendor.

    Args:
        browser: a real one.
        manager: the name of a script beside this file.
        file: what it imported.
        url: of a page on loopback.
        consent: whether the visitor gave it.
        push: the events that happen, one after the other.
    """
    caught: list[Fired] = []
    asked: list[object] = []
    answered: list[object] = []
    with _page(browser, manager, caught) as page:
        page.on("request", lambda request: asked.append(request))
        page.on("requestfinished", lambda request: answered.append(request))
        page.on("requestfailed", lambda request: answered.append(request))
        page.goto(url)
        page.add_script_tag(path=_FOLDER / f"{manager}.js")
        page.evaluate("([file, consent]) => manager.start(file, consent)", [json.loads(file), consent])
        for data in push:
            page.evaluate("(data) => manager.push(data)", dict(data))
        _wait(page, asked, answered)
    return caught


def _wait(page: Page, asked: Sequence[object], answered: Sequence[object]) -> None:
    """Wait until all is answered, and nothing is asked for in a while of the page's own time, however busy it is."""
    seen = -1
    while seen < len(asked) or len(answered) < len(asked):
        seen = len(asked)
        page.evaluate("(quiet) => new Promise((done) => setTimeout(done, quiet))", _QUIET_MS)


@contextmanager
def _page(browser: Browser, manager: str, caught: list[Fired]) -> Iterator[Page]:
    """A page whose vendor is here: loaders are stand-ins of ours, images are caught, and nothing else is reached."""

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.hostname == "127.0.0.1":
            route.continue_()
        elif parts.hostname == "connect.facebook.net":
            route.fulfill(body=_loader(parts.path.rpartition("/")[2]), content_type="text/javascript")
        elif parts.hostname == "www.facebook.com":
            caught.append(_fired(parts.query, parts.path))
            route.fulfill(body="", content_type="image/gif")
        else:
            errors.append(route.request.url)
            route.abort()

    errors: list[str] = []
    context = browser.new_context()
    context.route("**/*", answer)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def _loader(name: str) -> str:
    """A stand-in whose image has a URL of its own: what is asked for already a browser may not ask for again."""
    return LOADERS[name].replace("offsite_event.php?", "offsite_event.php?by=script&")


def _fired(query: str, path: str) -> Fired:
    fields = dict(parse_qsl(query))
    value = fields.get("value", fields.get("cd[value]"))
    currency = fields.get("currency", fields.get("cd[currency]"))
    if path == "/offsite_event.php":
        return Fired(fields["id"], None, value, currency)
    return Fired(fields.get("id", fields["ev"]), fields["ev"] if "id" in fields else None, value, currency)
