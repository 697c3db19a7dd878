"""What the handlers of a page's elements report is read, and waits for the visitor."""

from __future__ import annotations

import pytest

from snippetkit import html, inject, lint, snippets
from snippetkit.browser.standing import find_standing
from snippetkit.errors import SnippetError
from snippetkit.model import Loaded, Snippet
from tests.pixels import META_ID

BASE = f"<script>fbq('init', '{META_ID}'); fbq('track', 'PageView')</script>"
LEAD = "fbq('track','Lead',{value: 5, currency: 'USD'})"


def _handlers(text: str) -> list[Snippet]:
    return snippets.read_handlers(snippets.parse(text))


def _told(text: str) -> list[tuple[str | None, ...]]:
    return [(one.pixel_id, one.event, one.value, one.currency, one.state) for one in _handlers(text)]


@pytest.mark.parametrize(
    ("base", "call"),
    [
        ("", "lintrk('track', {conversion_id: 7654321, event_id: 'e1'})"),
        (
            "gtag('config', 'G-AB1CD2EF3G')",
            "gtag('event', 'purchase', {value: 5, currency: 'EUR', transaction_id: 'T1'})",
        ),
        ("pintrk('load', '2612000000123')", "pintrk('track', 'checkout', {value: 5, currency: 'EUR', order_id: 'T1'})"),
        ("ttq.load('C4ABCDE0C77U00000123')", "ttq.track('Lead', {value: 5, currency: 'EUR', order_id: order.id})"),
    ],
)
def test_an_order_or_an_event_has_its_id_in_a_handler_too(base: str, call: str) -> None:
    [one] = _handlers(f'<script>{base}</script><button onclick="{call}">x</button>')
    assert (one.state, one.places) == ("on click", ())
    assert one.order_id in {"T1", "e1", "order.id"}


@pytest.mark.parametrize(
    ("tag", "state"),
    [
        (f'<button onclick="{LEAD}">', "on click"),
        (f'<form id=x ONSUBMIT="return {LEAD}">', "on submit"),
        (f'<a href="/x" onclick="a(); {LEAD}; return false">', "on click"),
        (f'<a href="javascript:{LEAD}">', "on click"),
        (f'<form action=" JavaScript:{LEAD}">', "on submit"),
        (f'<button formaction="javascript:{LEAD}">', "on click"),
        (f'<body onload="{LEAD}">', "live"),
        (f'<img src=x onload="{LEAD}">', "on load"),
        (f'<script src=x onload="{LEAD}"></script>', "on load"),
        (f'<button @click="{LEAD}">', "on click"),
        (f'<button @click.once="{LEAD}">', "on click"),
        (f'<form v-on:submit="{LEAD}">', "on submit"),
        (f'<button x-on:click="{LEAD}">', "on click"),
        (f'<button hx-on:click="{LEAD}">', "on click"),
        (f'<button ng-click="{LEAD}">', "on click"),
        (f'<button (click)="{LEAD}">', "on click"),
        (f"<button onclick='{LEAD.replace(chr(39), '&#39;')}'>", "on click"),
        (f"<button onclick='{LEAD.replace(chr(39), '&#x27;')}'>", "on click"),
        (f'<button onclick="{LEAD.replace(chr(39), "&quot;")}">', "on click"),
        (f'<button onclick="a &amp;&amp; {LEAD.replace(chr(39), "&apos;")}">', "on click"),
        (f"<button onclick={LEAD.replace(' ', '')}>", "on click"),
        (f'a < b <button onclick="{LEAD}">', "on click"),
        (f'<template></template><button onclick="{LEAD}">', "on click"),
    ],
)
def test_an_event_in_a_handler_is_read_with_what_it_waits_for(tag: str, state: str) -> None:
    told = (META_ID, "Lead", "5", "USD", state)
    assert _told(f"{BASE}\n<p>{tag}</p>") == _told(f"<p>{tag}</p>\n{BASE}") == [told]
    assert _told(f"<p>{tag}") == [("", *told[1:])]


@pytest.mark.parametrize(
    "text",
    [
        f'<!-- <button onclick="{LEAD}"> -->',
        f'<template><button onclick="{LEAD}"></template>',
        f'<textarea><button onclick="{LEAD}"></textarea>',
        f"<script>var a = '<button onclick=\"fbq()\">'</script>{BASE}",
        f'<plaintext><button onclick="{LEAD}">',
        f'<title><button onclick="{LEAD}">',
        f'<button data-x="{LEAD}" onclick="go()" onclick>',
        f'<button onclick="{LEAD}"',
        f'<a href="/?a=fbq">{LEAD}</a>',
        "<button onclick=\"xfbq('track', 'Lead')\">",
    ],
)
def test_what_is_no_handler_is_not_read(text: str) -> None:
    assert _told(text) == []


