"""A base code that does not work is refused in code from outside: each change here keeps it from its loader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.templating import Template, render_blocks
from tests.conftest import CASES, Run
from tests.pixels import CODES

FBQ = CODES["fbq"]
STUB = ("n.callMethod.apply(n, arguments)", "n.queue.push(arguments)")
FIRST, LAST = "fbq('init'", "fbq('track'"
MADE, INSERTED = "t.src = v;", "s.parentNode.insertBefore(t, s)"
NEVER_MADE = "makes an element that loads nothing: its src is not set"
NEVER_PUT = "makes an element that is not put into the page"
FAILS, LOST = "fails in the browser", "does not reach the loader"
FBDS_PUSH, FBDS_SRC = "window._fbq.push", "loader.src = '//connect.facebook.net/en_US/fbds.js';"
FP_SRC = "loader.src = 'https://connect.facebook.net/en_US/fp.js';"
PUT = "first.parentNode.insertBefore(loader, first);"
UNREACHED = "is not reached on a page without the loader"
MINIFIED = ["esbuild", "esbuild-iife", "html-minifier", "swc", "swc-toplevel", "terser-2020", "uglify-toplevel"]


def _told(code: str) -> list[str]:
    return [one.message for one in lint.find_untrusted(snippets.parse(code)) if one.code == "unexpected-script"]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("fbq", "if (f.fbq) return;", "if (f.fbq) return; return;", FAILS),
        ("fbq", "if (f.fbq) return;", "if (!f.fbq) return;", FAILS),
        ("fbq", " : ".join(STUB), " : ".join(reversed(STUB)), FAILS),
        ("fbq", STUB[0], STUB[1], LOST),
        ("fbq", STUB[1], "n", LOST),
        ("fbq", "n.queue = []", "n.queue = 0", LOST),
        ("fbq", MADE, "", NEVER_MADE),
        ("fbq", INSERTED, "", NEVER_PUT),
        ("fbq", LAST, f"fbq=function(){{}};{LAST}", LOST),
        ("fbq", LAST, f"var fbq=function(){{}};{LAST}", LOST),
        ("fbq", LAST, f"fbq=function(){{fbq('track','Lead')}};{LAST}", FAILS),
        ("fbq", LAST, f"fbq=null;{LAST}", FAILS),
        ("fbq", LAST, f"fbq.queue=[];{LAST}", LOST),
        ("fbds", "if (!_fbq.loaded)", "if (_fbq.loaded)", UNREACHED),
        ("fbds", FBDS_SRC, "", NEVER_MADE),
        ("fbds", PUT, "", NEVER_PUT),
        ("fbds", FBDS_PUSH, f"window._fbq = null; {FBDS_PUSH}", FAILS),
        ("fbds", "</script>", "window._fbq = [];</script>", LOST),
        ("fp", FP_SRC, "", NEVER_MADE),
        ("fp", PUT, "", NEVER_PUT),
        ("fp", "var loader", "return; var loader", UNREACHED),
    ],
)
def test_a_base_code_that_does_not_work_is_refused(name: str, old: str, new: str, message: str) -> None:
    code = CODES[name]
    assert old in code
    assert _told(code) == []
    [told] = _told(code.replace(old, new, 1))
    assert told.endswith(f" {message}")


@pytest.mark.parametrize("member", ["queue = []", "queue = 0", "push = 0"])
def test_code_beside_the_base_code_does_not_change_it(member: str) -> None:
    [told] = _told(f"{FBQ}<script>fbq.{member}; fbq('track', 'Lead');</script>")
    assert told == f"'fbq.{member}' changes another script's base code"


@pytest.mark.wide
@pytest.mark.parametrize("name", MINIFIED)
@pytest.mark.parametrize("new", ["fbq=function(){};", "fbq=null;", "fbq.queue=[];"])
def test_what_a_minifier_wrote_is_held_to_the_same(name: str, new: str) -> None:
    code = (CASES / f"shapes/fbq.{name}.html").read_text()
    last = 'fbq("track"'
    assert last in code
    assert _told(code) == []
    broken = code.replace(f",{last}", f";{last}").replace(last, new + last)
    assert _told(broken)


@pytest.mark.parametrize(
    "code",
    [
        "return;",
        "(function () { return n; })();",
        f"window._fbq = [1]; {'_fbq.push.apply(_fbq, _fbq);' * 60}",
        f"window._fbq = {'[' * 3000}{']' * 3000};",
        f"fbq = function () {{ {'fbq();' * 50} }}; fbq();",
        "(function (a, b) { a = function () { b(); b(); }; b = function () { a(); a(); }; a(); })();",
    ],
)
def test_it_ends_soon_whatever_the_code_is(code: str) -> None:
    _told(f"<script>{code} fbq('track', 'Lead');</script>")


def test_what_the_template_makes_is_held_to_the_same() -> None:
    [snippet] = snippets.read(FBQ)
    fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
    assert _told(fresh) == []
    assert _told(fresh.replace("loader.src = address;", ""))


@pytest.mark.parametrize(
    "code",
    [
        "fbq('track', 'Lead');",
        "window.fbq && fbq('track', 'Lead');",
        "(function () { var fbq = window.fbq; fbq('track', 'Lead'); })();",
        "window._fbq = window._fbq || []; window._fbq.push(['track', '6009125095680', {}]);",
    ],
)
def test_code_for_a_page_that_has_the_base_code_is_taken(code: str) -> None:
    assert _told(f"<script>{code}</script>") == []


def test_inject_writes_nothing_of_it(run: Run) -> None:
    page = "<!doctype html><html><head><title>x</title></head><body></body></html>"
    Path("p.html").write_text(page)
    Path("code.html").write_text(FBQ.replace(MADE, ""))
    ran = run("inject", "p.html", "--from-file", "code.html")
    assert ran.code == 6
    assert NEVER_MADE in ran.err
    assert Path("p.html").read_text() == page


def test_where_a_host_is_allowed_a_base_code_that_does_not_work_is_still_refused() -> None:
    code = re.sub(r"(?:https:)?//[\w./]+/fbevents\.js", "https://cdn.example.com/fbevents.js", FBQ)
    for text, is_right in ((code, True), (code.replace(STUB[1], "n"), False)):
        findings = lint.find_untrusted(snippets.parse(text), frozenset({"cdn.example.com"}))
        assert [LOST in one.message for one in findings] == ([] if is_right else [True])
