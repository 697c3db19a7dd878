"""Code in the scripts, the components and the strings of a site's files is read, with its line in the file."""

from __future__ import annotations

import json

import pytest

from snippetkit import inject, lint, snippets
from snippetkit.model import Loaded
from snippetkit.snippets.typed import without_types
from tests.conftest import CASES
from tests.pixels import META_ID, PURCHASE
from tests.reading import find_in_source

A = META_ID
CODE = f"fbq('init', '{A}');\nfbq('track', 'Lead', {{value: 5, currency: 'USD'}});"
IMAGE = f"https://www.facebook.com/tr?id={A}&ev=Lead"
JSX = f"""import Script from 'next/script'
export default function Page() {{
  return <><Script dangerouslySetInnerHTML={{{{__html: `
    fbq('init', '{A}');
    fbq('track', 'Lead');`}}}} />
  <b onClick={{() => window.fbq('track', 'Contact')}} style={{{{color: 'red'}}}}>x</b>
  <noscript><img src="{IMAGE}&amp;noscript=1" /></noscript></>
}}
"""
TSX = f"""const ID: string = '{A}';
interface Props {{ children: Node }}
export default function Layout({{ children }}: {{ children: Node }}): Element {{
  (window as any).fbq('init', ID as string);
  window.fbq!('track', 'Lead');
  [1].map((one: number) => one);
}}
"""
VUE = f"""<template>
  <p v-if="a < b"><template #x><b @click="fbq('track', 'Contact')">x</b></template></p>
</template>
<script setup lang="ts">
let other: number | null = null
fbq('init', '{A}'); fbq('track', 'Lead')
</script>
"""
PHP = f"""<?php
// fbq('track', 'No') isn't
/* "fbq('track', 'No')" */
function head() {{ echo '<script>fbq(\\'init\\', \\'{A}\\'); fbq("track", "Lead")</script>'; }}
?><script>fbq('track', 'Contact')</script><?= "fbq(\\"track\\", 'Search')" ?>
<?php echo <<<JS
  fbq('trackSingle', '{A}', 'Purchase')
  JS;
"""


def _found(name: str, text: str) -> list[tuple[str, str | None, int]]:
    found = snippets.read_file(name, text)
    return sorted(((one.pixel_id, one.event, one.line) for one in found), key=lambda one: one[2])


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.js", CODE, [(A, "Lead", 2)]),
        ("a.mjs", f"import x from 'y';\n{CODE}\nexport default x", [(A, "Lead", 3)]),
        ("-", CODE, [(A, "Lead", 2)]),
        ("mail.txt", CODE, [(A, "Lead", 2)]),
        ("a.js", f"\n{PURCHASE}", [(A, "Purchase", 2)]),
        ("a.js", f"var a = '';\nnew Image().src = '{IMAGE}'", [(A, "Lead", 2)]),
        ("a.js", f"document.write('<img src=\"{IMAGE}\">\\\n');", [(A, "Lead", 1)]),
        ("a.js", 'eval("\\nfbq(\'track\', \\"Lead\\")"); window["fbq"]; `<p>fbq</p>`', [("", "Lead", 1)]),
        ("a.js", "// fbq('track', 'Lead')\n/* fbq('track', 'Lead') */", []),
        ("a.js", "let a = {b: {{c}}}", []),
        ("a.jsx", JSX, [(A, "Lead", 5), ("", "Contact", 6), (A, "Lead", 7)]),
        ("a.tsx", TSX, [(A, "Lead", 5)]),
        ("a.vue", VUE, [(A, "Contact", 2), (A, "Lead", 4)]),
        ("a.php", PHP, [(A, "Lead", 4), ("", "Contact", 5), ("", "Search", 5), (A, "Purchase", 7)]),
        ("a.json", json.dumps({"a": [{"b": f"<script>\n{CODE}</script>"}, "x fbq"]}, indent=1), [(A, "Lead", 4)]),
        ("-", json.dumps([CODE, IMAGE, "\U0001f600 fbq"], indent=1), [(A, "Lead", 2), (A, "Lead", 3)]),
        ("a.json", json.dumps({"a": IMAGE}).replace("/", "\\/"), [(A, "Lead", 1)]),
        ("a.json", "{'a': 'fbq'}", []),
        ("-", "[" * 100_000 + "fbq", []),
        ("mail.txt", "Hello, please use fbq (the new one).", []),
        ("a.html", PURCHASE, [(A, "Purchase", 1)]),
        ("a.html", "<p>x</p>", []),
    ],
)
def test_code_in_a_file_is_read_with_its_line(name: str, text: str, found: list[tuple[str, str | None, int]]) -> None:
    assert _found(name, text) == found
    carried = inject.find_code(Loaded(text.encode()), name).carried
    assert [one.line for one in carried] == [line for _, _, line in found]


