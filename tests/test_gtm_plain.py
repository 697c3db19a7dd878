"""Code without its plain values: what the compiler refuses about it is what it refuses about the code."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit.gtm import find_problems
from snippetkit.gtm.plain import without_values
from tests.test_gtm_es5 import NEWER

CODES = sorted((Path(__file__).parent / "cases" / "code").glob("*.html"))
VALUES = ["'19.99'", '"6009125095680"', "'a1'", "'C4A1b2'", ": 19.99,", ": 0}", ": 7\n", "'1in'"]
AROUND = r"""
    ' " \ / : , ; . - + ( ) [ ] { } = < > ! ? * # & % ` 0 1 01 08 0x1 1n 1_0 \1 \x4 \u00 a a1 in of as let if return
    var case switch( function delete 'use_strict' {{x}} /* */ // <!-- --> <script> </script> <noscript> </noscript>
    <style> type= src= text/javascript a:
""".replace("use_strict", "use strict").split(" ")
PIECES = [piece for piece in AROUND if piece.strip()] + [" ", "\n", *VALUES]


def refused(html: str) -> list[str]:
    parameter = {"type": "TEMPLATE", "key": "html", "value": html}
    tag = {"tagId": "1", "name": "Tag", "type": "html", "parameter": [parameter]}
    document = {"exportFormatVersion": 2, "containerVersion": {"tag": [tag]}}
    return [problem.code for problem in find_problems(document)]


def is_as_strict(html: str) -> bool:
    """Whether code is refused wherever it is refused with other values, and nothing more."""
    return bool(refused(html)) == bool(refused(without_values(html)))


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_another_value_is_refused_as_this_one_is(code: str) -> None:
    assert is_as_strict(f"<script>\nvar a1 = {code};\n</script>")
    assert is_as_strict(code)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("script", NEWER)
def test_what_is_newer_stays_so(script: str, value: str) -> None:
    assert refused(f"<script>f({{a{value if value[0] == ':' else f': {value}'} }});\n{script}</script>")
    assert is_as_strict(f"<script>f({{a: 1, b: {value}}});\n{script}</script>")


@pytest.mark.parametrize("path", CODES, ids=lambda path: path.stem)
def test_the_code_of_platforms_is_taken_either_way(path: Path) -> None:
    assert is_as_strict(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("f('19.99', \"a1\", {b: 5, c: 0.5})", "f('0.0', \"0.0\", {b: 0.0, c: 0.0})"),
        (r"'\01' + 01 + 0x1 + '\1' + 'USD' + 'a-1' + '1.a'", r"'\01' + 01 + 0x1 + '\1' + 'USD' + 'a-1' + '1.a'"),
        ("{a: 010, b: 1n, c: 1 - 2, d: 1.5.x, e: x1}", "{a: 010, b: 1n, c: 0.0 - 2, d: 1.5.x, e: x1}"),
        ("'use strict'; x['write']; x = 'a' / b1 / 'c'", "'use strict'; x['write']; x = 'a' / b1 / 'c'"),
    ],
)
def test_only_what_changes_no_token_is_taken_out(code: str, plain: str) -> None:
    assert without_values(code) == plain
