"""No pattern depends on what CPython before 3.11.5 does wrong.

There a possessive repeat of a group keeps what its failed last iteration has read (CPython's issue 106052): the last
alternative of such a group must be one that always fails, `(?!)`, which puts the position back where it was.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import snippetkit

PACKAGE = Path(snippetkit.__file__).parent
_POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{[0-9]*,?[0-9]*\})\+")
_ENDS_RIGHT = re.compile(r"\|\s*\(\?!\)\s*\Z")


def find_faults(source: str) -> list[str]:
    """Return the possessive repeats of groups in a module's texts that do not end with `|(?!)`."""
    return [
        text[max(0, match.start() - 20) : match.end()]
        for text in _texts(source)
        for match in _POSSESSIVE_GROUP.finditer(text)
        if not _ENDS_RIGHT.search(text[: match.start()])
    ]


def _texts(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            yield node.value if isinstance(node.value, str) else node.value.decode("latin-1")


def test_each_possessive_repeat_of_a_group_ends_with_the_alternative_that_fails() -> None:
    faults = {str(path): found for path in PACKAGE.rglob("*.py") if (found := find_faults(path.read_text("utf-8")))}
    assert faults == {}


@pytest.mark.parametrize("pattern", ["(?:a|<(?!s)[a-z])*+", "(?: a )?+", "(?:ab|c){2,}+", "(a|b)++", ")*+"])
def test_the_construct_is_found(pattern: str) -> None:
    assert find_faults(f"X = rb'{pattern}'") == [pattern]


@pytest.mark.parametrize("pattern", ["(?:a|<(?!s)[a-z]|(?!))*+", "(?:a|(?!))?+", "[a)]*+", r"\)*+", "a++", "(?>a*)"])
def test_what_every_python_reads_alike_is_none(pattern: str) -> None:
    assert find_faults(f"X = r'{pattern}'") == []


@pytest.mark.parametrize(
    ("pattern", "text", "end"),
    [
        ("(?:a|<(?!s)[a-z]|(?!))*+", "a<s", 1),
        ("[^<]*+(?:<(?!/s)[^<]*+|(?!))*+", "a<b</s", 3),
        ("(?:(?:ab|(?!))*+c|(?!))*+", "ababcaba", 5),
        ("(?:ab|(?!))?+", "aa", 0),
    ],
)
def test_the_alternative_puts_the_position_back(pattern: str, text: str, end: int) -> None:
    match = re.compile(pattern).match(text)
    assert match is not None
    assert match.end() == end