def test_strings_in_strings_are_read_to_a_depth() -> None:
    text, found = "fbq('track', 'Lead')", []
    for _ in range(5):
        text = f"eval({json.dumps(text)})"
        found.append(len(_found("a.js", text)))
    assert found == [1, 1, 1, 0, 0]


@pytest.mark.parametrize("name", ["a.js", "a.php", "a.vue", "a.json"])
def test_a_file_without_code_holds_nothing(name: str) -> None:
    assert snippets.read_source(name, "x = 1") == []


def test_of_a_program_only_what_the_code_says_is_looked_at() -> None:
    more = "fetch('https://example.com/'); a = '&amp;'; http = 'http://www.facebook.com/';"
    lead = "fbq('trackSingle', '1', 'Lead'"
    code = f"{more}\n{lead}, {{value: 5}});\n{lead}, {{value: x, currency: 'USD'}})"
    found = [(one.code, one.line, one.snippet) for one in find_in_source("a.js", code)]
    assert found == [("currency-missing", 2, 0), ("dynamic-value", 3, 1)]
    inside = json.dumps(["fbq('track', 'Contact')", code], indent=1)
    found = [(one.code, one.line, one.snippet) for one in find_in_source("a.json", inside)]
    assert found == [("currency-missing", 3, 1), ("dynamic-value", 3, 2)]
    assert find_in_source("a.vue", VUE) == []
    assert [(one.code, one.line) for one in find_in_source("a.js", "\nfbq('track'")] == [("script-error", 2)]
    assert find_in_source("a.js", f"a b; {CODE}") == find_in_source("a.ts", "x!.y z fbq(") == []
    assert [one.code for one in find_in_source("a.html", f"<p>{PURCHASE[:-20]}")] == ["unclosed-element"]


@pytest.mark.parametrize("name", ["a.jsx", "a.tsx", "a.js"])
def test_a_bare_ampersand_in_an_attribute_of_jsx_is_no_error(name: str) -> None:
    image = f'<img alt="" src="{IMAGE}&noscript=1" />'
    code = f"export const T = () => <noscript>{image}</noscript>;\nfbq('trackSingle', '{A}', 'Search', {{a: 'b&c'}});"
    assert _found(name, code) == [(A, "Lead", 1), (A, "Search", 2)]
    assert find_in_source(name, code) == []
    assert find_in_source(name, f"export const T = () => {image};") == []
    url = "document.write('<a href=\"x?a&b\" >');"
    broken = "a = <b c='d&e' > & ;"
    assert find_in_source(name, f"{url} {code}") == []
    assert [one.code for one in find_in_source(name, f"{broken} fbq(")] == ["script-error"]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("f(x as any)", "f(x)"),
        ("f(x as A.B<C>[])", "f(x)"),
        ("x!.y", "x.y"),
        ("let x: string | null = 1", "let x = 1"),
        ("(a: number) => a", "(a) => a"),
        ("f(a?: B[])", "f(a)"),
        ("function f({a}: {a: b}) {}", "function f({a}) {}"),
        ("f(): void {", "f() {"),
        ("f({a: b, c: d})", "f({a: b, c: d})"),
        ("a ? f(x) : y", "a ? f(x) : y"),
        ("a != b", "a != b"),
        ("(w as unknown as { a?: (b: string) => void }).a", "(w).a"),
        ("(w as any as Window & typeof globalThis).a", "(w).a"),
        ("(w as Array<{ a: () => void }> | null).a", "(w).a"),
        ("f(a as const, b satisfies C<D>) || e", "f(a, b) || e"),
        ("a as B || c", "a || c"),
        ("async <T>(a: string, b: () => Promise<T>): Promise<T> => {", "async (a, b) => {"),
        ("function f<T extends { a: b }>(c: T, d?: E, ...g: h[]): c is T {", "function f(c, d, ...g) {"),
        ("({ a }: { a: b }, c = { d: 1 }, e: F = g(1, 2)) => 1", "({ a }, c = { d: 1 }, e = g(1, 2)) => 1"),
        ("const a: { b: (c: D) => void } = 1", "const a = 1"),
        ("let a = <const>['b']; (<any>c).d", "let a = ['b']; (c).d"),
        ("a < b && c > (d)", "a < b && c > (d)"),
        ("f(a<b, c>(d))", "f(a<b, c>(d))"),
        ("<p>as {a} does</p>", "<p>as {a} does</p>"),
        ("f(a ? b : c, d)", "f(a ? b : c, d)"),
        ("'a as { b: c }'", "'a as { b: c }'"),
    ],
)
def test_types_are_blank(typed: str, plain: str) -> None:
    blank = without_types(typed.encode())
    assert len(blank) == len(typed)
    assert blank.replace(b" ", b"") == plain.replace(" ", "").encode()


