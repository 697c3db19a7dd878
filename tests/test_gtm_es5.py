"""What of a script is newer than ECMAScript 5, and where."""

from __future__ import annotations

import pytest

from snippetkit.gtm import es5
from snippetkit.gtm.es5 import find_newer_syntax

NEWER = {
    "x = () => 1": "an arrow function",
    "`a`": "a template literal",
    "let a": "let or const",
    "for (const a in b) {}": "let or const",
    "class A {}": "a class",
    "a = class {}": "a class",
    "f(...a)": "a spread or a rest parameter",
    "function f(...a) {}": "a spread or a rest parameter",
    "function f(a = 1) {}": "a default value",
    "var {a} = b": "destructuring",
    "var [a] = b": "destructuring",
    "x = {a}": "a shorthand in an object",
    "x = {a() {}}": "a shorthand in an object",
    "x = {[a]: 1}": "a computed name",
    "async function f() {}": "an async function",
    "function* f() {}": "a generator",
    "a ** b": "an exponent",
    "a **= b": "an exponent",
    "a?.b": "optional chaining",
    "a ?? b": "a nullish operator",
    "a ||= b": "a logical assignment",
    "for (var a of b) {}": "for-of",
    "import a from 'b'": "import, export or new.target",
    "import('a')": "import, export or new.target",
    "function f() { new.target }": "import, export or new.target",
    "try {} catch {}": "catch without a variable",
    "if (a) { function f() {} }": "a function in a block",
    "switch (a) { case 1: function f() {} }": "a function in a block",
    "f(1,)": "a comma after the last argument",
    "function f(a,) {}": "a comma after the last argument",
    "0b1": "a newer form of a number",
    "1_000": "a newer form of a number",
    "1n": "a newer form of a number",
    "/a/u": "a newer form of a regular expression",
    "/(?<=a)b/": "a newer form of a regular expression",
    r"'\u{61}'": "a newer form of a character",
    r"a = b\u{63}": "a newer form of a character",
    r"a.b\u{63}": "a newer form of a character",
    "f('a\u2028')": "a line separator in a text",
    "f('\u2029')": "a line separator in a text",
    "x = <a/>": "markup",
    "x =": "what is not JavaScript",
    "'": "what is not JavaScript",
    "if (x) { return 1; }": "a return outside a function",
}


@pytest.mark.parametrize("script", NEWER)
def test_newer_javascript_is_told_with_its_line(script: str) -> None:
    newer = find_newer_syntax(f"f();\n{script}")
    assert newer and newer[1:] == (2, NEWER[script])


@pytest.mark.parametrize(
    "script",
    [
        "var a = {get b() { return 1 }, set b(c) {}, class: 1, async: 2, get: 3, of: 4,}; a.default = [1,];",
        "(function () { function f() {} return f; })()",
        "var async = 1, let = 2, of = 3; async(let); for (of in a) {}",
        r"0x1F + 1e5 + .5 + 010; /a[/]\/(?:b)(?=c)/gim; '\x61\u0061\'\
        '",
        "a: for (;;) { continue a; }\nwith (a) {}\ndebugger",
        "try { f() } catch (e) { } finally { g() }",
        "<!-- a\nvar b;\n//-->",
        "é = 'ü\ud800'",
        "",
    ],
)
def test_ecmascript_5_is_taken(script: str) -> None:
    assert find_newer_syntax(script) is None


def test_each_newer_thing_has_a_script() -> None:
    assert {*NEWER.values()} - {"what is not JavaScript", "a return outside a function"} == set(es5._NEWER)
