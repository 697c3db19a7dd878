"""What is no JavaScript, held against a second parser: node's own says the same of each script."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence

import pytest

from snippetkit.gtm.es5 import find_newer_syntax
from snippetkit.javascript import Script
from tests.conftest import CASES

NODE = shutil.which("node")
VERDICTS = """
const {Script} = require('vm');
function isRead(script) { try { new Script(script); return true; } catch (error) { return false; } }
process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(isRead)));
"""
BROKEN = [
    # a line break that ends a throw, and what strict code may not have
    "throw\n1;",
    "function f() { throw \n  new Error('x'); }",
    "'use strict'; x = 010;",
    "// a\n'use other'; \"use strict\";\ndelete a;",
    "'use strict'; with (a) { b(); }",
    "function f() { 'use strict'; return function () { return 08; }; }",
    "class A { b() { delete c; } }",
    # what a text editor for prose makes of quotes, dashes, spaces and signs
    "f(“x”);",
    "f(\u2018x\u2019);",
    "var a = „x“;",
    "f(«x»);",
    "f(\u2032x\u2032);",
    "fbq('track', ”Purchase”);",
    "a \u2013 b;",
    "f(1)\uff1b",
    "x = a \u00d7 b;",
    "f(a)\u200b;",
    "fbq('track', 'Purchase', {value: €19});",
    "f(&quot;x&quot;);",
    "f(\u2060a);",
    r"f('c:\users');",
    r"f('\xZ1');",
    # cut off, or too much of it
    "f(x",
    "f(x));",
    "var a = {b: 1;",
    "dataLayer.push({'a': 1,, 'b': 2});",
    "dataLayer.push('a': 1);",
    "fbq('track', Purchase');",
    "fbq('track' 'Purchase');",
    "x = 'it's';",
    "/* a */ */ f();",
    "'a\nb';",
    # JSON that nothing takes
    "{'a': 1}",
    '{"event": "purchase", "value": 1}',
    "f(); {a: 1, b: 2}",
    # numbers and names
    "x = 5px;",
    "x = {value: 19.99 EUR};",
    "var 1a = 2;",
    r"var \u0031a;",
    "a.#b;",
    # statements
    "switch (a) { case 1: f(); default: g(); default: h(); }",
    "break x;",
    "x: { (function () { break x; })(); }",
    "a + b = c;",
    "0++;",
    "({get a(b) {}});",
    "({set a() {}});",
    "try { f(); }",
    # regular expressions
    "x = /a(/;",
    "x = /[b-a]/;",
    # strict code: names, parameters, octal digits, what may not be deleted or stand alone (annex C)
    "'use strict'; eval = 1;",
    "'use strict'; arguments++;",
    "'use strict'; var eval;",
    "'use strict'; (function arguments() {});",
    "'use strict'; try { a(); } catch (eval) {}",
    "'use strict'; for (var arguments in a) {}",
    "'use strict'; [...eval] = a;",
    "'use strict'; ({a: arguments} = b);",
    "function f(eval) { 'use strict'; }",
    "function static() { 'use strict'; }",
    "'use strict'; interface = 1;",
    "'use strict'; f(package);",
    "'use strict'; implements: f();",
    "function f() { 'use strict'; var public; }",
    "function f(a, a) { 'use strict'; }",
    "'use strict'; (function (a, b, a) {});",
    r"'use strict'; x = '\01';",
    r"function f() { 'use strict'; return '\251'; }",
    r"'use strict'; x = '\8';",
    r"function f() { '\07'; 'use strict'; }",
    "'use strict'; delete ((a));",
    "'use strict'; if (a) function f() {}",
    "'use strict'; for (var a = 1 in b) {}",
    "function f(a = 1) { 'use strict'; }",
    "class A { b() { eval = 1; } }",
    "class A { b() { var static; } }",
    # names that are none, and names declared again
    "var enum;",
    "x = {class};",
    r"var v\u0061r;",
    "let let = 1;",
    "let a; let a;",
    "var a; let a;",
    "let a; { var a; }",
    "{ function a() {} let a; }",
    "const a = 1; for (var a of b) {}",
    "function f(a) { let a; }",
    "try {} catch (e) { let e; }",
    "try {} catch ([a, a]) {}",
    "switch (a) { case 1: let b; case 2: let b; }",
    "class A {} class A {}",
    "(a, a) => 1;",
    "x = {b(c, c) {}};",
    "function f(a, [a]) {}",
    "function f(a.b) {}",
    # what may not be set, and what is no operand
    "(a, b) = 1;",
    "(a && b) = c;",
    "({}) = 1;",
    "++a++;",
    "--0;",
    "a?.b = 1;",
    "new a?.b();",
    "a?.b`c`;",
    "for ((0) of a) {}",
    "for (var a = 1 of b) {}",
    "[...a, b] = c;",
    "({...{a}} = b);",
    "a => {} || b;",
    "async () => {} ? 1 : 2;",
    "async function f() { await a ** 2; }",
    "var [a];",
    # objects, functions and classes
    "x = {__proto__: a, '__proto__': b};",
    "({set a(...b) {}});",
    "super.a;",
    "function f() { super(); }",
    "class A { constructor() { super(); } }",
    "class A { constructor() {} constructor() {} }",
    "class A { get constructor() {} }",
    "class A { static prototype() {} }",
    "class A { #a; #a; }",
    "class A { b() { this.#c; } }",
    "class A { #b; c() { delete this.#b; } }",
    "class {}",
    "function f() { await a; }",
    "async function f() { var await; }",
    "function* f(a = yield) {}",
    # labels, and declarations that stand alone
    "a: { continue a; }",
    "a: a: f();",
    "if (a) let b;",
    "while (a) function f() {}",
    "for (;;) b: function f() {}",
    "a: class B {}",
    # signs
    "x = /a/gz;",
    "x = /a/gg;",
    "x = /a\u2028b/;",
    r"x = '\u{110000}';",
    r"x = `\1`;",
    "x = 010.5;",
    "x = 0_1;",
    "x = 1; --> c\n",
    "(a)\n=> b;",
]
RIGHT = [
    "x = 010; delete a; with (b) { c(); }",
    "f(); 'use strict'; delete a;",
    "function f() { 'use strict'; } x = 010; delete a;",
    "'use strict'; delete a.b; x = {with: 1, delete: 0}; y = 0; z = 0.10; w = '010'; throw new Error(\n1);",
    "a.throw\n1;",
    "var größe = 'ü“'; größe++; // “x”",
    "$a = 1; \u0061b = 2; var \u212e = 3; a\u200db = 4;",
    "x: for (;;) { y: for (;;) { break x; } }",
    "{ a: 1 } if (a) { b: f(); }",
    "x = {'a': 1}; f({'b': 2});\n({'c': 3});",
    "switch (a) { default: switch (b) { default: f(); } }",
    "a || (b = c); x = a + (b = c); i++; a[0]++; a == b, a => b; a >= b;",
    "x = {get: 1, set: 2, get a() { return 1; }, set a(b) {}, default: 3}; x.get(1); x.default;",
    r"x = /a[(]\(/g; y = '/a(/'; // /a(/",
    "f('#a', \"#b\"); class A { #b; c() { return this.#b; } }",
    r"f('c:\\users', '\u0041\x41\u{41}', /\u/, '\\u'); // \u",
    "f(\"“\", `“${a}”\u200b`, '\u200b'); // \u200b",
    "'use strict'; x = {eval: 1, arguments: 2, static: 3, with: 4}; x.eval = 1; x.arguments++; x.static = 5;",
    "'use strict'; function f() { eval('a'); arguments[0] = 1; arguments.length = 1; return f(arguments, eval); }",
    "'use strict'; x = {eval, arguments}; y = [arguments]; z = eval;",
    r"'use strict'; x = '\0 \\1 \x01 \\08'; y = /\1(a)/; // '\01' 010",
    "'use strict'; delete a.b; delete a[0]; delete f(); delete this; delete (a.b);",
    "'use strict'; if (a) { function f() {} } for (var a in b) {}",
    "('use strict'); 010; delete a; function f(b, b) {}",
    "'use strict'.length; x = 010; eval = 1;",
    "`use strict`; delete a;",
    "function f() { g(); 'use strict'; with (a) { b(); } }",
    "(function () { 'use strict'; f(); })(); function g(a, a) { return '\\01'; } eval = 1; var static, interface;",
    "function f(a, a) {} var public = 1, yields; let: f(); arguments = 2; delete f;",
    "let a; { let a; { let a; } } function f() { let a; var b; } function g(a) { var a; { let a; } }",
    "var a; var a; function a() {} function a() {} function f(b) { var b; }",
    "for (let i = 0; i < 1; i++) { let i = 2; } for (let i of a) { let i; } for (const i in a) {}",
    "try {} catch (e) { var e; { let e; } } try {} catch (e) {} let f;",
    "switch (a) { case 1: { let b; } default: let b; } let b; (b) => { var c; }; (c) => c;",
    "{ function a() {} } let a; class A {} { class A {} } x = class A {};",
    "if (a) function f() {} else function g() {}",
    "x: function f() {}",
    "for (let a = 1; ;) break; if (a) { let b; } while (a) { class B {} }",
    "x: { break x; } x: for (;;) { continue x; } x: y: for (;;) { continue x; }",
    "({a, b} = c); [a, b] = c; [a, ...b] = c; ({a, ...b} = c); (a) = 1; (a.b) = 1; (a)++; f(...a, b);",
    "a?.b.c(); delete a?.b; new (a?.b)(); a ?.5 : 1; a?.[0]; x = a?.b; a?.b[c?.d].e;",
    "(a => {}) || b; x = () => {}; y = async () => {}; z = (a) => { };\n(b || c)();",
    "a => ({}).b; x = () => ({}); f(() => {}, 1); f(a => {}); a = b => {};",
    "x = {__proto__: a, b: {__proto__: c}, __proto__() {}}; ({__proto__: a, __proto__: b} = c);",
    "class A extends B { constructor() { super(); (() => super.a())(); } b() { super.b(); } static c = super.d; }",
    "x = {a() { return super.b(); }, get c() { return super.c; }};",
    "class A { #a; get #b() { return #a in this; } set #b(c) { this.#a = this.#b; } static constructor() {} }",
    "class A { constructor() {} 'b'() {} prototype() {} static static() {} get get() {} }",
    "function f() { return new.target; } x = () => new Target.target;",
    "async function f() { await a; for await (b of c) {} (async () => await d)(); } var await = 1; await; await(a);",
    "function* f() { yield a; yield* b; x = {yield: 1}; x.yield; }",
    "a\n++b; a --> b; a <!-- c\n--> d\n/* e */ --> f\n",
    "'use strict'; x = 6e-05 + 1e+010 + 0.05 + 0; y = 2e-0_1",
    "x = 0.1_0 + 1_000 + 0b1 + 0o7 + 0xf + 1n + 09.5 + 00 + 1e5;",
    r"x = '\u{10FFFF}\u{0}\u{000061}\\u{110000}'; f`\1`; y = `\0 \\1`;",
    "x = 'a\\\r\nb'; y = a / b /c; z = a /b/ g; w = 'http://a/b/z'; // /z",
    "x = '\u2028'; y = `\u2029`; // \u2028z = 1;",
    "var {a} = b, [c] = d; for (var {e} of f) {} for (let [g] in h) {} let i, j; f({a, b, if: 1});",
    "var \\u0061b; x.cl\\u0061ss; y = {v\\u0061r: 1};",
    "function f(a, {b}, [c], d = 1, ...e) {} (a, {b}, [c], d = a, ...e) => 1; f(a, a); new f(a, a);",
]


def _read_by_node(scripts: Sequence[str]) -> list[bool]:
    assert NODE
    ran = subprocess.run([NODE, "-e", VERDICTS], input=json.dumps(scripts).encode(), capture_output=True, check=True)
    verdicts: list[bool] = json.loads(ran.stdout)
    return verdicts


def _is_read(script: str) -> bool:
    data = script.encode()
    return Script(data, data, 0, len(data)).error is None


@pytest.mark.parametrize("script", BROKEN)
def test_what_is_no_javascript_is_found(script: str) -> None:
    found = find_newer_syntax(script)
    assert found and found.what == "what is not JavaScript"


@pytest.mark.parametrize("script", RIGHT)
def test_what_only_looks_broken_is_read(script: str) -> None:
    assert _is_read(script)


@pytest.mark.node
def test_node_says_the_same() -> None:
    assert dict(zip(BROKEN, _read_by_node(BROKEN), strict=True)) == dict.fromkeys(BROKEN, False)
    assert dict(zip(RIGHT, _read_by_node(RIGHT), strict=True)) == dict.fromkeys(RIGHT, True)


@pytest.mark.node
def test_every_script_of_the_cases_is_read_as_node_reads_it() -> None:
    pages = [path.read_text("utf-8", "replace") for path in sorted(CASES.rglob("*.html"))]
    scripts = [script for page in pages for script in re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)]
    assert len(scripts) > 20
    assert [_is_read(script) for script in scripts] == _read_by_node(scripts)
