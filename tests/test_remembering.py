"""What was found in a page is taken for another one only where that is what looking at it says."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from snippetkit import html, inject, lint, snippets
from snippetkit.inject import status
from snippetkit.lint import Finding, Memory
from snippetkit.model import Loaded
from snippetkit.snippets import Document, FileParts
from tests.pixels import EVERY_CODE, META_ID

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><title>{words}</title>
{above}<link rel="stylesheet" href="{words}.css">
{code}
{below}</head>
<body class="{words}">
<h1>{words}</h1>
{further}<p>Thank you, {words}.</p>
{last}</body>
</html>
"""
WAITS = "<script>function go() { fbq('track', 'Purchase', {value: 1, currency: 'USD'}) }</script>"
CALLS = "<script>fbq('track', 'Lead')</script>" + EVERY_CODE["fbq"]
TWICE = EVERY_CODE["fbq"] + EVERY_CODE["fbq"]
TURBO = "<script src=/turbo.js></script>" + EVERY_CODE["fbq"]
HTMX = "<script src=/htmx.js></script>" + EVERY_CODE["fbq"]
MAILED = "<script>fbq('track', 'Lead', {value: 'a'}, {em: 'jane@example.com'})</script>"
CODES = {
    **{name: EVERY_CODE[name] for name in ("fbq", "fp", "gtag")},
    "waits": WAITS + EVERY_CODE["fbq"],
    "calls": CALLS,
    "twice": TWICE,
    "turbo": TURBO,
    "htmx": HTMX,
    "mailed": MAILED,
    "nobody's": "<script>fbq('track', 'Lead')</script>",
}
ASIDES = [
    "<p title='a>b'>It was $12 &amp; <b class=x>more</b> for a@example.com\r\n\r\nthan \u00e9 {a}</p>",
    "<button onclick='go()'>Go</button>",
    "<a href='javascript:go()'>Go</a>",
    "<button onclick=\"fbq('track', 'Lead')\">Go</button>",
    "<script>go()</script>",
    "<script src=a.js></script>",
    "<script>shop.config({page: 'a', items: [1, 2]})</script>",
    '<script type=application/ld+json>{"@type": "Thing", "name": "a"}</script>',
    '<script type=speculationrules>{"prerender": [{"source": "list", "urls": ["/a"]}]}</script>',
    "<script>document.write(a)</script>",
    "<script>quicklink.listen({prerender: true})</script>",
    "<script>import '@hotwired/turbo'</script>",
    "<script>window[name] = function () {}</script>",
    "<script>(function (w) { w.push('GTM-ABCDE') })(window.dataLayer)</script>",
    "<script>var page = '<html>', base = \"<base href='/b/'>\"</script>",
    "<script>fbq('track', 'Lead')</script>",
    "<script>let a = {$a}</script>",
    "<script>// &#102;bq",
    "<script><!-- a",
    "<p>import a Function, eval it, createElement</p>",
    "<p>GTM-ABCDE</p>",
    "<p>fbq and gtag</p>",
    f"<img src='https://www.facebook.com/tr?id={META_ID}&ev=Purchase'>",
    f"<img src='https://www.f&#97;cebook.com/tr?id={META_ID}&ev=Purchase'>",
    f"<img src='https://www.facebook.com&sol;tr?id={META_ID}&ev=Purchase'>",
    "<button onclick=\"&#102;bq('track', 'Lead')\">Go</button>",
    "<img src=a.png>",
    "<div hx-boost=true></div>",
    "<meta name='turbo-visit-control' content='reload'>",
    "{% if paid %}<p>paid</p>{% else %}",
    "<p>{{ words }}</p>",
    "<?php include 'pixel.php' ?>",
    "@if (paid)\n<p>paid</p>\n@else\n",
    "{if $paid}<p>paid</p>{else}",
    "<!--# include file=a -->",
    "<!-- fbq('track', 'Lead') -->",
    "<!-- a comment -->",
    "<!-- a comment --!>",
    "<!-- never closed",
    "<template><p>a</p></template>",
    "<base href='/a/'>",
    "<style>a { b: c }</style>",
    "<textarea><p>a</textarea>",
    "<noscript><p>a</p></noscript>",
    "<iframe srcdoc='<script>fbq()</script>'></iframe>",
    "<iframe src=a></iframe>",
    "</head>",
    "<body>",
    "<frameset>",
    "<plaintext>",
    "<svg><title>a</title></svg>",
    "<p",
    "\x1b",
    "x",
    "<!-- snippetkit:begin fbq:1 script -->",
]
SLOTS = ("above", "below", "further", "last")


def _memory() -> Memory[list[Finding]]:
    return Memory(lint.find_in_documents, lint.moved_findings)


def _page(code: str, words: str = "a", **parts: str) -> bytes:
    return PAGE.format(**dict.fromkeys(SLOTS, "") | {"code": code, "words": words} | parts).encode()


def _looked_at(data: bytes, name: str = "page.html") -> tuple[list[Finding], FileParts]:
    documents = snippets.take_apart(name, data.decode("utf-8", "surrogateescape"))
    return lint.find_in_documents(documents), snippets.find_parts(documents)


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_whatever_stands_beside_code_what_is_remembered_is_what_is_there(code: str) -> None:
    for slot in SLOTS:
        memory = _memory()
        for aside in ("", *ASIDES):
            data = _page(code, **{slot: aside})
            told = memory.of_page("page.html", data)
            assert told in (None, _looked_at(data)), (slot, aside)


