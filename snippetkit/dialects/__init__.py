"""One module a dialect: what its code looks like, and how it is read. They are found by their names."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, cast


class Dialect(Protocol):
    """What each module of this package has.

    `NAME` is the module's own. `TRACES` are texts that only code of this dialect has: a page that holds one of them
    carries such code. The noscript image is `https://<IMAGE_HOST><IMAGE_PATH>`; `IMAGE_QUERY` says which parameter
    of its URL repeats which setting of the script, `IMAGE_CONSTANTS` which others there are, with their texts.
    """

    NAME: str
    TRACES: tuple[bytes, ...]
    IMAGE_HOST: str
    IMAGE_PATH: str
    IMAGE_QUERY: Mapping[str, str]
    IMAGE_CONSTANTS: Mapping[str, str]

    def read_script(self, script: str) -> dict[str, str]:
        """Return what a script sets, or raise a SnippetError with the line of what is not of this dialect."""
        ...


def find(name: str) -> Dialect:
    """Return the dialect of a name, such as `fp`."""
    return cast(Dialect, import_module(f"{__name__}.{name}"))
