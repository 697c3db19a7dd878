"""Code to paste: what a person copies is the code itself, the page fires nothing, and what is pasted fires."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule, images, script
from snippetkit.errors import SnippetError
from snippetkit.exports.html import FILE_NAME, export
from snippetkit.model import Snippet
from snippetkit.terms import Consent, Match, TagVariant
from tests.conftest import JS_PIXEL
from tests.pixels import LOADERS, without_time
from tests.reading import read_js_pixel
from tests.tags import CHECKOUT, META, QUEUED, REGISTRATION, TAGS, exact

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

HOSTILE = (
    "</textarea></title></bdi>\n<script>alert(1)</script><img src=//evil.invalid onerror=alert(1)>\u202e&amp;{{x}}"
)
HOSTILE_CODE = """<script>
/* </textarea> &lt; &amp; é ☃ \u2028 \u202e \t `${x}` {{ x }} <!-- */


f('<\\/script>');

</script>"""


def _with_script(text: str) -> Snippet:
    return Snippet("fp", "6009125095680", None, None, text, (0, len(text)))


def _texts(content: bytes) -> list[str]:
    """The parts of a page, without a browser."""
    found = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", content.decode(), re.DOTALL)
    return [html.unescape(text) for text in found]


def _parts(tag: ContainerTag) -> list[str]:
    """The parts that a person wants of a tag."""
    scripts = [] if tag.variant is TagVariant.IMAGE else [script(tag)]
    urls = [] if tag.variant is TagVariant.SCRIPT else images(tag)
    start = '<img height="1" width="1" alt="" style="display:none" src="'
    return scripts + [part for url in urls for part in (f'{start}{url.replace("&", "&amp;")}">', url)]


def test_each_tag_has_its_script_its_image_and_the_images_url() -> None:
    assert _texts(export(TAGS).content) == [part for tag in TAGS for part in _parts(tag)]


def test_combined_pixels_have_an_image_each() -> None:
    tag = ContainerTag("Both", (CHECKOUT, REGISTRATION), TagVariant.IMAGE, exact("/both.html"))
    content = export([tag]).content
    assert [part for part in _texts(content) if part.startswith("https:")] == [*images(tag)]
    assert b"Image 2 of 2 as URL" in content


def test_it_says_when_a_tag_is_to_fire_and_what_it_waits_for() -> None:
    rules = (PageRule.of(Match.PREFIX, "/shop/"), PageRule.of(Match.HOST, "shop.example"))
    tag = ContainerTag("a", (CHECKOUT,), TagVariant.SCRIPT, rules, exact("/shop/x"), None, Consent.NONE, "12")
    text = re.sub(r"<[^>]+>|\s+", " ", export([tag]).content.decode())
    for words in ("one of these holds:", "path begins with /shop/ ", "host is shop.example ", "where this holds:",
                  "Page path is /shop/x ", "Let it wait for no consent. Ad account 12."):  # fmt: skip
        assert words in re.sub(r"\s+", " ", text)
    assert "the visitor&#39;s consent to ads" not in export([tag]).content.decode()
    assert b"Choose yourself when it fires." in export([ContainerTag("a", (CHECKOUT,))]).content


def test_what_the_code_does_not_do_by_itself_is_noted() -> None:
    event = DataLayerEvent.of("purchase", "ecommerce.value", "currency")
    both = [ContainerTag(name, (CHECKOUT,), TagVariant.BOTH) for name in "bcdef"]
    tags = [ContainerTag("a", (QUEUED,), event=event), *both]
    consent, twice, keys = export(tags).notes
    assert "asks for no consent itself" in consent
    assert keys.startswith("a: the code has a fixed value")
    assert keys.endswith("value from ecommerce.value and currency from currency")
    assert twice.startswith("'b', 'c', 'd' and 2 more: script and image both fire")
    assert b"<code>ecommerce.value</code>" in export(tags).content
    assert export([ContainerTag("a", (CHECKOUT,), consent=Consent.NONE)]).notes == ()


def test_code_without_a_place_for_the_events_value_is_refused() -> None:
    event = DataLayerEvent.of("purchase", "value")
    for variant in TagVariant:
        with pytest.raises(SnippetError, match="a: no value to take from the data layer"):
            export([ContainerTag("a", (META,), variant, event=event)])


class Opened(NamedTuple):
    """A page in a tab, and the URLs that it asked for beside its own."""

    page: Page
    asked: list[str]


def _open(browser: Browser, content: bytes, folder: Path, **options: Any) -> Opened:
    """Open a file from the disk, as a person does."""
    file = folder / FILE_NAME
    file.write_bytes(content)
    page = browser.new_context(**options).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.on("pageerror", lambda error: asked.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_load_state("networkidle")
    asked.remove(file.as_uri())
    return Opened(page, asked)


ODD = [
    ContainerTag(HOSTILE, (_with_script(HOSTILE_CODE),), TagVariant.SCRIPT, (PageRule(Match.EXACT, HOSTILE),)),
    ContainerTag("Event", (CHECKOUT,), event=DataLayerEvent(HOSTILE, HOSTILE), account=HOSTILE),
]


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("tags", [TAGS, ODD], ids=["tags", "odd"])
def test_to_open_the_page_fires_nothing_and_shows_each_part_as_it_is(
    browser: Browser, tmp_path: Path, tags: list[ContainerTag], javascript: bool
) -> None:
    page, asked = _open(browser, export(tags).content, tmp_path, java_script_enabled=javascript)
    values = [area.input_value() for area in page.locator("textarea").all()]
    assert values == [part for tag in tags for part in _parts(tag)]
    assert asked == []
    assert page.locator("h2").count() == len(tags) + sum(tag.variant is TagVariant.BOTH for tag in tags)
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("tags", [TAGS[:3], ODD], ids=["tags", "odd"])
def test_the_button_copies_exactly_the_part(browser: Browser, tmp_path: Path, tags: list[ContainerTag]) -> None:
    page, asked = _open(browser, export(tags).content, tmp_path, permissions=["clipboard-read"])
    for part, button in zip([part for tag in tags for part in _parts(tag)], page.locator("button").all(), strict=True):
        button.click()
        assert page.evaluate("navigator.clipboard.readText()") == part
    assert {*page.locator("[role=status]").all_text_contents()} == {"Copied"}
    assert asked == []
    page.context.close()


@pytest.mark.browser
def test_line_breaks_of_another_kind_are_copied_as_those_that_a_page_would_have(
    browser: Browser, tmp_path: Path
) -> None:
    snippet = read_js_pixel(JS_PIXEL.replace("\n", "\r\n"))
    page, _ = _open(browser, export([ContainerTag("a", (snippet,))]).content, tmp_path)
    assert "\r\n" in snippet.script
    assert page.locator("textarea").input_value() == script(ContainerTag("a", (snippet,))).replace("\r\n", "\n")
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_follows_its_colours(browser: Browser, tmp_path: Path, scheme: str) -> None:
    page, _ = _open(browser, export(ODD).content, tmp_path, viewport={"width": 360, "height": 640}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    colour = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    assert colour == {"light": "rgb(0, 0, 0)", "dark": "rgb(255, 255, 255)"}[scheme]
    page.context.close()


FIRED = {
    "Checkout": ["id=6009125095680&value=19.99&currency=USD"],
    "Both": ["id=6009125095680&value=19.99&currency=USD", "id=6009125095681&value=5.00&currency=USD"],
    "Queue": ["ev=6009125095680&cd%5Bvalue%5D=19.99&cd%5Bcurrency%5D=USD"],
    "Meta": ["id=434566956589050&ev=PageView"],
    "Image": ["id=6009125095680&value=19.99&currency=USD"],
}
CODES = {
    "Checkout": ContainerTag("a", (CHECKOUT,)),
    "Both": ContainerTag("a", (CHECKOUT, REGISTRATION)),
    "Queue": ContainerTag("a", (QUEUED,)),
    "Meta": ContainerTag("a", (META,)),
    "Image": ContainerTag("a", (CHECKOUT,), TagVariant.IMAGE),
}


@pytest.mark.browser
@pytest.mark.parametrize("name", CODES)
def test_what_is_pasted_into_a_page_fires_once(browser: Browser, name: str) -> None:
    fired: list[str] = []

    def answer(route: Route) -> None:
        host, _, rest = route.request.url.removeprefix("https://").partition("/")
        if host == "shop.invalid":
            route.fulfill(body=f"<!doctype html><title>x</title><body>{pasted}</body>", content_type="text/html")
        elif host == "connect.facebook.net":
            route.fulfill(body=LOADERS[rest.rpartition("/")[2]], content_type="text/javascript")
        else:
            fired.append(without_time(rest.partition("?")[2]))
            route.fulfill(body="", content_type="image/gif")

    pasted = _texts(export([CODES[name]]).content)[0]
    context = browser.new_context()
    context.route("**/*", answer)
    page = context.new_page()
    page.goto("https://shop.invalid/")
    page.wait_for_load_state("networkidle")
    context.close()
    assert fired == FIRED[name]
