"""The code of one pixel in several scripts, or with several events: one snippet, each event with its own value."""

from __future__ import annotations

import re
from itertools import permutations

import pytest

from snippetkit import lint, snippets
from snippetkit.errors import SnippetError
from snippetkit.model import Snippet
from tests.pixels import CODES, META_ID

PAGE_VIEW = snippets.without_nonce(CODES["fbq"]).partition("-->\n")[2].rpartition("\n<!--")[0]
SCRIPT, NOSCRIPT = PAGE_VIEW[: PAGE_VIEW.index("</script>")], PAGE_VIEW[PAGE_VIEW.index("<noscript>") :]
PURCHASE = "fbq('track', 'Purchase', {value: 30.00, currency: 'USD'});"
LEAD = "fbq('track', 'Lead', {value: 2, currency: 'EUR'});"
SINGLE = PURCHASE.replace("'track'", f"'trackSingle', '{META_ID}'")
CONTACT = "fbq('track', 'Contact');"
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)


def _image(event: str) -> str:
    return (
        f'<noscript><img alt="" src="https://www.facebook.com/tr?id={META_ID}&amp;{event}&amp;noscript=1"></noscript>'
    )


IMAGE = _image("ev=Purchase&amp;cd[value]=30.00&amp;cd[currency]=USD")
# Where the event stands: in the base code's own script, and in the next one with what may stand around it.
SHAPES = {
    "one script": f"{SCRIPT}{PURCHASE}</script>\n{NOSCRIPT}",
    "two scripts": f"{PAGE_VIEW}\n<script>{PURCHASE}</script>",
    "with what is between them": f"{PAGE_VIEW}\n<!-- the event -->\n\n<p>é</p><script>{PURCHASE}\n</script>\n",
    "an image each": f"{PAGE_VIEW}\n<script>{PURCHASE}</script>\n{IMAGE}",
    "the images in front": f"{IMAGE}{NOSCRIPT}{SCRIPT}</script>\n<script>{PURCHASE}</script>",
    "three scripts": f"{PAGE_VIEW}<script>{CONTACT}</script><script>{PURCHASE}</script>",
    "trackSingle": f"{PAGE_VIEW}<script>{SINGLE}</script>",
}


def _joined(code: str) -> Snippet:
    [group] = snippets.group(snippets.read(code))
    return snippets.join(group)


@pytest.mark.parametrize("code", SHAPES.values(), ids=SHAPES)
def test_base_code_and_event_are_one_snippet_with_one_value(code: str) -> None:
    joined = _joined(code)
    assert (joined.key, joined.event, joined.value, joined.currency) == (f"fbq:{META_ID}", "Purchase", "30.00", "USD")
    assert _SCRIPT.findall(joined.script) == _SCRIPT.findall(code)
    changed = joined.with_value("7.50", "GBP")
    assert changed.source == joined.source.replace("30.00", "7.50").replace("USD", "GBP")
    assert [found.event for found in changed.events] == [found.event for found in joined.events]
    assert not lint.find_disagreements(snippets.parse(changed.source))


@pytest.mark.parametrize("code", SHAPES.values(), ids=SHAPES)
def test_the_source_is_read_as_what_it_was_made_of(code: str) -> None:
    joined = _joined(code)
    again = _joined(joined.source)
    assert (again.source, again.script, again.noscript) == (joined.source, joined.script, joined.noscript)
    assert {(found.event, found.value, found.image_url) for found in again.events} == {
        (found.event, found.value, found.image_url) for found in joined.events
    }
    assert joined.source.endswith("</noscript>")
    assert joined.source.count("<noscript>") == 1


def test_each_image_is_there_once_and_of_its_own_event() -> None:
    urls = [url.partition("ev=")[2].partition("&")[0] for url in _joined(SHAPES["an image each"]).image_urls]
    assert urls == ["PageView", "Purchase"]
    assert len(_joined(SHAPES["one script"]).image_urls) == 1


@pytest.mark.parametrize("events", [*permutations([PURCHASE, LEAD, CONTACT])], ids=str)
@pytest.mark.parametrize("between", ["\n", "</script>\n<script>"])
def test_the_value_of_each_of_several_events_is_changed_alone(events: tuple[str, ...], between: str) -> None:
    code = f"{SCRIPT}{between}{between.join(events)}</script>\n{NOSCRIPT}"
    joined = _joined(code)
    assert joined.event == next(found[14:].partition("'")[0] for found in events if "value" in found)
    assert joined.about("Lead").with_value("7.00").source == joined.source.replace("value: 2", "value: 7.00")
    both = joined.about("Lead").with_value("7.00").about("Purchase").with_value("8.00", "EUR")
    told = {found.event: (found.value, found.currency) for found in both.events}
    assert told == {
        "PageView": (None, None),
        "Purchase": ("8.00", "EUR"),
        "Lead": ("7.00", "EUR"),
        "Contact": (None,) * 2,
    }
    with pytest.raises(SnippetError, match="no value to set: line "):
        both.about("Contact").with_value("5.00")


def test_an_event_that_the_code_does_not_report_is_named_with_those_that_it_does() -> None:
    with pytest.raises(SnippetError, match="the code has no event 'Search'; it reports PageView, Purchase"):
        _joined(SHAPES["two scripts"]).about("Search")
    twice = snippets.join(snippets.read(f"{SCRIPT}fbq('track', 'PageView');{PURCHASE}</script>"))
    with pytest.raises(SnippetError, match="the code has several events 'PageView'"):
        twice.about("PageView")


APART = {
    "two base codes": (PAGE_VIEW + PAGE_VIEW, 2),
    "another pixel's base code": (PAGE_VIEW + PAGE_VIEW.replace(META_ID, "6009125095681"), 2),
    "an event of both": (PAGE_VIEW + PAGE_VIEW.replace(META_ID, "6009125095681") + f"<script>{PURCHASE}</script>", 3),
    "no base code": (f"<script>{PURCHASE}</script><script>{LEAD}</script>", 2),
    "other dialects": (CODES["fp"] + CODES["fbds"] + PAGE_VIEW, 3),
}


@pytest.mark.parametrize(("code", "count"), APART.values(), ids=APART)
def test_what_does_not_belong_together_stays_apart(code: str, count: int) -> None:
    found = snippets.read(code)
    groups = snippets.group(found)
    assert len(groups) == count
    assert [snippet for group in groups for snippet in group] == found


def test_an_event_that_is_reported_twice_is_not_joined() -> None:
    for code in (f"{PURCHASE}{PURCHASE}</script>", f"{PURCHASE}</script><script>{PURCHASE}</script>"):
        [group] = snippets.group(snippets.read(SCRIPT + code))
        with pytest.raises(SnippetError, match=r"Purchase, fbq:.* Purchase$"):
            snippets.join(group)


def test_images_alone_are_joined_side_by_side() -> None:
    joined = snippets.join(snippets.read(NOSCRIPT + IMAGE))
    assert (joined.event, joined.value, joined.source) == ("Purchase", "30.00", f"{NOSCRIPT}\n{IMAGE}")
    assert "value]=5&" in joined.with_value("5").image_url
    assert len(joined.image_urls) == 2
