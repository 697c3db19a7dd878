"""The report in a real Chromium, from its file: it runs nothing of the pages, copies exactly, and all can read it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from snippetkit import snippets
from snippetkit.terms import Variant
from tests.conftest import JS_PIXEL, PIXEL_ID

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.wide]

PAGE = '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>x</title></head><body>{}</body></html>\n'
WINDOWS = PAGE.format(JS_PIXEL.replace("\n", "\r\n"))
VALUE = r"'</td><img src=x onerror=alert(1)><\/script><script>alert(2)<\/script>\x1b'"
PAGES = {
    "right.html": PAGE.format(f"<h1>Thank you</h1>{JS_PIXEL}"),
    "windows.html": WINDOWS,
    "clobbered.html": PAGE.format(JS_PIXEL + JS_PIXEL.replace(PIXEL_ID, "6009125095681")),
    "value.html": PAGE.format(JS_PIXEL.replace("'19.99'", VALUE).replace("value=19.99", 'value="onerror=alert(3)')),
    "latin.html": PAGE.format(f"<h1>Caf\xe9</h1>{JS_PIXEL}"),
    "a b%20#?.html": PAGE.format(JS_PIXEL),
    "none.html": PAGE.format("<h1>Nothing here</h1>"),
    "long.html": PAGE.format(JS_PIXEL.replace("19.99", "9" * 500)),
    "<script>alert(4)</script>.html": PAGE.format(JS_PIXEL),
    "\u202eevil \u05d0\u05d1\u05d2\"'&.html": PAGE.format(JS_PIXEL),
    "a-name-that-is-much-longer-than-a-phone-is-wide-and-has-no-place-to-break.html": PAGE.format(JS_PIXEL),
}
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
NOT_ALLOWED = "navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));"
# Each element with a text of its own, the contrast of which with what is behind it is below 4.5 (WCAG 2.2, 1.4.3 and
# its definitions of relative luminance and contrast ratio).
FAINT = """() => {
  const channels = (color) => color.match(/[0-9.]+/g).map(Number);
  const luminance = (color) => channels(color).slice(0, 3).map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 && element.parentElement ? behind(element.parentElement) : color;
  };
  const texts = [...document.querySelectorAll('body *')].filter(
    (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const faint = texts.filter((element) => {
    const both = [getComputedStyle(element).color, behind(element)].map(luminance).sort((a, b) => b - a);
    return (both[0] + 0.05) / (both[1] + 0.05) < 4.5;
  });
  return [texts.length, faint.map((element) => element.outerHTML)];
}"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the pages above."""
    folder = tmp_path_factory.mktemp("report")
    for name, text in PAGES.items():
        file = folder / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("latin-1" if name == "latin.html" else "utf-8"))
    command = [sys.executable, "-m", "snippetkit", "report", "site", "--timeout", "120"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr[-20:]) == (1, "\nwrote: report.html\n")
    assert "not-loaded" not in (folder / "report.html").read_text("utf-8")
    return folder / "report.html"


@dataclass
class Opened:
    """The report in a tab, and whatever it should not do."""

    context: BrowserContext
    tab: Page
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def pasted(self) -> str:
        """What the clipboard holds, as another tab gets it."""
        other = self.context.new_page()
        other.goto(self.tab.url)
        other.bring_to_front()
        text: str = other.evaluate("navigator.clipboard.readText()")
        other.close()
        self.tab.bring_to_front()
        return text


class Opener:
    """Opens the report."""

    def __init__(self, browser: Browser, file: Path) -> None:
        self._browser = browser
        self._file = file
        self._contexts: list[BrowserContext] = []

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def open(self, script: str = "", width: int = 1000, **options: Any) -> Opened:
        """Open it, with a script in front of its own."""
        context = self._browser.new_context(viewport={"width": width, "height": 800}, **options)
        self._contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        opened = Opened(context, context.new_page())
        opened.tab.on("request", lambda request: opened.requests.append(request.url))
        opened.tab.on("console", lambda message: opened.said.append(message.text))
        opened.tab.on("pageerror", lambda error: opened.said.append(str(error)))
        opened.tab.on("dialog", lambda dialog: (opened.said.append(dialog.message), dialog.dismiss()))
        opened.tab.add_init_script(script)
        opened.tab.goto(self._file.as_uri())
        return opened


