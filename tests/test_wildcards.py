"""A pattern of files matches what it does for git, in steps that grow with the path, however many wildcards it has."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from snippetkit.errors import SettingError
from snippetkit.files.ignoring import compile_patterns
from snippetkit.files.wildcards import parse

PATTERNS = (
    "*a*a*b a/*b*c*/d /a?*b* **/*a*b a/**/b/**/c a/** **/a/**/ \\*a*b*c a***b **a**b** a/**bar/x a/*/b/* */*/*a "
    "[]a]*b*c *.[oa]*x a/**/**/b **/a*/**/b/*c*a/**/a *a?*[ab]*b? a/**/b*/**/*c*/** **/**/x/**/** a\\?*b*c *(a)*a*b "
    "*a|b*c* **/a/**/b/**/a/**/*b [[:alpha:]]*c [!]b]*a [a-c]b/ \\a* [b-a]c [!b-a]c a//b a\\(b *[[:punct:]]* /*/b/ "
    "***/b a/***/c a/*** a\\/b [a/]a/b *[/b]c*/a [a-[:alpha:]] [[:a]* []-a]c [[:b?/c]* ? a? a?? *[\xc3é] [^a]?/a"
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


def _matches(pattern: str, path: str, *, whole_folders: bool = False) -> bool:
    rules = compile_patterns([pattern], whole_folders=whole_folders)
    return rules is not None and rules.decide(path) is True


def _git_matches(folder: Path, pattern: str, paths: Sequence[str]) -> list[str]:
    """Those of the paths, as of files, that git says the pattern leaves out."""
    (folder / "patterns").write_text(f"{pattern}\n")
    command = ["git", "-C", str(folder), "-c", "core.excludesFile=patterns", "check-ignore", "--no-index", "-v", "-n"]
    given = "".join(f"{path}\0" for path in paths)
    told = subprocess.run([*command, "--stdin", "-z"], input=given, capture_output=True, text=True, check=False).stdout
    rows = told.split("\0")
    return [rows[at + 3] for at in range(0, len(rows) - 3, 4) if rows[at]]


@pytest.mark.skipif(not shutil.which("git"), reason="compares with git")
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_git_says(pattern: str, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    random = Random(pattern)
    texts = ("".join(random.choices("aabbcx(|)?/é]", k=random.randint(1, 12))) for _ in range(3000))
    paths = {path for text in texts if (path := re.sub("/+", "/", text).strip("/"))}
    rules = compile_patterns([pattern])
    git = set(_git_matches(tmp_path, pattern, sorted(paths)))
    for path in paths:
        # Git looks at the folders around a path first: what is in one that is left out is left out, too.
        parents = (path[: at + 1] for at, sign in enumerate(path[:-1]) if sign == "/")
        is_taken = any(rules is not None and rules.decide(one) is True for one in (*parents, path))
        assert is_taken == (path in git), path


@pytest.mark.parametrize("pattern", HOSTILE)
def test_no_text_is_tried_twice_for_one_wildcard(pattern: str) -> None:
    parsed = parse(pattern)
    assert parsed
    expression = parsed.expression(whole_folders=False)
    while (shorter := _ATOMIC.sub("", expression)) != expression:
        expression = shorter
    plain = expression.replace("(?:.*/)?", "%/").replace("[^/]", "?")
    assert plain.count("%") <= 1
    assert all(segment.count("?*") <= 1 for segment in plain.split("/"))
    assert not _matches(pattern, HOSTILE[pattern])


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("*.html", ["a.html", "a/b.html", "a.html/"], ["a.htm", "a.html/x"]),
        ("/*.html", ["a.html"], ["b/a.html"]),
        ("b/", ["b/", "a/b/"], ["b", "b/x"]),
        ("b/*", ["b/x", "b/x/"], ["b/", "a/b/x", "b/x/y"]),
        ("b/**", ["b/x", "b/x/y"], ["b/", "b"]),
        ("b/**/", ["b/x/"], ["b/", "b/x"]),
        ("**/", ["a/", "a/b/"], ["a", "a/b"]),
        ("b/**/x", ["b/x", "b/c/d/x"], ["bx", "b/cx"]),
        ("[[:alpha:]_].x", ["a.x", "_.x"], ["1.x", "].x"]),
        ("[]-]", ["]", "-"], ["a"]),
        ("[a-[:alpha:]]", ["a]", "p]"], ["b", "a"]),
        ("[[:space:]]", ["\t", "\r"], ["\v", "\f"]),
        ("***/a", ["a", "b/c/a"], ["ba"]),
        ("a\\/b", ["a/b"], ["b"]),
        ("[a/b]c", ["ac"], ["x/ac", "/c"]),
        ("?.x", ["a.x"], ["é.x"]),
        ("??.x", ["ab.x", "é.x", "\udcff\udcfe.x"], ["中.x"]),
        ("[!]a]", ["b"], ["]", "a"]),
        (r"[\]a]", ["]", "a"], ["b"]),
        (r"\*", ["*"], ["a"]),
        (r"\#a", ["#a"], ["a"]),
        ("a\\ ", ["a "], ["a"]),
        ("a  ", ["a"], ["a "]),
        ("[z-a]", ["z"], ["a", "-"]),
        ("[!z-a]", ["a"], ["z", "/"]),
        ("a//b", [], ["a/b"]),
        ("!a", [], ["a"]),
        ("/", [], ["a"]),
    ],
)
def test_what_patterns_mean(pattern: str, taken: list[str], left: list[str]) -> None:
    assert [path for path in (*taken, *left) if _matches(pattern, path)] == taken


@pytest.mark.parametrize(("pattern", "path"), [("b", "b/c/d"), ("b/", "b/c"), ("b/*", "b/c/d"), ("b/**/", "b/c/d")])
def test_of_a_folder_all_is_taken_where_that_is_asked_for(pattern: str, path: str) -> None:
    assert (_matches(pattern, path), _matches(pattern, path, whole_folders=True)) == (False, True)


@pytest.mark.parametrize("pattern", ["!", "[a", "a\\", "[[:word:]]"])
def test_what_is_no_pattern_is_refused_where_a_user_gives_it(pattern: str) -> None:
    assert compile_patterns([pattern], strict=False) is None
    with pytest.raises(SettingError, match="is not a pattern"):
        compile_patterns([pattern])


@pytest.mark.parametrize(("pattern", "path"), [("*[!b]*c", "xa/c"), ("a[+-z]b", "a/b"), ("a[^b]b", "a/b")])
def test_a_class_never_has_the_slash_as_with_git(pattern: str, path: str) -> None:
    rules = compile_patterns([pattern])
    assert rules
    assert rules.decide(path) is None
