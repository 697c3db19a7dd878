"""Taboola's, Criteo's and Outbrain's code: what it reports, and what of it goes onto a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.browser.observed import read_event
from snippetkit.platforms import dialect_named
from snippetkit.templating import Template, render_blocks
from tests.conftest import Run
from tests.pixels import EVERY_CODE
from tests.placing import on_a_page

TFA, OBAPI, CRITEO = (EVERY_CODE[name] for name in ("tfa", "obapi", "criteo"))
ONE, TWO = f"00{'a1b2c3d4' * 4}", f"00{'d4c3b2a1' * 4}"
LEAD = "_tfa.push({notify: 'event', name: 'lead', id: 1234567})"
TFA_BASE = TFA[TFA.index("<script") : TFA.index("_tfa.push(")]
Read = tuple[str, str | None, str | None, str | None, str | None, str]


def _read(text: str) -> list[Read]:
    found = snippets.read_file("page.html", text)
    return [(one.pixel_id, one.event, one.value, one.currency, one.order_id, one.state) for one in found]


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{text}"))]


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        (LEAD, [("1234567", "lead", None, None, None, "live")]),
        (f"(window._tfa = window._tfa || []){LEAD[4:]}", [("1234567", "lead", None, None, None, "live")]),
        (
            "window._tfa.push({notify: 'event', name: 'page_view', id: '1234567'}, "
            "{notify: 'event', name: 'buy', id: 7654321, revenue: '5.00', currency: 'EUR', orderid: 7})",
            [
                ("1234567", "page_view", None, None, None, "live"),
                ("7654321", "buy", "5.00", "EUR", "7", "live"),
            ],
        ),
        ("_tfa.push({notify: 'mapping', name: 'lead', id: 1234567})", []),
        ("_tfa.push(['event', 'lead'])", []),
        (
            "var v = 2; _tfa.push({notify: 'event', name: 'b', id: 12345, revenue: v})",
            [("12345", "b", "2", *[None] * 2, "live")],
        ),
    ],
)
def test_an_object_in_taboolas_queue_tells_all_of_it(calls: str, found: list[Read]) -> None:
    assert _read(f"<script>{calls}</script>") == found


def test_what_a_visitor_does_is_told_by_a_handler() -> None:
    [found] = snippets.read_handlers(snippets.parse(f'<a href="#" onclick="{LEAD}">x</a>'))
    assert (found.pixel_id, found.event, found.state) == ("1234567", "lead", "on click")


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ("revenue: 5, currency: 'USD'", []),
        ("revenue: 5", ["currency-missing"]),
        ("value: 5, currency: 'USD'", ["value-key"]),
        ("revenue: '1,999.00', currency: 'USD'", ["value-invalid"]),
        ("revenue: 5, currency: 'usd'", ["currency-unknown"]),
        ("revenue: order.total, currency: 'USD'", ["dynamic-value"]),
        ("revenue: 5, currency: 'USD', id: 'acme'", ["id-invalid"]),
    ],
)
def test_taboolas_names_are_not_those_of_others(told: str, codes: list[str]) -> None:
    own = "" if "id:" in told else ", id: 1234567"
    assert _codes(f"{TFA_BASE}_tfa.push({{notify: 'event', name: 'Buy', {told}{own}}})</script>") == codes


@pytest.mark.parametrize(
    ("front", "codes"),
    [
        ("", ["unknown-pixels"]),
        ("<script>window._tfa = window._tfa || [];</script>", ["unknown-pixels"]),
        (f"{TFA_BASE}</script>", []),
        ("<script src='//cdn.taboola.com/libtrc/unip/1234567/tfa.js'></script>", []),
    ],
)
def test_taboolas_event_is_reported_where_something_loads_the_loader(front: str, codes: list[str]) -> None:
    assert _codes(f"{front}<script>{LEAD}</script>") == codes
    assert _codes(f"<script>{LEAD}</script>{front}") == codes


SHOWN = "_tfa.push({notify: 'event', name: 'page_view', id: 1234567});"
SHOWN_IMAGE = '<noscript><img alt="" src="https://trc.taboola.com/1234567/log/3/unip?en=page_view"></noscript>'


@pytest.mark.parametrize("base", [f"{TFA_BASE}{SHOWN}</script>", f"{TFA_BASE}{SHOWN}</script>{SHOWN_IMAGE}", TFA_BASE])
@pytest.mark.parametrize("options", [[], ["--pixel", "1234567"]])
def test_taboolas_event_may_stand_apart_from_its_base_code(run: Run, base: str, options: list[str]) -> None:
    page = "<!doctype html><html><head></head><body></body></html>"
    base = base if base.endswith(">") else f"{base}</script>"
    Path("page.html").write_text(page)
    Path("code.html").write_text(f"{base}\n<script>{LEAD}</script>")
    assert run("inject", "page.html", "--from-file", "code.html", *options).code == 0
    assert Path("page.html").read_text().count("<script") == 2
    assert run("lint", "page.html").out == ""
    assert run("inject", "page.html", "--from-file", "code.html", *options, "--check").code == 0
    assert run("remove", "page.html").code == 0
    assert Path("page.html").read_text() == page
    assert run("export", "html", "--all-pages", "--from-file", "code.html", *options).code == 0


@pytest.mark.parametrize(
    "code",
    [
        f"{TFA_BASE}{SHOWN}</script><script>{LEAD.replace('1234567', '7654321')}</script>",
        f"{TFA_BASE}{LEAD}</script><script>{LEAD.replace('lead', 'buy')}</script>",
        f"{TFA_BASE}{SHOWN}</script><script>{SHOWN}{LEAD}</script><script>{LEAD}</script>",
    ],
)
def test_what_taboolas_base_code_does_not_belong_to_is_refused(run: Run, code: str) -> None:
    Path("page.html").write_text("<!doctype html><html><head></head><body></body></html>")
    Path("code.html").write_text(code)
    assert run("inject", "page.html", "--from-file", "code.html").code != 0
    assert "<script" not in Path("page.html").read_text()


def test_taboolas_event_goes_nowhere_without_what_loads_the_loader(run: Run) -> None:
    Path("page.html").write_text("<!doctype html><html><head></head><body></body></html>")
    Path("code.html").write_text(f"<script>{LEAD}</script>")
    for command in (["inject", "page.html"], ["export", "html", "--all-pages"]):
        ran = run(*command, "--from-file", "code.html")
        assert (ran.code != 0, "not-run: nothing loads tfa.js" in ran.err) == (True, True)


@pytest.mark.parametrize("query", ["en=lead", "en=buy&revenue=5.00&currency=USD&orderid=A-1"])
def test_taboolas_image_has_its_account_in_the_path(query: str) -> None:
    url = f"//trc.taboola.com/1234567/log/3/unip?{query}"
    [found] = snippets.read(f'<noscript><img alt="" src="{url.replace("&", "&amp;")}"></noscript>')
    fired = read_event(f"https:{url}", 0)
    assert fired is not None
    assert (found.dialect, found.pixel_id, found.event, found.value) == ("tfa", "1234567", fired.event, fired.value)
    assert (fired.pixel_id, fired.order_id) == ("1234567", "A-1" if "A-1" in query else None)
    assert read_event(f"https:{url.replace('unip', 'other')}", 0) is None


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        ("  _tfa.push(", "  _tfa.push({notify: 'event', name: 'page_view', id: 1234567}); _tfa.push(", set()),
        ("t.async = 1;", "t.async = !0;", set()),
        ("if (!document.getElementById(x)) {", "document.getElementById(x) || (", set()),
        ("name: 'make_purchase'", "name: 'Anything'", set()),
        ("19.99, ", "order.total, ", set()),
        ("19.99, ", "document.cookie, ", {"unexpected-script"}),
        ("  _tfa.push(", "  _tfa.push({notify: 'event', name: 'x', id: 7654321}); _tfa.push(", {"second-pixel"}),
        ("notify: 'event', name: 'make", "notify: 'identify', name: 'make", {"unexpected-script"}),
        ("cdn.taboola.com", "cdn.evil.example", {"foreign-host", "unexpected-script"}),
        ("t.src = a", "t.src = a + document.cookie", {"unexpected-script"}),
        ("trc.taboola.com", "evil.example", {"foreign-host"}),
    ],
)
def test_taboolas_base_code_is_trusted_token_for_token(old: str, new: str, codes: set[str]) -> None:
    assert old in TFA
    text = TFA.replace(old, new)
    if "|| (" in new:
        text = text.replace("insertBefore(t, f);\n         }", "insertBefore(t, f)\n         )").replace(";t.", ",t.")
        text = text.replace("a;t.id", "a,t.id").replace("x;f", "x,f")
    assert _untrusted(text) == codes


PURCHASE = "obApi('track', 'Purchase', {orderValue: '19.99', currency: 'USD', orderId: 'A-1001'});"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("", "", [(ONE, "Purchase", "19.99", "USD", "A-1001", "live")]),
        (PURCHASE, "", [(ONE, None, None, None, None, "base code")]),
        (PURCHASE, "obApi('track', 'PAGE_VIEW');", [(ONE, "PAGE_VIEW", None, None, None, "live")]),
        (PURCHASE, "window.obApi('track', 'Lead', {orderValue: 5})", [(ONE, "Lead", "5", None, None, "live")]),
        (
            f"'{ONE}'",
            f"['{ONE}', '{TWO}']",
            [(id_, "Purchase", "19.99", "USD", "A-1001", "live") for id_ in (ONE, TWO)],
        ),
        ("OB_ADV_ID", "b", [(ONE, "Purchase", "19.99", "USD", "A-1001", "live")]),
        (
            "api.marketerId = OB_ADV_ID;",
            f"api.marketerId = '{TWO}';",
            [(TWO, "Purchase", "19.99", "USD", "A-1001", "live")],
        ),
    ],
)
def test_outbrains_marketer_is_what_the_base_code_keeps(old: str, new: str, found: list[Read]) -> None:
    assert old in OBAPI
    assert [one for one in _read(OBAPI.replace(old, new)) if one[0] in {ONE, TWO}] == found


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ("{orderValue: '5.00', currency: 'USD'}", []),
        ("{orderValue: 5}", ["currency-missing"]),
        ("{value: 5, currency: 'USD'}", ["value-key"]),
        ("{orderValue: '5,00', currency: 'USD'}", ["value-invalid"]),
    ],
)
def test_outbrains_names_are_not_those_of_others(told: str, codes: list[str]) -> None:
    assert _codes(OBAPI.replace(PURCHASE, f"obApi('track', 'Own name', {told});")) == codes


def test_outbrains_event_without_its_base_code_is_of_nobody_known() -> None:
    assert _codes(f"<script>{PURCHASE}</script>") == ["unknown-pixels"]
    assert _codes(OBAPI.replace(ONE, "YOUR-ID")) == ["id-invalid"]


MINIFIED = (
    "!function(e,t){var r='ID';if(e.obApi){var c=function(e){return'[object Array]'===Object.prototype.toString"
    ".call(e)?e:[e]};e.obApi.marketerId=c(e.obApi.marketerId).concat(c(r))}else{var a=e.obApi=function(){a.dispatch?"
    "a.dispatch.apply(a,arguments):a.queue.push(arguments)};a.version='1.1',a.loaded=!0,a.marketerId=r,a.queue=[];"
    "var o=t.createElement('script');o.async=!0,o.src='//amplify.outbrain.com/cp/obtp.js',o.type='text/javascript';"
    "var n=t.getElementsByTagName('script')[0];n.parentNode.insertBefore(o,n)}}(window,document);"
).replace("ID", ONE)


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        (f"'{ONE}'", f"['{ONE}']", set()),
        (PURCHASE, "obApi('track', 'PAGE_VIEW');" + PURCHASE, set()),
        (PURCHASE, "obApi('identify', 'x');" + PURCHASE, {"unexpected-script"}),
        ("'19.99'", "order.total", set()),
        ("'19.99'", "document.cookie", {"unexpected-script"}),
        (f"'{ONE}'", f"['{ONE}', '{TWO}']", {"second-pixel"}),
        ("amplify.outbrain.com", "cdn.evil.example", {"foreign-host", "unexpected-script"}),
        ("api.queue.push(arguments)", "api.queue.push(document.cookie)", {"unexpected-script"}),
    ],
)
def test_outbrains_base_code_is_trusted_token_for_token(old: str, new: str, codes: set[str]) -> None:
    text = OBAPI.replace(old, new)
    assert _untrusted(text) == codes
    assert old in OBAPI


def test_outbrains_base_code_is_known_as_minifiers_write_it() -> None:
    text = f"<script>{MINIFIED}{PURCHASE}</script>"
    assert _read(text) == _read(OBAPI)
    assert _untrusted(text) == set()


ORDER = "{event: 'trackTransaction', id: 'A-1', item: [{id: 'x', price: 5, quantity: 2}]}"
ACCOUNT = "{event: 'setAccount', account: 12345}"


@pytest.mark.parametrize(
    ("pushed", "found"),
    [
        (f"{ACCOUNT}, {ORDER}", [("12345", "trackTransaction", "10", None, "A-1", "live")]),
        (f"{ORDER}, {ACCOUNT}", [("12345", "trackTransaction", "10", None, "A-1", "live")]),
        (f"{ACCOUNT}, {{event: 'viewHome'}}", [("12345", None, None, None, None, "base code")]),
        (
            f"{{event: 'setAccount', account: [123, 456]}}, {ORDER}",
            [(id_, "trackTransaction", "10", None, "A-1", "live") for id_ in ("123", "456")],
        ),
        (f"[{ACCOUNT}, {ORDER}]", [("12345", "trackTransaction", "10", None, "A-1", "live")]),
        (
            f"{ACCOUNT}, {{event: 'trackTransaction', id: 'A-1', item: [{{...line, price: 5, quantity: 2}}]}}",
            [("12345", "trackTransaction", "10", None, "A-1", "live")],
        ),
        (
            f"{ACCOUNT}, {{event: 'trackTransaction', id: 'A-1', item: [{{price: 5, quantity: 2, ...line}}]}}",
            [("12345", "trackTransaction", "[{price: 5, quantity: 2, ...line}]", None, "A-1", "live")],
        ),
    ],
)
def test_criteos_lines_are_summed_up_for_each_account(pushed: str, found: list[Read]) -> None:
    assert _read(f"<script>window.criteo_q = window.criteo_q || []; criteo_q.push({pushed});</script>") == found


@pytest.mark.parametrize(
    ("before", "lines", "value"),
    [
        ("var lines = [{price: 5, quantity: 2}];", "lines", "10"),
        ("var lines = [{price: 5, quantity: 2}]; send(lines);", "lines", None),
        ("var lines = [{price: 5, quantity: 2}]; send({of: [lines]});", "lines", None),
        ("var lines = [{price: 5, quantity: 2}]; lines.push({price: 1, quantity: 1});", "lines", None),
        ("var lines = [{price: 5, quantity: 2}]; lines[0].price = 7;", "lines", None),
        ("var lines = []; lines = [{price: 5, quantity: 2}];", "lines", None),
        ("const of = {lines: [{price: 5, quantity: 2}]};", "of.lines", "10"),
    ],
)
def test_lines_that_have_a_name_are_summed_up_if_nothing_changes_them(
    before: str, lines: str, value: str | None
) -> None:
    order = f"{{event: 'trackTransaction', id: 'A-1', item: {lines}}}"
    code = f"window.criteo_q = window.criteo_q || []; {before} window.criteo_q.push({ACCOUNT}, {order});"
    [found] = [one for one in snippets.read(f"<script>{code}</script>") if one.event]
    assert (found.value, "dynamic-value" in _codes(f"<script>{code}</script>")) == (value or lines, value is None)


def test_of_criteos_accounts_an_order_is_of_the_one_that_was_set_last_in_front_of_it() -> None:
    other = "{event: 'setAccount', account: 678}"
    second = ORDER.replace("A-1", "B-2")
    twice = f"<script>criteo_q.push({ACCOUNT}, {ORDER});</script><script>criteo_q.push({other}, {second});</script>"
    assert [(pixel_id, order_id) for pixel_id, _, _, _, order_id, _ in _read(twice)] == [
        ("12345", "A-1"),
        ("678", "B-2"),
    ]
    assert "shared-global" in _codes(twice)
    again = twice.replace("678", "12345")
    assert [(pixel_id, order_id) for pixel_id, _, _, _, order_id, _ in _read(again)] == [
        ("12345", "A-1"),
        ("12345", "B-2"),
    ]
    assert "shared-global" not in _codes(again)
    assert "shared-global" not in _codes(twice.replace("account: 678", "account: [12345]"))


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        ("[{id: 'x', price: 5, quantity: 2}]", []),
        ("[{id: 'x', price: '19,99', quantity: 1}]", ["value-invalid"]),
        ("[{id: 'x', price: '', quantity: 1}]", ["value-invalid"]),
        ("[{id: 'x', price: 5, quantity: 'two'}]", ["value-invalid"]),
        ("[{id: 'x', price: order.price, quantity: 1}]", ["dynamic-value"]),
        ("order.lines", ["dynamic-value"]),
    ],
)
def test_criteo_has_no_currency_and_every_price_counts(item: str, codes: list[str]) -> None:
    order = f"{{event: 'trackTransaction', id: 'A-1', item: {item}}}"
    assert _codes(f"<script>criteo_q.push({ACCOUNT}, {order});</script>") == codes
    assert _codes(f"<script>criteo_q.push({ORDER});</script>") == ["unknown-pixels"]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        ("type: deviceType", "type: 'd'", set()),
        ("?a=12345", "", set()),
        ("//dynamic.criteo.com/js/ld/ld.js?a=12345", "//static.criteo.net/js/ld/ld.js", set()),
        ("//dynamic.criteo.com", "https://dynamic.criteo.com", set()),
        ("dynamic.criteo.com", "cdn.evil.example", {"foreign-host", "not-run", "unexpected-script"}),
        ('{ event: "setEmail", email: "" }', '{ event: "other", email: "" }', {"unexpected-script"}),
        ('{ event: "setEmail", email: "" }', '{ event: "setAccount", account: 54321 }', {"second-pixel"}),
        ('email: ""', "email: document.cookie", {"unexpected-script"}),
        ("BlackBerry", "Other", {"unexpected-script"}),
        ("var deviceType", "var other", {"unexpected-script"}),
        ('"A-1001"', "order.id", set()),
    ],
)
def test_criteos_code_is_trusted_with_its_loaders_element(old: str, new: str, codes: set[str]) -> None:
    assert old in CRITEO
    assert _untrusted(CRITEO.replace(old, new)) == codes


@pytest.mark.parametrize(
    "script",
    [
        "criteo_q.push({event: 'trackTransaction'}, {event: 'setAccount', account: []})",
        "criteo_q.push({event: 'trackTransaction', item: [...lines, null, {price: -5, quantity: 1}]})",
        "_tfa.push({...told}, {notify: 'event', id: [1, 2], name: 3, revenue: {}})",
        "api.marketerId = '00' + b; api.marketerId = \\u0061; api.marketerId = [1, x]; obApi('track')",
        "_paq.push([...told], ['trackGoal'], ['trackEcommerceOrder', , 5], ['addTracker'], {})",
    ],
)
def test_what_is_left_out_or_put_together_is_read_as_far_as_it_goes(script: str) -> None:
    for text in (f"<script>{script}</script>", f"<!doctype html><body><script>{script}</script>"):
        assert isinstance(_read(text), list)
        assert isinstance(_untrusted(text), set)
    assert "not-run" in _untrusted(f"<script>criteo_q.push({ACCOUNT}, {ORDER});</script>")


def test_criteos_sum_is_no_place_for_a_value_and_its_code_is_not_written(run: Run) -> None:
    Path("code.html").write_text(CRITEO)
    done = run("snippet", "--from-file", "code.html", "--value", "2500")
    assert (done.code, "no value to set" in done.err) == (6, True)
    [snippet] = snippets.read(CRITEO)
    with pytest.raises(Exception, match="it is criteo code"):
        render_blocks(Template("clean"), [snippet], {})


PLACED = [("tfa", "tfa:1234567"), ("obapi", f"obapi:{ONE}"), ("criteo", "criteo:12345")]


@pytest.mark.parametrize(("name", "key"), PLACED)
def test_it_goes_onto_a_page_and_out_again(run: Run, name: str, key: str) -> None:
    loaders = dialect_named(name).platform.loaders
    with on_a_page(run, EVERY_CODE[name], key) as policy:
        assert all(f"https://{loader.host}" in policy for loader in loaders)
        assert all(origin in policy for loader in loaders for origin in loader.connect)
        valued = run("inject", "page.html", "--from-file", "code.html", "--value", "4999", "--currency", "EUR")
        assert (valued.code == 0, "49.99" in Path("page.html").read_text()) == ((name != "criteo",) * 2)


@pytest.mark.parametrize("name", ["tfa", "obapi"])
def test_fresh_code_says_the_same_and_is_trusted(name: str) -> None:
    [snippet] = snippets.read(EVERY_CODE[name])
    fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
    assert [one for one in _read(fresh) if one[1] not in {"page_view", "PAGE_VIEW"}] == _read(EVERY_CODE[name])
    assert _untrusted(fresh) == set()
    assert lint.find(snippets.parse(fresh)) == []


def test_unmarked_code_with_another_value_is_adopted(run: Run) -> None:
    script = TFA.partition("<noscript>")[0]
    page = "<!doctype html>\n<html><head><title>x</title>\n{}</head><body></body></html>\n"
    Path("code.html").write_text(script)
    Path("page.html").write_text(page.format(script.replace("19.99", "5.00")))
    assert run("inject", "page.html", "--from-file", "code.html", "--adopt").code == 0
    assert Path("page.html").read_text().count("make_purchase") == 1
    Path("page.html").write_text(page.format(script.replace("make_", "other_")))
    assert "would lose" in run("inject", "page.html", "--from-file", "code.html", "--adopt").err


BOTH = "{event: 'setAccount', account: 12345}, {event: 'trackTransaction', id: 'A-1', item: [{price: 5, quantity: 2}]}"


@pytest.mark.parametrize(
    "code",
    [
        f"criteo_q.push({BOTH})",
        f"criteo_q.push([{BOTH}])",
        f"window.criteo_q.push.apply(window.criteo_q, [{BOTH}])",
        f"const all = [{BOTH}]; criteo_q.push(...[{BOTH}])",
    ],
)
def test_criteos_loader_takes_a_list_of_events_apart(code: str) -> None:
    found = _read(f"<script>window.criteo_q = window.criteo_q || []; {code}</script>")
    assert found == [("12345", "trackTransaction", "10", None, "A-1", "live")]


def test_what_is_declared_elsewhere_is_reported_where_it_is_pushed() -> None:
    code = f"const lead = {LEAD[10:-1]}; button.addEventListener('click', function () {{ _tfa.push(lead) }})"
    assert _read(f"<script>{code}</script>") == [("1234567", "lead", None, None, None, "on click")]
