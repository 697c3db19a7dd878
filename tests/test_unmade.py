"""Base code from outside makes the list onto which it pushes."""

from __future__ import annotations

import pytest

from snippetkit import lint, snippets
from tests.pixels import EVERY_CODE

LISTS = {
    "adform": "_adftrack",
    "floodlight": "dataLayer",
    "gtag": "dataLayer",
    "paq": "_paq",
    "tfa": "_tfa",
    "ytag": "yjDataLayer",
}
MADE = {
    "adform": "window._adftrack = Array.isArray(window._adftrack) ? window._adftrack"
    " : (window._adftrack ? [window._adftrack] : []);",
    "floodlight": "window.dataLayer = window.dataLayer || [];",
    "gtag": "window.dataLayer = window.dataLayer || [];",
    "paq": "var _paq = window._paq = window._paq || [];",
    "tfa": "window._tfa = window._tfa || [];",
    "ytag": "window.yjDataLayer = window.yjDataLayer || [];",
}


def _untrusted(text: str) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in lint.find_untrusted(snippets.parse(text))]


@pytest.mark.parametrize("name", MADE)
def test_a_list_that_nothing_makes_keeps_base_code_off_pages(name: str) -> None:
    code = EVERY_CODE[name]
    assert MADE[name] in code
    assert _untrusted(code) == []
    assert ("not-run", f"nothing defines {LISTS[name]}, so this fails; define it first") in _untrusted(
        code.replace(MADE[name], "")
    )


@pytest.mark.parametrize("name", sorted({*EVERY_CODE} - {*MADE}))
def test_no_other_code_lacks_one(name: str) -> None:
    assert not any("nothing defines" in message for _, message in _untrusted(EVERY_CODE[name]))


def test_a_list_that_is_made_in_any_way_is_made() -> None:
    code = EVERY_CODE["tfa"]
    for made in ("window['_tfa'] = window._tfa || [];", "window._tfa ||= [];", "_tfa = window._tfa || [];"):
        found = _untrusted(code.replace(MADE["tfa"], made))
        assert not any("nothing defines" in message for _, message in found)
