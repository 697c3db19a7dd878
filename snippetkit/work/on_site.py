"""Page rules held against the folder of a site: each names a page that is there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from snippetkit.errors import FileError, SettingError, SheetError

if TYPE_CHECKING:
    from snippetkit.rules import Rule, Rules

_SAME_ENOUGH = 0.8


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


def _error(rules: Rules, rule: Rule, folder: str, paths: Iterable[str]) -> SettingError:
    from difflib import get_close_matches

    near = get_close_matches(rule.page, [f"/{path}" for path in paths], 1, _SAME_ENOUGH) if rule.is_exact else []
    hint = f"there is {near[0]}" if near else "correct the page, or the folder"
    return SettingError(f"{rules.where(rule)}: there is no page {rule.page} in {folder}", hint=hint)
