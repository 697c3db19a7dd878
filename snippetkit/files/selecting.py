"""Which files are meant, and what is known of each."""

from __future__ import annotations

import os
from typing import NamedTuple

from snippetkit.records import dataclass

TWIN_SUFFIXES = (".gz", ".br", ".zst")
"""What a web server may send instead of a page: the same page, compressed beforehand."""


class FoundFile(NamedTuple):
    """A file that was named, or found below a folder.

    `path` is as the arguments lead to it, with forward slashes on any system. `twins` are the suffixes of compressed
    copies beside it. `target` is the file that a followed link leads to, empty where the file is no link. `skipped`
    says why the file is not to be worked on, and is empty otherwise. `tag` is what a store calls this version of an
    object, empty for a file.
    """

    path: str
    twins: tuple[str, ...] = ()
    target: str = ""
    skipped: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the files below a folder are taken; files that are named are always taken.

    `include` and `exclude` are patterns as in a `.gitignore` in the folder that was named; `*.html` takes `.HTML`
    too. With `gitignore`, what git ignores is left out: by the `.gitignore` files in the folders below and, in a
    repository, above. With `follow_links`, links lead to files and folders.
    """

    include: tuple[str, ...] = ("*.html", "*.htm")
    exclude: tuple[str, ...] = ()
    gitignore: bool = True
    follow_links: bool = False

    def suffixes(self) -> tuple[str, ...]:
        """Return the endings of names, in lower case, that `include` amounts to; none where it says more than that."""
        plain = all(p[:2] == "*." and p[2:].replace("-", "").replace(".", "").isalnum() for p in self.include)
        return tuple(pattern[1:].lower() for pattern in self.include) if plain else ()


PAGES = Selection()


def is_same(one: str, other: str) -> bool:
    """Whether two paths lead to one regular file, be it there or not; a device or a pipe is never what was read."""
    if os.path.exists(one) and os.path.exists(other):
        return os.path.isfile(one) and os.path.samefile(one, other)
    return os.path.realpath(one) == os.path.realpath(other)


def relative(path: str, base: str = ".") -> str:
    """Return a path as seen from a folder, with forward slashes; all of it where no way leads there, to another drive.

    Args:
        path: of a file or a folder.
        base: the folder.
    """
    try:
        path = os.path.relpath(path, base)
    except ValueError:
        path = os.path.abspath(path)
    return path.replace(os.sep, "/")
