"""The code of Snap, Reddit, X and Quora: what it reports, what is wrong with it, and what of it goes onto a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import lint, platforms, snippets
from snippetkit.templating import Template, render_blocks
from tests.conftest import Run
from tests.pixels import EVERY_CODE
from tests.placing import on_a_page
from tests.reading import find_in_source

SNAP, OTHER_SNAP = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", "1a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
Read = tuple[str, str | None, str | None, str | None, str | None, str | None, str]
REDDIT, OTHER_REDDIT = "t2_1abc2def", "a2_1abc2defghij"
X, OTHER_X = "abc12", "o8z6j"
QUORA, OTHER_QUORA = "0123456789abcdef" * 2, "fedcba9876543210" * 2
NAMED = {
    "snaptr": f"snaptr('init', '{SNAP}');",
    "rdt": f"rdt('init', '{REDDIT}', {{'optOut': false, 'useDecimalCurrencyValues': true}});",
    "twq": f"twq('config','{X}');",
    "qp": f"qp('init', '{QUORA}');",
}
"""The call that names a pixel, by the dialect."""
IDS = {"snaptr": SNAP, "rdt": REDDIT, "twq": X, "qp": QUORA}


NOTHING = ("tw-abc12-def34", None, None, None, None, "live")
OLD_PURCHASE = ("Purchase", "5", "EUR", None, None, "live")


def _read(text: str) -> list[Read]:
    return [
        (one.pixel_id, one.event, one.value, one.currency, one.order_id, one.event_id, one.state)
        for one in snippets.read_file("page.html", text)
    ]


def _page(dialect: str, calls: str) -> str:
    """A page with the base code of a dialect, and calls behind it."""
    base = EVERY_CODE[dialect].partition("</script>")[0]
    lines = base[: base.index(NAMED[dialect].partition("(")[0] + "('")]
    return f"<!doctype html><title>x</title>{lines}{NAMED[dialect]}{calls}</script>"


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


@pytest.mark.parametrize(
    ("dialect", "calls", "found"),
    [
        ("snaptr", "", [(None, None, None, None, None, "base code")]),
        ("snaptr", "snaptr('track', 'PAGE_VIEW')", [("PAGE_VIEW", None, None, None, None, "live")]),
        (
            "snaptr",
            "window.snaptr('track', 'SAVE', {price: '5', currency: 'EUR', transaction_id: 7, client_dedup_id: 'e'})",
            [("SAVE", "5", "EUR", "7", "e", "live")],
        ),
        (
            "snaptr",
            "snaptr('track', 'PURCHASE', {value: 5, client_deduplication_id: 'e'})",
            [("PURCHASE", None, None, None, "e", "live")],
        ),
        (
            "snaptr",
            "var total = 3; snaptr('track', 'ADD_CART', {price: total})",
            [("ADD_CART", "3", None, None, None, "live")],
        ),
        ("rdt", "rdt('track', 'PageVisit');", [("PageVisit", None, None, None, None, "live")]),
        (
            "rdt",
            "rdt('track', 'Lead', {value: 5, currency: 'EUR', itemCount: 1, transactionId: 'A', conversionId: 'e'})",
            [("Lead", "5", "EUR", "A", "e", "live")],
        ),
        ("rdt", "rdt('disableFirstPartyCookies')", [(None, None, None, None, None, "base code")]),
        (
            "twq",
            f"twq('event', 'tw-{X}-def34', {{value: '5', currency: 'EUR', conversion_id: 'A', contents: null}})",
            [(f"tw-{X}-def34", "5", "EUR", "A", "A", "live")],
        ),
        ("twq", f"twq('event', 'tw-{X}-def34', {{value: null, currency: null, conversion_id: null}})", [NOTHING]),
        ("twq", "twq('track', 'Purchase', {value: '5', currency: 'EUR', num_items: '1'})", [OLD_PURCHASE]),
        ("qp", "qp('track', 'ViewContent')", [("ViewContent", None, None, None, None, "live")]),
        (
            "qp",
            "qp('track', 'Purchase', {value: '5', currency: 'EUR'})",
            [("Purchase", "5", None, None, None, "live")],
        ),
    ],
)
def test_what_a_call_tells_is_read(dialect: str, calls: str, found: list[tuple[str | None, ...]]) -> None:
    assert [one[1:] for one in _read(_page(dialect, calls))] == found
    assert {one[0] for one in _read(_page(dialect, calls))} == {IDS[dialect]}


@pytest.mark.parametrize(
    ("dialect", "event", "other"),
    [("snaptr", "SAVE", OTHER_SNAP), ("rdt", "Lead", OTHER_REDDIT), ("qp", "Lead", OTHER_QUORA)],
)
def test_an_event_is_of_each_pixel_that_was_named_and_of_none_that_was_not(
    dialect: str, event: str, other: str
) -> None:
    both = _page(dialect, f"{dialect}('init', '{other}'); {dialect}('track', '{event}')")
    assert [one[:2] for one in _read(both)] == [(IDS[dialect], event), (other, event)]
    nobodys = f"<!doctype html><script>{dialect}('track', '{event}')</script>"
    assert [finding.code for finding in lint.find(snippets.parse(nobodys))] == ["unknown-pixels"]


@pytest.mark.parametrize(
    ("event", "pixel_ids"),
    [
        (f"'tw-{X}-def34'", [X]),
        (f"'tw-{OTHER_X}-def34'", [OTHER_X]),
        (f"window.event || 'tw-{OTHER_X}-def34'", [X]),
        ("'Purchase'", [X]),
    ],
)
@pytest.mark.parametrize("base", [f"twq('config', '{X}');", f"twq('init', '{X}');", ""])
def test_an_events_id_names_its_pixel(event: str, pixel_ids: list[str], base: str) -> None:
    text = f"<script>{base} twq('event', {event})</script>"
    found = [(one.pixel_id, one.conversion) for one in snippets.read(text)]
    is_id = event.startswith("'tw-")
    assert found == [(id_ if base or is_id else "", event != "'Purchase'") for id_ in pixel_ids]
    assert all(text[one.start : one.end] == "5" for read in snippets.read(text) for one in read.places)


def test_an_events_id_is_found_where_it_stands() -> None:
    [code] = snippets.parse(f"<script>twq('event', 'tw-{X}-def34')</script>").codes
    told = code.report.pixel_id
    assert told is not None
    assert f"<script>twq('event', 'tw-{X}-def34')</script>"[told.start : told.end] == X


@pytest.mark.parametrize("told", ["{value: null}", "{value: 5, currency: 'USD'}"])
def test_an_events_id_alone_reports_nothing(run: Run, told: str) -> None:
    event = f"<script>twq('event', 'tw-{X}-def34', {told})</script>"
    page = "<!doctype html><html><head></head><body>%s</body></html>"
    Path("page.html").write_text(page % "")
    Path("code.html").write_text(event)
    for command in (["inject", "page.html"], ["export", "html", "--all-pages"]):
        ran = run(*command, "--from-file", "code.html")
        assert (ran.code != 0, "not-run: nothing makes twq" in ran.err) == (True, True)
    assert Path("page.html").read_text() == page % ""
    assert [one.code for one in lint.find(snippets.parse(page % event))] == ["unknown-pixels"]
    for base in (f"<script>{NAMED['twq']}</script>", _page("twq", "").partition("<title>x</title>")[2]):
        assert lint.find(snippets.parse(page % (base + event))) == []
        assert _untrusted(base + event) == set()


@pytest.mark.parametrize(("event", "said"), [("Purchase", "'Purchase' is not an event id"), (f"tw-{X}-def34", "")])
def test_code_that_is_made_has_an_events_id(run: Run, event: str, said: str) -> None:
    made = run("snippet", "--kind", "twq", X, "--event", event, "--value", "1999", "--currency", "USD")
    assert ((made.code == 0) == (not said), said in made.err) == (True, True)
    assert (f'twq(\'event\', "{event}", {{value: 19.99, currency: "USD"}});' in made.out) == (not said)


def test_code_of_the_time_before_ids_is_written_as_that() -> None:
    old = EVERY_CODE["twq"].replace("'config'", "'init'").replace("'event', 'tw-abc12-def34'", "'track', 'Purchase'")
    [snippet] = snippets.read(old)
    assert (snippet.pixel_id, snippet.event, snippet.conversion) == (X, "Purchase", True)
    fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
    assert ("twq('init', \"abc12\");" in fresh, "twq('track', \"Purchase\", {value: 19.99" in fresh) == (True, True)


@pytest.mark.parametrize(
    ("options", "is_known"),
    [
        (", {useDecimalCurrencyValues: true}", True),
        (", {'useDecimalCurrencyValues': !0}", True),
        (", {useDecimalCurrencyValues: shop.isDecimal}", True),
        (", options", True),
        (", {...options}", True),
        (", {useDecimalCurrencyValues: false}", False),
        (", {optOut: false}", False),
        (", {}", False),
        ("", False),
    ],
)
@pytest.mark.parametrize(("told", "is_worth"), [("{value: 1999, currency: 'USD'}", True), ("{itemCount: 1}", False)])
def test_in_which_unit_a_value_is_has_to_be_told(options: str, is_known: bool, told: str, is_worth: bool) -> None:
    page = f"<!doctype html><script>rdt('init', '{REDDIT}'{options}); rdt('track', 'Purchase', {told})</script>"
    findings = lint.find(snippets.parse(page))
    assert [finding.code for finding in findings] == ["unit-unknown"] * (is_worth and not is_known)
    assert all("rdt('init', ..) states it with useDecimalCurrencyValues: true" in one.message for one in findings)


IMAGE = f"https://q.quora.com/_/ad/{QUORA}/pixel?tag="


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (f'<img alt="" src="{IMAGE}Purchase&amp;noscript=1">', [("Purchase", True, True)]),
        (f'<noscript><img alt="" src="{IMAGE}ViewContent"></noscript>', [("ViewContent", False, True)]),
        (EVERY_CODE["qp"], [("Purchase", True, True)]),
        (EVERY_CODE["qp"].replace("tag=Purchase", "tag=ViewContent"), [("Purchase", True, True)]),
        ('<img alt="" src="https://q.quora.com/_/ad//pixel?tag=Lead">', []),
    ],
)
def test_an_image_says_its_pixel_by_its_path(code: str, told: list[tuple[str, bool, bool]]) -> None:
    found = snippets.read(f"<!doctype html><title>x</title><body>{code}")
    assert [(one.event, one.conversion, one.image_span is not None) for one in found] == told
    assert {one.pixel_id for one in found} <= {QUORA}
    assert lint.find(snippets.parse(f"<!doctype html><title>x</title><body>{code}")) == []


@pytest.mark.parametrize(
    ("old", "new", "code"), [("/ad/0", "/ad/1", "id-mismatch"), ("tag=Purchase", "tag=Lead", "event-mismatch")]
)
def test_an_image_that_says_another_thing_than_its_script_is_told(old: str, new: str, code: str) -> None:
    page = f"<!doctype html><title>x</title><body>{EVERY_CODE['qp'].replace(old, new)}"
    assert [finding.code for finding in lint.find(snippets.parse(page))] == [code]


def test_an_event_alone_has_an_image_of_its_own(run: Run) -> None:
    Path("page.html").write_text(_with_base("qp"))
    made = run("inject", "page.html", "--kind", "qp", "--pixel", QUORA, "--event", "Purchase", "--value", "1999")
    assert made.code == 0
    page = Path("page.html").read_text()
    assert (page.count("<noscript>"), page.count(f"{IMAGE}Purchase&amp;noscript=1")) == (1, 1)
    told = run("snippet", "--kind", "qp", QUORA, "--event", "Lead", "--value", "1", "--currency", "USD")
    assert (told.code, "Quora's code has no currency" in told.err) == (2, True)


def test_code_of_which_the_unit_is_not_known_goes_onto_no_page(run: Run) -> None:
    Path("page.html").write_text("<!doctype html><html><head><title>x</title></head><body></body></html>")
    Path("code.html").write_text(EVERY_CODE["rdt"].replace(", 'useDecimalCurrencyValues': true", ""))
    for value in ([], ["--value", "1999"], ["--template", "clean"]):
        ran = run("inject", "page.html", "--from-file", "code.html", *value)
        assert (ran.code != 0, "useDecimalCurrencyValues" in ran.err) == (True, True)


OPAQUE = (
    "https://alb.reddit.com/snoo.gif?q=CAAHAAABAAoACQAAAAAaaaaaAA==&amp;s=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa="
)


@pytest.mark.parametrize(
    ("code", "states"),
    [
        (f'<img alt="" src="{OPAQUE}">', ["live"]),
        (f'<script>var i = new Image(); i.src = "{OPAQUE.replace("&amp;", "&")}";</script>', ["live"]),
        (f'{EVERY_CODE["rdt"]}<noscript><img alt="" src="{OPAQUE}"></noscript>', ["live", "live"]),
    ],
)
def test_an_image_that_says_no_pixel_is_a_conversion_of_its_own(code: str, states: list[str]) -> None:
    page = f"<!doctype html><html><head><title>x</title></head><body>{code}</body></html>"
    *_, found = snippets.read_file("page.html", page)
    assert (found.dialect, found.pixel_id, found.event, found.conversion) == ("rdt", "", None, True)
    assert [one.state for one in snippets.read_file("page.html", page)] == states
    assert find_in_source("page.html", page) == []


@pytest.mark.parametrize(
    ("dialect", "calls", "codes"),
    [
        ("snaptr", "snaptr('track', 'PURCHASE', {price: 5, currency: 'USD'})", []),
        ("snaptr", "snaptr('track', 'Purchase')", ["event-unknown"]),
        ("snaptr", "snaptr('track', 'custom_event_1')", []),
        ("snaptr", "snaptr('track', 'Custom_Event_1')", ["event-unknown"]),
        ("snaptr", "snaptr('track', 'PURCHASE', {value: 5, currency: 'USD'})", ["value-key"]),
        ("snaptr", "snaptr('track', 'PURCHASE', {price: '5,00', currency: 'USD'})", ["value-invalid"]),
        ("snaptr", "snaptr('track', 'PURCHASE', {price: 5})", ["currency-missing"]),
        ("snaptr", "snaptr('track', 'PURCHASE', {price: 5, currency: 'usd'})", ["currency-unknown"]),
        ("snaptr", "snaptr('init', '123456789012345'); snaptr('track', 'SAVE')", ["id-invalid"]),
        ("snaptr", "snaptr('track', 'SAVE'); snaptr('track', 'SAVE')", ["duplicate-pixel"]),
        ("rdt", "rdt('track', 'Purchase', {value: 5, currency: 'USD'})", []),
        ("rdt", "rdt('track', 'Custom', {customEventName: 'Trial'})", []),
        ("rdt", "rdt('track', 'purchase')", ["event-unknown"]),
        ("rdt", "rdt('track', 'Purchase', {price: 5, currency: 'USD'})", ["value-key"]),
        ("rdt", "rdt('track', 'Purchase', {value: '$5', currency: 'USD'})", ["value-invalid"]),
        ("rdt", "rdt('track', 'Purchase', {value: 5})", ["currency-missing"]),
        ("rdt", "rdt('init', 'YOUR_PIXEL_ID'); rdt('track', 'Lead')", ["id-invalid"]),
        ("rdt", "rdt('track', 'Lead'); rdt('track', 'Lead')", ["duplicate-pixel"]),
        ("twq", f"twq('event', 'tw-{X}-def34', {{value: 5, currency: 'USD'}})", []),
        ("twq", "twq('event', 'Purchase', {value: 5, currency: 'USD'})", ["id-invalid"]),
        ("twq", f"twq('event', 'tw-{X}', {{}})", ["id-invalid"]),
        ("twq", f"twq('event', window.event || 'tw-{X}')", []),
        ("twq", "twq('track', 'Purchase', {value: 5, currency: 'USD'})", []),
        ("twq", "twq('config', 'PIXEL_ID'); twq('track', 'PageView')", ["id-invalid"]),
        ("twq", f"twq('event', 'tw-{X}-def34', {{price: 5}})", ["value-key"]),
        ("twq", f"twq('event', 'tw-{X}-def34', {{value: '5,00', currency: 'USD'}})", ["value-invalid"]),
        ("twq", f"twq('event', 'tw-{X}-def34', {{value: 5}})", ["currency-missing"]),
        ("twq", f"twq('event', 'tw-{X}-def34'); twq('event', 'tw-{X}-def34')", ["duplicate-pixel"]),
        ("twq", f"twq('event', 'tw-{X}-def34'); twq('event', 'tw-{X}-def35')", []),
        ("qp", "qp('track', 'Purchase', {value: 5})", []),
        ("qp", "qp('track', 'purchase')", ["event-unknown"]),
        ("qp", "qp('track', 'Purchase', {revenue: 5})", ["value-key"]),
        ("qp", "qp('track', 'Purchase', {value: '$5'})", ["value-invalid"]),
        ("qp", "qp('init', 'YOUR_PIXEL_ID'); qp('track', 'Lead')", ["id-invalid"]),
        ("qp", "qp('track', 'Lead'); qp('track', 'Lead')", ["duplicate-pixel"]),
    ],
)
def test_what_is_wrong_is_found(dialect: str, calls: str, codes: list[str]) -> None:
    assert [finding.code for finding in lint.find(snippets.parse(_page(dialect, calls)))] == codes


SNAPS_OWN = "r=t.createElement(s)"


@pytest.mark.parametrize(
    ("dialect", "old", "new", "codes"),
    [
        ("snaptr", "", "", set()),
        ("snaptr", SNAPS_OWN, f"var {SNAPS_OWN}", set()),
        ("snaptr", f"='script';{SNAPS_OWN}", f"='script',{SNAPS_OWN}", set()),
        ("snaptr", "var s='script';r", "a.push=a;a.loaded=true;a.version='1.0';var s='script',r", set()),
        ("snaptr", SNAPS_OWN, f"r=c;{SNAPS_OWN}", {"unexpected-script"}),
        ("snaptr", "sc-static.net", "cdn.evil.example", {"foreign-host", "unexpected-script"}),
        ("snaptr", "a.queue.push(arguments)", "a.queue", {"unexpected-script"}),
        ("snaptr", SNAPS_OWN, f"a.handleRequest=e;var {SNAPS_OWN}", {"unexpected-script"}),
        ("snaptr", "snaptr('track'", f"snaptr('init', '{OTHER_SNAP}');snaptr('track'", {"second-pixel"}),
        ("snaptr", "snaptr('track'", "snaptr.handleRequest=0;snaptr('track'", {"unexpected-script"}),
        ("snaptr", "snaptr('track'", "snaptr('forget');snaptr('track'", {"unexpected-script"}),
        ("snaptr", "19.99", "document.cookie", {"unexpected-script"}),
        ("snaptr", "19.99", "order.total", set()),
        ("rdt", "", "", set()),
        ("rdt", ",t.async=!0;", ";t.async=true;", set()),
        ("rdt", "pixel.js", f"pixel.js?pixel_id={REDDIT}", set()),
        ("rdt", "if(!w.rdt){", "if(w.rdt)return;{", set()),
        ("rdt", "pixel.js", "other.js", {"unexpected-script"}),
        ("rdt", "www.redditstatic.com", "cdn.evil.example", {"foreign-host", "unexpected-script"}),
        ("rdt", "p.callQueue.push(arguments)", "p.callQueue", {"unexpected-script"}),
        ("rdt", "t.async=!0;", "t.async=!0;d.x=p.callQueue;", {"unexpected-script"}),
        ("rdt", "rdt('track'", f"rdt('init', '{OTHER_REDDIT}');rdt('track'", {"second-pixel"}),
        ("rdt", "rdt('track'", "rdt('disableFirstPartyCookies');rdt('track'", set()),
        ("rdt", "rdt('track'", "rdt('enableFirstPartyCookies');rdt('track'", {"consent-granted"}),
        ("rdt", "rdt('track'", "rdt.sendEvent=0;rdt('track'", {"unexpected-script"}),
        ("rdt", "19.99", "document.cookie", {"unexpected-script"}),
        ("rdt", "19.99", "order.total", set()),
        ("twq", "", "", set()),
        ("twq", "https://static", "//static", set()),
        ("twq", "u.async=!0", "u.async=true", set()),
        ("twq", "e.twq||(s=e.twq", "e.twq||(s=window.twq", set()),
        ("twq", "'config'", "'init'", set()),
        ("twq", "ads-twitter.com", "evil.example", {"foreign-host", "unexpected-script"}),
        ("twq", "s.queue.push(arguments)", "s.queue", {"unexpected-script"}),
        ("twq", "s.version='1.1'", "s.version=document.cookie", {"unexpected-script"}),
        ("twq", "twq('event'", f"twq('config','{OTHER_X}');twq('event'", {"second-pixel"}),
        ("twq", "twq('event'", "twq('set', 'a');twq('event'", {"unexpected-script"}),
        ("twq", "twq('event'", "twq.exe=0;twq('event'", {"unexpected-script"}),
        ("twq", "19.99", "document.cookie", {"unexpected-script"}),
        ("twq", "19.99", "order.total", set()),
        ("qp", "", "", set()),
        ("qp", "t.async=!0;", "t.async=true;", set()),
        ("qp", "document.createElement(e)", "document.createElement('script')", set()),
        ("qp", "a.quora.com", "cdn.evil.example", {"foreign-host", "unexpected-script"}),
        ("qp", "n.queue.push(arguments)", "n.queue", {"unexpected-script"}),
        ("qp", "t.src=v", "t.src=n.queue[0]", {"unexpected-script"}),
        ("qp", "qp('track'", f"qp('init', '{OTHER_QUORA}');qp('track'", {"second-pixel"}),
        ("qp", "qp('track'", "qp('set', 'a');qp('track'", {"unexpected-script"}),
        ("qp", "qp('track'", "qp.qp=0;qp('track'", {"unexpected-script"}),
        ("qp", "q.quora.com", "i.evil.example", {"foreign-host"}),
        ("qp", "19.99", "document.cookie", {"unexpected-script"}),
        ("qp", "19.99", "order.total", set()),
    ],
)
def test_the_base_code_is_let_through_and_nothing_more(dialect: str, old: str, new: str, codes: set[str]) -> None:
    code = EVERY_CODE[dialect]
    assert old in code
    assert _untrusted(code.replace(old, new, 1)) == codes


@pytest.mark.parametrize("dialect", IDS)
def test_fresh_code_says_the_same_and_is_trusted(dialect: str) -> None:
    [snippet] = snippets.read(EVERY_CODE[dialect])
    fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
    assert _read(fresh) == _read(EVERY_CODE[dialect])
    assert _untrusted(fresh) == set()
    assert lint.find(snippets.parse(fresh)) == []


VALUED = {
    "snaptr": "'price': 49.99, 'currency': 'EUR'",
    "rdt": "'currency': 'EUR', 'value': 49.99",
    "twq": "value: 49.99, // the",
    "qp": "{value: 49.99}",
}


@pytest.mark.parametrize("dialect", IDS)
def test_it_goes_onto_a_page_and_out_again(run: Run, dialect: str) -> None:
    loader = platforms.dialect_named(dialect).own_loader
    assert loader is not None
    currency = ["--currency", "EUR"] if platforms.dialect_named(dialect).platform.needs_currency else []
    with on_a_page(run, EVERY_CODE[dialect], f"{dialect}:{IDS[dialect]}") as policy:
        assert all(origin in policy for origin in (f"https://{loader.host}", *loader.connect))
        valued = run("inject", "page.html", "--from-file", "code.html", "--value", "4999", *currency)
        assert valued.code == 0, valued.err
        assert VALUED[dialect] in Path("page.html").read_text()


def _with_base(dialect: str, more: str = "") -> str:
    """A page that has a dialect's base code, and more calls in it."""
    base = _page(dialect, more).removeprefix("<!doctype html><title>x</title>")
    return f"<!doctype html>\n<html>\n<head>\n<title>x</title>\n{base}\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"


