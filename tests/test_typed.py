"""Types of TypeScript that stand around conversion code."""

from __future__ import annotations

import pytest

from snippetkit import snippets
from snippetkit.javascript import parse
from snippetkit.snippets.typed import without_types

CALL = "window.fbq('track', 'Lead');"


@pytest.mark.parametrize(
    "result",
    [
        "void",
        "'a' | \"b\"",
        "Record<string, string>",
        "Map<string, Array<number>>",
        "{ ok: boolean; n: string }",
        "A & B",
    ],
)
def test_what_a_function_returns_is_passed_over(result: str) -> None:
    code = f"function a(): {result} {{ if (b) return c; return d }}\nfunction go() {{ {CALL} }}\ngo();"
    assert [(one.event, one.state) for one in snippets.read_file("a.ts", code)] == [("Lead", "live")]


@pytest.mark.parametrize("code", ["x = a ? f(b) : {c: 1}; if (a) {}", "switch (a) {case f(b): {c()}}"])
def test_what_only_looks_like_a_type_stays(code: str) -> None:
    assert without_types(code.encode()) == code.encode()


@pytest.mark.parametrize(
    "code",
    [
        "let x: ((...all: any[]) => any) | undefined\n",
        "let x: string;",
        "function f(a: A & {\n  /**\n   * How it is called.\n   */\n  b?: string // more\n}, c: C) {}",
    ],
)
def test_a_type_without_a_value_and_one_with_comments_is_none_of_javascript(code: str) -> None:
    parse(without_types(code.encode()).decode())


def test_what_is_left_in_a_broken_script_is_not_known() -> None:
    broken = f"function a(): keyof typeof b[0] extends c ? d : e {{ return 1 }}\nreturn 2; {CALL}"
    assert [one.state for one in snippets.read_file("a.ts", broken)] != ["dead"]
