"""What a policy needs: which scripts count, what is hashed, and how it is printed."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import csp, inject, platforms
from snippetkit.errors import SnippetError
from snippetkit.key import Key
from snippetkit.model import Loaded
from snippetkit.terms import Part
from tests.conftest import Run
from tests.pixels import CODES, EVERY_CODE

HOSTS = ["https://connect.facebook.net", "https://www.facebook.com"]


def _source(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _scripts(text: str) -> list[str]:
    data = text.encode()
    return [data[script.inner_start : script.inner_end].decode() for script in csp.conversion_scripts(data)]


@pytest.mark.parametrize(
    "script",
    [
        "var fb_param = {};",
        "window._fbq.push([])",
        "fbq('track','Lead')",
        "fbq ( 'track', 'Lead' )",
        "_fbds.pixelId = 434566956589050",
        "!function(f,b,e,v,n,t,s){if(f.fbq)return}()",
    ],
)
def test_a_script_that_names_conversion_code_counts(script: str) -> None:
    text = f"<script>{script}</script>"
    assert _scripts(text) == [script]
    needed = csp.additions(text.encode())
    connect = (HOSTS[1],) if script.count("fbq") > script.count("_fbq") else ()
    assert needed == csp.Additions((_source(script), HOSTS[0]), (HOSTS[1],), connect_src=connect)


@pytest.mark.parametrize(
    "text",
    [
        "<script>my_fb_params = 1</script>",
        "<script>notfbq()</script>",
        "<!-- <script>fbq()</script> -->",
        "<template><script>fbq()</script></template>",
        "<noscript><script>fbq()</script></noscript>",
        "<script>fbq()",
        "<script src='/fbq.js'>fbq()</script>",
        "<script src='https://cdn.invalid/connect.facebook.net/'></script>",
        "<!-- <button onclick='fbq()'> -->",
        "<textarea><button onclick='fbq()'></textarea>",
        "<a href='/fbq'>fbq()</a>",
        "<img src='https://www.facebook.com/logo.png'>",
        "<img>",
        "",
    ],
)
def test_what_is_no_conversion_script_needs_nothing(text: str) -> None:
    assert _scripts(text) == []
    assert csp.additions(text.encode()) == csp.Additions()


def test_what_inject_put_onto_the_page_counts_whatever_it_names() -> None:
    page = b"<!doctype html><html><head><script>a()</script><title>x</title></head><body></body></html>"
    parts = {Part.SCRIPT: b"<script>later()</script>", Part.NOSCRIPT: b"<noscript></noscript>"}
    after = inject.apply(page, inject.plan(Loaded(page), inject.Insertion(Key("fp:6009125095680"), parts)))
    assert _scripts(after.decode()) == ["later()"]


def test_a_loader_in_an_element_of_its_own_needs_its_host_and_no_hash() -> None:
    data = b"<script async src='//connect.facebook.net/en_US/fbevents.js'></script>"
    assert csp.additions(data) == csp.Additions((HOSTS[0],), (HOSTS[1],), connect_src=(HOSTS[1],))


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://cdn.example/js/fbevents.js", "https://cdn.example"),
        ("//CDN.example:8443/fbevents.min.js?v=2", "https://cdn.example:8443"),
        ("https:\\/\\/cdn.example\\/fbds.js", "https://cdn.example"),
        ("/js/fbevents.js", "'self'"),
        ("fp.js", "'self'"),
    ],
)
def test_a_copy_of_the_loader_needs_its_host_beside_the_vendors(url: str, source: str) -> None:
    needed = csp.additions(f"<script>x.src = '{url}'; _fbq.push([])</script>".encode())
    assert needed.script_src[1:] == (HOSTS[0], source)
    if "\\" not in url:
        assert csp.additions(f'<script src="{url}"></script>'.encode()).script_src == (HOSTS[0], source)


@pytest.mark.parametrize(
    "url", ["/js/other.js", "myfp.js", "/fbevents.js.map", "data:fbevents.js", "/a b/fbevents.json"]
)
def test_another_file_is_no_loader(url: str) -> None:
    assert csp.additions(f'<script src="{url}"></script>'.encode()) == csp.Additions()
    assert csp.additions(f"<script>_fbq.push('{url}')</script>".encode()).script_src[1:] == (HOSTS[0],)


@pytest.mark.parametrize("tag", ["<button onclick={}>", "<p ONCLICK={}>", "a < b <form onsubmit={}>"])
def test_a_handler_needs_its_hash_and_that_hashes_count_for_handlers(tag: str) -> None:
    needed = csp.additions(tag.format("\"fbq(&quot;track&quot;,\r\n'Lead')\"").encode())
    source = _source("fbq(\"track\",\n'Lead')")
    assert needed == csp.Additions(("'unsafe-hashes'", source, HOSTS[0]), (HOSTS[1],), connect_src=(HOSTS[1],))


@pytest.mark.parametrize(
    ("attribute", "reason"),
    [
        ("onclick='fbq({{ x }})'", "the onclick holds server code ({{), so its hash cannot be known; move it into a"),
        ("href='java&#10;script:fbq()'", "no hash allows a javascript: URL in every browser; move it into a script"),
    ],
)
def test_a_handler_that_has_no_hash_is_said(run: Run, attribute: str, reason: str) -> None:
    Path("a.html").write_text(f"<p>\n<a {attribute}>")
    ran = run("csp", "a.html")
    assert ran.code == 1
    assert f"error: a.html:2: {reason}" in ran.err


@pytest.mark.parametrize("text", ["<", "a < b", "<a onclick='fbq()'", "<!-- fbq", "<textarea>fbq", "</", "<!x fbq"])
def test_a_text_that_ends_too_soon_has_no_handler(text: str) -> None:
    assert csp.additions(text.encode()) == csp.Additions()


def test_an_image_from_the_shorter_host_needs_that_host() -> None:
    assert csp.additions(b"<img src=//facebook.com/tr?id=1>") == csp.Additions((), ("https://facebook.com",))


@pytest.mark.parametrize("url", ["https://www.facebook.com/tr?id=1", "//www.facebook.com/offsite_event.php?id=1"])
def test_an_image_alone_needs_only_its_host(url: str) -> None:
    for text in (f'<img src="{url}">', f'<noscript><img src="\n{url}"></noscript>'):
        assert csp.additions(text.encode()) == csp.Additions((), (HOSTS[1],))


def test_a_script_for_a_consent_banner_to_run_later_counts() -> None:
    assert _scripts('<script type="text/plain">fbq()</script>') == ["fbq()"]


LEAD = "https://www.facebook.com/tr?id=434566956589050&ev=Lead"


@pytest.mark.parametrize(
    ("script", "img", "connect", "frame"),
    [
        (f"new Image().src = '{LEAD}'", HOSTS[1:], [], []),
        (f'new Image().src = "{LEAD}"'.replace("/", r"\/"), HOSTS[1:], [], []),
        (f"navigator.sendBeacon('{LEAD}')", [], HOSTS[1:], []),
        (f"fetch('{LEAD}', {{mode: 'no-cors'}})", [], HOSTS[1:], []),
        (f"if (!navigator.sendBeacon('{LEAD}')) new Image().src = '{LEAD}'", HOSTS[1:], HOSTS[1:], []),
        (f"report('{LEAD}')", HOSTS[1:], [], []),
        (
            "document.write('<iframe src=\"https://1234567.fls.doubleclick.net/activityi;src=1234567;ord=1?\">')",
            [],
            [],
            ["https://1234567.fls.doubleclick.net"],
        ),
    ],
)
def test_a_script_that_makes_an_image_counts(
    run: Run, script: str, img: list[str], connect: list[str], frame: list[str]
) -> None:
    text = f"<script>{script}</script>"
    needed = csp.additions(text.encode())
    assert needed == csp.Additions((_source(script),), tuple(img), (), (), tuple(connect), tuple(frame))
    Path("a.html").write_text(text)
    ran = run("csp", "a.html")
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("escape", [str, lambda text: text.replace("/", "&#47;").replace("'", "&apos;")])
def test_a_handler_that_makes_an_image_needs_its_hash(escape: Callable[[str], str]) -> None:
    code = f"new Image().src='{LEAD}'"
    needed = csp.additions(f'<img src=x onload="{escape(code)}">'.encode())
    assert needed == csp.Additions(("'unsafe-hashes'", _source(code)), (HOSTS[1],))


@pytest.mark.parametrize("text", [f"<script>var a = '{LEAD.replace('tr?', 'try?')}'</script>", f"<a title='{LEAD}'>"])
def test_what_is_no_image_of_a_script_needs_nothing(run: Run, text: str) -> None:
    Path("a.html").write_text(text)
    ran = run("csp", "a.html")
    assert (ran.out, ran.err) == ("", "note: a.html: no conversion code\n")


def test_a_frame_that_reports_is_conversion_code(run: Run) -> None:
    Path("a.html").write_text(
        "<iframe src='https://1234567.fls.doubleclick.net/activityi;src=1234567;ord=1?'></iframe>"
    )
    ran = run("csp", "a.html")
    assert (ran.code, ran.out, ran.err) == (0, "frame-src https://1234567.fls.doubleclick.net\n", "")


DEFINES = "fbq('init','434566956589050');function t(){fbq('track','Lead')}"


@pytest.mark.parametrize(
    ("code", "caller"),
    [
        (DEFINES, "t()"),
        (DEFINES, "if (window.paid) window.t()"),
        (DEFINES, "document.addEventListener('click', t)"),
        ("var shop = {buy: function () { fbq('track', 'Lead') }}", "shop.buy()"),
        ("(function () { function a() { fbq('track', 'Lead') } window.buy = () => a() })()", "buy()"),
        (f"function t() {{ new Image().src = '{LEAD}' }}", "t()"),
    ],
)
def test_what_calls_the_code_needs_its_hash_too(code: str, caller: str) -> None:
    script = f"<script>{code}</script>"
    needed = csp.additions(f"{script}<script>{caller}</script>".encode())
    assert [one for one in needed.script_src if "sha256" in one] == [_source(code), _source(caller)]
    needed = csp.additions(f'{script}<button onclick="{caller}">'.encode())
    assert needed.script_src[:3] == (_source(code), "'unsafe-hashes'", _source(caller))


def test_what_calls_a_caller_needs_its_hash_too() -> None:
    page = f"<script>{DEFINES}</script><script>function u(){{t()}}</script><b onclick='u()'>x</b>"
    assert csp.additions(page.encode()).script_src[1:4] == (
        _source("function u(){t()}"),
        "'unsafe-hashes'",
        _source("u()"),
    )


@pytest.mark.parametrize(
    "other",
    ["function t(){} ", "(function (t) { t() })(1)", "tt()", "say('t()')", "var a = {t: 1}; a.t()", "menu.onclick()"],
)
def test_what_calls_another_function_needs_none(other: str) -> None:
    code = f"{DEFINES}; (function () {{ function tt() {{ t() }} menu.onclick = tt }})()"
    needed = csp.additions(f"<script>{code}</script><script>{other}</script>".encode())
    assert [one for one in needed.script_src if "sha256" in one] == [_source(code)]


@given(st.text(alphabet=st.characters(exclude_characters="\0<{@$[*%", codec="utf-8")))
def test_the_hash_is_of_the_text_with_line_feeds(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    for newline in ("\n", "\r\n", "\r"):
        assert csp.hash_source(lines.replace("\n", newline).encode()) == _source(lines)


@pytest.mark.parametrize(
    "code", ["<?php echo $x ?>", "<?= $x ?>", "<% x %>", "{{ x }}", "{% if x %}", "{$order.total}"]
)
def test_a_script_with_server_code_has_no_hash_that_can_be_known(code: str) -> None:
    with pytest.raises(SnippetError, match="server code"):
        csp.hash_source(f"fbq('track', 'Purchase', {{value: {code}}})".encode())
    page = f"\n<script>fbq('track', {code})</script>".encode()
    [(line, reason)] = csp.additions(page).unknown
    assert (line, csp.additions(page).script_src) == (2, (HOSTS[0],))
    assert "its hash cannot be known" in reason


@pytest.mark.parametrize(
    "script",
    ["fbq(`${x}`)", "// @license MIT, me@example.com\nfbq()", "$('#x'); $x = {$y: 1}; fbq('#top', [[1]], a % b)"],
)
def test_what_scripts_have_of_their_own_is_no_server_code(script: str) -> None:
    assert csp.hash_source(script.encode()) == _source(script)


def test_a_script_in_another_encoding_has_no_hash_that_can_be_known() -> None:
    with pytest.raises(SnippetError, match="not UTF-8"):
        csp.hash_source(b"fbq() // \xe9")


def test_a_nonce_is_named_and_takes_the_place_of_a_hash_that_cannot_be_known() -> None:
    needed = csp.additions(b"<script nonce='{{ n }}'>fbq({{ x }})</script>\n<script nonce=a>fbq()</script>")
    assert needed == csp.Additions((_source("fbq()"), HOSTS[0]), (HOSTS[1],), (), (1, 2), (HOSTS[1],))


def test_an_empty_nonce_is_none() -> None:
    needed = csp.additions(b"<script nonce>fbq()</script><script nonce=''>fbq({{ x }})</script>")
    assert (needed.nonces, len(needed.unknown)) == ((), 1)


@given(st.binary())
def test_no_text_makes_it_raise(data: bytes) -> None:
    csp.additions(data)
    csp.own_policies(data)
    csp.additions(b"<script>fbq(" + data + b")</script>")


def test_the_union_has_each_source_once_hashes_first() -> None:
    a, b = (csp.additions(f"<script>fbq({n})</script>".encode()) for n in "ab")
    assert csp.union([a, b, a, csp.Additions()]).directives() == [
        f"script-src {_source('fbq(a)')} {_source('fbq(b)')} {HOSTS[0]}",
        f"img-src {HOSTS[1]}",
        f"connect-src {HOSTS[1]}",
    ]


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("<title>x</title>\n<meta http-equiv=Content-Security-Policy content=\"img-src 'self'\">", [2]),
        ("<meta HTTP-EQUIV='content-security-policy' content=x><meta http-equiv=content-security-policy>", [1, 1]),
        ("<meta charset=utf-8><!-- <meta http-equiv=content-security-policy> -->", []),
        ("stray text <meta http-equiv=content-security-policy>", []),
        ("<template><meta http-equiv=content-security-policy></template>", []),
    ],
)
def test_a_policy_of_the_pages_own_is_named(run: Run, head: str, lines: list[int]) -> None:
    page = f"<!doctype html><html><head>{head}</head><body><script>fbq()</script></body></html>"
    assert csp.own_policies(page.encode()) == lines
    Path("a.html").write_text(page)
    notes = [f"note: a.html:{line}: the page has its own policy; every policy must allow all of it" for line in lines]
    assert run("csp", "a.html").err.splitlines() == notes


@pytest.fixture
def site() -> Path:
    folder = Path("site")
    folder.mkdir()
    for name, code in CODES.items():
        (folder / f"{name}.html").write_text(code)
    (folder / "about.html").write_text("<p>About us</p>")
    return folder


def test_the_command_prints_what_all_pages_need(run: Run, site: Path) -> None:
    ran = run("csp", site)
    script_src, img_src, connect_src = ran.out.splitlines()
    assert (ran.code, script_src.count("'sha256-"), script_src.split()[-1]) == (0, 3, HOSTS[0])
    assert (img_src, connect_src) == (f"img-src {HOSTS[1]}", f"connect-src {HOSTS[1]}")
    assert "note: site/about.html: no conversion code\n" in ran.err
    assert "note: site/fbq.html:2: the script has a nonce" in ran.err
    assert run("csp", site, site / "fp.html", site).out == ran.out


def test_json_says_what_each_file_needs(run: Run, site: Path) -> None:
    document = json.loads(run("csp", site, "--json").out)
    assert [file["path"] for file in document["files"]] == [f"site/{n}.html" for n in ("about", "fbds", "fbq", "fp")]
    assert document["files"][0] == {
        "path": "site/about.html",
        "script-src": [],
        "img-src": [],
        "connect-src": [],
        "frame-src": [],
    }
    assert document["img-src"] == document["files"][1]["img-src"] == [HOSTS[1]]
    assert set(document["script-src"]) == {source for file in document["files"] for source in file["script-src"]}


def test_stdin_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"<script>fbq()\r\n</script>")))
    assert run("csp", "-").out.startswith(f"script-src {_source('fbq()' + chr(10))} ")


def test_server_code_is_an_error_with_its_place(run: Run) -> None:
    Path("a.html").write_text("<p>\n<script>fbq({{ x }})</script>")
    ran = run("csp", "a.html")
    assert ran.code == 1
    assert "error: a.html:2: the script holds server code ({{), so its hash cannot be known; give" in ran.err


def test_a_file_that_is_not_there_is_said_and_the_others_are_done(run: Run, site: Path) -> None:
    ran = run("csp", "nowhere.html", site)
    assert (ran.code, len(ran.out.splitlines())) == (6, 3)
    assert "failed: nowhere.html: No such file" in ran.err


@pytest.mark.parametrize("name", EVERY_CODE)
def test_a_policy_for_each_platforms_code_has_the_hosts_of_its_loader_and_its_events(name: str) -> None:
    dialect = platforms.dialect_named(name)
    needed = csp.additions(EVERY_CODE[name].encode())
    loader = dialect.own_loader
    told = {origin for origin in (*needed.img_src, *needed.connect_src) if origin.startswith("https://")}
    asked = set(dialect.platform.image_origins)
    assert told >= asked or (not asked and told), name
    if loader and loader.host:
        assert f"https://{loader.host}" in needed.script_src
