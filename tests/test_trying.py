"""`export --verify`: which pages and events an export is tried on, and that what is wrong in a file is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import exports
from snippetkit.browser import Observed, Verdict, Visit, judge, make_trials, serving_everywhere, visit, visit_all
from snippetkit.browser.pool import Wrong
from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.terms import Consent, Match, TagVariant
from tests import managers
from tests.conftest import CHROMIUM, PIXEL_ID, Run
from tests.tags import CHECKOUT, META, QUEUED, REGISTRATION, exact, purchase

RULES = """page,pixel,value,currency
/thanks.html,6009125095680,1999,USD
/shop/**,6009125095680,500,USD
/shop/*.html,6009125095680,700,USD
"""
TAGS = [
    ContainerTag("Checkout", (CHECKOUT,), rules=exact("/thanks.html")),
    ContainerTag("Image", (REGISTRATION,), TagVariant.IMAGE, exact("/image.html"), consent=Consent.NONE),
    ContainerTag("Queue", (QUEUED,), rules=(PageRule.of(Match.PREFIX, "/shop/"),), exceptions=exact("/shop/")),
    ContainerTag("Mail", (META,), rules=(PageRule.of(Match.CONTAINS, "?utm=1"),)),
    ContainerTag("Paid", (purchase(),), event=DataLayerEvent.of("paid", "order.value", "order.currency")),
]


def test_each_rule_and_each_event_is_tried_and_a_page_of_none() -> None:
    trials, untried = make_trials(TAGS, asks_for_consent=True)
    assert untried == []
    assert [(trial.path, [one.pixel_id for one in trial.expected]) for trial in trials] == [
        ("/thanks.html", ["6009125095680"]),
        ("/image.html", ["6009125095681"]),
        ("/shop/a", ["6009125095680"]),
        ("/?utm=1", ["434566956589050"]),
        ("/shop/", []),
        ("/no-page-of-any-rule", []),
        ("/no-page-of-any-rule", ["434566956589050"]),
        ("/thanks.html", []),
    ]
    assert trials[6].pushed == {"event": "paid", "order": {"value": "12.34", "currency": "EUR"}}
    [paid] = trials[6].expected
    assert (paid.event, paid.value, paid.currency) == ("Purchase", "12.34", "EUR")
    assert (trials[7].name, trials[7].consent) == ("the page /thanks.html without consent", False)


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (PageRule.of(Match.ALL), "/"),
        (PageRule.of(Match.REGEX, r"^/shop/(?:[^/]+/)*[^/]*$"), "/shop/"),
        (PageRule.of(Match.REGEX, r"^/(?:a|b)?x\.html$"), "/x.html"),
        (PageRule.of(Match.REGEX, r"^/order/[0-9]+$"), None),
        (PageRule.of(Match.HOST, "shop.example"), None),
        (PageRule.of(Match.CONTAINS, "shop.example"), "/?shop.example"),
    ],
)
def test_a_rule_without_a_page_at_hand_is_said(rule: PageRule, path: str | None) -> None:
    trials, untried = make_trials([ContainerTag("a", (CHECKOUT,), rules=(rule,))], asks_for_consent=False)
    assert untried == ([rule] if path is None else [])
    assert path is None or next(trial.path for trial in trials if trial.expected) == path


def _verdicts(name: str, file: bytes) -> list[Verdict]:
    trials, _ = make_trials(TAGS, asks_for_consent="consent" not in exports.find_format(name).LOSES)
    assert CHROMIUM
    with serving_everywhere() as url:
        seen = dict(visit_all([visit(trial, name, file, url) for trial in trials], CHROMIUM))
    return [judge(seen[number], trial.expected) for number, trial in enumerate(trials)]


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize("name", managers.NAMES)
def test_a_file_that_is_right_has_no_fault_and_a_wrong_one_is_found(name: str) -> None:
    content = exports.find_format(name).export(TAGS).content
    assert [fault for verdict in _verdicts(name, content) for fault in verdict.faults] == []
    wrong = content.replace(b"19.99", b"1999").replace(b"thanks.html", b"thanks.htm")
    codes = {fault.code for verdict in _verdicts(name, wrong) for fault in verdict.faults}
    assert codes == {"not-fired", "wrong-value"}


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize("name", managers.NAMES)
def test_export_verify_tries_what_it_wrote(sandbox_run: Run, name: str) -> None:
    Path("rules.csv").write_text(RULES)
    ran = sandbox_run("export", name, "--pages", "rules.csv", "-o", "file.json", "--verify")
    assert (ran.code, ran.out) == (0, "")
    visits = 5 if name == "gtm" else 4
    assert f"in a stand-in of {exports.find_format(name).TITLE}: {visits} visits checked, all OK" in ran.err


@pytest.mark.browser
def test_export_verify_says_what_counts_twice_and_what_it_could_not_try(sandbox_run: Run) -> None:
    twice = ["export", "gtm", "--pixel", PIXEL_ID, "--page-path", "/a", "--variant", "both", "--verify", "-o", "f"]
    ran = sandbox_run(*twice)
    assert ran.code == 1
    assert "wrong: the page /a (JavaScript): fired-twice: pixel 6009125095680 fired 2 times" in ran.err
    ran = sandbox_run("export", "gtm", "--pixel", PIXEL_ID, "--page-host", "shop.example", "--verify", "-o", "f")
    assert ran.code == 0
    assert "note: there is no page to try 'Page host is shop.example' on, so that was not tried" in ran.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["html", "--verify"], "--verify needs an export to gtm, matomo, zaraz or adobe."),
        (["bundle", "--verify"], "--verify needs an export to"),
        (["gtm", "--verify", "--into", "mine.json"], "--verify needs an export to"),
        (["gtm", "--verify", "--browser", "no-such-browser"], "no-such-browser is not a program"),
    ],
)
def test_what_cannot_be_tried_is_said_before_anything_is_written(
    sandbox_run: Run, arguments: list[str], reason: str
) -> None:
    ran = sandbox_run("export", *arguments, "--pixel", PIXEL_ID, "-o", "file")
    assert (ran.code, ran.out) == (2, "")
    assert reason in ran.err
    assert not Path("file").exists()


def test_all_trials_of_an_export_share_what_is_as_large_as_it() -> None:
    file = b'{"containerVersion": {}}'
    trials = make_trials(TAGS, asks_for_consent=False)[0]
    visits = [visit(trial, "gtm", file, "http://127.0.0.1") for trial in trials]
    assert len(visits) > 3
    assert all(one.shared is visits[0].shared and one.events[0] is visits[0].events[0] for one in visits)


def _beside(
    scripts: dict[str, str], shared: str = "window.told = 'Lead';", wrong: Wrong | None = None, timeout_s: float = 15
) -> dict[str, Observed]:
    """Pages that are looked at side by side, each of which runs a script, by their names."""
    assert CHROMIUM
    with serving_everywhere() as url:
        visits = [
            Visit(name, f"{url}/{name}", events=(script,), timeout_s=timeout_s, is_idle=True, shared=shared)
            for name, script in scripts.items()
        ]
        return {observed.path: observed for _, observed in visit_all(visits, CHROMIUM, wrong=wrong)}


TELL = "new Image().src = 'https://www.facebook.com/tr?id=434566956589050&ev=' + {};"


@pytest.mark.browser
def test_what_is_seen_of_pages_side_by_side_is_each_ones_own() -> None:
    framed = "document.body.innerHTML = '<iframe srcdoc=\"<script>{}</script>\"></iframe>'"
    inner = TELL.format("'Framed'").replace("'", "\\'")
    seen = _beside(
        {
            "a": TELL.format("parent.told"),
            "b": "var made = document.createElement('script'); made.text = 'nobody()'; document.head.append(made);"
            + TELL.format("location.pathname.slice(1)"),
            "c": "throw new Error('no')",
            "d": framed.format(inner),
            "e": "",
        }
    )
    assert {name: [(one.event, one.frame) for one in observed.fired] for name, observed in seen.items()} == {
        "a": [("Lead", "")],
        "b": [("b", "")],
        "c": [],
        "d": [("Framed", "")],
        "e": [],
    }
    stopped = "what is done on the loaded page stopped: Error: no"
    assert {name: one.failure for name, one in seen.items() if one.failure} == {"c": stopped}
    assert {len(one.errors) for one in seen.values()} == {1}  # whose it is is not said: each is looked at alone


@pytest.mark.browser
def test_a_fault_of_pages_side_by_side_is_told_as_each_has_it_alone() -> None:
    told = "localStorage.told = 1 + Number(localStorage.told || 0);" + TELL.format("'Lead' + localStorage.told")
    seen = _beside(dict.fromkeys("abcdef", told), wrong=lambda number, observed: frozenset({"wrong-value"}))
    assert [[one.event for one in observed.fired] for observed in seen.values()] == [["Lead1"]] * 6


@pytest.mark.browser
@pytest.mark.parametrize(
    ("script", "shared", "failure"),
    [
        ("top.location = '/elsewhere'", "", "one of the pages went on"),
        ("for (;;);", "", "not loaded after 5 seconds"),
        ("", "throw new Error('no')", "what is done on the loaded page stopped: Error: no"),
    ],
)
def test_what_seems_wrong_with_pages_side_by_side_is_looked_at_alone(script: str, shared: str, failure: str) -> None:
    scripts = {"a": TELL.format("'Lead'"), "b": script}
    first = dict[str, str]()

    def wrong(number: int, observed: Observed) -> frozenset[str]:
        first.setdefault(observed.path, observed.failure)
        return frozenset({"not-loaded"} if observed.failure else ())

    seen = _beside(scripts, shared or "1;", wrong, timeout_s=5)
    assert first == dict.fromkeys(scripts, failure)
    assert [one.event for one in seen["a"].fired] == ([] if shared else ["Lead"])
    assert bool(seen["a"].failure) == bool(shared)
