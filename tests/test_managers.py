"""What each tag manager does with our file, in a real Chromium: the tags fire where the rules say, once, and right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from snippetkit import exports
from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.terms import Consent, Match, TagVariant
from tests import managers
from tests.managers import Fired
from tests.tags import CHECKOUT, META, QUEUED, REGISTRATION, exact, purchase
from tests.urls import PAGE_RULES, URLS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.wide]

CONSENTING = {"gtm"}
"""The managers that ask for consent themselves; the others' files say that they do not."""

CHECKED_OUT = Fired("6009125095680", None, "19.99", "USD")
REGISTERED = Fired("6009125095681", None, "5.00", "USD")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with managers.serving_site() as url:
        yield url


@pytest.mark.parametrize("name", managers.NAMES)
def test_each_rule_fires_on_the_urls_of_its_plain_meaning(browser: Browser, name: str) -> None:
    tags = [ContainerTag(f"Tag {index}", (CHECKOUT,), rules=(rule,)) for index, rule in enumerate(PAGE_RULES)]
    fired = managers.fired(browser, name, exports.find_format(name).export(tags).content, URLS)
    for url, names in zip(URLS, fired, strict=True):
        assert names == [tag.name for tag in tags if PAGE_RULES[tag.rules[0]](url)], url


@pytest.mark.parametrize("name", managers.NAMES)
def test_any_of_several_rules_and_none_of_the_exceptions(browser: Browser, name: str) -> None:
    tags = [
        ContainerTag("Several", (CHECKOUT,), rules=tuple(PAGE_RULES)[1:20]),
        ContainerTag("With exceptions", (CHECKOUT,), rules=tuple(PAGE_RULES)[:1], exceptions=tuple(PAGE_RULES)[17:24]),
        ContainerTag("Of another kind", (CHECKOUT,), rules=tuple(PAGE_RULES)[-5:], exceptions=tuple(PAGE_RULES)[3:5]),
        ContainerTag("On an event", (CHECKOUT,), event=DataLayerEvent.of("purchase")),
        ContainerTag("Without a trigger", (CHECKOUT,)),
    ]
    fired = managers.fired(browser, name, exports.find_format(name).export(tags).content, URLS)
    for url, names in zip(URLS, fired, strict=True):
        assert names == [tag.name for tag in tags if tag.fires_on(url)], url


PAGES = [
    ContainerTag("Checkout", (CHECKOUT,), rules=exact("/thanks.html")),
    ContainerTag("Registration", (REGISTRATION,), rules=exact("/welcome.html"), consent=Consent.NONE),
    ContainerTag("Both pixels", (CHECKOUT, REGISTRATION), rules=exact("/both.html")),
    ContainerTag("Queue", (QUEUED,), rules=(PageRule.of(Match.PREFIX, "/shop/"),), exceptions=exact("/shop/cart.html")),
    ContainerTag("Meta Pixel", (META,), rules=exact("/meta.html")),
    ContainerTag("Image", (CHECKOUT,), TagVariant.IMAGE, exact("/image.html")),
    ContainerTag("Script and image", (CHECKOUT,), TagVariant.BOTH, exact("/script-and-image.html")),
]
FIRES = {
    "/thanks.html": [CHECKED_OUT],
    "/welcome.html": [REGISTERED],
    "/both.html": [CHECKED_OUT, REGISTERED],
    "/shop/tea.html": [Fired("6009125095680", None, "19.99", "USD")],
    "/shop/cart.html": [],
    "/meta.html": [Fired("434566956589050", "PageView", None, None)],
    "/image.html": [CHECKED_OUT],
    "/script-and-image.html": [CHECKED_OUT, CHECKED_OUT],
    "/Thanks.html": [],
    "/": [],
}


@pytest.mark.parametrize("path", FIRES)
@pytest.mark.parametrize("name", managers.NAMES)
def test_what_is_on_a_page_reaches_the_vendor_once(browser: Browser, site: str, name: str, path: str) -> None:
    content = exports.find_format(name).export(PAGES).content
    assert sorted(managers.visit(browser, name, content, site + path)) == sorted(FIRES[path])


@pytest.mark.parametrize("name", managers.NAMES)
def test_without_consent_nothing_fires_that_waits_for_it_where_the_manager_asks(
    browser: Browser, site: str, name: str
) -> None:
    content = exports.find_format(name).export(PAGES).content
    for path, waits in [("/thanks.html", True), ("/welcome.html", False), ("/shop/", True), ("/image.html", True)]:
        fired = managers.visit(browser, name, content, site + path, consent=False)
        assert bool(fired) is not (waits and name in CONSENTING), path


EVENTS = [
    ContainerTag("Queue", (QUEUED,), event=DataLayerEvent.of("purchase", "value", "currency")),
    ContainerTag("Checkout", (CHECKOUT,), event=DataLayerEvent.of("order placed", "value")),
    ContainerTag("Purchase", (purchase(),), event=DataLayerEvent.of("paid", "value", "currency")),
    ContainerTag("Registration", (REGISTRATION,), event=DataLayerEvent.of("sign_up")),
]
HOSTILE = "1'\"</script>{{x}}${y}`"
PUSHED = [
    ({"event": "purchase", "value": 7.5, "currency": "EUR"}, Fired("6009125095680", None, "7.5", "EUR")),
    ({"event": "purchase", "value": "8.00", "currency": "GBP"}, Fired("6009125095680", None, "8.00", "GBP")),
    ({"event": "purchase", "value": 0, "currency": "EUR"}, Fired("6009125095680", None, "0", "EUR")),
    ({"event": "purchase"}, Fired("6009125095680", None, "19.99", "USD")),
    ({"event": "order placed", "value": 7.5, "currency": "EUR"}, Fired("6009125095680", None, "7.5", "USD")),
    ({"event": "paid", "value": 7.5, "currency": "EUR"}, Fired("434566956589050", "Purchase", "7.5", "EUR")),
    ({"event": "sign_up", "value": 7.5, "currency": "EUR"}, REGISTERED),
    ({"event": "purchase", "value": HOSTILE, "currency": "%x%\\"}, Fired("6009125095680", None, HOSTILE, "%x%\\")),
    ({"event": "Purchase", "value": 7.5}, None),
    ({"event": "other", "value": 7.5}, None),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), PUSHED)
@pytest.mark.parametrize("name", managers.NAMES)
def test_an_event_reports_its_own_value(
    browser: Browser, site: str, name: str, data: dict[str, object], expected: Fired | None
) -> None:
    content = exports.find_format(name).export(EVENTS).content
    assert managers.visit(browser, name, content, f"{site}/", push=[data]) == ([expected] if expected else [])


@pytest.mark.parametrize("name", managers.NAMES)
def test_each_time_that_an_event_happens_counts(browser: Browser, site: str, name: str) -> None:
    content = exports.find_format(name).export(EVENTS).content
    pushed = [{"event": "purchase", "value": value, "currency": "EUR"} for value in ("1.00", "2.00", "3.00")]
    fired = managers.visit(browser, name, content, f"{site}/", push=pushed)
    assert [event.value for event in fired] == ["1.00", "2.00", "3.00"]
