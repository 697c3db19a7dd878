"""A real Chromium runs what the templates write: the right event, and exactly once.

Each loader is a stand-in of ours that reads its settings as the vendor's does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from snippetkit.model import Snippet
from snippetkit.templating import Template, render_blocks
from tests.conftest import JS_PIXEL
from tests.pixels import LOADERS
from tests.reading import read_js_pixel

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.wide]

IDS = ["6009125095680", "6009125095681", "434566956589050"]
FP = Snippet("fp", IDS[0], "19.99", "USD", "")
FBDS = Snippet("fbds", IDS[0], "0.01", "USD", "")
FBQ = Snippet("fbq", IDS[2], "30", "EUR", "", event="Purchase")
FIRED = {
    "fp": {"id": IDS[0], "value": "19.99", "currency": "USD"},
    "fbds": {"ev": IDS[0], "cd[value]": "0.01", "cd[currency]": "USD"},
    "fbq": {"id": IDS[2], "ev": "Purchase", "cd[value]": "30", "cd[currency]": "EUR"},
}
IMAGES = {
    "fp": FIRED["fp"],
    "fbds": {"ev": IDS[0], "cd[value]": "0.01", "cd[currency]": "USD", "noscript": "1"},
    "fbq": {"id": IDS[2], "ev": "Purchase", "cd[value]": "30.00", "cd[currency]": "EUR", "noscript": "1"},
}
DIALECTS = pytest.mark.parametrize("snippet", [FP, FBDS, FBQ], ids=lambda snippet: snippet.dialect)


@dataclass
class Visit:
    """A page in a tab, what it fired, as the settings of each event, and how often it loaded a loader."""

    fired: list[dict[str, str]] = field(default_factory=list)
    loads: int = 0
    errors: list[str] = field(default_factory=list)
    broken_loads: int = 0
    tab: Page | None = None

    def do(self, script: str) -> None:
        """Run a script on the page, and wait until it is quiet."""
        assert self.tab is not None
        self.tab.evaluate(script)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing more happens."""
        assert self.tab is not None
        before = None
        while before != (before := (self.loads, len(self.fired))):
            self.tab.wait_for_timeout(250)


