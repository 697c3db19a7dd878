"""Strings that a page's script runs as code or writes as markup are read like the scripts around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import snippets
from tests.conftest import Run
from tests.pixels import CODES, META_ID
from tests.reading import find_in_source

BASE = snippets.without_nonce(CODES["fbq"]).partition("<noscript")[0]
TELL = "fbq('track','Purchase',{value:5,currency:'USD'})"
IMAGE = f"https://www.facebook.com/tr?id={META_ID}&ev=Purchase&cd[value]=5&cd[currency]=USD"
END = "<\\/script>"
ENCODED = TELL.replace("{", "%7B").replace("}", "%7D")


def _page(code: str, attributes: str = "") -> str:
    return f"<html>\n<head>{BASE}</head>\n<body>\n<script{attributes}>\n{code}\n</script>\n</body></html>\n"


def _read(name: str, text: str) -> list[tuple[str, str | None, str | None, str]]:
    found = [one for one in snippets.read_file(name, text) if one.event == "Purchase"]
    return [(one.pixel_id, one.value, one.currency, one.state) for one in found]


def _said(name: str, text: str) -> list[str]:
    return [one.code for one in find_in_source(name, text)]


RUN = [
    f'setTimeout("{TELL}", 0)',
    f'window.setTimeout("{TELL}", 0)',
    f'eval("{TELL}")',
    f'new Function("{TELL}")()',
    f'Function("a", "{TELL}")(1)',
    f'var code = "{TELL}"; eval(code)',
    f'document.write("<script>{TELL}</scr" + "ipt>")',
    f'document.writeln("<script>\\n{TELL}\\n{END}")',
    f"document.write('<scr' + 'ipt>' + \"{TELL}\" + '</scr' + 'ipt>')",
    f'document.write("<script>", "{TELL}", "{END}")',
    f'var all = "<script>"; all += "{TELL}"; all += "{END}"; document.write(all)',
    f"document.write(['<script>', \"{TELL}\", '<\\/script>'].join(''))",
    f"document.write(['<script>', '// the order', \"{TELL}\", '<\\/script>'].join('\\n'))",
    f"new Image().src = ['https://www.facebook.com/tr?id={META_ID}', '{IMAGE.partition('&')[2]}'].join('&')",
    f'document.write(unescape("%3Cscript%3E{ENCODED}%3C/script%3E"))',
    f'document.write(\'<img alt="" src="{IMAGE}">\')',
    f'$("body").append("<script>{TELL}{END}")',
    f"var s = document.createElement('script'); s.text = \"{TELL}\"; document.head.appendChild(s)",
    f"var s = document.createElement('script'); s.innerHTML = `{TELL}`; document.head.appendChild(s)",
    f"const s = document.createElement('script'); s.appendChild(document.createTextNode(\"{TELL}\"))",
]


@pytest.mark.parametrize("code", RUN)
def test_what_a_script_runs_or_writes_is_read_in_a_page_and_in_a_file_alike(code: str) -> None:
    assert _read("a.html", _page(code)) == [(META_ID, "5", "USD", "live")]
    [(_, value, currency, state)] = _read("a.js", f"fbq('init', '{META_ID}');\n{code}")
    assert (value, currency, state) == ("5", "USD", "live")
    assert _said("a.html", _page(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        f'var text = "{TELL}"',
        f'document.getElementById("how").textContent = "{TELL}"',
        f'document.body.append("<script>{TELL}{END}")',
        f'alert("{TELL}")',
        f'setTimeout(go, "{TELL}")',
        f'// eval("{TELL}")',
    ],
)
def test_what_nothing_runs_is_no_code_of_the_page(code: str) -> None:
    assert _read("a.html", _page(code)) == []
    assert _said("a.html", _page(code)) == []


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (f'function go() {{ setTimeout("{TELL}", 0) }}', "when called"),
        (f'function go() {{ setTimeout("{TELL}", 0) }} go()', "live"),
        (f"button.addEventListener('click', function () {{ eval(\"{TELL}\") }})", "on click"),
        (f'document.body.innerHTML = "<script>{TELL}{END}"', "dead"),
        (f"box.insertAdjacentHTML('beforeend', \"<script>{TELL}{END}\")", "dead"),
        (f'box.innerHTML = "<a onclick=\\"{TELL}\\">x</a>"', "on click"),
        (f'(function () {{ return; eval("{TELL}") }})()', "dead"),
    ],
)
def test_it_runs_when_that_is_reached(code: str, state: str) -> None:
    assert [found[3] for found in _read("a.html", _page(code))] == [state]
    assert [found[3] for found in _read("a.js", code)] == [state]


def test_in_a_script_that_waits_for_consent_it_waits_too() -> None:
    page = _page(f'eval("{TELL}")', ' type="text/plain" data-cookieconsent="marketing"')
    assert [found[3] for found in _read("a.html", page)] == ["held back"]


def test_what_is_put_into_it_is_dynamic() -> None:
    page = _page("setTimeout(\"fbq('track','Purchase',{value:\" + total + \",currency:'USD'})\", 0)")
    [one] = [one for one in snippets.read_file("a.html", page) if one.event == "Purchase"]
    assert (one.dynamic, one.currency, one.line) == (True, "USD", page[: page.index("setTimeout")].count("\n") + 1)


@pytest.mark.parametrize(
    "code",
    [
        "eval(\"fbq('tr\" + kind + \"ack','Lead')\")",
        "eval(\"fbq('track' 'Lead')\")",
        f"var all = ['<script>', \"{TELL}\", '{END}']; document.write(all.join(''))",
        f"var all = []; all.push('<script>'); all.push(\"{TELL}\"); all.push('{END}'); document.write(all.join(''))",
    ],
)
def test_where_it_cannot_be_read_lint_says_so(code: str) -> None:
    assert _said("a.html", _page(code)) == ["event-unread"]
    assert "event-unread" not in _said("a.html", _page('eval("if (window.fbq) go()")'))


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        (f"data:text/javascript,{ENCODED}", ["event-unread"]),
        ("data:text/javascript;base64,ZmJxKCd0cmFjaycsJ0xlYWQnKQ==", ["event-unread"]),
        ("data:text/javascript;base64,!", []),
        ("data:text/javascript,go()", []),
        ("/data:fbq.js", []),
    ],
)
def test_of_code_in_a_scripts_url_lint_says_that_it_is_unread(url: str, codes: list[str]) -> None:
    page = _page("").replace("<body>", f'<body><script src="{url}"></script>')
    assert _said("a.html", page) == codes


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (f'setTimeout("{TELL}", 0)', "in a string that it runs; take it out by hand first"),
        (f'document.write("<script>{TELL}{END}")', "in a string that it runs; take it out by hand first"),
        (f'document.write("<script>{TELL.replace("Purchase", "Lead")}{END}")', "in a string that it runs"),
        (f'document.write(\'<img alt="" src="{IMAGE}">\')', "in a string that it runs"),
        (f'var text = "{TELL}"', ""),
    ],
)
def test_inject_puts_no_second_beside_it(run: Run, code: str, told: str) -> None:
    page = Path("a.html")
    page.write_text(
        f"<!doctype html>\n<html><head><title>x</title></head>\n<body><script>{code}</script></body></html>\n"
    )
    kind = ("--kind", "fbq", "--pixel", META_ID, "--event", "Purchase", "--value", "500", "--currency", "USD")
    ran = run("inject", str(page), *kind, "--check")
    assert (told in ran.err, "would be inserted" in ran.err) == (True, not told)
    assert f":{META_ID}" in ran.err or not told