def test_an_element_is_no_cast() -> None:
    element = b"let a = <b>c</b>; let d = <T,>(e: F) => <b>{e}</b>"
    assert without_types(element, is_jsx=True) == element.replace(b"<T,>", b"    ").replace(b": F", b"   ")


@pytest.mark.parametrize("unended", ["/* ", "`", "`\\`"])
def test_a_comment_or_a_text_that_never_ends_is_passed_over_to_the_end(unended: str) -> None:
    typed = f"{unended} (a as {{ b: c }}).d".encode()
    assert without_types(typed) == typed


EVENT = "('event', 'conversion', {send_to: 'AW-123456789/AbC', value: 5, currency: 'EUR'})"


@pytest.mark.parametrize(
    "code",
    [
        f"(window as unknown as {{ gtag: any }}).gtag{EVENT}",
        f"const w = window as unknown as {{ gtag?: (a: string) => void }};\nif (w.gtag) w.gtag{EVENT}",
        f"(window as {{ gtag?: (...a: unknown[]) => void }}).gtag?.{EVENT}",
        f"(window as any as Window & typeof globalThis).gtag{EVENT}",
        f"const t = async <T>(n: string, op: () => Promise<T>): Promise<T> => {{\n  gtag{EVENT};\n  return op();\n}};",
        f"let v = <const>['a']; window.gtag{EVENT}",
    ],
)
def test_calls_beside_types_are_read(code: str) -> None:
    for name in ("a.ts", "a.mts", *(["a.tsx"] if "<const>" not in code else [])):
        [found] = snippets.read_file(name, code)
        state = "when called" if "const t =" in code else "live"
        assert (found.dialect, found.value, found.currency, found.state) == ("gtag", "5", "EUR", state)
        assert find_in_source(name, code) == []
    [found] = snippets.read_file("a.vue", f'<template></template><script lang="ts">{code}</script>')
    assert found.value == "5"


def test_typescript_that_cannot_be_read_is_told_where_something_is_called_in_it() -> None:
    unread = "let a = b as C; @@ <<< ( fbq!('track', 'Lead'"
    assert snippets.read_file("a.ts", unread) == []
    assert [one.code for one in find_in_source("a.ts", unread)] == ["script-error"]
    for declared in ("fbq: (a: 'track') => void", "// fbq('track', 'Lead')", "a('fbq(\"track\")')"):
        text = f"let a = b as C; declare global {{ interface Window {{ {declared}\n }} }}"
        assert find_in_source("a.ts", text) == []


def test_the_cases_of_pages_are_read_as_they_are() -> None:
    for path in (CASES / "code").glob("*.html"):
        text = path.read_text("utf-8")
        assert snippets.read_file(path.name, text) == snippets.read(text)
        assert find_in_source(path.name, text) == lint.find(snippets.parse(text))


def test_what_looks_like_a_type_in_a_text_or_a_comment_stays() -> None:
    code = "f('don\\'t'); // it's as is\nfbq('trackCustom', 'Cash as Gift', {a: \"a as b\", value: 5 as number});"
    for name in ("a.ts", "a.tsx"):
        [found] = snippets.read_file(name, code)
        assert (found.event, found.value, found.dynamic) == ("Cash as Gift", "5", False)


@pytest.mark.parametrize(
    "declared",
    [
        "export type A = Record<string, unknown>;",
        'type Consent = "accepted" | "rejected" | null',
        "type A = Window & {\n  d?: unknown[];\n  g?: (...args: unknown[]) => void;\n};",
        "type A =\n  | 'a'\n  | 'b'",
        "type A<T> = T extends string ? 'a' : { b: T }",
        "interface A extends B<C> {\n  fbq: (...args: unknown[]) => void;\n}",
        "export default interface A { b: string }",
        "declare global {\n  interface Window {\n    d: Record<string, unknown>[];\n  }\n}",
        "declare const fbq: any",
        "declare function fbq(...args: unknown[]): void;",
        "import type { A } from './a';",
        "import type A from './a'",
        "export type { A } from './a';",
    ],
)
def test_what_declares_a_type_alone_is_passed_over(declared: str) -> None:
    text = f"{declared}\nfbq('track', 'Lead');\nfunction f() {{\n  {declared}\n  return 1\n}}\n"
    assert _found("a.ts", text) == [("", "Lead", declared.count("\n") + 2)]
    assert [one for one in find_in_source("a.ts", text) if one.code == "script-error"] == []


@pytest.mark.parametrize(
    "code", ["type = 1", "let type = 'a'", "x.type = { a: 1 }", "const a = { type: 'b' }", "type(1)"]
)
def test_a_variable_named_type_declares_none(code: str) -> None:
    text = f"{code};\nfbq('track', 'Lead');"
    assert without_types(text.encode()).decode() == text