@pytest.fixture
def opener(browser: Browser, report: Path) -> Iterator[Opener]:
    opener = Opener(browser, report)
    yield opener
    opener.close()


def _show_all(tab: Page) -> None:
    tab.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")


def test_it_opens_from_its_file_asks_for_nothing_and_runs_nothing_of_the_pages(opener: Opener) -> None:
    opened = opener.open()
    _show_all(opened.tab)
    opened.tab.wait_for_timeout(300)
    assert [url for url in opened.requests if not url.startswith("data:")] == [opened.tab.url]
    assert opened.said == []
    titles = opened.tab.locator("h3[id]").all_inner_texts()
    shown = {name.replace("\u202e", r"\u202e") for name in PAGES}
    assert {title.removeprefix("site/") for title in titles} == shown
    assert opened.tab.locator("script").count() == 1


def test_its_policy_keeps_a_script_of_somebody_else_from_running(opener: Opener) -> None:
    opened = opener.open()
    opened.tab.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    assert opened.tab.evaluate("window.ran") is None
    assert "Content Security Policy" in opened.said[0]


def test_every_picture_is_shown_and_has_a_text(opener: Opener) -> None:
    tab = opener.open().tab
    _show_all(tab)
    tab.wait_for_function("[...document.images].every((image) => image.complete)")
    pictures = tab.evaluate("[...document.images].map((image) => [image.alt, image.naturalWidth, image.width])")
    assert len(pictures) >= len(PAGES)
    assert all(alt.startswith(("The top of site/", "Pages by ")) for alt, _, _ in pictures)
    assert all(natural == shown for _, natural, shown in pictures)
    assert {alt.partition(":")[0] for alt, _, _ in pictures if alt.startswith("Pages by ")} == {
        "Pages by verdict",
        "Pages by pixel, event and value",
    }


@pytest.mark.parametrize("script", ["", NO_CLIPBOARD, NOT_ALLOWED], ids=["clipboard", "none", "not allowed"])
def test_each_button_copies_exactly_its_variant_and_says_so(opener: Opener, script: str) -> None:
    opened = opener.open(script)
    article = opened.tab.locator(
        "article", has=opened.tab.get_by_role("heading", name="windows.html", exact=False).first
    )
    [snippet] = snippets.read(WINDOWS)
    assert "\r\n" in snippet.script
    for number, variant in enumerate(Variant):
        button = article.get_by_role("button").nth(number)
        button.click()
        opened.tab.get_by_text(
            f"Copied the {button.inner_text().partition(' of ')[0].removeprefix('Copy the ')}"
        ).wait_for()
        assert opened.pasted() == snippets.take_variant(snippet, variant)


def test_where_nothing_can_be_copied_it_says_so_and_the_code_is_selected(opener: Opener) -> None:
    opened = opener.open(NO_CLIPBOARD + "document.execCommand = () => false;")
    opened.tab.get_by_role("button", name="Copy the image URL").first.click()
    opened.tab.get_by_text("Not copied: press Ctrl+C or Cmd+C, the image URL").wait_for()
    selected = opened.tab.evaluate("getSelection().toString()")
    assert selected.startswith("https://www.facebook.com/offsite_event.php?id=")
    opened.tab.keyboard.press("Control+C")
    assert opened.pasted() == selected


def test_without_javascript_it_can_be_read_and_has_no_button_that_does_nothing(opener: Opener) -> None:
    tab = opener.open(java_script_enabled=False).tab
    assert not any(button.is_visible() for button in tab.locator("button").all()[:8])
    details = tab.locator("article details").first
    details.locator("summary").click()
    assert details.locator("pre").is_visible()


