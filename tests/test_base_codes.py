"""A base code is known token for token, however it is written, and nothing else passes for it."""

from __future__ import annotations

import re

import pytest

from snippetkit import lint, snippets
from snippetkit.javascript import Pattern, matches_any, parse, unwrapped, walk
from snippetkit.platforms.facebook import fp

PATTERN = Pattern(
    """
(function (page, name) {
  var tell = page[name] = page[name] || [];
  tell.words = ['WORD'];
  tell.load = function (id) { if (!id) return; tell.push(['load', id, 'LOADER']); };
  CALLS(tell);
})(window, 'tell');
""",
    {"LOADER": re.compile(r"(?:https:)?//cdn\.example/px\.js"), "WORD": re.compile("[a-z]+")},
)
PLAIN = """(function (page, name) {
  var tell = page[name] = page[name] || [];
  tell.words = ['page', 'track'];
  tell.load = function (id) { if (!id) return; tell.push(['load', id, 'https://cdn.example/px.js']); };
  tell.load('ID-1'); tell.track('Lead', {value: -1.5, list: [{a: null}]});
})(window, 'tell');"""


def _is_known(code: str) -> bool:
    calls = [node for node in walk(parse(code)) if node.type == "call_expression"]
    functions = {"function_expression"}
    call = next(one for one in calls if unwrapped(one.child_by_field_name("function") or one).type in functions)
    return matches_any(call, [PATTERN])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("'", '"'),
        (";\n", "\n"),
        ("\n  ", " // more\n"),
        ("['page', 'track']", "[]"),
        ("https://", "//"),
        ("if (!id) return; tell.push(['load', id,", "id && tell.push(['load', id,"),
        ("tell.load('ID-1'); tell.track('Lead', {value: -1.5, list: [{a: null}]});", ""),
        ("}]});", "}]}), tell.page();"),
    ],
)
def test_it_is_known_however_it_is_written(old: str, new: str) -> None:
    code = PLAIN.replace("'tell'", "'TELL'").replace(old, new).replace("TELL", "tell") if old else PLAIN
    assert old in PLAIN
    assert _is_known(code)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cdn.example", "cdn.evil"),
        ("'track'", "'track', alert(1)"),
        ("'track'", "'track 2'"),
        ("if (!id) return;", ""),
        ("tell.load('ID-1');", "tell.load(document.cookie);"),
        ("tell.load('ID-1');", "alert('ID-1');"),
        ("tell.load('ID-1');", "page.load('ID-1');"),
        ("tell.load('ID-1');", "tell.load('//evil.example/x.js');"),
        ("tell.load('ID-1');", "tell['load' + 1]('ID-1');"),
        ("tell.load('ID-1');", "tell.load.constructor('alert');"),
        ("{a: null}", "{a: page}"),
        ("{a: null}", "{get a() { alert(1); }}"),
        ("{a: null}", "{[alert(1)]: 1}"),
        ("{a: null}", "`${alert(1)}`"),
        ("window, 'tell'", "top, 'tell'"),
        ("window, 'tell'", "window, 'other'"),
        ("(page, name)", "(page, name, more)"),
    ],
)
def test_what_does_anything_else_is_not(old: str, new: str) -> None:
    assert old in PLAIN
    assert not _is_known(PLAIN.replace(old, new))


@pytest.mark.parametrize(("calls", "is_known"), [("", True), ("t.load('ID-1');", False)])
def test_what_is_called_has_the_name_that_others_look_for(calls: str, is_known: bool) -> None:
    code = PLAIN.replace("tell.load('ID-1'); tell.track('Lead', {value: -1.5, list: [{a: null}]});", calls)
    assert _is_known(code.replace("'tell'", "'TELL'").replace("tell", "t").replace("TELL", "tell")) == is_known


@pytest.mark.parametrize(("old", "new", "is_known"), [("", "", True), ("waiting", "w", True), ("set();", "", False)])
def test_code_from_outside_may_have_it(old: str, new: str, is_known: bool) -> None:
    [code] = fp.DIALECT.base_codes
    code = code.replace("LOADER", "//connect.facebook.net/de_DE/fp.js").replace(old, new)
    sets = "function () { window.fb_param = {pixel_id: '6009125095680'}; }"
    found = lint.find_untrusted(snippets.parse(f"<script>({code})([{sets}]);</script>"))
    assert ("unexpected-script" not in {one.code for one in found}) == is_known


@pytest.mark.parametrize(
    ("told", "is_known"),
    [
        ("{a: 1}", True),
        ("{a: 1,}", True),
        ("{a: 1, b: true, c: 'x'}", True),
        ("{a: 1, c: !0}", True),
        ("{a: 1, d: 1}", False),
        ("{a: 1, b: f()}", False),
        ("{a: 1, b: [1]}", False),
        ("{a: 1, b() {}}", False),
        ("{a: 1, ...b}", False),
        ("{a: 1, b}", False),
        ("{a: 2, b: 1}", False),
        ("{b: 1}", False),
        ("{}", False),
    ],
)
def test_an_object_may_have_the_members_that_a_pattern_allows(told: str, is_known: bool) -> None:
    pattern = Pattern("(function () { tell({a: 1, OPTIONS: ['b', 'c']}); })()", {})
    [call, *_] = [one for one in walk(parse(f"(function () {{ tell({told}); }})()")) if one.type == "call_expression"]
    assert matches_any(call, [pattern]) == is_known
