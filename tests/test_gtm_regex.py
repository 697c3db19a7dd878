"""Which patterns a browser takes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from snippetkit.gtm.regex import find_error

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATTERNS = {
    "": None, "a": None, "a|": None, "[]": None, "[^]": None, "{": None, "a{": None, "a{,1}": None, "]": None,
    "}": None, r"[\d-z]": None, r"[a-\d]": None, "[a-]": None, "[-a]": None, "[a-b-a]": None, r"\p{L}": None,
    r"\u{2}": None, "(?=a)*": None, "(?:a)+?": None, "(a)(?<n>b)": None, r"\1": None, r"[\]]": None, r"[\b]": None,
    "a{2}": None,
    "a{2,1000000000000000000000}": None, r"[\01-\7]": None, r"[\cA-\cZ]": None, r"[\x00-\uffff]": None, r"\/": None,
    "(": "a group that is not closed", ")": "one closing parenthesis too many", "[": "a class that is not closed",
    "\\": "ends with a backslash", "*": "nothing to repeat", "a|*": "nothing to repeat", "(*)": "nothing to repeat",
    "a**": "nothing to repeat", "a{1}{1}": "nothing to repeat", "{1}": "nothing to repeat", "^*": "nothing to repeat",
    r"\b+": "nothing to repeat", "(?<=a)*": "nothing to repeat", "a+?+": "nothing to repeat",
    "a{2,1}": "in the wrong order", "a{010,9}": "in the wrong order", "[b-a]": "in the wrong order",
    r"[\n-\t]": "in the wrong order", r"[\u0062-\x61]": "in the wrong order", r"[\7-\01]": "in the wrong order",
    "[😀-😁]": "in the wrong order", "(?i)a": "does not know", "(?P<n>a)": "does not know", "(?#a)": "does not know",
    "(?>a)": "does not know", "(?<1>a)": "does not know",
}  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_read_as_browsers_do(pattern: str) -> None:
    error, expected = find_error(pattern), PATTERNS[pattern]
    assert (error is None) if expected is None else (error is not None and expected in error)


PIECES = (
    r"a b 0 1 - ^ $ . | * + ? { } , [ ] ( ) (?: (?= (?! (?<= (?<! \ \b \B \d \w \n \x41 \u0041 \/ é "
    r"{1} {1,} {2,1} {0,2}"
).split()
REFUSED = "all => all.filter(pattern => { try { new RegExp(pattern) } catch (error) { return true } })"


@pytest.mark.browser
def test_patterns_are_refused_where_chromium_refuses_them(browser: Browser) -> None:
    seeded = random.Random(2015)
    patterns = {"".join(seeded.choices(PIECES, k=seeded.randint(1, 8))) for _ in range(20_000)}
    page = browser.new_page()
    refused = page.evaluate(REFUSED, sorted(patterns))
    page.close()
    assert {*refused} == {pattern for pattern in patterns if find_error(pattern)}