@pytest.mark.parametrize("name", EVERY_CODE)
def test_words_make_no_difference(name: str) -> None:
    memory = _memory()
    pages = [_page(EVERY_CODE[name], words) for words in ("a", "It was\nthere", "\u00e9 > b " * 9)]
    pages += [_page("", last=EVERY_CODE[name], words=words) for words in ("a", "\r\nb\rc <b class='d'>d</b>")]
    for data in pages:
        assert memory.of_page("page.html", data) in (None, _looked_at(data))


def test_a_page_with_the_same_scripts_is_not_looked_at_again() -> None:
    made = list[Sequence[Document]]()

    def make(documents: Sequence[Document]) -> list[Finding]:
        made.append(documents)
        return lint.find_in_documents(documents)

    memory = Memory(make, lint.moved_findings)
    code = "<script>fbq('track', 'Purchase', {value: '1.234,50'})</script>" + EVERY_CODE["fbq"]
    for number in range(9):
        data = _page(code, f"order {number}", above="<meta name=number>\n" * number, further=number * "<p>x</p>\n")
        told = memory.of_page("page.html", data)
        assert told == _looked_at(data)
        assert told is not None and told[0]
    assert len(made) == 1


def test_scripts_without_code_make_no_difference() -> None:
    made = list[Sequence[Document]]()

    def make(documents: Sequence[Document]) -> list[Finding]:
        made.append(documents)
        return lint.find_in_documents(documents)

    memory, code = Memory(make, lint.moved_findings), MAILED + EVERY_CODE["fbq"]
    for number in range(9):
        above = f"<script>shop.page = {{id: {number}, path: 'a/{number}'}}</script>\n"
        above += f"<script src='{'../' * (number + 1)}a.js'></script>"
        data = _page(code, "a\n" * number, above=above, last=f"<script type='application/ld+json'>[{number}]</script>")
        told = memory.of_page("page.html", data)
        assert told == _looked_at(data)
        assert told is not None and told[0]
    assert len(made) == 1


@pytest.mark.parametrize("aside", ["<p>fbq</p>", "<p>GTM-ABCDE</p>", "<p>{% x %}</p>", "<?php x ?>"])
def test_a_page_with_more_than_words_is_looked_at(aside: str) -> None:
    memory = _memory()
    assert memory.of_page("page.html", _page(EVERY_CODE["fbq"]))
    assert memory.of_page("page.html", _page(EVERY_CODE["fbq"], further=aside)) is None


@pytest.mark.parametrize("name", ["page.js", "page.php", "-", "page.html.twig", "page.vue"])
def test_what_is_no_page_is_looked_at(name: str) -> None:
    assert _memory().of_page(name, _page(EVERY_CODE["fbq"])) is None


def test_a_page_in_another_encoding_is_looked_at_where_its_code_has_more_than_ascii() -> None:
    memory, code = _memory(), "<script>fbq('track', 'Purchase', {value: '1.234,50', content_name: '\u00e4'})</script>"
    for script in (code, code.replace("\u00e4", "a")):
        for words in ("Th\u00e4nk", "\u00e4\u00f6\u00fc \u00df"):
            data = _page(f"<title>{words}</title>{script}{EVERY_CODE['fbq']}", words).decode().encode("latin-1")
            told = memory.of_page("page.html", data)
            assert (told is None) == ("\u00e4" in script)
            assert told in (None, _looked_at(data))


def test_where_pages_have_nothing_in_common_none_is_remembered_any_more() -> None:
    memory, code = _memory(), EVERY_CODE["fbq"]
    for number in range(200):
        memory.of_page("page.html", _page(f"<script>fbq('track', 'Lead', {{value: {number}}})</script>{code}"))
    assert memory.of_page("page.html", _page(code)) is None
    assert len(memory) <= 128


def test_status_tells_the_line_of_each_page() -> None:
    for number in range(3):
        data = _page(EVERY_CODE["fbq"], above="\n" * number, below="<meta>\n", further="x\n" * number)
        found = inject.find_code(Loaded(data), "page.html").carried
        documents = snippets.take_apart("page.html", data.decode())
        assert found == status.without_regions(documents)
        assert [one.line for one in found] == [one.line for one in snippets.read_documents(documents)]


def test_what_is_left_of_a_page_says_where_it_was() -> None:
    data = _page("<script>a</script>", "some <i>words</i>", further="<!-- x --><img src=a>")
    condensed = html.condense(data)
    assert condensed is not None
    assert condensed.text == (
        b"<!DOCTYPE html>\n<html>\n<head><meta><title></title><meta><script>a</script>\n</head>\n<body><p>."
        b"<!----><p>.</body>\n</html>\n"
    )
    at = condensed.text.index(b"<script>")
    assert condensed.place(at) == data.index(b"<script>")
    assert condensed.place(condensed.text.index(b"<p>")) is None
    assert b"Thank you" in condensed.words()
    assert b"Thank you" not in condensed.words(at)
