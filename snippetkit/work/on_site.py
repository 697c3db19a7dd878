"""Page rules held against the folder of a site: each names a page that is there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from snippetkit.errors import FileError, SettingError, SheetError
from snippetkit.patterns import later

if TYPE_CHECKING:
    from snippetkit.rules import Rule, Rules

_SAME_ENOUGH = 0.8
_ENDS = later(r"(?:(?:\A|/)index)?\.html?\Z|/\Z")


def check_pages(rules: Rules, folder: str) -> None:
    """Make sure that each rule meets a page.

    Args:
        rules: the rules.
        folder: the site's, from which pages are counted; its files of any kind are pages.

    Raises:
        SettingError: it is no folder, or there is no page of a rule.
        SheetError: several rules have no page.
        FileError: a folder in it cannot be listed.
    """
    if not os.path.isdir(folder):  # noqa: PTH112 (as the walk has it)
        raise SettingError(f"{folder} is not a folder", hint="--site is the folder from which pages are counted")
    paths = [*_paths(folder)]
    met = {rule.index for path in paths for rule in rules.match(path)}
    errors = [_error(rules, rule, folder, paths) for rule in rules.rules if rule.index not in met]
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SheetError(f"{rules.name}: {len(errors)} pages do not exist", hint="nothing was written", errors=errors)


def _paths(folder: str) -> Iterator[str]:
    from snippetkit import files

    def fail(error: FileError) -> None:
        raise error

    every = files.Selection(("*",), gitignore=False, follow_links=True)
    for found in files.walk([folder], fail, every):
        yield files.relative(found.path, folder)


def _error(rules: Rules, rule: Rule, folder: str, paths: Sequence[str]) -> SettingError:
    near = nearest(rule, paths)
    hint = f"there is {near}" if near else "correct the page, or the folder"
    return SettingError(f"{rules.where(rule)}: there is no page {rule.page} in {folder}", hint=hint)


def why_missed(rule: Rule, roots: Iterable[str]) -> str:
    """Return why no page is as a rule says: there is none, or it is left out; with the one that may be meant.

    Args:
        rule: the rule.
        roots: what the paths of the site's pages begin with: `site/`, or nothing.
    """
    from urllib.parse import unquote

    page = unquote(rule.page[1:]).removesuffix("/")
    folder = page[: page.rfind("/") + 1]
    there = [path for root in roots if "://" not in root for path in _listed(f"{root}{folder}", folder)]
    near = nearest(rule, there)
    if near == rule.page and not near.endswith("/"):
        return f"{rule.page} is there, and is left out, as --include, --exclude or .gitignore says"
    return f"there is no page {rule.page}{f'; there is {near}' if near not in {'', rule.page} else ''}"


def _listed(folder: str, prefix: str) -> Iterator[str]:
    """What is in a folder, if it can be listed; folders in it have a slash at their end."""
    with suppress(OSError), os.scandir(folder or ".") as entries:
        yield from (f"{prefix}{entry.name}{'/' if entry.is_dir() else ''}" for entry in entries)


def nearest(rule: Rule, paths: Sequence[str]) -> str:
    """Return which of these pages a rule may mean that names none of them, empty where it is none in particular.

    Args:
        rule: the rule.
        paths: from the site's root.
    """
    from difflib import get_close_matches

    if not rule.is_exact:
        return ""
    by_plain = {_plain(path): path for path in paths}
    near = get_close_matches(_plain(rule.page[1:]), by_plain, 1, _SAME_ENOUGH)
    return f"/{by_plain[near[0]]}" if near else ""


def _plain(path: str) -> str:
    """A path without what people do not mind: case, how accents are composed, what URLs encode, `/` and `.html`."""
    from unicodedata import normalize
    from urllib.parse import unquote

    folded = normalize("NFC", unquote(path)).casefold()
    return _ENDS.sub("", folded)
