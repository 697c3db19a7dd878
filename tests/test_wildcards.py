"""A pattern of files matches what it matched before in steps that grow with the path, however many wildcards it has."""

from __future__ import annotations

import re
from random import Random

import pytest
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from snippetkit.files.ignoring import compile_patterns
from snippetkit.files.wildcards import bounded

PATTERNS = (
    "*a*a*b a/*b*c*/d /a?*b* **/*a*b a/**/b/**/c a/** **/a/**/ \\*a*b*c a***b **a**b** a/**bar/x a/*/b/* */*/*a "
    "[]a]*b*c *.[oa]*x a/**/**/b **/a*/**/b/*c*a/**/a *a?*[ab]*b? a/**/b*/**/*c*/** **/**/x/**/** a\\?*b*c *(a)*a*b "
    "*a|b*c* **/a/**/b/**/a/**/*b"
).split()
HOSTILE = {
    "*a*a*a*a*a*a*a*a*a*a*b": "a" * 255,
    "*?*?*?*?*?*?*?*?*b": "a" * 255,
    "*[ab]*[ab]*[!c]*[ab]*[ab]*[ab]*[ab]*[ab]*c": "a" * 255,
    "a/**/b/**/c/**/d/**/b/**/c/**/d/**/e": "a/" + "b/c/d/" * 600,
    "**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/b": "a/" * 2000,
    "**/*a*a/**/*a*a*a/**/*a*a*a/**/*b": "aaaaaaaa/" * 400,
}
_ATOMIC = re.compile(r"\(\?>(?:[^()]|\([^()]*\))*\)")


def _expression(pattern: str) -> str:
    expression, _ = GitIgnoreSpecPattern.pattern_to_regex(pattern)
    assert expression
    return expression


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_pathspec_says(pattern: str) -> None:
    random = Random(pattern)
    expression = _expression(pattern)
    was, now = re.compile(expression, re.DOTALL), re.compile(bounded(expression), re.DOTALL)
    for _ in range(2000):
        path = re.sub("/+", "/", "".join(random.choices("aabbcx(|)?/", k=random.randint(1, 12)))).lstrip("/")
        assert bool(was.match(path)) == bool(now.match(path)), path


@pytest.mark.parametrize("pattern", HOSTILE)
def test_no_text_is_tried_twice_for_one_wildcard(pattern: str) -> None:
    expression = bounded(_expression(pattern))
    while (shorter := _ATOMIC.sub("", expression)) != expression:
        expression = shorter
    plain = expression.replace("(?:.+/)?", "%/").replace("(?:/.+)?/", "/%/").replace("[^/]", "?")
    assert plain.count("%") <= 1
    assert all(segment.count("?*") <= 1 for segment in plain.split("/"))
    rules = compile_patterns([pattern])
    assert rules
    assert rules.decide(HOSTILE[pattern]) is None


@pytest.mark.parametrize(("pattern", "path"), [("*[!b]*c", "xa/c"), ("a[+-z]b", "a/b"), ("a[^b]b", "a/b")])
def test_a_class_never_has_the_slash_as_with_git(pattern: str, path: str) -> None:
    rules = compile_patterns([pattern])
    assert rules
    assert rules.decide(path) is None
