"""Page rules: the same URLs as their plain meaning, and what is refused because tag managers would not agree."""

from __future__ import annotations

import pytest

from snippetkit.containers import PageRule, fold_case
from snippetkit.errors import SettingError
from snippetkit.terms import Match
from tests.urls import PAGE_RULES, URLS


def test_the_table_is_large_enough_and_no_rule_is_idle() -> None:
    assert len(URLS) >= 200
    for rule, holds in PAGE_RULES.items():
        assert any(map(holds, URLS)), rule


@pytest.mark.parametrize("rule", PAGE_RULES, ids=lambda rule: rule.description)
def test_a_rule_holds_where_its_plain_meaning_does(rule: PageRule) -> None:
    assert [url for url in URLS if rule.matches(url)] == [url for url in URLS if PAGE_RULES[rule](url)]


@pytest.mark.parametrize(
    ("regex", "folded"),
    [
        ("a[b-d]{2,3}", "[aA][BCDb-d]{2,3}"),
        (r"^/x\.html$", r"^/[xX]\.[hH][tT][mM][lL]$"),
        ("[A-z-]", "[A-z-]"),
        ("[^-a]", r"[^A\-a]"),
        (r"(?:ab|C)\d+", r"(?:[aA][bB]|[Cc])\d+"),
    ],
)
def test_a_regex_ignores_case_without_a_flag(regex: str, folded: str) -> None:
    assert fold_case(PageRule.of(Match.REGEX, regex).text) == folded


_DISPUTED = ("(?=a)", "a{", r"(a)\1", r"\p{L}", "x*+", "^*", "[]a]", "(?i)a", "[[a]", "a|*")


@pytest.mark.parametrize(
    ("match", "text", "reason"),
    [
        (Match.EXACT, "", "an empty text"),
        (Match.EXACT, "thanks", "does not begin with a slash"),
        (Match.PREFIX, "/a?b", "is more than a path"),
        (Match.EXACT, "/a/../b", "a segment of dots"),
        (Match.PREFIX, "/a/%2E%2e/b", "a segment of dots"),
        (Match.EXACT, "/a|b", "browsers differ"),
        (Match.CONTAINS, "a='b'", "an apostrophe"),
        (Match.EXACT, "/\ud800", "is not UTF-8"),
        (Match.CONTAINS, "a#b", "has a fragment"),
        (Match.HOST, "https://x", "is not a host"),
        (Match.HOST, "ü..b", "is not a host"),
        *((Match.REGEX, regex, "tag managers do not agree") for regex in _DISPUTED),
        (Match.REGEX, "é", "URLs are ASCII"),
        (Match.REGEX, "a b", "without spaces"),
        (Match.REGEX, "a(", "unterminated"),
        (Match.REGEX, "[b-a]", "bad character range"),
        (Match.REGEX, "[a--]", "bad character range|set difference"),
    ],
)  # fmt: skip
def test_what_would_fire_nowhere_or_not_the_same_everywhere_is_refused(match: Match, text: str, reason: str) -> None:
    with pytest.raises(SettingError, match=reason):
        PageRule.of(match, text)


def test_a_password_in_what_should_be_a_host_is_not_repeated() -> None:
    with pytest.raises(SettingError) as raised:
        PageRule.of(Match.HOST, "ann:word@shop.example")
    assert raised.value.with_hint() == "a URL's user and password is not a host name; give it alone: shop.example"