@pytest.mark.parametrize("width", [320, 375, 600, 895, 897, 1400])
def test_no_width_makes_the_page_scroll_sideways(opener: Opener, width: int) -> None:
    tab = opener.open(width=width).tab
    _show_all(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    seen = "[...document.querySelectorAll('body :not(.unseen, .unseen *)')]"
    wide = f"{seen}.filter((e) => e.getBoundingClientRect().right > innerWidth + 1)"
    assert tab.evaluate(f"{wide}.map((e) => e.outerHTML)") == []


def test_a_report_with_text_of_twice_the_size_does_not_scroll_sideways(opener: Opener) -> None:
    tab = opener.open(width=640).tab
    _show_all(tab)
    tab.evaluate("document.documentElement.style.fontSize = '200%'")
    assert tab.evaluate("document.documentElement.scrollWidth") == 640


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(opener: Opener, scheme: str) -> None:
    tab = opener.open(color_scheme=scheme).tab
    _show_all(tab)
    tab.evaluate("document.querySelector('[role=status]').textContent = 'Copied'")
    count, faint = tab.evaluate(FAINT)
    assert count > 200
    assert faint == []
    dark = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark == ("rgb(21, 23, 27)" if scheme == "dark" else "rgb(255, 255, 255)")


def test_headings_are_in_order_and_landmarks_and_tables_have_their_parts(opener: Opener) -> None:
    tab = opener.open().tab
    levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => Number(h.localName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(second - first <= 1 for first, second in pairwise(levels))
    for landmark in ("banner", "navigation", "main", "contentinfo"):
        assert tab.get_by_role(landmark).count() == 1  # type: ignore[arg-type]
    assert tab.get_by_role("status").get_attribute("aria-live") == "polite"
    tables = tab.evaluate("""[...document.querySelectorAll('table')].map((table) => [
        Boolean(table.caption && table.caption.textContent),
        [...table.tHead.rows[0].cells].every((cell) => cell.scope === 'col'),
        [...table.tBodies[0].rows].every((row) => row.cells[0].scope === 'row'),
    ])""")
    assert tables and all(all(parts) for parts in tables)
    assert (
        tab.evaluate("new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size")
        == tab.locator("[id]").count()
    )


def _nodes(opened: Opened) -> list[tuple[str, str]]:
    """The role and the name of whatever a screen reader is told."""
    session = opened.context.new_cdp_session(opened.tab)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    told = [node for node in nodes if not node["ignored"]]
    return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in told]


def test_whatever_can_be_used_has_a_name_that_no_other_has(opener: Opener) -> None:
    nodes = _nodes(opener.open())
    buttons = [name for role, name in nodes if role == "button"]
    assert len(buttons) == len(set(buttons)) > 4 * (len(PAGES) - 2)
    assert all(name.startswith("Copy the ") and " of pixel " in name and " on site/" in name for name in buttons)
    assert all(name for role, name in nodes if role in {"link", "image", "heading", "DisclosureTriangle", "article"})


@pytest.mark.parametrize("width", [320, 1000])
def test_tables_stay_tables_for_a_screen_reader_where_they_look_like_cards(opener: Opener, width: int) -> None:
    nodes = _nodes(opener.open(width=width))
    roles = [role for role, _ in nodes]
    assert roles.count("table") == 1 + 2 * (len(PAGES) - 1)
    assert {"row", "cell", "columnheader", "rowheader"} <= set(roles)
    assert ("columnheader", "Pixel") in nodes


def test_the_keyboard_alone_is_enough(opener: Opener) -> None:
    opened = opener.open()
    opened.tab.keyboard.press("Tab")
    skip = opened.tab.locator(":focus")
    assert skip.inner_text() == "Skip to the content"
    box = skip.bounding_box()
    assert box is not None and box["height"] > 10
    opened.tab.keyboard.press("Enter")
    assert opened.tab.evaluate("document.activeElement.id") == "content"
    while opened.tab.evaluate("document.activeElement.localName") != "button":
        opened.tab.keyboard.press("Tab")
        outline = opened.tab.evaluate("getComputedStyle(document.activeElement).outline")
        assert "solid 3px" in outline
    opened.tab.keyboard.press("Enter")
    opened.tab.get_by_text("Copied the full code of pixel").wait_for()
    opened.tab.keyboard.press("Space")
    assert "fb_param" in opened.pasted()