@pytest.mark.parametrize("dialect", IDS)
def test_behind_its_base_code_an_event_goes_alone(run: Run, dialect: str) -> None:
    page = _with_base(dialect)
    Path("page.html").write_text(page)
    Path("code.html").write_text(EVERY_CODE[dialect])
    assert run("inject", "page.html", "--from-file", "code.html").code == 0
    put_in = Path("page.html").read_text()
    loader = platforms.dialect_named(dialect).loader
    assert (put_in.count(loader), put_in.count(NAMED[dialect])) == (1, 1)
    [snippet], [found] = snippets.read(EVERY_CODE[dialect]), snippets.read(put_in)
    assert (found.event, found.value, found.order_id) == (snippet.event, snippet.value, snippet.order_id)
    assert run("inject", "page.html", "--from-file", "code.html", "--check").code == 0
    assert run("remove", "page.html", "--pixel", IDS[dialect]).code == 0
    assert Path("page.html").read_text() == page


@pytest.mark.parametrize(
    ("dialect", "other", "said"),
    [
        ("snaptr", f"snaptr('init', '{OTHER_SNAP}');", "no call of snaptr reaches one pixel as 'track' does all"),
        ("rdt", f"rdt('init', '{OTHER_REDDIT}');", "no call of rdt reaches one pixel as 'track' does all"),
        ("qp", f"qp('init', '{OTHER_QUORA}');", "no call of qp reaches one pixel as 'track' does all"),
        ("twq", f"twq('config', '{OTHER_X}');", ""),
    ],
)
def test_beside_another_pixel_only_an_event_that_names_its_own_goes_alone(
    run: Run, dialect: str, other: str, said: str
) -> None:
    Path("page.html").write_text(_with_base(dialect, other))
    Path("code.html").write_text(EVERY_CODE[dialect])
    ran = run("inject", "page.html", "--from-file", "code.html")
    assert ((ran.code == 0) == (not said), said in ran.err) == (True, True)


