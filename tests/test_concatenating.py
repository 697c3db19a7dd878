"""Texts that a script puts together of known parts are what they say: ids, names of events, and of globals."""

from __future__ import annotations

import pytest

from snippetkit import lint, snippets
from tests.pixels import CODES

AW, LABEL = "AW-123456789", "AbCdEFgH1ijkLMNoPQRs"
GTAG = (
    f"<script async src='https://www.googletagmanager.com/gtag/js?id={AW}'></script>\n<script>"
    "window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);}"
    f"gtag('js', new Date()); gtag('config', '{AW}');\n%s</script>\n"
)
FBQ = CODES["fbq"]


@pytest.mark.parametrize(
    "send_to",
    [
        f"'{AW}/' + '{LABEL}'",
        f"'{AW}' + ('/' + \"{LABEL}\")",
        f"`{AW}/${{'{LABEL}'}}`",
        f"'AW-' + 123456789 + '/{LABEL}'",
        "conv + '/' + label",
        "`${conv}/${label}`",
        f"'\\x41W-123456789' + '/{LABEL}'",
        f"['{AW}/' + '{LABEL}']",
        f"'AW-' + (123456700 + 89) + '/{LABEL}'",
    ],
)  # fmt: skip
def test_an_id_is_put_together(send_to: str) -> None:
    call = f"var conv = '{AW}', label = '{LABEL}'; gtag('event', 'conversion', {{send_to: {send_to}, value: 1}});"
    [code] = snippets.read(GTAG % call)
    assert (code.pixel_id, code.event, code.value) == (f"{AW}/{LABEL}", "conversion", "1")


@pytest.mark.parametrize(
    "send_to",
    [
        f"'{AW}/' + window.label",
        f"'{AW}/' + label()",
        f"'{AW}/' - '{LABEL}'",
        f"'{AW}/' + 1.50",
        f"'{AW}/' + (0.1 + 0.2)",
        f"`{AW}/${{window.label}}`",
        f"conv + '/{LABEL}'",
    ],
)
def test_what_is_not_known_stays_an_expression(send_to: str) -> None:
    call = f"var conv = '{AW}'; conv = read(); gtag('event', 'conversion', {{send_to: {send_to}}});"
    ids = [code.pixel_id for code in snippets.read(GTAG % call)]
    assert send_to in ids


def test_a_value_that_is_put_together_is_told_but_has_no_place() -> None:
    [code] = snippets.read(GTAG % f"gtag('event', 'conversion', {{send_to: '{AW}/{LABEL}', value: '19' + '.99'}});")
    assert (code.value, [place.name for place in code.places]) == ("19.99", [])


@pytest.mark.parametrize(
    "call",
    ["\\u0066bq", "\\u{66}bq", "window.\\u0066bq", "window['\\x66bq']", "window['\\u0066bq']", "window[`\\x66\\x62q`]"],
)
def test_a_global_whose_name_is_escaped_is_called(call: str) -> None:
    told = f"{call}('track', 'Purchase', {{\\u0076alue: 19.99, 'c\\x75rrency': 'USD'}});"
    page = FBQ.replace("fbq('track', 'PageView');", f"fbq('track', 'PageView');\n{told}")
    found = snippets.read(page)
    assert ("Purchase", "19.99", "USD") in {(one.event, one.value, one.currency) for one in found}
    assert "unexpected-script" in {one.code for one in lint.find(snippets.parse(page))}


@pytest.mark.parametrize("name", ["'f' + 'bq'", '"fb" + "q"', "`f` + ('b' + 'q')", "'\\x66' + 'bq'"])
@pytest.mark.parametrize("between", ["", "</script>\n<script>"])
def test_a_global_whose_name_is_put_together_is_called(name: str, between: str) -> None:
    call = f"{between}window[{name}]('track', 'Purchase', {{value: 19.99, currency: 'USD'}});"
    page = FBQ.replace("fbq('track', 'PageView');", f"fbq('track', 'PageView');\n{call}")
    found = snippets.read(page)
    assert ("Purchase", "19.99", "USD") in {(one.event, one.value, one.currency) for one in found}
    assert "unexpected-script" in {one.code for one in lint.find(snippets.parse(page))}


def test_another_name_that_is_put_together_is_nobodys() -> None:
    page = FBQ.replace("fbq('track', 'PageView');", "fbq('track', 'PageView'); window['f' + 'bx']('track', 'Lead');")
    assert {one.event for one in snippets.read(page)} == {"PageView"}


@pytest.mark.parametrize("key", ["['value']", "['va' + 'lue']", "[`value`]", "'\\x76alue'"])
def test_a_member_whose_name_is_put_together_is_told(key: str) -> None:
    call = f"fbq('track', 'Purchase', {{{key}: 19.99, currency: 'USD'}});"
    found = snippets.read(FBQ.replace("fbq('track', 'PageView');", f"fbq('track', 'PageView');\n{call}"))
    assert [(one.value, one.currency) for one in found if one.event == "Purchase"] == [("19.99", "USD")]


def test_a_member_whose_name_is_not_known_may_be_any() -> None:
    call = "fbq('track', 'Purchase', {value: 19.99, [name]: 5});"
    page = FBQ.replace("fbq('track', 'PageView');", f"fbq('track', 'PageView');\n{call}")
    assert "dynamic-value" in {one.code for one in lint.find(snippets.parse(page))}
