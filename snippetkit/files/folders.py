"""A folder on a walk: where it is, what is in it, and what patterns say of that."""

from __future__ import annotations

import os
from typing import NamedTuple

from snippetkit.files.ignoring import IgnoreRules, read_gitignore


class WalkedFolder(NamedTuple):
    """A folder to walk: its name, where it really is, and the patterns that hold in it."""

    prefix: str
    real: str
    rules: IgnoreRules | None
    exclude: IgnoreRules | None
    include: IgnoreRules | None


class Listing:
    """What a walk needs to know of a folder."""

    __slots__ = ("files", "folders", "has_gitignore", "links", "twins")

    def __init__(self) -> None:
        self.files: list[str] = []
        self.folders: list[str] = []
        self.links: set[str] = set()
        self.twins: set[str] = set()
        self.has_gitignore = False


def inner_folder(folder: WalkedFolder, name: str) -> WalkedFolder:
    """Return a folder in a folder, in which the same patterns hold."""
    return folder._replace(prefix=f"{folder.prefix}{name}/", real=os.path.join(folder.real, name))


def with_own_rules(folder: WalkedFolder) -> WalkedFolder:
    """Return a folder with what its own `.gitignore` says."""
    own = read_gitignore(f"{folder.prefix}.gitignore")
    return folder._replace(rules=own.at(len(folder.prefix), outer=folder.rules)) if own else folder


def takes_file(folder: WalkedFolder, path: str) -> bool:
    """Whether the patterns take a file in a folder."""
    return not (folder.include and not folder.include.decide(path)) and not is_left_out(folder, path)


def is_left_out(folder: WalkedFolder, path: str) -> bool:
    """Whether patterns leave out what is in a folder; the path of a folder ends with a slash."""
    verdict = folder.exclude.decide(path) if folder.exclude else None
    if verdict is None and folder.rules:
        verdict = folder.rules.decide(path)
    return bool(verdict)
