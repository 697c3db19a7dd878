"""What each tag manager's runtime does with a file that it imported, in a real Chromium.

`snippetkit/browser/managers/NAME.js` defines `manager`, an object with four functions of ours, written from the
published facts:

- `fired(file, urls)`: for each URL the names of the tags that fire when that page is shown, in the file's order.
- `build(file)`: what the manager makes of the file before it shows any page.
- `start(built, consent)`: do to this page what the runtime does when it is shown; `consent` says whether the visitor
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

from snippetkit import browser as browser_room
from snippetkit.sandbox import create_server
from tests.conftest import serving
from tests.pixels import LOADERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

_FOLDER = Path(browser_room.__file__).parent / "managers"
_QUIET_MS = 200
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
        manager: the name of its script.
        file: what it imported.
        url: of a page on loopback.
        consent: whether the visitor gave it.
        push: the events that happen, one after the other.
    """
    caught: list[Fired] = []
    with _page(browser, manager, caught) as page:
        page.goto(url)
        requests = _Requests(page)
        page.add_script_tag(path=_FOLDER / f"{manager}.js")
        page.evaluate("([file, consent]) => manager.start(manager.build(file), consent)", [json.loads(file), consent])
        for data in push:
            page.evaluate("(data) => manager.push(data)", dict(data))
        requests.wait()
    return caught


class _Requests:
    """What a page asks for from now on: how often it did, and what is on its way."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0
        self.on_way: set[object] = set()
        page.on("request", self._asked)
        page.on("requestfinished", self._came)
        page.on("requestfailed", self._came)

    def _asked(self, request: object) -> None:
        self.count += 1
        self.on_way.add(request)

    def _came(self, request: object) -> None:
        self.on_way.discard(request)

    def wait(self) -> None:
        """Wait until all has come, and the page asked for nothing more in a while of its own time."""
        seen = -1
        while self.on_way or seen < self.count:
            seen = self.count
            self.page.evaluate(_UNTIL_QUIET, _QUIET_MS)


# A slow machine may be at work where it is quiet, so the page is idle first, and again afterwards.
_UNTIL_QUIET = """async (pause) => {
  const idle = () => new Promise((done) => requestIdleCallback(done, {timeout: 1000}));
  await idle();
  await new Promise((done) => setTimeout(done, pause));
  await idle();
}"""


@contextmanager
def _page(browser: Browser, manager: str, caught: list[Fired]) -> Iterator[Page]:
    """A page whose vendor is here: loaders are stand-ins of ours, images are caught, and nothing else is reached."""

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.hostname == "127.0.0.1":
            route.continue_()
        elif parts.hostname == "connect.facebook.net":
            route.fulfill(body=LOADERS[parts.path.rpartition("/")[2]], content_type="text/javascript")
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


def _fired(query: str, path: str) -> Fired:
    fields = dict(parse_qsl(query))
    value = fields.get("value", fields.get("cd[value]"))
    currency = fields.get("currency", fields.get("cd[currency]"))
    if path == "/offsite_event.php":
        return Fired(fields["id"], None, value, currency)
    return Fired(fields.get("id", fields["ev"]), fields["ev"] if "id" in fields else None, value, currency)