class Visitor:
    """Opens pages that are made of code."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def open(
        self, code: str, *, before: str = "", csp: str = "", javascript: bool = True, broken_loads: int = 0
    ) -> Visit:
        """Open a page with `before` and then `code` in its head; the first `broken_loads` loaders do not load."""
        page = f"<!doctype html>\n<html><head><title>x</title>{before}{code}</head><body></body></html>"
        return self.open_page(page, csp=csp, javascript=javascript, broken_loads=broken_loads)

    def open_page(self, page: str, *, csp: str = "", javascript: bool = True, broken_loads: int = 0) -> Visit:
        """Open a page."""
        visit = Visit(broken_loads=broken_loads)
        headers = {"Content-Type": "text/html; charset=utf-8"} | ({"Content-Security-Policy": csp} if csp else {})

        def answer(route: Route) -> None:
            url = urlsplit(route.request.url)
            if url.hostname == "shop.invalid":
                route.fulfill(body=page, headers=headers)
            elif url.hostname == "connect.facebook.net":
                visit.loads += 1
                if visit.loads <= visit.broken_loads:
                    route.abort()
                    return
                route.fulfill(body=LOADERS[url.path.removeprefix("/en_US/")], content_type="text/javascript")
            else:
                event = {name: values[0] for name, values in parse_qs(url.query).items()}
                event.pop("ts", None)
                visit.fired.append(event)
                route.fulfill(body="", content_type="image/gif")

        context = self._browser.new_context(java_script_enabled=javascript)
        self._contexts.append(context)
        context.route("**/*", answer)
        visit.tab = context.new_page()
        visit.tab.on("pageerror", lambda error: visit.errors.append(str(error)))
        visit.tab.goto("https://shop.invalid/")
        visit.tab.wait_for_load_state("networkidle")
        if javascript:
            visit.settle()
        return visit


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    visitor = Visitor(browser)
    yield visitor
    visitor.close()


def _code(name: str, *of: Snippet, **variables: str) -> str:
    return "".join(render_blocks(Template(name), of, variables).values())


def _fp(pixel_id: str, value: str) -> Snippet:
    return Snippet("fp", pixel_id, value, "USD", "")


@DIALECTS
@pytest.mark.parametrize("name", ["clean", "idle", "nonce"])
def test_fresh_code_fires_its_event_once(visitor: Visitor, name: str, snippet: Snippet) -> None:
    variables = {"nonce": "Zr0pQ1aB"} if name == "nonce" else {}
    visit = visitor.open(_code(name, snippet, **variables))
    assert (visit.fired, visit.errors) == ([FIRED[snippet.dialect]], [])


@DIALECTS
@pytest.mark.parametrize("name", ["clean", "idle"])
def test_without_javascript_the_image_fires_once(visitor: Visitor, name: str, snippet: Snippet) -> None:
    visit = visitor.open(_code(name, snippet), javascript=False)
    assert visit.fired == [IMAGES[snippet.dialect]]


def test_code_without_a_value_fires_without_one(visitor: Visitor) -> None:
    visit = visitor.open(_code("clean", Snippet("fbq", IDS[2], None, None, "", event="Lead")))
    assert visit.fired == [{"id": IDS[2], "ev": "Lead"}]


def test_two_fp_snippets_on_one_page_clobber_each_other_and_only_the_last_pixel_fires(visitor: Visitor) -> None:
    first = read_js_pixel(JS_PIXEL)
    second = read_js_pixel(JS_PIXEL.replace(IDS[0], IDS[1]))
    visit = visitor.open(_code("snippet", first) + _code("snippet", second))
    assert [event["id"] for event in visit.fired] == [IDS[1], IDS[1]]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_combined_fp_pixels_all_fire_once(visitor: Visitor, count: int) -> None:
    pixels = [_fp(pixel_id, f"{number}.50") for number, pixel_id in enumerate(IDS[:count])]
    wanted = [{"id": pixel.pixel_id, "value": pixel.value, "currency": "USD"} for pixel in pixels]
    visit = visitor.open(_code("combined", *pixels))
    assert (visit.fired, visit.errors) == (wanted, [])


def test_combined_fp_pixels_all_have_their_image_without_javascript(visitor: Visitor) -> None:
    visit = visitor.open(_code("combined", _fp(IDS[0], "1.00"), _fp(IDS[1], "2.00")), javascript=False)
    assert sorted((event["id"], event["value"]) for event in visit.fired) == [(IDS[0], "1"), (IDS[1], "2")]


def test_a_loader_that_fails_does_not_stop_the_next_combined_pixel(visitor: Visitor) -> None:
    visit = visitor.open(_code("combined", _fp(IDS[0], "1.00"), _fp(IDS[1], "2.00")), broken_loads=1)
    assert [event["id"] for event in visit.fired] == [IDS[1]]


AGREE = "document.dispatchEvent(new CustomEvent('snippetkit:consent'))"


@DIALECTS
def test_nothing_fires_before_consent_and_one_event_after_it(visitor: Visitor, snippet: Snippet) -> None:
    visit = visitor.open(_code("consent", snippet))
    assert (visit.fired, visit.loads) == ([], 0)
    visit.do("document.dispatchEvent(new CustomEvent('another'))")
    assert visit.fired == []
    for _ in range(3):
        visit.do(f"{AGREE}; {AGREE}")
    assert (visit.fired, visit.loads, visit.errors) == ([FIRED[snippet.dialect]], 1, [])


def test_consent_given_before_fires_at_once_and_once(visitor: Visitor) -> None:
    visit = visitor.open(_code("consent", FP), before="<script>window.snippetkitConsent = true</script>")
    assert visit.fired == [FIRED["fp"]]
    visit.do(AGREE)
    assert visit.fired == [FIRED["fp"]]


@pytest.mark.parametrize("answer", ["false", "'no'", "undefined"])
def test_only_true_is_consent(visitor: Visitor, answer: str) -> None:
    visit = visitor.open(_code("consent", FP), before=f"<script>window.snippetkitConsent = {answer}</script>")
    assert visit.fired == []


def test_consent_may_have_another_events_name(visitor: Visitor) -> None:
    visit = visitor.open(_code("consent", FP, consent_event='shop\'s "yes" </script>'))
    visit.do(AGREE)
    assert visit.fired == []
    visit.do("document.dispatchEvent(new CustomEvent('shop\\'s \"yes\" </script>'))")
    assert visit.fired == [FIRED["fp"]]


# What Turbo, htmx and unpoly do with a body: its new elements take the old ones' place, and its scripts run again.
SOFT_VISIT = """fetch('/').then(answer => answer.text()).then(html => {
  document.body.replaceWith(document.adoptNode(new DOMParser().parseFromString(html, 'text/html').body));
  document.body.querySelectorAll('script').forEach(old => {
    const again = document.createElement('script');
    again.textContent = old.textContent;
    old.replaceWith(again);
  });
})"""


def _in_the_body(*codes: str) -> str:
    return f"<!doctype html>\n<html><head><title>x</title></head><body>{''.join(codes)}</body></html>"


def test_one_consent_is_one_event_of_each_pixel_and_event_however_often_the_body_is_put_in_again(
    visitor: Visitor,
) -> None:
    lead = Snippet("fbq", IDS[2], None, None, "", event="Lead")
    visit = visitor.open_page(_in_the_body(*(_code("consent", one) for one in (FP, FBQ, lead))))
    for _ in range(2):
        visit.do(SOFT_VISIT)
    assert visit.fired == []
    for script in (AGREE, SOFT_VISIT, AGREE):
        visit.do(script)
    told = sorted((event["id"], event.get("ev", "")) for event in visit.fired)
    assert (told, visit.errors) == ([(IDS[2], "Lead"), (IDS[2], "Purchase"), (IDS[0], "")], [])


@pytest.mark.parametrize(("loading", "images"), [("", 1), (' loading="lazy"', 0)], ids=["eager", "lazy"])
def test_a_soft_visit_asks_for_an_eager_image_of_a_noscript_and_for_no_lazy_one(
    visitor: Visitor, loading: str, images: int
) -> None:
    page = _in_the_body(_code("clean", FP).replace("<img", f"<img{loading}"))
    visit = visitor.open_page(page)
    assert visit.fired == [FIRED["fp"]]
    visit.do(SOFT_VISIT)
    assert visit.fired == [FIRED["fp"]] * (2 + images)
    assert visitor.open_page(page, javascript=False).fired == [IMAGES["fp"]]


def test_a_consent_that_was_heard_counts_on_a_later_soft_visit_until_it_is_taken_back(visitor: Visitor) -> None:
    visit = visitor.open_page(_in_the_body(_code("consent", FP)))
    visit.do(AGREE)
    visit.do(f"window.snippetkitFired = {{}}; window.snippetkitConsent = false; {SOFT_VISIT}")
    assert visit.fired == [FIRED["fp"]]
    visit.do(f"delete window.snippetkitConsent; {SOFT_VISIT}")
    assert visit.fired == [FIRED["fp"]] * 2


def test_without_javascript_nothing_fires_before_consent(visitor: Visitor) -> None:
    assert visitor.open(_code("consent", FP), javascript=False).fired == []


CSP = "default-src 'none'; script-src 'nonce-Zr0pQ1aB' https://connect.facebook.net; img-src https://www.facebook.com"


@pytest.mark.parametrize("name", ["nonce", "clean", "consent", "idle", "combined"])
def test_under_a_policy_with_a_nonce_the_script_with_that_nonce_fires(visitor: Visitor, name: str) -> None:
    agreed = '<script nonce="Zr0pQ1aB">window.snippetkitConsent = true</script>'
    visit = visitor.open(_code(name, FP, nonce="Zr0pQ1aB"), csp=CSP, before=agreed)
    assert visit.fired == [FIRED["fp"]]


@pytest.mark.parametrize("code", [_code("clean", FP), _code("nonce", FP, nonce="another")], ids=["none", "another"])
def test_under_a_policy_with_a_nonce_the_script_without_it_does_not_fire(visitor: Visitor, code: str) -> None:
    assert visitor.open(code, csp=CSP).fired == []


def test_idle_waits_for_an_idle_moment(visitor: Visitor) -> None:
    hold = "<script>window.later = []; window.requestIdleCallback = function (call) { later.push(call) }</script>"
    visit = visitor.open(_code("idle", FP), before=hold)
    assert (visit.fired, visit.loads) == ([], 0)
    visit.do("later.forEach(call => call())")
    assert visit.fired == [FIRED["fp"]]


def test_idle_fires_once_in_a_browser_without_request_idle_callback(visitor: Visitor) -> None:
    visit = visitor.open(_code("idle", FP), before="<script>window.requestIdleCallback = undefined</script>")
    assert visit.fired == [FIRED["fp"]]


def test_idle_fires_when_it_is_added_to_a_page_that_has_loaded(visitor: Visitor) -> None:
    visit = visitor.open("<script></script>")
    script = render_blocks(Template("idle"), [FP])["script"].removeprefix("<script>").removesuffix("</script>")
    visit.do(script)
    assert visit.fired == [FIRED["fp"]]
