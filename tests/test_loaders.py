"""The stand-ins for the vendor's loaders, in a real Chromium: what each dialect's calls make them ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pixels import LOADERS, without_time

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

OLD, TR = "https://www.facebook.com/offsite_event.php?", "https://www.facebook.com/tr?"
STUB = """
window.fbq = function () { fbq.callMethod ? fbq.callMethod.apply(fbq, arguments) : fbq.queue.push(arguments); };
fbq.queue = [];
"""
CASES = {
    "fp reads the global once": (
        "fp.js",
        "window.fb_param = {pixel_id: '1', value: '2.00', currency: 'USD'};",
        "fb_param.value = '9';",
        [f"{OLD}id=1&value=2.00&currency=USD"],
    ),
    "fp reads what is there": ("fp.js", "window.fb_param = {pixel_id: 1};", "", [f"{OLD}id=1"]),
    "fp without a global": ("fp.js", "", "", [OLD]),
    "fbds carries out the queue and what comes later": (
        "fbds.js",
        "window._fbq = [['track', '1', {value: '2.00', currency: 'USD'}], ['track', '3']];",
        "_fbq.push(['track', '4', {value: 5}], ['track', '6']);",
        [f"{TR}ev=1&cd%5Bvalue%5D=2.00&cd%5Bcurrency%5D=USD", f"{TR}ev=3", f"{TR}ev=4&cd%5Bvalue%5D=5", f"{TR}ev=6"],
    ),
    "fbds once more fires nothing twice": (
        "fbds.js",
        "window._fbq = [['track', '1']];",
        LOADERS["fbds.js"],
        [f"{TR}ev=1"],
    ),
    "an audience pixel is named by its number": (
        "fbds.js",
        "window._fbq = [['addPixelId', '7'], ['track', 'PixelInitialized', {}]]; window._fbds = {pixelId: 8};",
        "",
        [f"{TR}id=7&ev=PixelInitialized", f"{TR}id=8&ev=PixelInitialized"],
    ),
    "fbq tracks for each pixel that was named": (
        "fbevents.js",
        STUB + "fbq('init', '1'); fbq('track', 'PageView'); fbq('init', 2);",
        "fbq('track', 'Lead', {value: 3, currency: 'USD'}); fbq('trackCustom', 'Mine');",
        [
            f"{TR}id=1&ev=PageView",
            f"{TR}id=1&ev=Lead&cd%5Bvalue%5D=3&cd%5Bcurrency%5D=USD",
            f"{TR}id=2&ev=Lead&cd%5Bvalue%5D=3&cd%5Bcurrency%5D=USD",
            f"{TR}id=1&ev=Mine",
            f"{TR}id=2&ev=Mine",
        ],
    ),
    "fbq tracks for one pixel alone": (
        "fbevents.js",
        STUB + "fbq('init', '1'); fbq('init', '2'); fbq('trackSingle', '2', 'Lead', {value: 3});",
        "fbq('trackSingleCustom', 1, 'Mine'); fbq('trackSingle', '3', 'Lead');",
        [f"{TR}id=2&ev=Lead&cd%5Bvalue%5D=3", f"{TR}id=1&ev=Mine"],
    ),
    "fbq takes a pixel once": (
        "fbevents.js",
        STUB + "fbq('init', '1'); fbq('init', '1'); fbq('track', 'Lead');",
        LOADERS["fbevents.js"],
        [f"{TR}id=1&ev=Lead"],
    ),
    "fbq without a pixel, an event, or a known verb": (
        "fbevents.js",
        STUB + "fbq('track', 'Lead'); fbq('init', '1'); fbq('track'); fbq('set', 'autoConfig', false, '1');",
        "fbq('toString'); fbq();",
        [],
    ),
    "fbq waits for consent": (
        "fbevents.js",
        STUB + "fbq('consent', 'revoke'); fbq('init', '1'); fbq('track', 'PageView');",
        "fbq('track', 'Lead'); new Image().src = 'https://www.facebook.com/tr?before=1'; fbq('consent', 'grant');",
        [f"{TR}before=1", f"{TR}id=1&ev=PageView", f"{TR}id=1&ev=Lead"],
    ),
    "fbevents.js without its stub": ("fbevents.js", "", "", []),
}


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Page:
    return browser.new_page()


@pytest.mark.parametrize("name", CASES)
def test_a_loader_asks_for_what_the_vendors_asks_for(tab: Page, name: str) -> None:
    loader, before, after, wanted = CASES[name]
    fired: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url == "https://shop.invalid/":
            route.fulfill(body="<!doctype html><title>x</title>", content_type="text/html")
        else:
            fired.append(without_time(route.request.url))
            route.fulfill(body="", content_type="image/gif")

    tab.unroute_all()
    tab.route("**/*", answer)
    tab.goto("https://shop.invalid/")
    for script in (before, LOADERS[loader], after):
        tab.evaluate(f"() => {{ {script} }}")
    tab.wait_for_load_state("networkidle")
    tab.wait_for_timeout(200)
    assert fired == wanted


def test_there_is_a_stand_in_for_each_dialect() -> None:
    assert sorted(LOADERS) == ["fbds.js", "fbevents.js", "fp.js"]