def test_a_handler_has_its_place_and_is_changed_by_hand() -> None:
    tag = "<b é\n onclick='a(&quot;é&quot;); fbq(&quot;track&quot;, &quot;Lead&quot;, {value: &#49;})'>"
    [snippet] = _handlers(f"{BASE}\n{tag}")
    assert (snippet.line, snippet.column, snippet.value, snippet.source) == (3, 29, "1", tag)
    assert (snippet.script, snippet.noscript, snippet.places) == ("", "", ())
    with pytest.raises(SnippetError, match="no value to set: line 3: this is in an attribute; change it there by hand"):
        snippet.with_value("5", force=True)
    [code] = snippets.parse(f"{BASE}\n{tag}").handlers
    assert code.report.value
    data = f"{BASE}\n{tag}".encode()
    assert data[code.report.value.start : code.report.value.end] == b"&#49;"


@pytest.mark.parametrize(
    ("handler", "found"),
    [
        ("fbq('track','Lead')", []),
        ("fbq('track','Lead', {value: 1})", ["currency-missing"]),
        ("fbq('track','Lead', {value: '1,5', currency: 'USD'})", ["value-invalid"]),
        ("fbq('track','Lead', {value: this.value, currency: 'USD'})", ["dynamic-value"]),
        ("fbq('track','Lead', {value: <?= $x ?>, currency: 'USD'})", ["dynamic-value"]),
        ("fbq('track','Lead'", ["script-error"]),
        ("fbq(", ["script-error"]),
        ("_fbq.push(['track','1',{value: 1, currency: 'USD'}])", ["retired-endpoint"]),
    ],
)
def test_what_is_wrong_in_a_handler_is_said(handler: str, found: list[str]) -> None:
    document = snippets.parse(f'<!doctype html><body>{BASE}\n<b onclick="{handler}">x</b>')
    findings = lint.find(document)
    assert [finding.code for finding in findings] == found
    assert {(finding.line, finding.snippet) for finding in findings} <= {(2, len(document.codes))}


def test_a_handler_of_a_framework_need_not_be_javascript() -> None:
    for name in ("@click", "(click)"):
        assert lint.find(snippets.parse(f'<p {name}="fbq(| x"></p>')) == []
        assert _told(f'<p {name}="fbq(| x"></p>') == []


def test_what_waits_for_the_visitor_may_fire_and_is_not_expected() -> None:
    page = f'{BASE}<b onclick="{LEAD}">x</b>'
    found = [(one.expected.event, one.is_certain) for one in find_standing(snippets.parse(page), javascript=True)]
    assert found == [("PageView", True), ("Lead", False)]
    loaded = f'<body onload="{LEAD}">{BASE}'
    found = [(one.expected.event, one.is_certain) for one in find_standing(snippets.parse(loaded), javascript=True)]
    assert found == [("PageView", True), ("Lead", True)]
    assert find_standing(snippets.parse(page), javascript=False) == []
    alone = snippets.parse(f'<b onclick="{LEAD}">x</b>')
    assert find_standing(alone, javascript=True) == []


def test_status_tells_the_state_and_a_page_with_a_handler_takes_code() -> None:
    page = f'<script>f()</script><b onclick="{LEAD}">x</b><script>parent.fbq("track", "Contact")</script>{BASE}'
    carried = inject.find_code(Loaded(page.encode())).carried
    assert [(one.event, one.state) for one in carried] == [
        ("Lead", "on click"),
        ("Contact", "outer page"),
        ("PageView", "unmarked"),
    ]


def test_many_tags_that_do_not_end_are_no_work() -> None:
    text = b'<a onclick="' * 20_000 + b"fbq"
    assert list(html.find_handlers(text)) == []
    assert _told('<b onclick="fbq()">' + "<b " * 50_000) == []


def test_an_end_tag_has_no_handlers_and_of_two_with_one_name_the_first_counts() -> None:
    assert [*html.find_handlers(b"<b></b onclick='fbq()'>")] == []
    [handler] = html.find_handlers(b"<b onclick='a()' onclick='b()'>")
    assert handler.attribute.value == b"a()"
