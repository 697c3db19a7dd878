"""Fetch ad conversion snippets, inject them into HTML safely and reversibly, export them to tag managers.

`read` and `lint_page` look at a page or at code, `make` gives the code of a pixel, `inject_page` and `remove_page` take
the bytes of a page and return those of the changed one, `export` makes the import file of a tag manager. Whatever is
refused is an error of `snippetkit.errors`. Importing the package loads none of it; the first use does.

Stable are the names in `__all__` with their arguments and fields, `snippetkit.errors`, and the codes of findings: until
version 1.0 the changelog names each change of these, and from then on they change with the first number only. All else
is the package's own, and may change at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snippetkit.interface import Export, Finding, Snippet, export, inject_page, lint_page, make, read, remove_page

__version__ = "0.1.0"

__all__ = [
    "Export",
    "Finding",
    "Snippet",
    "__version__",
    "export",
    "inject_page",
    "lint_page",
    "make",
    "read",
    "remove_page",
]


def __getattr__(name: str) -> object:
    """Load what is asked for; the rooms of the package, such as `snippetkit.lint`, are imported as ever."""
    if name not in __all__:
        raise AttributeError(f"module 'snippetkit' has no attribute {name!r}")
    from snippetkit import interface

    return getattr(interface, name)


def __dir__() -> list[str]:
    return __all__
