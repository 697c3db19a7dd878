"""An event in a Meta Pixel's base code: what is written reports that and nothing else, and is accepted code."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippetkit import lint, money, platforms, snippets
from snippetkit.errors import SettingError, SnippetError
from snippetkit.model import Snippet
from tests.conftest import examples
from tests.pixels import CODES, META_ID

BASE = snippets.read_code(CODES["fbq"], "fbq")
USD = ("19.99", "USD")

_letters = st.characters(codec="utf-8", categories=["L", "N"])
_names = st.text(st.one_of(_letters, st.sampled_from("_ .-")), max_size=48).flatmap(
    lambda inner: st.tuples(_letters, _letters).map(lambda ends: f"{ends[0]}{inner}{ends[1]}")
)
_ids = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9_.:-]{0,98}[A-Za-z0-9])?", fullmatch=True)
_amounts = st.builds(
    lambda cents, currency: (money.to_major(cents, currency), currency),
    st.integers(0, money.MAX_VALUE_CENTS),
    st.sampled_from(["USD", "EUR", "JPY", "KRW"]),
)

_NO_NAMES = ("a'b", "a<b", "{{x}}", "//h.example", " a")
_NO_IDS = ("", "a'b", "<?= x ?>", "x" * 101, "é", "a ", "$x")


def _told(snippet: Snippet) -> list[tuple[str | None, str | None, str | None]]:
    return [(found.event, found.value, found.currency) for found in snippet.events]


def test_the_call_and_the_image_stand_behind_those_of_the_base_code() -> None:
    made = snippets.add_event(BASE, "Purchase", USD, "order-17")
    call = "fbq('track', 'Purchase', {value: 19.99, currency: 'USD'}, {eventID: 'order-17'});\n"
    assert made.script == BASE.script.replace("</script>", f"{call}</script>")
    assert [url.partition("&")[2] for url in made.image_urls] == [
        "ev=PageView&noscript=1",
        "ev=Purchase&cd%5Bvalue%5D=19.99&cd%5Bcurrency%5D=USD&eid=order-17&noscript=1",
    ]
    assert _told(made) == [("PageView", None, None), ("Purchase", *USD)]


@pytest.mark.parametrize(
    ("event", "value", "event_id", "call"),
    [
        ("Lead", None, None, "fbq('track', 'Lead');"),
        ("Lead", None, "7", "fbq('track', 'Lead', {}, {eventID: '7'});"),
        ("Purchase", ("150.00", "JPY"), None, "fbq('track', 'Purchase', {value: 150.00, currency: 'JPY'});"),
        ("Tea sold", USD, None, "fbq('trackCustom', 'Tea sold', {value: 19.99, currency: 'USD'});"),
    ],
)
def test_what_is_not_given_is_not_written(
    event: str, value: tuple[str, str] | None, event_id: str | None, call: str
) -> None:
    made = snippets.add_event(BASE, event, value, event_id)
    assert f"\n{call}\n</script>" in made.script
    assert ("cd%5Bvalue%5D" in made.noscript, "eid=" in made.noscript) == (value is not None, event_id is not None)


@settings(max_examples=examples(60))
@given(_names, st.none() | _amounts, st.none() | _ids)
def test_whatever_is_named_is_read_again_and_clean(
    event: str, value: tuple[str, str] | None, event_id: str | None
) -> None:
    events = platforms.events_of("fbq")
    if event == events.base or event.casefold() in {one.casefold() for one in events.standard}:
        return
    made = snippets.add_event(BASE, event, value, event_id)
    again = snippets.parse(made.source)
    assert lint.find(again) == lint.find_untrusted(again) == []
    assert _told(made) == [("PageView", None, None), (event, *(value or (None, None)))]
    if value:
        assert "5.00" in made.with_value("5.00").image_url


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (
            CODES["fbq"].replace("fbq('track', 'PageView');\n", "fbq('track', 'PageView') // here"),
            "// here\nfbq('track'",
        ),
        (CODES["fbq"].replace('style="', 'alt="" style="'), "fbq('track', 'PageView');\nfbq('track'"),
    ],
    ids=["a comment at the end", "an image with an alt"],
)
def test_base_code_in_other_words_takes_an_event(code: str, line: str) -> None:
    made = snippets.add_event(snippets.read_code(code, "fbq"), "Lead")
    assert line in made.script
    assert lint.find(snippets.parse(made.source)) == []


@pytest.mark.parametrize(
    ("event", "event_id", "reason"),
    [
        ("", None, "'' is not an event name: give 1 to 50 printable"),
        ("x" * 51, None, "is not an event name"),
        ("purchase", None, "'purchase' would be a custom event; the standard event is Purchase"),
        ("pageview", None, "the standard event is PageView"),
        ("PageView", None, "the base code tracks PageView already"),
        *((event, None, "is not an event name") for event in ("a'b", "a<b", "{{x}}", "//h.example", " a")),
        *(("Lead", id_, "is not an event id") for id_ in ("", "a'b", "<?= x ?>", "x" * 101, "é", "a ", "$x")),
    ],
)
def test_a_name_or_an_id_that_is_none_is_refused(event: str, event_id: str | None, reason: str) -> None:
    with pytest.raises(SettingError) as refused:
        snippets.add_event(BASE, event, None, event_id)
    assert reason in str(refused.value)


def test_base_code_with_other_code_behind_it_is_refused() -> None:
    more = replace(BASE, source=BASE.source + CODES["fp"])
    with pytest.raises(SnippetError, match=f"the base code of fbq:{META_ID} cannot be read with an event in it"):
        snippets.add_event(more, "Lead")
