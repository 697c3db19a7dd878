"""Where the dialects are: in the folders of the platforms, found by walking, and in other distributions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from snippetkit.errors import SnippetError
from snippetkit.needles import GROUP, find_installed
from snippetkit.platforms.calls import AnswerCheck
from snippetkit.platforms.dialect import Dialect
from snippetkit.platforms.platform import Platform
from snippetkit.terms import Kind

_FOLDER = Path(__file__).parent


@cache
def dialect_named(name: str) -> Dialect:
    """Return the dialect of a name, which is loaded when it is first asked for.

    Raises:
        KeyError: there is none.
        SnippetError: what another distribution has under that name is another one.
    """
    from snippetkit.platforms.shipped import SHIPPED

    shipped = next((one.module for one in SHIPPED if one.name == name), None)
    return _loaded(name, shipped or modules()[name])


@cache
def _loaded(name: str, module: str) -> Dialect:
    dialect = import_module(module).DIALECT
    if not isinstance(dialect, Dialect) or dialect.name != name:
        raise SnippetError(f"{module}: its DIALECT is not that of the entry point {name!r} of {GROUP}")
    return dialect


@cache
def answering(kind: Kind) -> tuple[Dialect, AnswerCheck]:
    """Return the dialect that the API answers with for pixels of a kind, and how such an answer is checked."""
    return next((one, one.answered) for one in every() if one.answered and one.answered.kind is kind)


@cache
def every() -> tuple[Dialect, ...]:
    """Return all dialects, by their names."""
    return tuple(_loaded(*one) for one in sorted(modules().items()))


@cache
def every_platform() -> tuple[Platform, ...]:
    """Return all platforms, by the names of their dialects."""
    return tuple({id(dialect.platform): dialect.platform for dialect in every()}.values())


@cache
def exponents() -> Mapping[str, int]:
    """Return the currencies that any platform takes, with the exponents of the first that does."""
    return {name: exponent for one in reversed(every_platform()) for name, exponent in one.exponents.items()}


@cache
def modules() -> Mapping[str, str]:
    """Return the module of each dialect."""
    return {**find_installed(), **_shipped()}


def _shipped() -> Mapping[str, str]:
    """The module of each dialect: the folders are the platforms, and a module with `_` in front is their own."""
    folders = [folder.name for folder in iter_modules([str(_FOLDER)]) if folder.ispkg]
    return {
        module.name: f"{__package__}.{folder}.{module.name}"
        for folder in folders
        for module in iter_modules([str(_FOLDER / folder)])
        if module.name[0] != "_"
    }
