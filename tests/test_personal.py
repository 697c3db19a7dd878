"""A person's e-mail address in code is told, and keeps it off pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.errors import SnippetError
from snippetkit.interface import inject_page
from tests.conftest import Run
from tests.pixels import EVERY_CODE
from tests.reading import find_in_source

INIT = "fbq('init', '434566956589050'"
PAGE = "<!doctype html>\n<html><head><title>x</title></head><body></body></html>\n"


def _codes(script: str) -> list[str]:
    return [one.code for one in lint.find(snippets.parse(f"<!doctype html><body><script>{script}</script>"))]


@pytest.mark.parametrize(
    "script",
    [
        f"{INIT}, {{em: 'jane.doe@example.com'}})",
        f"{INIT}, {{em: `jane+shop@example.co.uk`}})",
        "snaptr('init', '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d', {user_email: 'jane@example.com'})",
        "ttq.identify({email: 'jane@example.com'})",
        "uetq.push('set', {pid: {em: 'jane@example.com'}})",
        "ttq.instance('C4ABCDE0C77U00000123').identify({email: 'jane@example.com'})",
        "// " + ", ".join(f"'p{n}@example.com'" for n in range(60)) + f"\n{INIT}, {{em: 'jane@example.com'}})",
        f"function later() {{ {INIT}, {{em: 'jane@163.com'}}) }}",
        "criteo_q.push({event: 'setEmail', email: 'jane@example.com'})",
        f"var email = 'jane@example.com'; {INIT}, {{em: email}})",
        f"const email = `jane@example.com`;\n(function () {{ {INIT}, {{em: email}}) }})()",
        f"var user; user = {{em: 'jane@example.com'}}; {INIT}, user)",
        f"var order = {{user: {{'mail': 'jane@example.com'}}}}; {INIT}, {{em: order.user.mail}})",
        f"var email = 'jane@example.com'; {INIT}, {{em: email.toLowerCase()}})",
        "_paq.push(['setUserId', 'jane@example.com'])",
        "gtag('set', 'user_data', {email: 'jane@example.com'})",
    ],
)
def test_an_address_that_a_platform_is_told_is_a_finding(script: str) -> None:
    assert "personal-data" in _codes(script)


@pytest.mark.parametrize(
    "script",
    [
        f"{INIT}, {{em: customer.email}})",
        f"{INIT}, {{em: '{{{{ customer.email }}}}'}})",
        f"{INIT}, {{em: '{'ab' * 32}'}})",
        f"{INIT}); mail('jane@example.com')",
        f"{INIT}); // jane@example.com wrote this",
        "fbq('track', 'Lead', {content_name: 'me@home'})",
        f"var support = 'jane@example.com'; mail(support); {INIT})",
        f"var email = 'jane@example.com'; email = customer.email; {INIT}, {{em: email}})",
        f"var shop = {{mail: 'jane@example.com', id: 'A'}}; {INIT}, {{external_id: shop.id}})",
        f"function ask(email) {{ {INIT}, {{em: email}}) }} var email = 'jane@example.com'",
        "fbq('track', 'Lead', {content_ids: ['vue@3.2.1', 'SKU@2.5.kg'], image: 'img@2x.png', file: 'a@b.min.js'})",
        "fbq('track', 'Lead', {url: 'https://jane@example.com/', html: '<a href=\"mailto:jane@example.com\">'})",
        "fbq('track', 'Contact', {to: 'shop@example.com'})",
        "gtag('event', 'click', {event_label: 'shop@example.com', send_to: 'AW-123456789/abcdef'})",
        "_paq.push(['trackLink', {url: 'shop@example.com'}])",
        "dataLayer.push({eventCallback: function () { mail('jane@example.com') }}); gtag('config', 'AW-1')",
    ],
)
def test_a_visitors_own_address_or_one_elsewhere_is_none(script: str) -> None:
    assert "personal-data" not in _codes(script)


def test_a_programs_script_is_held_to_it() -> None:
    found = find_in_source("a.js", f"{INIT}, {{em: 'jane@example.com'}})")
    assert [one.code for one in found] == ["personal-data"]


@pytest.mark.parametrize(
    "text",
    [
        f"<button onclick=\"{INIT}, {{em: 'jane@example.com'}})\">",
        "<button onclick='fbq(`init`, `434566956589050`, {em: &quot;jane@example.com&quot;})'>",
        "<noscript><img alt='' src='https://www.facebook.com/tr?id=434566956589050&amp;ev=Lead&amp;ud[em]=jane@example.com'>"
        "</noscript>",
        "<img alt='' src='https://www.facebook.com/tr?id=434566956589050&ev=Lead&ud%5Bem%5D=jane%40example.com&noscript=1'>",
    ],
)
def test_a_handler_and_an_image_are_held_to_it(text: str) -> None:
    page = f"<!doctype html>\n<body>{text}"
    [found] = [one for one in lint.find(snippets.parse(page)) if one.code == "personal-data"]
    assert "'jane@example.com'" in found.message
    assert page.splitlines()[1][found.column - 1 :].startswith("jane")


def test_such_code_goes_onto_no_page(run: Run) -> None:
    code = EVERY_CODE["fbq"].replace(INIT, f"{INIT}, {{em: 'jane@example.com'}}")
    Path("code.html").write_text(code)
    Path("page.html").write_text(PAGE)
    ran = run("inject", "page.html", "--from-file", "code.html")
    assert (ran.code, Path("page.html").read_text()) == (6, PAGE)
    assert "personal-data: 'jane@example.com' is in the code" in ran.err
    with pytest.raises(SnippetError, match="personal-data"):
        inject_page(PAGE.encode(), code)
