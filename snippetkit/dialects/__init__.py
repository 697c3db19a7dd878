"""One module a dialect: what its code looks like, and how it is read. They are found by walking this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

from snippetkit.terms import Several

if TYPE_CHECKING:
    from snippetkit.dialects._javascript import Script


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it stands in a text, from byte `start` up to, not including, `end`: a literal without its quotes.

    `is_dynamic` says that it is an expression or a server template. `needs_quotes` says that a literal in its place
    would have to bring quotes, `is_whole` that the expression stands for all settings, so that none has a place.
    """

    text: str
    start: int
    end: int
    is_dynamic: bool = False
    needs_quotes: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What one place in a script, or one image, reports: the byte offset where it stands, and its settings.

    `verb` is `track`, `audience`, or `init` where it only names the pixel for what follows. `add_value` and
    `add_currency` say how one would be added. `queue` is the byte offset of the list of functions that it stands in,
    and that a function works off; None where it runs as soon as its script does.
    """

    dialect: str
    start: int
    pixel_id: Setting | None = None
    event: Setting | None = None
    value: Setting | None = None
    currency: Setting | None = None
    verb: str = "track"
    add_value: str = ""
    add_currency: str = ""
    queue: int | None = None


class Dialect(Protocol):
    """What each module of this package has.

    `NAME` is the module's own. `TRACES` are texts that only code of this dialect has: a page that holds one of them
    carries such code. `TRUSTED_NAMES` are the identifiers and members that its code uses. `TRUSTED_FUNCTIONS` are whole
    functions that its code may call with a list, token for token, beside what the code of every dialect does. `SEVERAL`
    says how several pixels of the dialect live on one page.
    """

    NAME: str
    TRACES: tuple[bytes, ...]
    TRUSTED_NAMES: frozenset[str]
    TRUSTED_FUNCTIONS: tuple[str, ...]
    SEVERAL: Several

    def find(self, script: Script) -> Iterator[Report]:
        """Yield what a script reports in this dialect, in the script's order."""
        ...


class AnsweredDialect(Dialect, Protocol):
    """A dialect that the API answers with.

    The noscript image is `https://<IMAGE_HOST><IMAGE_PATH>`; `IMAGE_QUERY` says which parameter of its URL repeats
    which setting of the script, `IMAGE_CONSTANTS` which others there are, with their texts.
    """

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


def find_answered(name: str) -> AnsweredDialect:
    """Return a dialect that the API answers with, `fp` or `fbq`."""
    return cast(AnsweredDialect, import_module(f"{__name__}.{name}"))


@cache
def every() -> tuple[Dialect, ...]:
    """Return all dialects, by their names."""
    return tuple(find(module.name) for module in iter_modules(__path__) if module.name[0] != "_")