@pytest.mark.parametrize("there", ["", X])
def test_where_no_other_pixel_is_named_none_is_told_of(run: Run, there: str) -> None:
    other = EVERY_CODE["twq"].replace(X, there).partition("twq('event'")[0] + "</script>" if there else ""
    Path("page.html").write_text(f"<!doctype html><html><head>{other}</head><body></body></html>")
    Path("code.html").write_text(EVERY_CODE["twq"])
    ran = run("inject", "page.html", "--from-file", "code.html")
    assert (ran.code, "is next to another pixel" in ran.err) == (0, False)


def test_behind_a_base_code_that_does_not_tell_the_unit_goes_no_value(run: Run) -> None:
    Path("page.html").write_text(_with_base("rdt").replace(", 'useDecimalCurrencyValues': true", ""))
    command = ["inject", "page.html", "--kind", "rdt", "--pixel", REDDIT, "--event"]
    ran = run(*command, "Purchase", "--value", "1999", "--currency", "USD")
    assert (ran.code, "states it with useDecimalCurrencyValues: true" in ran.err) == (6, True)
    assert run(*command, "Lead").code == 0


OCT = EVERY_CODE["oct"]
TWICE = OCT.partition("<noscript>")[2].partition("</noscript>")[0]


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("twttr.conversion.trackPid('l1ab2', {tw_sale_amount: 5, tw_order_quantity: 2})", "5"),
        ("window.twttr.conversion.trackPid('l1ab2', {'tw_sale_amount': '5'})", "5"),
        ('twttr.conversion.trackPid("l1ab2");', None),
        ("if (typeof twttr != 'undefined') twttr.conversion.trackPid('l1ab2')", None),
    ],
)
def test_twitters_old_call_is_read_by_its_path(call: str, value: str | None) -> None:
    assert _read(f"<script>{call}</script>") == [("l1ab2", None, value, None, None, None, "live")]


