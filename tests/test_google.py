"""Google's code: what it reports, what of it goes onto a page, and what its loader would ask for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import lint, platforms, snippets
from snippetkit.browser.observed import read_event
from snippetkit.templating import Template, render_blocks
from tests.conftest import Run
from tests.pixels import EVERY_CODE

GTAG = EVERY_CODE["gtag"]
ACCOUNT, LABEL = "AW-123456789", "AW-123456789/aBcD-eF_gHiJkLmNoPqR"
TAG, OTHER = "G-AB1CD2EF3G", "G-ZY9XW8VU7T"
KEY = f"gtag:{LABEL.replace('/', '%2F')}"
LOADER = '<script async src="https://www.googletagmanager.com/gtag/js?id={}"></script>\n'
STUB = """<script>
window.dataLayer = window.dataLayer || [];
function gtag() { dataLayer.push(arguments); }
gtag('js', new Date());
"""
APART = f"""{LOADER.format(ACCOUNT)}{STUB}gtag('config', '{ACCOUNT}');
</script>
<!-- Event snippet -->
<script>
gtag('event', 'conversion', {{send_to: '{LABEL}', value: 19.99, currency: 'USD', transaction_id: 'A-1001'}});
</script>
"""
PAGE = "<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"
Read = tuple[str, str | None, str | None, str | None, str | None, str, bool]


def _read(text: str) -> list[Read]:
    return [
        (one.pixel_id, one.event, one.value, one.currency, one.order_id, one.state, one.conversion)
        for one in snippets.read_file("page.html", text)
    ]


TAGGED = f"gtag('config', '{TAG}');"


def _page(calls: str, configured: str = f"gtag('config', '{TAG}');") -> str:
    return f"<!doctype html><body>{LOADER.format(TAG)}{STUB}{configured}\n{calls}</script></body>"


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(text))]


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        (
            f"gtag('event', 'conversion', {{send_to: '{LABEL}', value: 2, currency: 'USD', transaction_id: 'A'}})",
            [(LABEL, "conversion", "2", "USD", "A", "live", True)],
        ),
        (
            f"gtag('event', 'purchase', {{'send_to': ['{LABEL}', '{OTHER}'], 'value': '2.00'}})",
            [(id_, "purchase", "2.00", None, None, "live", True) for id_ in (LABEL, OTHER)],
        ),
        ("gtag('event', 'purchase', {value: 2})", [(TAG, "purchase", "2", None, None, "live", True)]),
        ("gtag('event', 'sign_up', {send_to: 'default'})", [(TAG, "sign_up", None, None, None, "live", True)]),
        ("gtag('event', 'sign_up', {send_to: 'GLA'})", [(TAG, "sign_up", None, None, None, "live", True)]),
        (
            f"gtag('config', '{ACCOUNT}'); gtag('config', '{OTHER}'); gtag('event', 'login')",
            [(id_, "login", None, None, None, "live", True) for id_ in (TAG, OTHER)],
        ),
        (
            f"var told = {{send_to: '{LABEL}', value: 3, transaction_id: 'A'}}; window.gtag('event', 'x', told)",
            [(LABEL, "x", "3", None, "A", "live", True)],
        ),
        (
            f"gtag('event', 'view_item', {{send_to: '{ACCOUNT}', value: 3}})",
            [(ACCOUNT, "view_item", "3", None, None, "live", False)],
        ),
        ("gtag('event', 'page_view')", [(TAG, "page_view", None, None, None, "live", False)]),
        ("dataLayer.push({event: 'purchase', value: 3}); gtag('set', 'linker', {})", []),
        (
            f"const to = ['{LABEL}', '{OTHER}']; gtag('event', 'x', {{send_to: to}})",
            [(id_, "x", None, None, None, "live", True) for id_ in (LABEL, OTHER)],
        ),
        (
            "gtag('set', {currency: 'EUR'}); gtag('event', 'purchase', {value: 2}); gtag('event', 'refund', data)",
            [(TAG, "purchase", "2", "EUR", None, "live", True), (TAG, "refund", "data", None, None, "live", True)],
        ),
        (
            f"gtag('config', '{ACCOUNT}', {{currency: 'EUR'}}); gtag('event', 'x', {{send_to: '{LABEL}', value: 2}});"
            f"gtag('event', 'y', {{send_to: '{LABEL}', value: 2, currency: 'USD'}});",
            [(LABEL, "x", "2", "EUR", None, "live", True), (LABEL, "y", "2", "USD", None, "live", True)],
        ),
        (
            "gtag('event', 'purchase', {value: 2}); gtag('set', {currency: 'EUR'})",
            [(TAG, "purchase", "2", None, None, "live", True)],
        ),
    ],
)
def test_where_an_event_is_sent_to_is_whose_it_is(calls: str, found: list[Read]) -> None:
    assert [one for one in _read(_page(calls)) if one[1]] == found


@pytest.mark.parametrize(
    ("configured", "found"),
    [
        (f"gtag('config', '{ACCOUNT}');", [(ACCOUNT, "purchase", False)]),
        ("gtag('config', 'UA-12345678-1');", [("UA-12345678-1", "purchase", False)]),
        (f"gtag('config', 'UA-12345678-1'); gtag('config', '{TAG}');", [(TAG, "purchase", True)]),
    ],
)
def test_what_is_sent_to_an_account_alone_is_no_conversion(configured: str, found: list[tuple[str, str, bool]]) -> None:
    page = _page("gtag('event', 'purchase')", configured)
    assert [(one[0], one[1], one[-1]) for one in _read(page) if one[1]] == found


def test_a_currency_of_the_base_code_is_that_of_events_in_other_scripts() -> None:
    event = "</script><script>gtag('event', 'purchase', {value: 2, transaction_id: 'A'})"
    for configured in (f"gtag('config', '{TAG}', {{currency: 'EUR'}});", f"gtag('set', {{currency: 'EUR'}}); {TAGGED}"):
        page = _page(event, configured)
        assert [one[1:4] for one in _read(page) if one[1]] == [("purchase", "2", "EUR")]
        assert _codes(page) == []


def test_a_base_code_is_told_where_nothing_is_sent_to_its_account() -> None:
    [base] = _read(_page("", f"gtag('config', '{ACCOUNT}');"))
    assert (base[0], base[5]) == (ACCOUNT, "base code")
    event = f"gtag('event', 'conversion', {{send_to: '{LABEL}'}})"
    assert [one[0] for one in _read(_page(event, f"gtag('config', '{ACCOUNT}');"))] == [LABEL]


def test_a_page_with_a_tag_manager_alone_has_no_such_code() -> None:
    page = (
        "<script>window.dataLayer = window.dataLayer || []; dataLayer.push({'gtm.start': 1, event: 'gtm.js'});</script>"
    )
    assert not platforms.needles().are_in(page.encode())
    assert _read(page) == []


def test_what_a_visitor_does_is_an_event_too() -> None:
    link = f"""<a href="#" onclick="gtag('event', 'conversion', {{send_to: '{ACCOUNT}'}})">x</a>"""
    page = _page("") + link
    assert [(one[0], one[5]) for one in _read(page) if one[1]] == [(ACCOUNT, "on click")]
    [finding] = lint.find(snippets.parse(page))
    assert (finding.code, finding.column > page.splitlines()[-1].index(ACCOUNT)) == ("id-invalid", True)


@pytest.mark.parametrize(
    ("calls", "codes"),
    [
        ("gtag('event', 'purchase', {transaction_id: 'A', value: 1, currency: 'USD'})", []),
        ("gtag('event', 'purchase', {value: 1, currency: 'USD', transaction_id: ''})", ["order-id-missing"]),
        ("gtag('event', 'purchase', {value: 1, currency: 'USD', transaction_id: order.id})", []),
        (f"gtag('event', 'purchase', {{send_to: '{LABEL}', value: 1, currency: 'USD'}})", []),
        ("gtag('event', 'Purchase', {value: 1, currency: 'USD'})", ["event-unknown"]),
        (f"gtag('event', 'Purchase', {{send_to: '{LABEL}'}})", []),
        ("gtag('event', 'purchase', {transaction_id: 'A', value: 1})", ["currency-missing"]),
        (f"gtag('event', 'view_item', {{send_to: '{ACCOUNT}', value: 1}})", []),
        ("gtag('event', 'cta_click', {event_category: 'x', value: 1})", []),
        ("gtag('event', 'purchase', {transaction_id: 'A', value: '1,234.50', currency: 'USD'})", ["value-invalid"]),
        ("gtag('event', 'purchase', {transaction_id: 'A', value: '$5', currency: 'USD'})", ["value-invalid"]),
        ("gtag('event', 'purchase', {transaction_id: 'A', revenue: 5, currency: 'USD'})", ["value-key"]),
        ("gtag('event', 'purchase', {transaction_id: 'A', value: 5, revenue: 4, currency: 'USD'})", []),
        (f"gtag('event', 'conversion', {{send_to: '{ACCOUNT}'}})", ["id-invalid"]),
        (f"gtag('event', 'conversion', {{send_to: '{ACCOUNT}/'}})", ["id-invalid", "id-invalid"]),
        ("gtag('event', 'conversion', {send_to: 'AW-CONVERSION_ID/LABEL'})", ["id-invalid"]),
        ("gtag('config', 'G-XXXXXXXXXX')", ["id-invalid"]),
        ("gtag('event', 'login'); gtag('event', 'login')", ["duplicate-pixel"]),
        (f"gtag('event', 'a', {{send_to: '{LABEL}'}}); gtag('event', 'a', {{send_to: '{LABEL}x'}})", []),
    ],
)
def test_what_does_not_count_is_told(calls: str, codes: list[str]) -> None:
    assert _codes(_page(calls)) == codes


@pytest.mark.parametrize(
    ("page", "codes"),
    [
        (f"<script>gtag('event', 'conversion', {{send_to: '{LABEL}'}})</script>", ["unknown-pixels"]),
        ("<script>gtag('event', 'login')</script>", ["unknown-pixels"]),
        (f"{STUB}gtag('event', 'login')</script>", ["not-run"]),
        (f"<script>gtag('event', 'login')</script>{STUB}gtag('config', '{TAG}')</script>", ["not-run"]),
        (f"{STUB}gtag('config', '{TAG}')</script><script>gtag('event', 'login')</script>", []),
    ],
)
def test_an_event_without_its_base_code_is_told(page: str, codes: list[str]) -> None:
    assert _codes(f"<!doctype html><body>{page}") == codes


CONSENT = (
    "gtag('consent', 'default', {{ad_storage: '{}', analytics_storage: 'denied', functionality_storage: 'granted'}});"
)


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        (
            "function gtag(){dataLayer.push(arguments);}",
            "window.gtag = function(){window.dataLayer.push(arguments)};",
            set(),
        ),
        ("function gtag(){dataLayer", "function gtag(){window.dataLayer", set()),
        ("'config', 'AW-123456789'", "'config', 'AW-123456789', {send_page_view: false}", set()),
        ("gtag('js'", CONSENT.format("denied") + "gtag('js'", set()),
        ("gtag('js'", CONSENT.format("granted") + "gtag('js'", {"consent-granted"}),
        ("gtag('js'", CONSENT.format("' + x + '") + "gtag('js'", {"consent-granted", "unexpected-script"}),
        ("gtag('event'", f"gtag('config', '{TAG}'); gtag('event'", {"second-pixel"}),
        ("gtag('event'", "gtag('set', 'user_data', {email: 'a@b.example'}); gtag('event'", {"unexpected-script"}),
        ("gtag('event'", "dataLayer.push({event: 'x'}); gtag('event'", {"unexpected-script"}),
        ("dataLayer.push(arguments)", "dataLayer.push(arguments, document.cookie)", {"not-run", "unexpected-script"}),
        ("new Date()", "new Image()", {"unexpected-script"}),
        ("www.googletagmanager.com", "cdn.evil.example", {"foreign-host", "not-run", "unexpected-script"}),
        ("gtag/js?id", "gtm.js?id", {"not-run", "unexpected-script"}),
        ("async src", "onload='x()' async src", {"unexpected-script"}),
        ("19.99", "document.cookie", {"unexpected-script"}),
        ("19.99", "order.total", set()),
    ],
)
@pytest.mark.parametrize("code", [GTAG, APART], ids=["one script", "apart"])
def test_the_base_code_is_trusted_as_people_have_it(code: str, old: str, new: str, codes: set[str]) -> None:
    code = code.replace("function gtag() { dataLayer.push(arguments); }", "function gtag(){dataLayer.push(arguments);}")
    assert old in code
    assert _untrusted(code.replace(old, new, 1)) == codes


def test_an_event_that_brings_no_base_code_goes_nowhere() -> None:
    event = APART[APART.index("<!--") :]
    assert _untrusted(event) == {"not-run"}
    assert _untrusted(APART[APART.index("<script>") :]) == {"not-run"}
    assert "unexpected-script" not in _codes(event)


@pytest.mark.parametrize("code", [GTAG, APART], ids=["one script", "apart"])
def test_its_elements_go_onto_a_page_together_and_out_again(run: Run, code: str) -> None:
    Path("page.html").write_text(PAGE)
    Path("code.html").write_text(code)
    assert run("inject", "page.html", "--from-file", "code.html").code == 0
    page = Path("page.html").read_text()
    assert all(line.strip() in page for line in code.splitlines() if not line.startswith("<!--"))
    assert run("inject", "page.html", "--from-file", "code.html", "--check").code == 0
    assert KEY in run("status", "page.html").out
    assert run("lint", "page.html").out == ""
    assert run("inject", "page.html", "--from-file", "code.html", "--value", "4999", "--currency", "EUR").code == 0
    assert [one[:5] for one in _read(Path("page.html").read_text())] == [
        (LABEL, "conversion", "49.99", "EUR", "A-1001")
    ]
    assert run("remove", "page.html", "--key", KEY).code == 0
    assert Path("page.html").read_text() == PAGE


@pytest.mark.parametrize("code", [GTAG, APART], ids=["one script", "apart"])
def test_fresh_code_says_the_same_in_one_script(code: str) -> None:
    [snippet] = snippets.read(code)
    fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
    assert _read(fresh) == _read(code)
    assert fresh.count("<script") == 1
    assert _untrusted(fresh) == set()
    assert lint.find(snippets.parse(fresh)) == []


def test_code_is_made_for_each_kind_of_target(run: Run) -> None:
    options = ("--event", "purchase", "--value", "1999", "--currency", "USD")
    for pixel_id in (LABEL, TAG, "GT-ABC1234"):
        made = run("snippet", "--kind", "gtag", pixel_id, *options)
        assert made.code == 0, made.err
        assert [one[:4] for one in _read(made.out)] == [(pixel_id, "purchase", "19.99", "USD")]


def _beside(run: Run, page: str, code: str) -> str:
    Path("page.html").write_text(page)
    Path("code.html").write_text(code)
    done = run("inject", "page.html", "--from-file", "code.html")
    assert done.code == 0, done.err
    assert run("inject", "page.html", "--from-file", "code.html", "--check").code == 0
    return Path("page.html").read_text()


BASE = f"{LOADER.format(ACCOUNT)}{STUB}gtag('config', '{ACCOUNT}');\n</script>\n"


@pytest.mark.parametrize("code", [GTAG, APART], ids=["one script", "apart"])
def test_behind_its_accounts_base_code_an_event_goes_alone(run: Run, code: str) -> None:
    page = _beside(run, PAGE.replace("</head>", f"{BASE}</head>"), code)
    assert (page.count("gtag/js"), page.count("'config'"), page.count("'js'")) == (1, 1, 1)
    assert [one[:2] for one in _read(page)] == [(LABEL, "conversion")]
    assert _codes(page) == []


def test_beside_another_account_it_brings_its_own_base_code(run: Run) -> None:
    later = "<button onclick=\"gtag('event', 'sign_up')\">x</button>"
    other = _page("gtag('event', 'purchase')").replace("<body>", "<html><head><title>x</title></head><body>", 1)
    page = _beside(run, other.replace("</body>", f"{later}</body></html>"), GTAG)
    assert sorted(one[:2] for one in _read(page) if one[1]) == [
        (LABEL, "conversion"),
        (TAG, "purchase"),
        (TAG, "sign_up"),
    ]


def test_where_an_event_of_the_pages_would_count_for_both_it_is_refused(run: Run) -> None:
    page = BASE.replace(ACCOUNT, TAG) + "<button onclick=\"gtag('event', 'sign_up')\">x</button>"
    Path("page.html").write_text(PAGE.replace("<p>", f"{page}<p>"))
    Path("code.html").write_text(GTAG.replace(LABEL, OTHER).replace(ACCOUNT, OTHER))
    done = run("inject", "page.html", "--from-file", "code.html")
    assert (done.code, "would count for" in done.err) == (6, True)


def test_a_policy_has_its_hosts(run: Run) -> None:
    Path("code.html").write_text(GTAG)
    script, image, connect, frame = run("csp", "code.html").out.splitlines()
    assert frame == "frame-src https://td.doubleclick.net https://www.googletagmanager.com"
    assert all(f"https://{host}" in script for host in ("www.googletagmanager.com", "www.googleadservices.com"))
    assert "https://www.googleadservices.com" in image
    assert "https://*.google-analytics.com" in connect


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize("code", [GTAG, APART], ids=["one script", "apart"])
@pytest.mark.parametrize("template", ["snippet", "clean"])
def test_a_browser_fires_it(run: Run, code: str, template: str) -> None:
    Path("page.html").write_text(PAGE)
    Path("code.html").write_text(code)
    assert run("inject", "page.html", "--from-file", "code.html", "--template", template).code == 0
    [visit] = json.loads(run("verify", "page.html", "--json").out)["visits"]
    told = [tuple(one[name] for name in ("pixel_id", "event", "value", "currency")) for one in visit["fired"]]
    assert (told, visit["faults"]) == ([(LABEL, "conversion", "19.99", "USD")], [])


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize(("consent", "fired"), [([], 0), (["--consent", "grant"], 1), (["--consent", "withhold"], 0)])
def test_what_is_reported_waits_for_consent(run: Run, consent: list[str], fired: int) -> None:
    code = GTAG.replace("gtag('js'", CONSENT.format("denied") + "\ngtag('js'", 1)
    Path("page.html").write_text(PAGE.replace("</head>", f"{code}</head>"))
    [visit] = json.loads(run("verify", "page.html", "--json", *consent).out)["visits"]
    assert (len(visit["fired"]), visit["faults"]) == (fired, [])


FLOODLIGHT = EVERY_CODE["floodlight"]
SALE, COUNTER = "DC-1234567/sales/thank0+transactions", "DC-1234567/lead/form0+unique"
IMAGE = "https://ad.doubleclick.net/ddm/activity/src=1234567;type=lead;cat=form0;ord=1;num=1?"


def test_what_is_sent_to_floodlight_is_its_own() -> None:
    calls = f"gtag('event', 'purchase', {{send_to: ['{SALE}', '{LABEL}'], value: 2, currency: 'USD'}})"
    both = f"gtag('config', '{ACCOUNT}'); gtag('config', 'DC-1234567');"
    read = snippets.read(_page(calls, both))
    assert [(one.dialect, one.pixel_id, one.conversion) for one in read] == [
        ("floodlight", SALE, True),
        ("gtag", LABEL, True),
    ]
    assert _codes(_page(calls, both)) == []


@pytest.mark.parametrize(
    ("event", "codes"),
    [
        (f"'purchase', {{send_to: '{SALE}', value: '2.00', transaction_id: 'A'}}", []),
        (f"'conversion', {{send_to: '{COUNTER}'}}", []),
        (f"'purchase', {{send_to: '{SALE}', value: '1,234.50'}}", ["value-invalid"]),
        ("'conversion', {send_to: 'DC-1234567/lead'}", ["id-invalid"]),
        (f"'Purchase', {{send_to: '{SALE}', value: 2}}", ["event-unknown"]),
    ],
)
def test_floodlight_has_no_currency(event: str, codes: list[str]) -> None:
    assert _codes(_page(f"gtag('event', {event})", "gtag('config', 'DC-1234567');")) == codes


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", []),
        ("cost=19.99", "cost=9.99", ["value-mismatch"]),
        ("cat=thank0", "cat=other", ["id-mismatch"]),
        ("src=1234567", "src=7654321", ["id-mismatch"]),
    ],
)
def test_floodlights_image_is_no_query_and_does_not_tell_how_it_counts(old: str, new: str, codes: list[str]) -> None:
    assert old in FLOODLIGHT
    code = FLOODLIGHT.replace(old, new)
    [read] = snippets.read(code)
    assert (read.pixel_id, read.value, bool(read.image_span)) == (SALE, "19.99", True)
    assert _codes(f"<!doctype html><body>{code}") == codes
    assert _untrusted(code) == set()


def test_floodlights_image_reports_by_itself() -> None:
    [alone] = snippets.read(f'<img alt="" src="{IMAGE}">')
    assert (alone.dialect, alone.pixel_id, alone.event) == ("floodlight", "DC-1234567/lead/form0", "conversion")


def test_floodlights_code_is_written_anew_and_its_image_for_a_sale_alone() -> None:
    [snippet] = snippets.read(FLOODLIGHT)
    fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
    assert _read(fresh) == _read(FLOODLIGHT)
    assert (fresh.count(";cost=19.99;ord=A-1001?"), _untrusted(fresh)) == (1, set())
    assert lint.find(snippets.parse(fresh)) == []
    counter = FLOODLIGHT.replace("'purchase'", "'conversion'").replace(SALE, COUNTER).partition("<noscript>")[0]
    [snippet] = snippets.read(counter)
    assert "<noscript" not in "\n".join(render_blocks(Template("clean"), [snippet], {}).values())


def test_floodlight_goes_beside_google_ads_and_out_again(run: Run) -> None:
    ads = f"{APART.partition('<!--')[0]}"
    page = PAGE.replace("</head>", f"{ads}</head>")
    with_both = _beside(run, page, FLOODLIGHT)
    assert [(one[0], one[5]) for one in _read(with_both)] == [(SALE, "live"), (ACCOUNT, "base code")]
    key = f"floodlight:{SALE.replace('/', '%2F').replace('+', '%2B')}"
    assert key in run("status", "page.html").out
    assert run("remove", "page.html", "--key", key).code == 0
    assert Path("page.html").read_text() == page


def test_a_policy_has_floodlights_host_where_something_is_sent_there(run: Run) -> None:
    for name, code in (("ads", GTAG), ("floodlight", FLOODLIGHT)):
        Path("code.html").write_text(code)
        images = run("csp", "code.html").out.splitlines()[1]
        assert ("https://ad.doubleclick.net" in images) == (name == "floodlight")


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize("options", [[], ["--no-js"]])
def test_a_browser_fires_floodlights(run: Run, options: list[str]) -> None:
    Path("page.html").write_text(PAGE)
    Path("code.html").write_text(FLOODLIGHT)
    assert run("inject", "page.html", "--from-file", "code.html").code == 0
    [visit] = json.loads(run("verify", "page.html", "--json", *options).out)["visits"]
    told = [tuple(one[name] for name in ("pixel_id", "event", "value", "order_id")) for one in visit["fired"]]
    assert (told, visit["faults"]) == ([("DC-1234567/sales/thank0", "purchase", "19.99", "A-1001")], [])


@pytest.mark.parametrize(
    ("host", "told", "found"),
    [
        ("1234567.fls", "cat=thank0;qty=1;cost=19.99;ord=A-1001", ("purchase", "19.99", "A-1001")),
        ("1234567.fls", "cat=thank0;ord=4711", ("conversion", None, None)),
        ("fls", "cat=thank0;u1=a;ord=1;num=4711", ("conversion", None, None)),
    ],
)
def test_floodlights_iframe_is_read_wherever_it_is_made(host: str, told: str, found: tuple[str | None, ...]) -> None:
    url = f"https://{host}.doubleclick.net/activityi;src=1234567;type=sales;{told}?"
    frame = f'<iframe src="{url}" width="1" height="1" frameborder="0" style="display:none"></iframe>'
    page = f"<!doctype html><body>{frame}"
    written = f"<!doctype html><body><script>document.write('{frame}')</script><noscript>{frame}</noscript>"
    for text in (page, written, f"<!doctype html><body><noscript>{frame}</noscript>"):
        read = snippets.read_file("page.html", text)
        assert {(one.pixel_id, one.event, one.value, one.order_id) for one in read} == {
            ("DC-1234567/sales/thank0", *found)
        }
    assert lint.find(snippets.parse(page)) == []
    fired = read_event(url, 0)
    assert fired is not None
    assert (fired.pixel_id, fired.event, fired.value, fired.order_id) == ("DC-1234567/sales/thank0", *found)


def test_a_policy_lets_floodlights_iframe_through(run: Run) -> None:
    frame = "https://1234567.fls.doubleclick.net/activityi;src=1234567;type=sales;cat=thank0;ord=1?"
    Path("page.html").write_text(f'<iframe src="{frame}"></iframe>')
    assert "frame-src https://1234567.fls.doubleclick.net" in run("csp", "page.html").out


_CONVERSION = "gtag('js', new Date()); gtag('event', 'conversion', {send_to: 'AW-1/a', transaction_id: 't'});"
_NO_CALL = "gtag puts a list onto the data layer, which Google's loader takes for no call; push arguments"
_NOT_HERE = "nothing here makes gtag, so a file or a tag manager has to, or this event is not reported"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("function gtag() { dataLayer.push(arguments); }", []),
        ("window.gtag = function () { window.dataLayer.push( arguments ); };", []),
        ("function gtag() { dataLayer.push(/* no list */ arguments); }", []),
        ("function gtag(...args) { dataLayer.push(arguments); }", []),
        ("function gtag() { var told = arguments; dataLayer.push(told); }", [_NOT_HERE]),
        ("function gtag(...args) { dataLayer.push(args); }", [_NO_CALL]),
        ("function gtag() { dataLayer.push(arguments[0]); }", [_NO_CALL]),
        ("const gtag = (...args) => window.dataLayer.push(args);", [_NO_CALL]),
        ("window.gtag = function () { window['dataLayer'].push([].slice.call(arguments)); };", [_NO_CALL]),
        ("", [_NOT_HERE]),
        ("dataLayer.push({event: 'x'});", [_NOT_HERE]),
        ("if (window.gtag) { gtag('set', 'a', 'b'); dataLayer.push({event: 'x'}); }", [_NOT_HERE]),
    ],
)
def test_a_gtag_that_pushes_something_other_than_its_arguments_is_told(made: str, told: list[str]) -> None:
    findings = lint.find(snippets.parse(f"<script>var dataLayer = []; {made} {_CONVERSION}</script>"))
    assert [one.message for one in findings if one.code in {"not-run", "unknown-pixels"}] == told


_TAG = '<script type=text/partytown src="https://www.googletagmanager.com/gtag/js?id=AW-1"></script>'
_MADE = "window.gtag = function () { dataLayer.push(arguments); };"
_IN_WORKER = f"{_TAG}<script type=text/partytown>var dataLayer = []; {_MADE} gtag('config', 'AW-1');</script>"
_EVENT = "gtag('event', 'conversion', {send_to: 'AW-1/a', transaction_id: 't'});"
_WAITING = _IN_WORKER.replace("text/partytown", "text/plain data-category=ads")
_FORWARDS = "<script>partytown = {forward: ['fbq', 'gtag']};</script>"
_OWN = f"<script>var dataLayer = []; {_MADE}</script>"


@pytest.mark.parametrize(
    ("code", "is_told"),
    [
        (f"{_IN_WORKER}{_OWN}<script>{_EVENT}</script>", True),
        (f'{_IN_WORKER}{_OWN}<a onclick="{_EVENT}">x</a>', True),
        (f"{_IN_WORKER}{_OWN}<script>{_EVENT.replace('AW-1/a', 'DC-1/b/c+standard')}</script>", True),
        (f"{_IN_WORKER}<script>{_EVENT}</script>", False),  # Partytown makes a gtag that it forwards
        (f"{_IN_WORKER}<script type=text/partytown>{_EVENT}</script>", False),
        (f"{_IN_WORKER}{_OWN}{_TAG.replace('type=text/partytown', 'async')}<script>{_EVENT}</script>", False),
        (f"{_WAITING}{_OWN}<script>{_EVENT}</script>", False),
        (f"{_OWN}<script>{_EVENT}</script>", False),
        (f"{_FORWARDS}{_IN_WORKER}{_OWN}<script>{_EVENT}</script>", False),
        (f"{_IN_WORKER}{_OWN.replace('= function', '= window.gtag || function')}<script>{_EVENT}</script>", False),
        (f"{_IN_WORKER}{_OWN.replace(_MADE, f'if (!window.gtag) {_MADE}')}<script>{_EVENT}</script>", False),
    ],
)
def test_a_gtag_of_the_page_is_told_where_the_tag_is_in_partytowns_worker(code: str, is_told: bool) -> None:
    found = [one for one in lint.find(snippets.parse(code)) if one.code == "not-run"]
    assert ["Partytown's worker" in one.message for one in found] == [True] * is_told
