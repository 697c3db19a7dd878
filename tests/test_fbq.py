"""A Meta Pixel base code is read into exact slices, and whatever is not one is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import lint, snippets
from snippetkit.errors import SnippetError
from snippetkit.model import Snippet
from tests.conftest import CASES, JS_PIXEL

CODE = (CASES / "code" / "fbq.html").read_text("utf-8")
META_ID = "434566956589050"
SNIPPET = snippets.read_code(CODE, "fbq")
IMAGE_URL = f"https://www.facebook.com/tr?id={META_ID}&ev=PageView&noscript=1"


def _meaning(snippet: Snippet) -> tuple[str | None, ...]:
    return snippet.key, snippet.event, snippet.value, snippet.currency, snippet.image_url


def test_the_halves_are_exact_slices_without_the_comments_and_the_nonce() -> None:
    assert _meaning(SNIPPET) == (f"fbq:{META_ID}", "PageView", None, None, IMAGE_URL)
    assert SNIPPET.script.startswith("<script>\n!function")
    assert SNIPPET.script in CODE.replace(' nonce="Zr0pQ1aB"', "")
    assert SNIPPET.source == f"{SNIPPET.script}\n<noscript>{SNIPPET.noscript}</noscript>"
    assert SNIPPET.noscript in CODE


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        (r"\n", "\r\n"),
        (r"'", '"'),
        (r"(?<=[;{}(),=?:])\s+(?!nonce)", ""),
        (r"fbq\('track'", "/* one event */ fbq('track'"),
        (r"\bf\b(?=[ ,.)])", "w"),
        (r"https://connect", "//connect"),
        (r"en_US", "de_DE"),
        (r"https://www", "//www"),
        (r"&", "&amp;"),
        (r"(?<=display:none\")\s+", " "),
        (r" />", ">"),
        (r"!function", "\n; !function"),
        (r"return;", "return"),
        (r"<!--.*?-->", ""),
        (r' nonce="Zr0pQ1aB"', ""),
        (r' nonce="Zr0pQ1aB"', " nonce"),
        (r' nonce="Zr0pQ1aB"', " type='text/javascript' nonce=''"),
        (r' nonce="Zr0pQ1aB"', '\n  NONCE=x type="text/javascript"'),
    ],
)
def test_shapes_that_mean_the_same_are_read(pattern: str, new: str) -> None:
    text = re.sub(pattern, new, CODE)
    assert text != CODE
    snippet = snippets.read_code(text, "fbq")
    assert _meaning(snippet) == _meaning(SNIPPET)
    assert "nonce" not in snippet.source.lower()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (CODE, "", "found neither"),
        (CODE, JS_PIXEL, "does not load www.facebook.com/tr"),
        ("<noscript>", "<script></script><noscript>", "found script, script, noscript"),
        ("<script ", "<script async ", "attributes other than type: async"),
        ("!function", "!!function", "script line 2: '!' is where fbq base code has function"),
        ("!function", "function", "line 2: 'function' is where fbq base code has !"),
        ("!function", "(function", "not valid JavaScript"),
        ("if (f.fbq) return;", "if (f.fbq) ;", "line 3: "),
        ("if (f.fbq) return;", "if (f.fbq) return n;", "line 3: 'n' is where fbq base code has ;"),
        ("(f.fbq)", "(!f.fbq)", "line 3: '!'"),
        ("n.queue.push(arguments)", "n.queue.push(n)", "line 5: 'n'"),
        ("n.loaded = !0;", "", "line 8: 'version' is where fbq base code has loaded"),
        ("n.loaded = !0;", "n.loaded = !1;", "line 8: '1'"),
        ("'2.0'", "'2.1'", r"line 8: \"'2.1'\""),
        ("'2.0'", "'2' + '.0'", "line 8: "),
        ("t.src = v;", "t.src = v; t.onload = v;", "line 9: 't'"),
        ("t.src = v", "t.src = n", "line 9: 'n'"),
        ("s.parentNode", "f.eval(v); s.parentNode", "line 11: 'f'"),
        ("(window, document", "(window, window", "line 12: 'window'"),
        ("(window, document", "(f, document", "line 12: 'f'"),
        ("(f, b, e, v, n, t, s)", "(f, b, e, v, n, t, t)", "line 2: 't'"),
        ("(f, b, e, v, n, t, s)", "(window, b, e, v, n, t, s)", "line 3: 'f'"),
        ("connect.facebook.net", "connect.facebook.net.example.com", "line 12: "),
        ("https://connect", "http://connect", "line 12: "),
        ("/fbevents.js", "/fp.js", "line 12: "),
        ("/en_US/", "/../", "line 12: "),
        ("fbq('init', '434566956589050')", "fbq('init', 434566956589050)", "line 13: '434566956589050'"),
        ("fbq('init', '434566956589050')", "fbq('init', '')", "line 13: "),
        ("fbq('init', '434566956589050')", "fbq('init', '434566956589050', {em: 'x'})", "line 13: ','"),
        ("fbq('track'", "fbq('init', '6009125095680');\nfbq('track'", r"line 14: \"'init'\""),
        ("'PageView')", "'Purchase')", r"line 14: \"'Purchase'\""),
        ("'PageView')", "'PageView', {value: 1})", "line 14: ','"),
        ("fbq('track', 'PageView');", "", "the script ends where fbq base code has fbq"),
        ("'PageView');", "'PageView'); alert(1);", "line 14: 'alert' is where fbq base code has its end"),
        ("'PageView');", "'PageView')\n--> alert(1)", "line 15: '--> alert"),
        ("'track'", "`track`", "line 14: '`'"),
        ("'track'", "'tr\\x61ck'", "line 14: "),
        ("f.fbq)", "f.\\u0066bq)", "line 3: "),
        ("return;", "return;\u2028", "characters that no base code has"),
        ("ev=PageView", "ev=Purchase", "the script's event is PageView, the noscript's Purchase"),
        ("&ev=PageView", "", "the script's event is PageView, the noscript's None"),
        ("tr?id=434566956589050", "tr?id=6009125095680", "pixel_id is 434566956589050, the noscript's 6009125095680"),
        ("&noscript=1", "", "lacks noscript=1"),
        ("noscript=1", "noscript=0", "lacks noscript=1"),
        ("noscript=1", "noscript=1&cd[value]=5", r"unexpected parameters: cd\[value\]"),
        ("noscript=1", "noscript=1&id=1", "names a parameter twice"),
        ("noscript=1", "noscript=1#x", "does not load www.facebook.com/tr"),
        ("/tr?", "/tr/?", "does not load www.facebook.com/tr"),
    ],
)
def test_what_is_not_a_base_code_is_refused(old: str, new: str, reason: str) -> None:
    assert old in CODE
    with pytest.raises(SnippetError, match=reason):
        snippets.read_code(CODE.replace(old, new, 1), "fbq")


def test_the_code_of_one_dialect_is_not_that_of_the_other() -> None:
    with pytest.raises(SnippetError, match="does not load"):
        snippets.read_code(CODE, "fp")
    fp_image = re.search(r"<noscript>.*", JS_PIXEL)
    assert fp_image
    with pytest.raises(SnippetError, match="script line 4: a second function"):
        snippets.read_code(SNIPPET.script + fp_image[0], "fp")


def test_a_value_that_was_asked_for_is_missed_in_a_base_code() -> None:
    snippets.check(SNIPPET, META_ID, None)
    with pytest.raises(SnippetError, match="the code reports None"):
        snippets.check(SNIPPET, META_ID, 1999)


def test_nesting_without_end_is_refused() -> None:
    for deep in ("(" * 5_000 + "f" + ")" * 5_000, "!" * 20_000 + "f", "f" + ".f" * 20_000):
        with pytest.raises(SnippetError):
            snippets.read_code(CODE.replace("f.fbq)", f"{deep})", 1), "fbq")


TOKENS = re.findall(r"\w+|\s+|.", CODE)
PIECES = st.sampled_from([*set(TOKENS), *CODE.split("\n"), "<script>", "</script>", "<!--", "-->", "/*", "*/", "//"])


@given(st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join))
def test_reading_anything_ends_in_a_snippet_or_a_refusal(text: str) -> None:
    try:
        snippet = snippets.read_code(text, "fbq")
    except SnippetError as error:
        assert "\n" not in str(error).encode("unicode_escape").decode()
    else:
        assert snippet.source in text


@st.composite
def _mutations(draw: st.DrawFn) -> str:
    tokens = list(TOKENS)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(tokens) - 1))
        end = draw(st.integers(start, min(len(tokens), start + 4)))
        tokens[start:end] = draw(st.lists(PIECES, max_size=2))
    return "".join(tokens)


def _bare(script: str) -> str:
    """A script without what does not count: white space, comments, semicolons, the kind of quotes, the scheme."""
    return re.sub(r"/\*.*?\*/|(?<![:'])//.*|(?<=')https?:(?=//)|[\s;]", "", script.replace('"', "'"))


@given(_mutations())
def test_a_changed_base_code_is_refused_or_means_the_same(text: str) -> None:
    try:
        snippet = snippets.read_code(text, "fbq")
    except SnippetError:
        return
    assert snippet.key.removeprefix("fbq:").isdecimal()
    assert _bare(snippet.script).replace(snippet.pixel_id, META_ID) == _bare(SNIPPET.script)
    assert snippet.image_url == IMAGE_URL.replace(META_ID, snippet.pixel_id)


def _told(script: str) -> list[tuple[str, str | None, str | None, str]]:
    text = f"<script>{script}</script>"
    return [(one.pixel_id, one.event, one.value, one.state) for one in snippets.read_file("x.html", text)]


@pytest.mark.parametrize(
    "of",
    ["window", "self", "globalThis", "global", "frames", "window.window", "self.window", "document.defaultView"],
)
def test_fbq_of_the_window_is_read_by_each_of_its_names(of: str) -> None:
    script = f"{of}.fbq('init', '{META_ID}'); {of}['fbq']('track', 'Lead', {{value: 5}})"
    assert _told(script) == [(META_ID, "Lead", "5", "live")]


@pytest.mark.parametrize("of", ["top", "parent", "window.top", "opener"])
@pytest.mark.parametrize("by", ["", ".call(null, "])
def test_fbq_of_another_window_is_read_as_that_one_s(of: str, by: str) -> None:
    script = f"{of}.fbq('init', '{META_ID}'); {of}.fbq('track', 'Lead', {{value: 5}})"
    assert _told(script.replace("fbq(", f"fbq{by}") if by else script) == [(META_ID, "Lead", "5", "outer page")]


CALLS = {
    "fbq.call(null, 'track', 'Lead', {value: 5})": "Lead",
    "window.fbq.call(window, 'track', 'Lead', {value: 5})": "Lead",
    "fbq?.call?.(null, 'track', 'Lead', {value: 5})": "Lead",
    "fbq['call'](null, 'track', 'Lead', {value: 5})": "Lead",
    "(fbq.call)(null, 'track', 'Lead', {value: 5})": "Lead",
    "fbq.apply(null, ['track', 'Lead', {value: 5}])": "Lead",
    "fbq.apply(window, (['track', 'Lead', {value: 5}]))": "Lead",
    "fbq.push('track', 'Lead', {value: 5})": "Lead",
    "(function (w) { w.fbq.call(w, 'track', 'Lead', {value: 5}) })(window)": "Lead",
    "fbq.apply(null, list)": None,
    "fbq.apply(null)": None,
    "fbq.apply(null, [...list])": None,
    "fbq.bind(null, 'track', 'Lead', {value: 5})()": "Lead",
    "fbq.other('track', 'Lead')": None,
    "mine.call(fbq, 'track', 'Lead')": None,
}


@pytest.mark.parametrize("call", CALLS)
def test_fbq_is_read_by_whatever_it_is_called(call: str) -> None:
    """What is called with a list that stands elsewhere is not read, and says so: `Firing.unread`."""
    event = CALLS[call]
    expected = [(META_ID, event, "5", "live")] if event else [(META_ID, None, None, "base code")]
    assert _told(f"fbq('init', '{META_ID}'); {call}") == expected
    firing = lint.find_firing(snippets.parse(f"<script>{call}</script>"), "fbq")
    assert bool(firing.unread) == (event is None and ".call(fbq" not in call and ".other" not in call)


@pytest.mark.parametrize(
    ("call", "event_id"),
    [
        ("fbq('track', 'Purchase', {value: 19.99, currency: 'USD'}, {eventID: 'A-1'});", "A-1"),
        ('fbq("trackCustom", "Tea", {}, {"eventID": `A-1`});', "A-1"),
        (f"window.fbq('trackSingle', '{META_ID}', 'Lead', {{}}, {{eventID: 'A-1'}});", "A-1"),
        ("var told = {eventID: 'A-1'}; fbq('track', 'Lead', null, told);", "A-1"),
        ("fbq('track', 'Lead', {}, {event_id: 'A-1'});", None),
        ("fbq('track', 'Lead');", None),
    ],
)
def test_the_id_of_an_event_is_in_the_argument_after_its_parameters(call: str, event_id: str | None) -> None:
    found = snippets.read(CODE.replace("fbq('track', 'PageView');", f"fbq('track', 'PageView');\n{call}"))
    assert [one.event_id for one in found] == [None, event_id]


@pytest.mark.parametrize("name", ["eventID", "event_id"])
@pytest.mark.parametrize(("options", "is_lost"), [("", True), (", {}", True), (", {eventID: 'A-1'}", False)])
def test_the_id_of_an_event_among_its_parameters_alone_is_found(name: str, options: str, is_lost: bool) -> None:
    call = f"fbq('track', 'Lead', {{{name}: 'A-1'}}{options});"
    found = lint.find(snippets.parse(f"<script>{call}</script>"))
    assert ("event-id-place" in {one.code for one in found}) is is_lost
