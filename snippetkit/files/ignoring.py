"""Patterns as in git: those of `.gitignore` files, and those that a user gives.

Git asks of each folder, on its way down, whether it is ignored, and of a file only whether a pattern matches the file
itself; so does this, because then a folder that was named is walked although it is ignored.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from snippetkit.errors import FileError, SettingError
from snippetkit.files.reading import read_file
from snippetkit.files.wildcards import PathPattern, as_bytes, parse
from snippetkit.records import dataclass, replace

_HINT = "patterns are those of .gitignore: *.html, shop/**, !shop/test/"


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The patterns of one folder, and those of the folders around it, for what these do not decide.

    Paths come with what the whole walk has in front of them; `lead` takes the place of the first `cut`
    characters.
    """

    expression: re.Pattern[str]
    verdicts: tuple[bool, ...]
    cut: int = 0
    lead: str = ""
    outer: IgnoreRules | None = None

    def decide(self, path: str) -> bool | None:
        """Return whether a path matches, or None where no pattern says; the path of a folder ends with a slash."""
        rules: IgnoreRules | None = self
        while rules is not None:
            match = rules.expression.match(as_bytes(rules.lead + path[rules.cut :]))
            if match and match.lastindex:
                return rules.verdicts[match.lastindex - 1]
            rules = rules.outer
        return None

    def at(self, cut: int, lead: str = "", outer: IgnoreRules | None = None) -> IgnoreRules:
        """Return the same patterns for another folder."""
        return replace(self, cut=cut, lead=lead, outer=outer)


def compile_patterns(lines: Iterable[str], *, whole_folders: bool = False, strict: bool = True) -> IgnoreRules | None:
    """Return the rules that lines of a `.gitignore` make, or None where there is no pattern among them.

    Args:
        lines: patterns; the last one that matches decides.
        whole_folders: let a pattern that matches a folder match everything in it, too.
        strict: raise an error for a line that is no pattern, such as `!`, instead of passing over it, as git does.

    Raises:
        SettingError: a pattern is malformed.
    """
    found = [pattern for line in lines if (pattern := _parsed(line, strict=strict))]
    if not found:
        return None
    expressions = (f"({pattern.expression(whole_folders=whole_folders)})" for pattern in reversed(found))
    return IgnoreRules(re.compile("|".join(expressions), re.DOTALL), tuple(one.takes for one in reversed(found)))


def _parsed(line: str, *, strict: bool) -> PathPattern | None:
    try:
        return parse(line)
    except ValueError as error:
        if strict:
            raise SettingError(f"{line!r} is not a pattern: {error}", hint=_HINT) from error
        return None


def read_gitignore(path: str) -> IgnoreRules | None:
    """Return the rules of a `.gitignore` file; None where there are none, or where git reads none: in a link, say."""
    if os.path.islink(path):
        return None
    try:
        with read_file(path) as page:
            data = page.whole()
    except FileError:
        return None
    text = os.fsdecode(data.removeprefix(b"\xef\xbb\xbf"))
    return compile_patterns((line.removesuffix("\r") for line in text.split("\n")), strict=False)


def rules_above(folder: str, cut: int) -> IgnoreRules | None:
    """Return the rules of the folders above one, from the repository's top down; none outside a repository.

    Args:
        folder: its real path.
        cut: how long the path is in front of what is walked below it.
    """
    parents, top = [], folder
    while not os.path.lexists(f"{top}/.git"):
        parent = os.path.dirname(top)
        if parent == top:
            return None
        top = parent
        parents.append(top)
    rules = None
    for parent in reversed(parents):
        of_folder = read_gitignore(f"{parent}/.gitignore")
        if of_folder:
            rules = of_folder.at(cut, f"{os.path.relpath(folder, parent).replace(os.sep, '/')}/", rules)
    return rules
