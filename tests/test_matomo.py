"""Matomo's code, whose platform is on the site's own host: what it reports, and what of it goes where."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import lint, snippets, work
from snippetkit.browser.observed import read_event
from snippetkit.platforms import dialect_named
from snippetkit.templating import Template, render_blocks
from tests.conftest import Run
from tests.pixels import EVERY_CODE

PAQ = EVERY_CODE["paq"]
CLOUD, OWN = "shop-example.matomo.cloud", "stats.example.test"
HERE = PAQ.replace(f"'https://cdn.matomo.cloud/{CLOUD}/matomo.js'", "u+'matomo.js'").replace(CLOUD, OWN)
ORDER = "_paq.push(['trackEcommerceOrder', 'A-1001', 19.99, 16.80, 3.19, 0, false]);"
GOAL = "_paq.push(['trackGoal', 7, 19.99]);"
NOSCRIPT = PAQ[PAQ.index("<noscript>") :]
Read = tuple[str, str | None, str | None, str | None, str]


def _read(text: str) -> list[Read]:
    found = snippets.read_file("page.html", text)
    return [(one.pixel_id, one.event, one.value, one.order_id, one.state) for one in found]


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{text}"))]


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        ("", [("3", None, None, None, "base code")]),
        ("_paq.push(['trackGoal', 1])", [("3/1", "trackGoal", None, None, "live")]),
        ("window._paq.push(['trackGoal', '1', '5.00'])", [("3/1", "trackGoal", "5.00", None, "live")]),
        (ORDER, [("3", "trackEcommerceOrder", "19.99", "A-1001", "live")]),
        (
            "_paq.push(['addTracker', 'https://b.example/matomo.php', '4'], ['trackGoal', 1])",
            [("3/1", "trackGoal", None, None, "live"), ("4/1", "trackGoal", None, None, "live")],
        ),
        ("var _paq = [['setSiteId', '3'], ['trackGoal', 1, 5]]", [("3/1", "trackGoal", "5", None, "live")]),
        ("window._paq = window._paq || [['trackGoal', 1, 5]]", [("3/1", "trackGoal", "5", None, "live")]),
        ("_paq.push(['trackGoal', ...[1, 5]])", [("3/1", "trackGoal", "5", None, "live")]),
        ("var total = 5; _paq.push(['trackGoal', 1, total])", [("3/1", "trackGoal", "5", None, "live")]),
        ("_paq.push(['trackEvent', 'Shop', 'paid', 'x', 5])", [("3", None, None, None, "base code")]),
    ],
)
def test_an_entry_of_the_queue_tells_by_its_places(calls: str, found: list[Read]) -> None:
    assert sorted(_read(f"<script>{calls}</script><script>_paq.push(['setSiteId', '3'])</script>")) == found


def test_a_site_may_be_named_behind_what_is_reported() -> None:
    base = PAQ.partition("<noscript>")[0].replace(GOAL, "")
    assert _read(f"<script>{ORDER}</script>{base}") == [("3", "trackEcommerceOrder", "19.99", "A-1001", "live")]
    assert _codes(f"<script>var _paq = window._paq || []; {ORDER}</script>{base}") == []
    assert _codes(f"<script>{ORDER}</script>") == ["unknown-pixels"]


@pytest.mark.parametrize(
    ("call", "codes"),
    [
        ("['trackEcommerceOrder', 'A-1001']", ["value-missing"]),
        ("['trackEcommerceOrder', 'A-1001', '1,999.00']", ["value-invalid"]),
        ("['trackEcommerceOrder', 'A-1001', 1999]", []),
        ("['trackGoal', 1]", []),
        ("['trackGoal', 1, '$5']", ["value-invalid"]),
        ("['trackGoal', 'signup', 5]", ["id-invalid"]),
        ("['trackGoal', 1, order.total]", ["dynamic-value"]),
    ],
)
def test_a_value_needs_no_currency_and_an_order_a_value(call: str, codes: list[str]) -> None:
    assert _codes(f"<script>_paq.push(['setSiteId', '3']); _paq.push({call});</script>") == codes


@pytest.mark.parametrize(
    ("query", "pixel_id", "event", "value", "order", "is_conversion"),
    [
        ("idsite=3&rec=1&idgoal=7&revenue=5", "3/7", "trackGoal", "5", None, True),
        ("idsite=3&rec=1&idgoal=0&ec_id=A-1&revenue=5.5", "3", "trackEcommerceOrder", "5.5", "A-1", True),
        ("idsite=3&rec=1", "3", "trackPageView", None, None, False),
    ],
)
@pytest.mark.parametrize("where", ["//stats.example.test/matomo.php", "https://example.test/a/b/piwik.php"])
def test_an_image_is_read_on_any_host(
    where: str, query: str, pixel_id: str, event: str, value: str | None, order: str | None, is_conversion: bool
) -> None:
    url = f"{where}?{query}".replace("&", "&amp;")
    [found] = snippets.read(f'<noscript><img alt="" src="{url}"></noscript>')
    assert (found.dialect, found.pixel_id, found.event) == ("paq", pixel_id, event)
    assert (found.value, found.conversion) == (value, is_conversion)
    fired = read_event(f"https:{where.removeprefix('https:')}?{query}", 0)
    assert fired is not None
    assert (fired.pixel_id, fired.event, fired.value) == (pixel_id, event, value)


@pytest.mark.parametrize(
    "url", ["https://example.test/matomo.html?idsite=3", "https://example.test/?a=matomo.php?idsite=3"]
)
def test_another_image_of_that_host_is_none(url: str) -> None:
    assert snippets.read(f'<img alt="" src="{url}">') == []
    assert read_event(url, 0) is None


def test_the_image_of_the_page_view_is_no_contradiction() -> None:
    page_view = NOSCRIPT.replace("&amp;idgoal=7&amp;revenue=19.99", "")
    script = PAQ.partition("<noscript>")[0]
    for text in (script + page_view, script.replace(GOAL, ORDER) + page_view):
        assert _codes(text) == []
    assert _codes(PAQ.replace("idgoal=7", "idgoal=8")) == ["id-mismatch"]
    assert _codes(PAQ.replace("revenue=19.99", "revenue=18")) == ["value-mismatch"]
    linkedin = EVERY_CODE["lintrk"].replace("&amp;conversionId=7654321", "")
    assert _codes(linkedin) == []


def _untrusted(text: str, *hosts: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text), frozenset(hosts))}


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        ("var _paq = window._paq = window._paq || [];", "var _paq = window._paq || [];", set()),
        ("g.async=true;", "g.type='text/javascript'; g.async=true; g.defer=true;", set()),
        ("matomo.", "piwik.", set()),
        (GOAL, ORDER, set()),
        (GOAL, "_paq.push(['addEcommerceItem', 'sku-1', 'Shirt', 'Clothes', 19.99, 1]);" + ORDER, set()),
        (GOAL, "_paq.push(['requireConsent']);" + GOAL, set()),
        (GOAL, "_paq.push(['setConsentGiven']);" + GOAL, {"consent-granted"}),
        (GOAL, "_paq.push(['setUserId', 'a@b.example']);" + GOAL, {"unexpected-script"}),
        (GOAL, "_paq.push([function () { return 1; }]);" + GOAL, {"unexpected-script"}),
        (GOAL, "_paq.push(['addTracker', '', '4']);" + GOAL, {"second-pixel"}),
        (
            GOAL,
            "_paq.push(['setTrackerUrl', 'https://evil.example/matomo.php']);" + GOAL,
            {"foreign-host", "unexpected-script"},
        ),
        ("g.src=u", "document.title = u; g.src=u", {"unexpected-script"}),
        ("19.99", "document.cookie", {"unexpected-script"}),
        ("u+'matomo.php'", "u+document.cookie", {"unexpected-script"}),
    ],
)
def test_the_base_code_is_trusted_once_its_host_is(old: str, new: str, codes: set[str]) -> None:
    assert old in HERE
    text = HERE.replace(old, new)
    assert _untrusted(text, OWN) == codes
    assert "foreign-host" in _untrusted(text)


IMAGE_OF_TODAY = f"""<noscript><p><img referrerpolicy="no-referrer-when-downgrade"
 src="//{OWN}/matomo.php?idsite=3&amp;rec=1" style="border:0;" alt="" /></p></noscript>"""


@pytest.mark.parametrize("site", ["'3'", "3", '"30"', "30"])
@pytest.mark.parametrize("loader", ["u+'matomo.js'", f"'//{OWN}/matomo.js'"])
def test_a_site_may_be_named_by_a_number(run: Run, site: str, loader: str) -> None:
    code = HERE.partition("<noscript>")[0].replace("u+'matomo.js'", loader)
    assert "['setSiteId', '3']" in code
    Path("page.html").write_text("<!doctype html><html><head></head><body></body></html>")
    Path("code.html").write_text(code.replace("['setSiteId', '3']", f"['setSiteId', {site}]"))
    assert run("inject", "page.html", "--from-file", "code.html", "--allow-host", OWN).code == 0
    assert run("lint", "page.html").out == ""


@pytest.mark.parametrize("site", ["document.cookie", "1.5", "-1", "3, alert(1)", "3n", "[3]"])
def test_a_site_is_named_by_nothing_else(site: str) -> None:
    code = HERE.replace("['setSiteId', '3']", f"['setSiteId', {site}]")
    findings = lint.find_untrusted(snippets.parse(code), frozenset({OWN}))
    assert "unexpected-script" in {finding.code for finding in findings}


@pytest.mark.parametrize(
    ("old", "new", "is_known"),
    [
        ("", "", True),
        ("<p>", "<P >", True),
        ("<p>", "<p onclick='x()'>", False),
        ("<p>", "<p><a href='#'>", False),
        ("<p>", "<pre>", False),
        ("referrerpolicy", "onerror", False),
    ],
)
def test_an_image_may_stand_in_a_paragraph(run: Run, old: str, new: str, is_known: bool) -> None:
    assert old in IMAGE_OF_TODAY
    page = "<!doctype html><html><head></head><body></body></html>"
    Path("page.html").write_text(page)
    Path("code.html").write_text(HERE.partition("<noscript>")[0] + IMAGE_OF_TODAY.replace(old, new, 1))
    assert (run("inject", "page.html", "--from-file", "code.html", "--allow-host", OWN).code == 0) == is_known
    assert (IMAGE_OF_TODAY.replace(old, new, 1) in Path("page.html").read_text()) == is_known
    assert run("remove", "page.html").code == 0
    assert Path("page.html").read_text() == page


def test_matomos_own_cloud_is_the_vendors() -> None:
    assert _untrusted(PAQ) == set()
    assert _untrusted(PAQ.replace(f"/{CLOUD}/matomo.js", "/x/other.js"))
    assert "foreign-host" in _untrusted(
        PAQ.replace(".matomo.cloud/matomo.php", ".matomo.cloud.evil.example/matomo.php")
    )


def test_a_page_may_have_its_own_host() -> None:
    assert _codes(HERE) == []
    assert _codes(HERE.replace("</script>", "var x = '//evil.example/x.js';</script>", 1)) == ["foreign-host"]


def test_fresh_code_says_the_same_of_its_host() -> None:
    for code in (PAQ, HERE, HERE.replace(GOAL, ORDER).partition("<noscript>")[0]):
        [snippet] = snippets.read(code)
        fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
        assert _read(fresh) == _read(code)
        assert _untrusted(fresh, OWN) == set()
        assert lint.find(snippets.parse(fresh)) == []
        host = CLOUD if code == PAQ else OWN
        assert f'own = "https://{host}/"' in fresh


def test_code_that_does_not_say_its_host_is_not_written_anew() -> None:
    [snippet] = snippets.read(f"<script>_paq.push(['setSiteId', '3']); {GOAL}</script>")
    with pytest.raises(Exception, match="does not say where the site's own Matomo is"):
        render_blocks(Template("clean"), [snippet], {})


def test_no_code_is_made_where_nothing_says_its_host(run: Run) -> None:
    said = run("snippet", "--kind", "paq", "3/7")
    assert (said.code, "'paq' is unknown" in said.err) == (2, True)
    assert "paq" not in work.kinds()


def test_it_goes_onto_a_page_and_out_again(run: Run) -> None:
    page = b"<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"
    Path("page.html").write_bytes(page)
    Path("code.html").write_text(HERE)
    assert "--allow-host stats.example.test" in run("inject", "page.html", "--from-file", "code.html").err
    options = ("inject", "page.html", "--from-file", "code.html", "--allow-host", OWN)
    assert run(*options).code == 0
    assert run(*options, "--check").code == 0
    assert "paq:3%2F7" in run("status", "page.html").out
    assert run("lint", "page.html").out == ""
    assert "'trackGoal', 7, 25.00]" in run(*options, "--value", "2500", "--diff", "--check").out
    valued = run(*options, "--value", "2500", "--currency", "JPY")
    assert (valued.code, "['trackGoal', 7, 2500.00]" in Path("page.html").read_text()) == (0, True)
    assert "revenue=2500" in Path("page.html").read_text()
    assert run("remove", "page.html", "--key", "paq:3%2F7").code == 0
    assert Path("page.html").read_bytes() == page


@pytest.mark.parametrize("code", [HERE, PAQ], ids=["own host", "cloud"])
def test_a_policy_has_the_sites_own_host(run: Run, code: str) -> None:
    Path("page.html").write_text(f"<!doctype html><head></head><body>{code}</body>")
    script, *others = run("csp", "page.html").out.splitlines()
    host = OWN if code == HERE else CLOUD
    assert script.endswith(f" https://{OWN if code == HERE else 'cdn.matomo.cloud'}")
    assert others == [f"img-src https://{host}", f"connect-src https://{host}"]


def test_consent_is_told_as_the_platform_has_it() -> None:
    held = HERE.replace(GOAL, "_paq.push(['requireConsent']);" + GOAL)
    assert lint.find_revoked(snippets.parse(held))
    assert not lint.find_revoked(snippets.parse(HERE))
    assert dialect_named("paq").call_of("setConsentGiven") == "_paq.push(['setConsentGiven'])"