@pytest.mark.parametrize(
    "call", ["twttr.widgets.load()", "twttr.ready(f)", "conversion.trackPid('l1ab2')", "trackPid(1)"]
)
def test_what_is_called_by_another_path_is_none(call: str) -> None:
    assert _read(f"<script>{call}</script>") == []


@pytest.mark.parametrize(
    "code",
    [
        OCT,
        f"<noscript>{TWICE}</noscript>",
        TWICE,
        "\n".join(reversed(TWICE.splitlines())),
        f"<noscript>{TWICE[TWICE.index('<img', 9) :]}</noscript>",
    ],
)
def test_two_images_of_one_conversion_are_one(code: str) -> None:
    [found] = snippets.read(code)
    assert (found.dialect, found.pixel_id, found.value, found.conversion) == ("oct", "l1ab2", "19.99", True)
    assert lint.find(snippets.parse(code)) == []


def test_what_either_image_says_differently_is_told() -> None:
    for host in ("analytics.twitter.com", "//t.co"):
        before, there, behind = OCT.partition(host)
        code = before + there + behind.replace("=19.99", "=1999", 1)
        assert [finding.code for finding in lint.find(snippets.parse(code))] == ["value-mismatch"]
    assert "id-mismatch" in {
        one.code for one in lint.find(snippets.parse(OCT.replace("trackPid('l1ab2'", "trackPid('l1ab3'")))
    }


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ("{tw_sale_amount: 0, tw_order_quantity: 0}", ["value-zero"]),
        ("{tw_sale_amount: '0.00'}", ["value-zero"]),
        ("{tw_sale_amount: 5}", []),
        ("{tw_sale_amount: '5,00'}", ["value-invalid"]),
        ("{value: 5}", ["value-key"]),
        ("{}", []),
    ],
)
def test_the_samples_zero_is_no_orders_value(told: str, codes: list[str]) -> None:
    page = f"<!doctype html><title>x</title><script>twttr.conversion.trackPid('l1ab2', {told})</script>"
    assert [finding.code for finding in lint.find(snippets.parse(page))] == codes
    reddit = "rdt('track', 'Purchase', {value: 0, currency: 'USD'})"
    assert lint.find(snippets.parse(_page("rdt", reddit))) == []


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        ("//platform", "https://platform", set()),
        ("19.99", "order.total", set()),
        ("twttr.conversion.trackPid", "window.twttr.conversion.trackPid", set()),
        ("platform.twitter.com", "cdn.evil.example", {"foreign-host", "not-run", "unexpected-script"}),
        ("oct.js", "widgets.js", {"not-run", "unexpected-script"}),
        ("19.99", "document.cookie", {"unexpected-script"}),
        ("//t.co/", "//evil.example/", {"foreign-host"}),
        ("twttr.conversion", "twttr.conversion.trackPid('l1ab3');twttr.conversion", {"second-pixel"}),
        ("twttr.conversion", "twttr.widgets.load();twttr.conversion", {"unexpected-script"}),
    ],
)
def test_twitters_old_code_is_let_through_and_nothing_more(old: str, new: str, codes: set[str]) -> None:
    assert old in OCT
    assert _untrusted(OCT.replace(old, new, 1)) == codes


