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
    "x = /a/gg;",
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