def test_twitters_old_code_goes_onto_a_page_and_out_again(run: Run) -> None:
    page = "<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"
    Path("page.html").write_text(page)
    Path("code.html").write_text(OCT)
    assert run("inject", "page.html", "--from-file", "code.html", "--value", "4999").code == 0
    put_in = Path("page.html").read_text()
    assert (put_in.count("tw_sale_amount: 49.99"), put_in.count("tw_sale_amount=49.99")) == (1, 2)
    assert run("inject", "page.html", "--from-file", "code.html", "--check").code == 0
    policy = run("csp", "page.html").out
    assert all(
        host in policy for host in ("https://platform.twitter.com", "https://analytics.twitter.com https://t.co")
    )
    assert run("lint", "page.html").out == ""
    fresh = run("inject", "page.html", "--from-file", "code.html", "--template", "clean")
    assert (fresh.code != 0, "oct" in fresh.err) == (True, True)
    assert run("remove", "page.html", "--key", "oct:l1ab2").code == 0
    assert Path("page.html").read_text() == page


@pytest.mark.browser
@pytest.mark.parametrize("options", [[], ["--no-js"]])
def test_a_browser_fires_twitters_old_code_once(run: Run, options: list[str]) -> None:
    Path("page.html").write_text(
        f"<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n{OCT}</body>\n</html>\n"
    )
    [visit] = json.loads(run("verify", "page.html", "--json", *options).out)["visits"]
    [fired] = visit["fired"]
    assert ((fired["pixel_id"], fired["value"]), visit["faults"]) == (("l1ab2", "19.99"), [])


FIRED = {"twq": 2}
"""How many events fire of what a page has, where its base code reports something by itself."""


@pytest.mark.browser
@pytest.mark.wide
@pytest.mark.parametrize("template", ["snippet", "clean"])
@pytest.mark.parametrize("dialect", IDS)
def test_a_browser_is_told_of_its_value_and_its_order(run: Run, dialect: str, template: str) -> None:
    Path("page.html").write_text("<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body></body>\n</html>\n")
    Path("code.html").write_text(EVERY_CODE[dialect])
    assert run("inject", "page.html", "--from-file", "code.html", "--template", template).code == 0
    [visit] = json.loads(run("verify", "page.html", "--json").out)["visits"]
    [snippet] = snippets.read(EVERY_CODE[dialect])
    assert len(visit["fired"]) == FIRED.get(dialect, 1)
    fired = visit["fired"][-1]
    names = ("pixel_id", "event", "value", "currency", "order_id", "event_id")
    assert [fired.get(name) for name in names] == [getattr(snippet, name) for name in names]
    assert visit["faults"] == []
